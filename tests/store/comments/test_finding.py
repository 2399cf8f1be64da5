from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from moderation.domain import Action, Author
from moderation.errors import CommentNotFoundError
from moderation.store import (
    AlreadyStoredError,
    CommentKey,
    Store,
    add_all,
    find_stored,
    get_comment,
    iterate,
)
from moderation.store.comments.rows import PAGE, key_of, numbered
from tests.store.samples import HOSTILE_TEXTS, NOON, comment, decision, new_row, save, save_comments
from tests.store.strategies import ANY_TEXT, FLOAT_THAT_JSONB_KEEPS, authors, checks, reasons
from tests.support.laws import examples


def read_back(store, item):
    key = key_of(item)
    with store.reading() as session:
        return find_stored([key], session=session)[key]


def found_by(store, reference, site=None) -> Any:
    with store.reading() as session:
        return get_comment(reference, site=site, session=session)


def test_a_comment_and_its_decision_come_back_as_they_were(store):
    written, decided = comment(), decision(Action.HOLD)
    (saved,) = save(store, new_row(written, decided))
    found = read_back(store, written)
    assert found.comment == written
    assert found.decision == saved == numbered(decided, saved.id, found.id, found.received_at)
    assert list(found.decision.checks) == list(decided.checks)
    assert found.received_at.tzinfo is UTC


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_hostile_text_comes_back_exactly(store, text):
    author = Author(id=text, name=text)
    written = comment("c" + text[:50], text, thread=text, author=author, locale=text, site="s" + text[:50])
    decided = decision(Action.FLAG)
    reason = replace(decided.reasons[0], message=text, evidence={text: text})
    save(store, new_row(written, replace(decided, reasons=(reason,))))
    found = read_back(store, written)
    assert found.comment == written
    assert found.decision.reasons == (reason,)


@given(
    text=ANY_TEXT,
    author=st.none() | authors(FLOAT_THAT_JSONB_KEEPS),
    fired=reasons(FLOAT_THAT_JSONB_KEEPS),
    results=checks(FLOAT_THAT_JSONB_KEEPS),
)
@examples(50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_stored_comes_back_exactly(store, text, author, fired, results):
    with store.transaction() as session:
        number = len(session.connection().exec_driver_sql("SELECT id FROM comment").all())
    written = comment(f"{number}", text, author=author)
    save(store, new_row(written, replace(decision(), reasons=fired, checks=results)))
    found = read_back(store, written)
    assert found.comment == written
    assert found.decision.reasons == fired
    assert found.decision.checks == results


@pytest.mark.parametrize(
    "created_at",
    [
        datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=9))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, 0, 1, tzinfo=UTC),
    ],
    ids=["another_zone", "first", "last", "microsecond"],
)
def test_a_date_comes_back_in_utc(store, created_at):
    written = comment(created_at=created_at)
    save_comments(store, [written])
    found = read_back(store, written).comment.created_at
    assert found == created_at
    assert found.tzinfo is UTC


def test_a_comment_without_a_date_was_written_when_it_came_in(store):
    row = new_row(comment(created_at=None), decision())
    save(store, row)
    found = read_back(store, row.comment)
    assert found.comment.created_at == found.written_at == row.written_at <= found.received_at


def test_decisions_are_returned_in_the_order_of_their_comments(store):
    actions = [Action.REJECT, Action.APPROVE, Action.HOLD, Action.FLAG] * 300
    rows = [new_row(comment(f"c-{999_999 - n}"), decision(action)) for n, action in enumerate(actions)]
    saved = save(store, *rows)
    assert [item.action for item in saved] == actions
    with store.reading() as session:
        by_key = find_stored([key_of(row.comment) for row in rows], session=session)
    found = [by_key[key_of(row.comment)] for row in rows]
    assert [item.comment for item in found] == [row.comment for row in rows]
    assert [item.decision for item in found] == saved


def test_nothing_is_stored_where_nothing_is_given(store):
    assert save(store) == []
    assert list(iterate(store)) == []


def test_only_flagged_and_held_comments_are_queued_and_holds_come_first(store):
    rows = [
        new_row(comment("flag-high"), decision(Action.FLAG, score=1.0)),
        new_row(comment("hold-low"), decision(Action.HOLD, score=0.0)),
        new_row(comment("approve"), decision(Action.APPROVE, score=1.0)),
        new_row(comment("hold-high"), decision(Action.HOLD, score=0.9)),
        new_row(comment("reject"), decision(Action.REJECT, score=1.0)),
        new_row(comment("hold-unscored"), replace(decision(Action.HOLD), checks={})),
    ]
    saved = save(store, *rows)
    with store.reading() as session:
        queued = session.connection().exec_driver_sql(
            "SELECT comment.external_id, queue_item.decision_id, queue_item.action, version"
            " FROM queue_item JOIN comment ON comment.id = queue_item.comment_id"
            " WHERE status = 'pending' ORDER BY priority DESC, queue_item.id"
        )
        found = [tuple(row) for row in queued]
    assert found == [
        ("hold-high", saved[3].id, "hold", 1),
        ("hold-low", saved[1].id, "hold", 1),
        ("hold-unscored", saved[5].id, "hold", 1),
        ("flag-high", saved[0].id, "flag", 1),
    ]


def test_an_edit_is_a_comment_of_its_own(store):
    first, edited = comment(text="one"), comment(text="two", revision=1)
    save_comments(store, [first, edited])
    assert read_back(store, first).comment == first
    assert read_back(store, edited).comment == edited


def test_the_same_key_on_another_site_is_another_comment(store):
    here, there = comment(site="here"), comment(site="there")
    save_comments(store, [here, there])
    assert read_back(store, here).id != read_back(store, there).id


def test_a_key_that_is_taken_stores_nothing_at_all(store):
    save_comments(store, [comment("taken")])
    with pytest.raises(AlreadyStoredError):
        save(store, new_row(comment("new"), decision(Action.HOLD)), new_row(comment("taken"), decision()))
    assert [item.comment.external_id for item in iterate(store)] == ["taken"]


def test_an_error_in_the_block_stores_nothing(store):
    with pytest.raises(ZeroDivisionError), store.transaction() as session:
        _ = add_all([], session=session), 1 / 0
    assert list(iterate(store)) == []


def test_many_comments_are_found_at_once_and_others_are_not(store):
    comments = [comment(f"c-{n}", site=f"s-{n % 3}", revision=n % 2) for n in range(PAGE * 2 + 1)]
    save_comments(store, comments)
    keys = [key_of(item) for item in comments]
    others = [key._replace(revision=2) for key in keys[:50]] + [CommentKey("s-0", "none", 0)]
    with store.reading() as session:
        found = find_stored([*keys, *others], session=session)
        assert find_stored([], session=session) == {}
    assert {key: item.comment for key, item in found.items()} == dict(zip(keys, comments, strict=True))


def test_a_comment_is_found_by_number_and_by_its_own_id(store):
    (saved,) = save_comments(store, [comment("abc")])
    found = found_by(store, saved.comment_id)
    assert found.comment == comment("abc")
    assert found == found_by(store, "abc") == found_by(store, str(saved.comment_id))
    assert found == found_by(store, "abc", site="default")


@pytest.mark.parametrize(
    "reference", ["none", "12345", "0", "-1", 10**30, "1" * 5000, "\x00", "\ud800"], ids=ascii
)
def test_a_comment_that_is_not_there_is_not_found(store, reference):
    assert found_by(store, reference) is None


def test_a_number_means_our_own_unless_the_site_is_given(store):
    saved = save_comments(store, [comment("first"), comment("other")])
    number = str(saved[0].comment_id)
    save_comments(store, [comment(number)])
    assert found_by(store, number).comment.external_id == "first"
    assert found_by(store, number, site="default").comment.external_id == number


def test_an_id_means_its_latest_revision(store):
    save_comments(store, [comment(revision=1, text="new"), comment(revision=0, text="old")])
    assert found_by(store, "c-1").comment.text == "new"


def test_an_id_that_several_sites_have_needs_the_site(store):
    save_comments(store, [comment(site="here"), comment(site="there")])
    assert found_by(store, "c-1", site="there").comment.site == "there"
    with pytest.raises(CommentNotFoundError, match="several sites"):
        found_by(store, "c-1")


def test_the_latest_decision_counts_and_the_others_are_kept(store):
    (first,) = save(store, new_row(comment(), decision(Action.HOLD)))
    with store.transaction() as session:
        columns = "comment_id, language, language_confidence, reasons, checks, scores, provenance, ruleset, created_at"
        session.connection().exec_driver_sql(
            f"INSERT INTO decision (action, {columns}) SELECT 'reject', {columns} FROM decision"  # noqa: S608
        )
    number: Any = first.comment_id
    with store.reading() as session:
        actions = session.connection().exec_driver_sql("SELECT action FROM decision ORDER BY id").scalars()
        assert list(actions) == ["hold", "reject"]
    assert found_by(store, number).decision.action is Action.REJECT
    assert read_back(store, comment()).decision.action is Action.REJECT
    assert [item.decision.action for item in iterate(store)] == [Action.REJECT]


def test_all_comments_come_in_the_order_they_were_stored(store):
    written = [comment(f"{n * 7919 % 1201}", site="ab"[n % 2]) for n in range(PAGE * 2 + 1)]
    save_comments(store, written)
    assert [item.comment for item in iterate(store)] == written
    assert [item.comment for item in iterate(store, site="b")] == written[1::2]


def test_comments_are_stored_while_others_are_being_read(store):
    save_comments(store, [comment(f"{n}") for n in range(PAGE + 1)])
    found = iterate(store)
    first = next(found)
    save_comments(store, [comment("late")])
    assert [first, *found][-1].comment.external_id == "late"


def test_the_longest_ids_are_stored(store):
    letters = "".join(chr(0x4E00 + n * 37 % 20_000) for n in range(666))  # incompressible: the index is full
    written = comment(letters[:333] + "x", site=letters[333:] + "y", revision=2**31 - 1, created_at=NOON)
    save_comments(store, [written])
    assert read_back(store, written).comment == written


def test_a_store_in_memory_keeps_what_it_was_given():
    with Store.open("sqlite://") as store:
        save_comments(store, [comment()])
        assert read_back(store, comment()).comment == comment()
