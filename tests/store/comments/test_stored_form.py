"""Decisions and authors come back from JSON as they were."""

import json
from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain import Author, Provenance
from moderation.public_form import reasons_to_dicts
from moderation.store.comments.stored_form import (
    author_from_json,
    author_to_json,
    checks_from_json,
    checks_to_json,
    provenance_from_json,
    provenance_to_json,
    reasons_from_json,
)
from tests.store.strategies import ANY_FLOAT, ANY_TEXT, authors, checks, reasons


def through_json(value):
    return json.loads(json.dumps(value, allow_nan=False))


@given(reasons(ANY_FLOAT))
def test_reasons_come_back_as_they_were(given_reasons):
    assert reasons_from_json(through_json(reasons_to_dicts(given_reasons))) == given_reasons


@given(checks(ANY_FLOAT))
def test_checks_come_back_as_they_were_and_in_order(results):
    found = checks_from_json(through_json(checks_to_json(results)))
    assert found == results
    assert list(found) == list(results)


@given(authors(ANY_FLOAT))
def test_an_author_comes_back_as_they_were(author):
    assert author_from_json(through_json(author_to_json(author))) == author


@given(st.builds(Provenance, *[ANY_TEXT] * len(fields(Provenance))))
def test_provenance_comes_back_as_it_was(provenance):
    assert provenance_from_json(through_json(provenance_to_json(provenance))) == provenance


def test_provenance_that_was_stored_before_the_model_files_were_recorded_is_read():
    names = ("ruleset", "model", "engine", "normaliser", "detector", "version")
    found = provenance_from_json(dict.fromkeys(names, "x"))
    assert (found.version, found.model_files, found.folder, found.runtime) == ("x", "", "", "")


def test_the_folder_of_the_rules_is_stored():
    made = Provenance("x", "x", "x", "x", "x", "x", folder="/srv/site")
    assert provenance_to_json(made)["folder"] == "/srv/site"
    assert provenance_from_json(provenance_to_json(made)) == made


@pytest.mark.parametrize("age", [timedelta(0), timedelta.max, timedelta.min], ids=["zero", "max", "min"])
def test_an_account_age_at_the_ends_of_its_range_is_kept(age):
    assert author_from_json(through_json(author_to_json(Author("u", account_age=age)))).account_age == age


def test_what_is_unknown_of_an_author_is_left_out():
    assert author_to_json(Author("u-1", is_trusted=False)) == {"id": "u-1", "is_trusted": False}
