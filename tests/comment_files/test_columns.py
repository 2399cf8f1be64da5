"""Which column is taken for what, and what its cells must hold."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.comment_files.columns import BadValueError, make_comment, parse_age, read_fields
from moderation.comment_files.mapping import (
    SYNONYMS,
    check_columns,
    describe,
    parse_mapping,
    resolve,
    shown_name,
)
from moderation.domain import Author
from moderation.errors import InputFileError, InvalidCommentError


def read(**cells):
    return read_fields({"text": "x", **cells}, resolve(["text", *cells], {}))


def comment(**cells):
    return make_comment({"external_id": "derived"} | read(**cells), site="news")


def test_every_common_name_is_taken_for_its_field():
    for field, names in SYNONYMS.items():
        for name in names:
            assert resolve([name], {})[field] == name


def test_a_name_belongs_to_one_field():
    names = [name for names in SYNONYMS.values() for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["Comment Text", "comment-text", "commentText", " COMMENT_TEXT "])
def test_case_and_separators_do_not_matter(name):
    assert resolve([name], {}) == {"text": name}


def test_the_better_name_wins_over_the_earlier_column():
    assert resolve(["id", "comment", "external_id", "text"], {}) == {
        "text": "text",
        "external_id": "external_id",
    }


def test_a_mapped_column_serves_its_field_alone():
    found = resolve(["comment", "body"], {"external_id": "comment"})
    assert found == {"external_id": "comment", "text": "body"}


def test_a_mapped_field_falls_back_to_nothing():
    assert resolve(["text", "id"], {"external_id": "nr"}) == {"text": "text"}


def test_pairs_are_parsed():
    assert parse_mapping(["text=comment_text", " thread = a=b "]) == {"text": "comment_text", "thread": "a=b"}


@pytest.mark.parametrize(
    ("pairs", "what", "hint"),
    [
        pytest.param(["text"], "needs a field and a column", "--map text=comment_text", id="no-equals"),
        pytest.param(["text="], "needs a field and a column", "--map text=comment_text", id="no-column"),
        pytest.param(["txt=a"], "no field 'txt'", "did you mean 'text'? the fields are text,", id="typo"),
        pytest.param(["zzz=a"], "no field 'zzz'", "the fields are text,", id="unknown"),
        pytest.param(["text=a", "text=b"], "text is given twice", "one column", id="twice"),
    ],
)
def test_a_wrong_mapping_is_refused(pairs, what, hint):
    with pytest.raises(InputFileError) as caught:
        parse_mapping(pairs)
    assert what in caught.value.what
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("columns", "mapping", "fixed", "what", "hint"),
    [
        pytest.param(["txt", "n"], {}, True, "they are 'txt', 'n'", "--map text=COLUMN", id="no-text"),
        pytest.param(
            ["comment_text"],
            {"text": "coment_text"},
            True,
            "has no column 'coment_text'",
            "did you mean 'comment_text'? its columns are 'comment_text'",
            id="typo",
        ),
        pytest.param(["text"], {"thread": "t"}, True, "has no column 't'", "are 'text'", id="thread"),
        pytest.param(["text"], {"text": "t"}, False, "has no column 't'", "are 'text'", id="jsonl-text"),
        pytest.param(["text", "id", "text"], {}, True, "2 columns called 'text'", "rename", id="twice"),
        pytest.param([f"c{n}" for n in range(33)], {}, True, "'c29' and 3 more", "--map", id="many"),
    ],
)
def test_a_file_without_a_needed_column_is_refused(columns, mapping, fixed, what, hint):
    with pytest.raises(InputFileError) as caught:
        check_columns("a.csv", columns, mapping, fixed=fixed)
    assert caught.value.what.startswith("a.csv: ")
    assert what in caught.value.what
    assert hint in caught.value.hint


def test_a_column_of_jsonl_may_come_later():
    check_columns("a.jsonl", ["text"], {"thread": "t"}, fixed=False)
    assert describe(["text"], {"thread": "t"}) == "text from 'text', thread from 't' (not in the first rows)"


def test_columns_that_are_twice_but_not_needed_are_left_alone():
    check_columns("a.csv", ["text", "", ""], {}, fixed=True)


def test_the_mapping_is_described():
    assert (
        describe(["id", "body", "likes"], {}) == "text from 'body', external_id from 'id'; not used: 'likes'"
    )


@pytest.mark.parametrize("header", ["You are all complete idiots", "x" * 41])
def test_what_may_be_a_comment_is_not_quoted_as_a_name(header):
    assert shown_name(header) == f"({len(header)} characters)"


@pytest.mark.parametrize(
    ("value", "age"),
    [
        (90, timedelta(seconds=90)),
        ("90", timedelta(seconds=90)),
        (1.5, timedelta(seconds=1.5)),
        ("3 days", timedelta(days=3)),
        (" 1 Day ", timedelta(days=1)),
        ("1.5 hours", timedelta(minutes=90)),
        ("2weeks", timedelta(weeks=2)),
        ("1 month", timedelta(days=30)),
        ("2 years", timedelta(days=730)),
        ("10 minutes", timedelta(minutes=10)),
        ("5 seconds", timedelta(seconds=5)),
        ("3d", timedelta(days=3)),
        ("30 min", timedelta(minutes=30)),
        ("0 days", timedelta()),
        ("0.33333333 days", timedelta(days=0.33333333)),
        (timedelta(days=1), timedelta(days=1)),
    ],
)
def test_an_age_is_seconds_or_has_a_unit(value, age):
    assert parse_age(value) == age


@pytest.mark.parametrize(
    "value",
    ["", "soon", "3 fortnights", "-3 days", -1, True, None, "9" * 400, "9e99 days", float("nan"), "1e300"],
)
def test_no_age_is_refused(value):
    with pytest.raises(InvalidCommentError, match="number of seconds"):
        parse_age(value)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-23T10:00:00Z", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23 10:00:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23T19:00:00+09:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23 10:00:00.5 UTC", datetime(2026, 11, 23, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2017-04-21 17:30:04.585283+00", datetime(2017, 4, 21, 17, 30, 4, 585_283, tzinfo=UTC)),
        (" 20261123 ", datetime(2026, 11, 23, tzinfo=UTC)),
        ("1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1_700_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("1.7e9", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1_700_000_000_500, datetime(2023, 11, 14, 22, 13, 20, 500_000, tzinfo=UTC)),
        (date(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)),
        (
            datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=9))),
            datetime(2026, 11, 23, 1, tzinfo=UTC),
        ),
        (datetime(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)),  # noqa: DTZ001 - naive is UTC
    ],
)
def test_a_time_is_iso_or_counts_from_1970(value, moment):
    found = comment(created_at=value).created_at
    assert found == moment
    assert found.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"id": 12}, "external_id", "12"),
        ({"id": 12.0}, "external_id", "12"),
        ({"id": Decimal(12)}, "external_id", "12"),
        ({"id": " c 1"}, "external_id", " c 1"),
        ({"id": ""}, "external_id", "derived"),
        ({"id": None}, "external_id", "derived"),
        ({"revision": "3"}, "revision", 3),
        ({"revision": 3.0}, "revision", 3),
        ({"revision": ""}, "revision", 0),
        ({"site": "blog"}, "site", "blog"),
        ({"site": " "}, "site", "news"),
        ({"url": "https://x.example/" + "y" * 3000}, "thread", "https://x.example/" + "y" * 3000),
        ({"locale": "ko"}, "locale", "ko"),
        ({"user_id": 7}, "author", Author("7")),
        ({"username": "Kim"}, "author", Author("Kim", "Kim")),
        ({"user_id": 7, "username": "K\0m"}, "author", Author("7", "K\0m")),
        ({"account_age": "60"}, "author", Author("", account_age=timedelta(minutes=1))),
        ({"user_id": "u", "trusted": "Yes"}, "author", Author("u", is_trusted=True)),
        ({"user_id": "u", "trusted": 0}, "author", Author("u", is_trusted=False)),
        ({"user_id": "u", "trusted": False}, "author", Author("u", is_trusted=False)),
        ({"user_id": "u", "rejection_rate": "0.25"}, "author", Author("u", rejection_rate=0.25)),
        ({"user_id": "u", "approved_comments": "9"}, "author", Author("u", approved_comments=9)),
        ({"likes": 3}, "author", None),
    ],
)
def test_a_cell_is_read_as_its_field_needs(cells, field, value):
    assert getattr(comment(**cells), field) == value


@pytest.mark.parametrize(
    "cells",
    [
        {"id": True},
        {"id": ["a"]},
        {"id": 1.5},
        {"id": float("nan")},
        {"id": float("inf")},
        {"id": "a\nb"},
        {"id": "\ud800"},
        {"id": "가" * 400},
        {"username": "n" * 501},
        {"revision": -1},
        {"revision": 2**31},
        {"revision": 1.5},
        {"revision": "１"},
        {"revision": "1_0"},
        {"site": 1.5},
        {"account_age": "old"},
        {"rejection_rate": 1.01},
        {"rejection_rate": "nan"},
        {"rejection_rate": float("nan")},
        {"trusted": "maybe"},
        {"trusted": 2},
        {"created_at": "yesterday"},
        {"created_at": "31/12/2026"},
        {"created_at": 1e30},
        {"created_at": True},
        {"created_at": "0001-01-01T00:00:00+09:00"},
        {"created_at": {"$date": 1}},
    ],
)
def test_a_wrong_cell_is_named_but_not_quoted(cells):
    ((column, value),) = cells.items()
    with pytest.raises(BadValueError) as caught:
        read(**cells)
    assert f"(column {column!r}) must be " in str(caught.value)
    assert len(str(value)) < 3 or str(value) not in str(caught.value)


@pytest.mark.parametrize("text", [None, 5, ["a"], b"a"])
def test_a_row_without_text_is_refused(text):
    with pytest.raises(BadValueError, match=r"no text|must be text"):
        read_fields({"text": text}, {"text": "text"})


def test_an_empty_text_is_a_text():
    assert read_fields({"text": ""}, {"text": "text"}) == {"text": ""}


@given(
    st.sampled_from(sorted(SYNONYMS)),
    st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()) | st.binary(),
)
def test_no_cell_breaks_the_reader(field, value):
    row = {"text": "x", field: value}
    try:
        fields = read_fields(row, {field: field for field in row})
    except BadValueError:
        return
    made = make_comment({"external_id": "derived"} | fields, site="news")
    assert made.text == row["text"]
