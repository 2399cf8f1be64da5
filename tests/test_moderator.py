"""The use cases before posting, on the real model and a real SQLite file."""

import asyncio
import json
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from moderation import Action, Author, Comment, Language, Moderator, Outcome, SignalName, Span
from moderation.backtest.replay import replay_decision
from moderation.errors import (
    CommentConflictError,
    InvalidCommentError,
    ModerationError,
    RulesError,
    StoreError,
    UnknownModelError,
)
from moderation.public_form import decision_to_dict
from moderation.rules import Ruleset
from moderation.store import Store, get_comment, summary
from tests.support import scorers

INSULT = "You are an idiot"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
KIND = "Thank you for this careful article about the city council."


@pytest.fixture(scope="module")
def checking():
    with Moderator.open() as moderator:
        yield moderator


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/moderation.db"


@pytest.fixture
def moderator(url):
    with Moderator.open(database=url, scorer=scorers.calm()) as moderator:
        yield moderator


def stored_comments(url):
    with Store.open(url) as store, store.reading() as session:
        return summary(session=session).comments


def comment(number=1, text=KIND, **fields):
    return Comment(text, external_id=f"c-{number}", **fields)


def outcome_part(decision):
    """What a decision says, without how long it took."""
    document = decision_to_dict(decision)
    checks = {name: check["outcome"] for name, check in document.pop("checks").items()}
    return document | {"checks": checks, "id": None, "comment_id": None}


def test_a_kind_comment_is_published_with_no_reason(checking):
    decision = checking.check(Comment(KIND))
    assert (decision.action, decision.published, decision.reasons) == (Action.APPROVE, True, ())
    assert decision.language.code == "en"
    assert set(decision.scores) >= {"toxicity", "insult", "threat"}


def test_an_insult_is_not_published_and_the_author_is_told_why(checking):
    decision = checking.check(Comment(INSULT))
    assert not decision.published
    assert decision.reasons[0].rule.startswith("toxicity.")
    assert decision.reasons[0].message
    assert decision.action is decision.reasons[0].action


def test_the_author_is_told_in_korean_when_the_comment_asks_for_it(checking):
    decision = checking.check(Comment("x" * 301, locale="ko"))
    assert "300" in decision.reasons[0].message
    assert any("가" <= letter <= "힣" for letter in decision.reasons[0].message)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("", "length.empty", id="empty"),
        pytest.param(" \n\t ", "length.empty", id="white-space"),
        pytest.param("\u200b\u2060\ufeff", "length.empty", id="invisible"),
        pytest.param("a" * 301, "length.too_long", id="too-long"),
        pytest.param("e" + "\u0301" * 20_000, "length.too_long", id="one-letter-under-20000-marks"),
        pytest.param("x" * 1_000_000, "length.too_long", id="a-megabyte"),
    ],
)
def test_a_comment_of_the_wrong_length_is_rejected_and_not_looked_at_further(checking, text, rule):
    decision = checking.check(Comment(text))
    assert decision.action is Action.REJECT
    assert rule in [reason.rule for reason in decision.reasons]
    if rule == "length.empty" or len(text) > 10_000:
        assert decision.checks["toxicity"].outcome is Outcome.SKIPPED
        assert decision.scores == {}


def test_three_hundred_letters_of_several_code_points_fit_the_box(checking):
    decision = checking.check(Comment("각" * 300))  # decomposed: 900 code points
    assert "length.too_long" not in [reason.rule for reason in decision.reasons]


def test_korean_is_recognised_and_scored(checking):
    kind = checking.check(Comment("기사 잘 읽었습니다. 다음 편도 기대할게요."))
    assert kind.language.code == "ko"
    assert kind.checks["toxicity"].outcome is Outcome.OK
    assert kind.published
    assert not checking.check(Comment("너 진짜 병신이냐 이런 멍청한 새끼가 다 있네")).published


def test_a_language_that_the_model_does_not_know_is_not_covered(checking):
    decision = checking.check(Comment("Hyvää huomenta kaikille lukijoille, kiitos erinomaisesta jutusta."))
    assert decision.language.code == "fi"
    assert decision.checks["toxicity"].outcome is Outcome.NOT_COVERED
    assert decision.action.queued


def test_check_stores_nothing(moderator, url):
    decision = moderator.check(comment())
    assert decision.id is None
    assert stored_comments(url) == 0


def test_many_are_checked_as_each_would_be_alone(moderator):
    stored = moderator.submit(comment(1, author=Author("u-1"))).comment_id
    same = [comment(number, author=Author("u-1")) for number in (2, 3, 4)]
    together = moderator.check_many([*same, comment(5, INSULT)])
    assert [outcome_part(d) for d in together] == [
        outcome_part(moderator.check(each)) for each in [*same, comment(5, INSULT)]
    ]
    assert [s.value for d in together for s in d.signals(SignalName.REPEATED) if s.key == "author"] == [1] * 3
    assert stored == 1


def test_texts_are_scored_as_check_scores_them(checking):
    texts = [KIND, INSULT, "너 진짜 바보 멍청이야", "10/10 👍", "", "x" * 5000]
    found = checking.score_many(texts, [None] * len(texts))
    checked = [checking.check(Comment(text)) for text in texts]
    for one, decision in zip(found[:4], checked[:4], strict=True):
        assert one.language == decision.language
        assert {signal.key: signal.value for signal in one.result.signals} == decision.scores
    assert [one.result.outcome for one in found] == [Outcome.OK] * 6


def test_a_language_that_is_named_is_not_looked_for(checking):
    named, detected = checking.score_many([INSULT, INSULT], ["ko", None])
    assert (named.language, detected.language.code) == (Language("ko", 1.0), "en")
    assert named.result.signals != detected.result.signals


def test_a_text_in_a_language_that_the_model_does_not_know_has_no_scores(checking):
    (found,) = checking.score_many(["Добрый день, спасибо за эту статью о городском совете"], [None])
    assert (found.language.code, found.result.outcome, found.result.signals) == (
        "ru",
        Outcome.NOT_COVERED,
        (),
    )


def test_nothing_is_scored_by_rules_that_do_not_score():
    with Moderator.open(Ruleset.parse("version: 1\ntoxicity: false\nlanguage: false\n")) as moderator:
        (found,) = moderator.score_many([INSULT], [None])
    assert (found.language.code, found.result.outcome) == ("und", Outcome.SKIPPED)


def test_the_same_comment_twice_is_stored_once_with_one_decision(moderator, url):
    first = moderator.submit(comment())
    assert moderator.submit(comment()) == first
    assert first.id is not None
    assert stored_comments(url) == 1


def test_an_edit_is_decided_for_itself(moderator, url):
    moderator.submit(comment())
    edited = moderator.submit(comment(text="x" * 301, revision=1))
    assert edited.action is Action.REJECT
    assert stored_comments(url) == 2


def test_the_same_revision_with_another_text_is_refused(moderator, url):
    moderator.submit(comment())
    with pytest.raises(CommentConflictError, match="revision=1"):
        moderator.submit(comment(text="something else entirely"))
    assert stored_comments(url) == 1


def test_a_comment_without_an_id_is_not_stored(moderator):
    with pytest.raises(InvalidCommentError, match="external_id"):
        moderator.submit(Comment(KIND))


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"text": b"bytes"}, id="bytes"),
        pytest.param({"text": None}, id="none"),
        pytest.param({"text": "x", "site": ""}, id="no-site"),
        pytest.param({"text": "x", "revision": -1}, id="negative-revision"),
        pytest.param({"text": "x", "revision": "1"}, id="revision-in-text"),
        pytest.param({"text": "x", "created_at": "2026-01-01"}, id="time-in-text"),
    ],
)
def test_a_comment_of_the_wrong_kind_is_refused_when_it_is_made(fields):
    with pytest.raises(InvalidCommentError):
        Comment(**fields)


def test_a_time_without_a_zone_is_utc():
    assert Comment("x", created_at=datetime(2026, 1, 1)).created_at == datetime(2026, 1, 1, tzinfo=UTC)  # noqa: DTZ001 - that is the case


def test_submit_without_a_database_says_how_to_open_one(checking):
    with pytest.raises(StoreError, match="database="):
        checking.submit(comment())


def test_many_give_the_same_decisions_as_one_by_one(tmp_path):
    texts = [
        KIND,
        INSULT,
        "lol",
        "기사 잘 읽었습니다.",
        "x" * 400,
        "",
        "see http://a.com http://b.com http://c.com",
        INSULT,
    ] * 3
    start = datetime(2026, 11, 1, tzinfo=UTC)
    comments = [
        comment(n, text, thread="t", author=Author(f"u-{n % 2}"), created_at=start + timedelta(seconds=n))
        for n, text in enumerate(texts)
    ]
    with Moderator.open(database=f"sqlite:///{tmp_path}/one.db") as moderator:
        one_by_one = [moderator.submit(each) for each in comments]
    with Moderator.open(database=f"sqlite:///{tmp_path}/many.db") as moderator:
        many = list(moderator.submit_many(iter(comments)))
    assert [outcome_part(d) for d in many] == [outcome_part(d) for d in one_by_one]
    assert any(signal.key == "author" for d in many for signal in d.signals(SignalName.REPEATED))


@pytest.mark.slow
def test_scores_do_not_depend_on_the_order(tmp_path, checking):
    comments = [comment(n, f"{KIND} {'really ' * (n % 7)}{n}") for n in range(60)]
    with Moderator.open(database=f"sqlite:///{tmp_path}/a.db") as moderator:
        forwards = {d.comment_id: d.scores for d in moderator.submit_many(comments)}
    with Moderator.open(database=f"sqlite:///{tmp_path}/b.db") as moderator:
        backwards = [d.scores for d in moderator.submit_many(comments[::-1])][::-1]
    assert list(forwards.values()) == backwards == [checking.check(each).scores for each in comments]


def test_many_takes_a_comment_that_comes_twice_once(moderator, url):
    first, second = moderator.submit_many([comment(), comment()])
    assert first == second
    assert stored_comments(url) == 1


def test_many_hands_over_what_it_cannot_take_and_goes_on(moderator):
    refused: list[tuple[Comment, ModerationError]] = []
    bad = Comment("no id")
    taken = list(
        moderator.submit_many([comment(1), bad, comment(2)], on_error=lambda *pair: refused.append(pair))
    )
    assert len(taken) == 2
    assert refused[0][0] is bad
    assert refused[0][1].code == "invalid_comment"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"reports": 2**31}, "reports", id="number-out-of-range"),
        pytest.param({"author": Author("u", rejection_rate=math.nan)}, "author.rejection_rate", id="nan"),
        pytest.param({"author": Author("u", is_trusted=cast("bool", "yes"))}, "author.is_trusted", id="kind"),
    ],
)
def test_many_hands_over_what_no_database_could_hold_and_stores_the_others(moderator, url, fields, named):
    refused: list[tuple[Comment, ModerationError]] = []
    comments = [comment(1), comment(2, **fields), comment(3)]
    taken = list(moderator.submit_many(comments, on_error=lambda *pair: refused.append(pair)))
    assert (len(taken), stored_comments(url)) == (2, 2)
    assert [(which, error.code) for which, error in refused] == [(comments[1], "invalid_comment")]
    assert f"a comment's {named} " in refused[0][1].what


@pytest.mark.parametrize(
    "sent", [None, {"text": "Well said."}, "Well said."], ids=["nothing", "dict", "text"]
)
def test_what_is_no_comment_is_refused_with_a_sentence(moderator, url, sent):
    refused: list[str] = []
    comments = [comment(1), sent, comment(2)]
    taken = list(moderator.submit_many(comments, on_error=lambda _, error: refused.append(error.what)))
    assert (len(taken), stored_comments(url)) == (2, 2)
    assert refused == [f"a comment must be a Comment, not {type(sent).__name__}"]
    with pytest.raises(InvalidCommentError, match="must be a Comment"):
        moderator.check(sent)


def test_many_raises_what_it_cannot_take_where_nobody_asked_for_it(moderator):
    with pytest.raises(InvalidCommentError):
        list(moderator.submit_many([Comment("no id")]))


def test_many_takes_comments_chunk_by_chunk(moderator, monkeypatch):
    monkeypatch.setattr("moderation.moderator.CHUNK", 4)
    read = []

    def comments():
        for number in range(100):
            read.append(number)
            yield comment(number)

    next(moderator.submit_many(comments()))
    assert len(read) == 4


def test_many_shows_progress_on_standard_error(moderator, capsys):
    list(moderator.submit_many([comment()], progress=True))
    captured = capsys.readouterr()
    assert "Submitting" in captured.err
    assert captured.out == ""


RULES = """version: 1
toxicity: false
rules:
  - name: flooding
    when: {repeated: ">= 2 in 1 hour"}
    action: reject
  - name: seen-in-the-shadow
    when: {body: council}
    action: reject
    status: shadow
  - name: hidden
    when: {body (original): "a\u200bb"}
    action: flag
"""


def test_rules_that_count_and_rules_in_the_shadow_are_recorded_and_decided_the_same_again(tmp_path, url):
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    author = Author("u1", is_moderator=False)
    with Moderator.open(path, database=url, scorer=scorers.calm()) as moderator:
        decisions = [
            moderator.submit(comment(n, author=author, created_at=NOON + timedelta(minutes=20 * n)))
            for n in range(3)
        ]
    assert [decision.action for decision in decisions] == [Action.APPROVE, Action.APPROVE, Action.REJECT]
    assert [reason.rule for reason in decisions[2].reasons] == ["flooding"]
    assert [reason.rule for reason in decisions[0].shadow] == ["seen-in-the-shadow"]
    counts = {signal.key: signal.value for signal in decisions[2].signals(SignalName.REPEATED)}
    assert counts == {"author@3600": 2}
    with Store.open(url) as store:
        with store.reading() as session:
            stored = get_comment("c-2", session=session)
        assert stored
        again = replay_decision(stored, store=store)
    assert again.differences == ()
    assert again.again.reasons == stored.decision.reasons


def test_one_moderator_serves_many_threads(tmp_path):
    url = f"sqlite:///{tmp_path}/threads.db"
    with Moderator.open(database=url) as moderator, ThreadPoolExecutor(8) as pool:
        decisions = list(pool.map(lambda n: moderator.submit(comment(n % 10, INSULT)), range(80)))
    assert len({decision.id for decision in decisions}) == 10
    assert len({json.dumps(decision.scores) for decision in decisions}) == 1


def test_one_moderator_serves_an_event_loop(moderator, url):
    async def submit_all():
        return await asyncio.gather(*(asyncio.to_thread(moderator.submit, comment(n)) for n in range(10)))

    with ThreadPoolExecutor(1) as thread:  # tests in a browser leave a loop running in this one
        assert len(thread.submit(lambda: asyncio.run(submit_all())).result()) == 10
    assert stored_comments(url) == 10


@pytest.mark.parametrize(
    ("scorer", "outcome", "error"),
    [
        pytest.param(scorers.raising(), Outcome.FAILED, "RuntimeError", id="raises"),
        pytest.param(scorers.not_a_number(), Outcome.FAILED, "scoring", id="nan"),
    ],
)
def test_a_scorer_without_an_answer_holds_the_comment(scorer, outcome, error):
    with Moderator.open(scorer=scorer) as moderator:
        decision = moderator.check(Comment(KIND))
    assert decision.checks["toxicity"].outcome is outcome
    assert decision.checks["toxicity"].error == error
    assert decision.action is Action.HOLD
    assert decision.scores == {}
    assert KIND not in repr(decision)


def test_a_scorer_that_hangs_holds_the_comment_within_its_budget(tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\ntoxicity: {timeout_ms: 50}\n")
    released = threading.Event()
    with Moderator.open(rules, scorer=scorers.hanging(released)) as moderator:
        decision = moderator.check(Comment(KIND))
        released.set()
    assert decision.checks["toxicity"].outcome is Outcome.TIMED_OUT
    assert [reason.rule for reason in decision.reasons] == ["on_failure.toxicity.timed_out"]


def test_a_database_that_is_gone_fails_the_check_that_asks_it_and_takes_no_comment(moderator, tmp_path):
    (tmp_path / "moderation.db").unlink()
    decision = moderator.check(comment())
    assert decision.checks["repetition"].error == "store_unreachable"
    assert [reason.rule for reason in decision.reasons] == ["on_failure.repetition.failed"]
    with pytest.raises(StoreError, match=r"moderation\.db"):
        moderator.submit(comment())


def test_one_comment_that_breaks_the_scorer_does_not_harm_its_neighbours(url):
    with Moderator.open(database=url, scorer=scorers.broken_by("poison")) as moderator:
        texts = [KIND, "This sentence carries poison in it.", KIND]
        decisions = list(moderator.submit_many(comment(n, text) for n, text in enumerate(texts)))
    assert [decision.action for decision in decisions] == [Action.APPROVE, Action.HOLD, Action.APPROVE]


def test_a_link_is_found_where_the_author_wrote_it(checking):
    text = "look ｈｔｔｐ://ｅｘａｍｐｌｅ.com now"
    (link,) = checking.check(Comment(text)).signals(SignalName.LINK)
    assert link.value == "example.com"
    assert link.spans == (Span(5, 5 + len("ｈｔｔｐ://ｅｘａｍｐｌｅ.com")),)


def test_opening_with_broken_rules_shows_every_problem(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\nlenght: {max: 3}\ntoxicity: {thresholds: {toxicity: {hold: 80}}}\n")
    with pytest.raises(RulesError) as caught:
        Moderator.open(path)
    assert "rules.yaml:2:1" in str(caught.value)
    assert "rules.yaml:3" in str(caught.value)


def test_opening_with_an_unknown_model_closes_the_database(tmp_path, url):
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\ntoxicity: {model: compcat}\n")
    with pytest.raises(UnknownModelError, match="compact"):
        Moderator.open(Ruleset.load(path), database=url)


def test_closing_gives_back_the_scorer():
    scorer = scorers.calm()
    with Moderator.open(scorer=scorer):
        pass
    assert scorer.closed
