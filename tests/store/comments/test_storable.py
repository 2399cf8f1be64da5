"""What is stored on one database is stored on the other, and what is not is refused before anything is done."""

import math
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from typing_extensions import override

from moderation.domain import Author, Comment
from moderation.errors import InvalidCommentError
from moderation.intake import Intake
from moderation.moderator import Moderator
from moderation.pipeline import Pipeline
from moderation.rollout import Brake
from moderation.rules import Ruleset
from moderation.store import check_storable, find_stored, iterate, key_of
from moderation.store.comments.storable import _OF_AUTHOR, _OF_COMMENT, MAX_NUMBER, MAX_TEXT_BYTES
from tests.store.samples import comment
from tests.store.strategies import ANY_TEXT
from tests.support.laws import examples


class Nowhere(tzinfo):
    """A zone that does not say how far from UTC it is."""

    @override
    def utcoffset(self, when):
        del when

    dst = utcoffset

    @override
    def tzname(self, when):
        del when
        return "nowhere"


class Broken(Nowhere):
    """A zone that fails when it is asked how far from UTC it is."""

    @override
    def utcoffset(self, when):
        raise RuntimeError

    dst = utcoffset


NO_CODE: Any = tzinfo  # abstract, for mypy alone


class Never(datetime):
    """As pandas' NaT: a datetime that is neither before nor after any other."""

    @override
    def __ge__(self, other):
        return False

    @override
    def __le__(self, other):
        return False


def author(**facts: Any) -> Comment:
    return bad(author=Author(**({"id": "u-1"} | facts)))


def bad(**values: Any) -> Comment:
    return comment(**({"external_id": "bad", "text": "Well said."} | values))


WITHOUT_ID = {
    "no_id": (Comment("Well said."), "external_id"),
    "empty_id": (comment(""), "external_id"),
}
UNSOUND = {
    "id_kind": (comment(7), "external_id must be text, not int"),
    "long_id": (comment("c" * 1001), "external_id is longer than 1,000 bytes"),
    "long_in_bytes": (comment("한" * 334), "external_id is longer"),
    "long_when_escaped": (comment("\x00" * 201), "external_id is longer"),
    "long_site": (bad(site="s" * 1001), "site is longer"),
    "revision_above": (bad(revision=2**31), "revision is more than 2,147,483,647"),
    "revision_a_flag": (bad(revision=True), "revision must be a whole number, not bool"),
    "thread_kind": (bad(thread=7), "thread must be text, not int"),
    "locale_kind": (bad(locale=b"en"), "locale must be text, not bytes"),
    "author_kind": (bad(author={"id": "u-1"}), "author must be an Author, not dict"),
    "top_level_a_number": (bad(is_top_level=1), "is_top_level must be True or False, not int"),
    "reports_above": (bad(reports=2**31), "reports is more than"),
    "reports_below": (bad(reports=-1), "reports must not be negative"),
    "reports_enormous": (bad(reports=10**5000), "reports is more than"),
    "reports_a_fraction": (bad(reports=1.5), "reports must be a whole number, not float"),
    "reports_a_decimal": (bad(reports=Decimal(1)), "reports must be a whole number, not Decimal"),
    "reports_a_flag": (bad(reports=True), "reports must be a whole number, not bool"),
    "date_before": (bad(created_at=datetime.min.replace(tzinfo=timezone(timedelta(hours=9)))), "created_at"),
    "date_after": (bad(created_at=datetime.max.replace(tzinfo=timezone(timedelta(hours=-9)))), "created_at"),
    "date_nowhere": (bad(created_at=datetime(2026, 1, 1, tzinfo=Nowhere())), "created_at"),
    "date_of_a_zone_without_code": (
        bad(created_at=datetime(2026, 1, 1, tzinfo=NO_CODE())),
        "created_at has a zone",
    ),
    "date_of_a_broken_zone": (bad(created_at=datetime(2026, 1, 1, tzinfo=Broken())), "created_at has a zone"),
    "date_never": (bad(created_at=Never(2026, 1, 1, tzinfo=UTC)), "created_at"),
    "author_id_kind": (author(id=7), "author.id must be text, not int"),
    "author_no_id": (author(id=None), "author.id must be text, not NoneType"),
    "name_kind": (author(name=b"Ann"), "author.name must be text, not bytes"),
    "age_kind": (author(account_age=3.0), "author.account_age must be a timedelta, not float"),
    "age_below": (author(account_age=timedelta(-1)), "author.account_age must not be negative"),
    "approved_below": (author(approved_comments=-5), "author.approved_comments must not be negative"),
    "approved_above": (author(approved_comments=2**31), "author.approved_comments is more than"),
    "approved_enormous": (author(approved_comments=10**5000), "author.approved_comments is more than"),
    "approved_kind": (
        author(approved_comments=Decimal(3)),
        "author.approved_comments must be a whole number",
    ),
    "rate_nan": (author(rejection_rate=math.nan), "author.rejection_rate must be from 0 to 1"),
    "rate_infinite": (author(rejection_rate=-math.inf), "author.rejection_rate must be from 0 to 1"),
    "rate_enormous": (author(rejection_rate=10**5000), "author.rejection_rate must be from 0 to 1"),
    "rate_in_percent": (author(rejection_rate=30), "author.rejection_rate must be from 0 to 1"),
    "rate_below": (author(rejection_rate=-5e-324), "author.rejection_rate must be from 0 to 1"),
    "rate_a_decimal": (author(rejection_rate=Decimal("0.5")), "author.rejection_rate must be a number"),
    "rate_a_fraction": (author(rejection_rate=Fraction(1, 2)), "author.rejection_rate must be a number"),
    "rate_a_flag": (author(rejection_rate=True), "author.rejection_rate must be a number"),
    "trusted_kind": (author(is_trusted="yes"), "author.is_trusted must be True or False, not str"),
    "moderator_kind": (author(is_moderator=Decimal(1)), "author.is_moderator must be True or False"),
}
REFUSED = WITHOUT_ID | UNSOUND


@pytest.fixture
def intake(store):
    """An intake without a model or a detector: what it decides does not matter here."""
    ruleset = Ruleset.parse("version: 1\ntoxicity: false\nlanguage: false\n")
    return Intake(Pipeline.open(ruleset), store, Brake(ruleset))


def test_every_field_is_checked():
    assert _OF_COMMENT.keys() == {field.name for field in fields(Comment)}
    assert _OF_AUTHOR.keys() == {field.name for field in fields(Author)}


@pytest.mark.parametrize(("refused", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_a_database_cannot_hold_is_refused_by_name_and_never_quoted(refused, says):
    with pytest.raises(InvalidCommentError) as caught:
        check_storable(refused)
    assert says in caught.value.what
    assert caught.value.hint
    assert "said" not in str(caught.value)


@pytest.mark.parametrize("revision", [1.5, math.nan, "1", None])
def test_a_revision_that_is_no_whole_number_makes_no_comment(revision):
    with pytest.raises(InvalidCommentError, match="a comment's revision must be a whole number, not"):
        bad(revision=revision)


@pytest.mark.parametrize("site", ["", None, b"news"])
def test_the_hint_for_a_site_is_one_that_helps(site):
    with pytest.raises(InvalidCommentError, match="a comment's site must") as caught:
        bad(site=site)
    assert "leave `site` out" in caught.value.hint


@pytest.fixture(scope="module")
def checking():
    """A moderator whose rules ask about all that a comment may say besides its text."""
    rules = """
version: 1
toxicity: false
language: false
rules:
  - {name: reported, when: {reports: ">= 3"}, action: flag}
  - {name: young, when: {author: {account_age: "< 1 day", rejection_rate: "> 30 %"}}, action: flag}
  - {name: new, when: {author: {approved_comments: "< 3", is_trusted: false}}, action: flag}
  - {name: at-night, when: {time: {after: "22:00", before: "06:00", zone: Asia/Seoul}}, action: flag}
"""
    with Moderator.open(Ruleset.parse(rules)) as moderator:
        yield moderator


@pytest.mark.parametrize(("refused", "says"), UNSOUND.values(), ids=UNSOUND.keys())
def test_a_check_refuses_what_would_not_be_stored(checking, refused, says):
    with pytest.raises(InvalidCommentError) as caught:
        checking.check(refused)
    assert says in caught.value.what


@pytest.mark.parametrize("checked", [item for item, _ in WITHOUT_ID.values()], ids=WITHOUT_ID.keys())
def test_a_check_needs_no_external_id(checking, checked):
    assert checking.check(checked).published


def test_of_many_that_are_checked_each_is_refused_for_itself(checking):
    refused = [item for item, _ in UNSOUND.values()]
    first, *answers, last = checking.check_many([comment("first"), *refused, comment("last")])
    assert [type(answer) for answer in answers] == [InvalidCommentError] * len(refused)
    assert first.published
    assert last.published


def test_a_text_that_fits_no_row_is_refused():
    with pytest.raises(InvalidCommentError, match=r"author.name is longer than 100,000,000 bytes"):
        check_storable(author(name="x" * (MAX_TEXT_BYTES + 1)))


def test_comments_that_are_refused_cost_their_neighbours_nothing(intake, store):
    refused = [item for item, _ in REFUSED.values()]
    first, *answers, last = intake.take([comment("first"), *refused, comment("last")])
    assert [type(answer) for answer in answers] == [InvalidCommentError] * len(refused)
    assert [
        says for says, answer in zip(REFUSED.values(), answers, strict=True) if says[1] not in answer.what
    ] == []
    assert [item.comment.external_id for item in iterate(store)] == ["first", "last"]
    assert [item.decision for item in iterate(store)] == [first, last]


def test_the_largest_and_the_smallest_are_stored(intake, store):
    facts: dict[str, Any] = {"account_age": timedelta.max, "rejection_rate": 5e-324, "is_trusted": False}
    least: dict[str, Any] = {"account_age": timedelta(), "rejection_rate": 1, "approved_comments": 0}
    written = [
        comment("high", author=Author("", approved_comments=MAX_NUMBER, **facts), reports=MAX_NUMBER),
        comment("low", author=Author("\x00\ud800", **least), reports=0),
        comment("\ud83d", revision=MAX_NUMBER, is_top_level=True, thread="", locale="\x1a"),
        comment("first", created_at=datetime.min.replace(tzinfo=UTC)),
        comment("last", created_at=datetime.max.replace(tzinfo=UTC)),
    ]
    intake.take(written)
    assert [item.comment for item in iterate(store)] == written


ODD: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    ANY_TEXT,
    st.binary(max_size=3),
    st.timedeltas(),
    st.lists(st.none(), max_size=1),
)


def either(usual: Any) -> Any:
    return usual | ODD


ODD_AUTHORS = st.builds(
    Author,
    either(ANY_TEXT),
    either(ANY_TEXT),
    either(st.timedeltas()),
    either(st.integers(0, MAX_NUMBER)),
    either(st.floats(0, 1)),
    either(st.booleans()),
    either(st.booleans()),
)
ODD_FIELDS = st.fixed_dictionaries(
    {"author": ODD_AUTHORS | ODD},
    optional={
        "text": ANY_TEXT,
        "thread": either(ANY_TEXT),
        "created_at": st.datetimes(timezones=st.timezones()),
        "locale": either(ANY_TEXT),
        "is_top_level": either(st.booleans()),
        "reports": either(st.integers(0, MAX_NUMBER)),
    },
)


@given(values=ODD_FIELDS)
@examples(100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_comment_holds_it_is_refused_or_comes_back_as_it_was(intake, store, values):
    with store.reading() as session:
        number = session.connection().exec_driver_sql("SELECT count(*) FROM comment").scalar_one()
    written = comment(f"c-{number}", **values)
    beside = comment(f"beside-{number}")
    answer, _ = intake.take([written, beside])
    with store.reading() as session:
        found = find_stored([key_of(written), key_of(beside)], session=session)
    assert found.pop(key_of(beside)).comment == beside
    if isinstance(answer, InvalidCommentError):
        assert not found
    else:
        assert found[key_of(written)].comment == written
