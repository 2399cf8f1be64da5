"""No record of any logger, at any level, holds what a comment says, who wrote it, or who decided about it."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event
from uuid import uuid4

import pytest
from typing_extensions import override

from moderation import Author, Comment, Moderator
from moderation.checks.failing import FailureLog
from moderation.desk import AppealAnswer, Desk, Role, User, Users, VerdictRequest
from moderation.domain import VerdictKind
from moderation.errors import CommentConflictError, LoginError
from moderation.logs import JsonLines
from moderation.rollout import make_live
from moderation.rollout.undo import undo_rule
from moderation.rollout.undone import UndoRequest
from moderation.rules import Ruleset
from moderation.store import Store
from tests.support import scorers

WORD, HOST, NAME, AUTHOR, MODERATOR, TYPED = (
    "zanziquux",
    "hidden-host",
    "Velmora",
    "author-4711",
    "modesty",
    "hunter2hunter2",
)
SECRETS = (WORD, HOST, NAME, AUTHOR, MODERATOR, TYPED)
TEXT = f"{WORD}, you %s {{x}} http://{HOST}.example/ \x1b[31m\n\ud83d \x00 <b>{WORD}</b>"
RULES = f"""
version: 1
toxicity: {{timeout_ms: 50}}
word_lists: {{words: words.txt}}
rules:
  - {{name: listed, when: {{words: words}}, action: hold}}
  - {{name: no-links, when: {{links: "> 0"}}, action: reject}}
  - {{name: pattern, when: {{"body (regex)": "{WORD[:4]}.*"}}, action: flag}}
"""


class Heard(logging.Handler):
    """Keeps every record, as what a handler may write of it."""

    def __init__(self):
        super().__init__(level=0)
        self.loggers, self.written = set(), []

    @override
    def emit(self, record):
        self.loggers.add(record.name)
        self.written += [logging.Formatter().format(record), JsonLines().format(record), repr(vars(record))]


@pytest.fixture
def heard():
    """Hear every logger that there is, at the lowest level, also those that speak only when asked."""
    logging.getLogger("sqlalchemy.engine.Engine")
    loggers = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = {one: one.level for one in (logging.root, *loggers)}
    handler = Heard()
    for one in levels:
        one.setLevel(logging.DEBUG)
    logging.root.addHandler(handler)
    yield handler
    logging.root.removeHandler(handler)
    for one, level in levels.items():
        one.setLevel(level)


def comment(number, **fields):
    return Comment(
        TEXT, site="news", external_id=f"c-{number}", thread="t", author=Author(AUTHOR, NAME), **fields
    )


def rules(source=RULES):
    return Ruleset.parse(source, files={"words.txt": WORD})


def submit_all(url):
    """Submit under a scorer of each kind, check, submit again, and again with another text."""
    released = Event()
    for number, scorer in enumerate([scorers.calm(), scorers.raising(), scorers.hanging(released)]):
        with Moderator.open(rules(), database=url, scorer=scorer) as moderator:
            moderator.check(comment(number))
            for _ in range(2):
                moderator.submit(comment(number))
            with pytest.raises(CommentConflictError):
                moderator.submit(Comment(WORD, site="news", external_id=f"c-{number}"))
            unfit = comment(number, reports=2**40)
            list(moderator.submit_many([unfit, comment(f"{number}-b")], on_error=lambda *_: None))
    released.set()


def work(store):
    """Decide, undo, judge, and answer an appeal at the desk."""
    desk, by = Desk(store), User(MODERATOR, Role.ADMIN)
    for card in desk.next_batch(by):
        request = VerdictRequest(
            uid=str(uuid4()),
            item=card.item,
            version=card.version,
            text_hash=card.text_hash,
            kind=VerdictKind.REJECT,
            note=TEXT,
        )
        desk.decide(by, request)
        desk.decide(by, request)
    desk.undo(by, uid=str(uuid4()))
    desk.judge(by, 1, VerdictKind.REJECT, note=TEXT)
    appeal = desk.appeal(1, TEXT)
    desk.answer_appeal(User(f"{MODERATOR}2", Role.ADMIN), appeal.id, AppealAnswer.OVERTURN, note=TEXT)
    desk.search(WORD)
    desk.history(1)


def rule(store):
    """Change the rules, let the brake act, and take back what a rule did."""
    make_live(rules(), store=store, by=MODERATOR)
    make_live(
        rules(RULES + "  - {name: more-links, when: {links: '> 0'}, action: reject}\n"),
        store=store,
        by=MODERATOR,
    )
    with Moderator.open(database=store.address, scorer=scorers.calm(), follow=False) as moderator:
        moderator.submit(comment("last"))
        now = moderator.check(comment("x")).provenance
    assert now.ruleset
    undo_rule(store, UndoRequest("listed", *day()), by=MODERATOR)


def day():
    now = datetime.now(UTC)
    return now - timedelta(days=1), now + timedelta(days=1)


def log_in(store):
    users = Users(store)
    for _ in range(12):
        with pytest.raises(LoginError):
            users.authenticate(TYPED, TYPED, "192.0.2.77")


@pytest.mark.slow
def test_no_record_holds_a_comments_text_or_anybodys_name(database_url, heard, monkeypatch):
    monkeypatch.setattr(
        "moderation.pipeline.FAILURE_LOG", FailureLog()
    )  # another test may have said it this minute
    submit_all(database_url)
    with Store.open(database_url) as store:
        work(store)
        rule(store)
        log_in(store)
    ours = {name for name in heard.loggers if name.startswith("moderation.")}
    assert ours == {
        f"moderation.{room}" for room in ("checks", "desk", "intake", "pipeline", "rollout", "store")
    }
    assert any(name.startswith("sqlalchemy.engine") for name in heard.loggers)
    for secret in SECRETS:
        assert [line for line in heard.written if secret in line] == []
