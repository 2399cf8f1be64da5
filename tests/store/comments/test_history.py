from datetime import timedelta
from typing import Any

import pytest

from moderation.domain import Author, Repeats
from moderation.store import repeats
from moderation.text import normalise, same_text_key
from tests.store.samples import NOON, comment, save_comments

HOUR = timedelta(hours=1)
KEY = same_text_key(normalise("Buy now"))


def said(external_id, **fields: Any):
    defaults: dict[str, Any] = {"text": "Buy now", "created_at": NOON - HOUR / 2}
    return comment(external_id, **(defaults | fields))


def ask(store, **changes):
    question: dict[str, Any] = {
        "site": "default",
        "text_key": KEY,
        "author_id": "u-1",
        "thread": "article-1",
        "since": NOON - HOUR,
        "until": NOON,
        "exclude_external_id": "asking",
    }
    question |= changes
    with store.reading() as session:
        (found,) = repeats(**question | {"since": [question["since"]]}, session=session)
        return found


CASES = {
    "nothing": ([], {}, Repeats(0, 0)),
    "same_author_and_thread": ([said("a")], {}, Repeats(1, 1)),
    "disguised": ([said("a", text="BUY  now")], {}, Repeats(1, 1)),
    "another_text": ([said("a", text="Buy later")], {}, Repeats(0, 0)),
    "another_thread": ([said("a", thread="article-2")], {}, Repeats(1, 0)),
    "no_thread": ([said("a", thread=None)], {"thread": None}, Repeats(1, 0)),
    "another_author": ([said("a", author=Author(id="u-2"))], {}, Repeats(0, 1)),
    "no_author": ([said("a", author=None)], {"author_id": None}, Repeats(0, 1)),
    "another_site": ([said("a", site="other")], {}, Repeats(0, 0)),
    "revisions_count_once": ([said("a"), said("a", revision=1)], {}, Repeats(1, 1)),
    "several": ([said("a"), said("b"), said("c", thread=None)], {}, Repeats(3, 2)),
    "its_own_revisions": ([said("asking"), said("a")], {}, Repeats(1, 1)),
    "asked_without_an_id": ([said("a")], {"exclude_external_id": None}, Repeats(1, 1)),
    "at_the_start": ([said("a", created_at=NOON - HOUR)], {}, Repeats(0, 0)),
    "just_after_the_start": (
        [said("a", created_at=NOON - HOUR + timedelta(microseconds=1))],
        {},
        Repeats(1, 1),
    ),
    "at_the_end": ([said("a", created_at=NOON)], {}, Repeats(1, 1)),
    "after_the_end": ([said("a", created_at=NOON + timedelta(microseconds=1))], {}, Repeats(0, 0)),
    "hostile_names": (
        [said("a", author=Author(id="\x00\ud800"), thread="\x00")],
        {"author_id": "\x00\ud800", "thread": "\x00"},
        Repeats(1, 1),
    ),
}


@pytest.mark.parametrize(("stored", "asked", "expected"), CASES.values(), ids=CASES.keys())
def test_earlier_comments_that_said_the_same_are_counted(store, stored, asked, expected):
    save_comments(store, stored)
    assert ask(store, **asked) == expected


def test_all_windows_are_counted_at_once(store):
    save_comments(
        store,
        [
            said("a"),
            said("b", created_at=NOON - 3 * HOUR),
            said("c", created_at=NOON - 9 * HOUR, thread="t-2"),
        ],
    )
    with store.reading() as session:
        found = repeats(
            "default",
            KEY,
            author_id="u-1",
            thread="article-1",
            since=[NOON - 4 * HOUR, NOON - HOUR / 4, NOON - HOUR, NOON - 10 * HOUR],
            until=NOON,
            exclude_external_id="asking",
            session=session,
        )
    assert found == [Repeats(2, 2), Repeats(0, 0), Repeats(1, 1), Repeats(3, 2)]
