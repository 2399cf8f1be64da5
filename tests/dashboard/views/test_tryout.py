"""The page on which comments are tried."""

import json

import pytest

from moderation.store import summary
from tests.test_hostile import PAYLOADS


def html(page):
    return "".join(element.proto.body for element in page.get("html"))


def check(page, text):
    page.text_area[0].input(text)
    return page.button[0].click().run()


@pytest.mark.parametrize("name", ["script", "lone_surrogate", "bidi", "markdown_image"])
def test_a_comment_is_decided_and_stored_nowhere(open_page, site, name):
    page = check(open_page("tryout"), PAYLOADS[name].replace("\ud83d", "").replace("\udc00", ""))
    assert not page.exception
    document = json.loads(page.code[0].value)
    assert document["action"] == "approve"
    with site.reading() as session:
        assert summary(session=session).comments == 0


def test_the_author_is_told_why(open_page):
    page = check(open_page("tryout"), "http://a.example http://b.example http://c.example")
    assert "moderator" in html(page)
    assert json.loads(page.code[0].value)["reasons"][0]["rule"] == "many-links"


def test_other_thresholds_are_weighed_on_the_same_scores(open_page):
    page = check(open_page("tryout"), "A calm comment about the budget of the town.")
    assert "as it is" in html(page)
    page.slider(key="what_if_toxicity_hold").set_value(0.0).run()
    assert "instead of approve" in html(page)


def test_an_age_that_is_none_is_told(open_page):
    page = open_page("tryout")
    page.text_input[4].input("three moons")
    page = check(page, "Hello there.")
    assert "age" in page.error[0].value
