"""The triage page; the brush itself needs a browser."""

from moderation.desk import Desk
from moderation.domain import Action, VerdictKind
from tests.dashboard.views.conftest import press
from tests.store.samples import comment, decision, new_row, save


def queued(store, *scores):
    rows = [new_row(comment(f"c-{n}"), decision(Action.HOLD, score=score)) for n, score in enumerate(scores)]
    return [made.comment_id for made in save(store, *rows)]


def ranged(page, low, high):
    return page.slider[0].set_range(low, high).run()


def kinds(store, numbers):
    return [[verdict.kind for verdict in Desk(store).history(number).verdicts] for number in numbers]


def test_an_empty_queue_is_told(open_page):
    page = open_page("triage")
    assert not page.exception
    assert page.text[0].value == "Nothing waits that has a score."


def test_a_range_is_decided_once_its_number_is_typed_and_taken_back_at_once(open_page, site):
    numbers = queued(site, 0.3, 0.35, 0.4, 0.9)
    page = ranged(open_page("triage"), 0.25, 0.5)
    assert not page.exception
    page = press(page, "Reject all")
    assert "type 3" in page.error[0].value
    assert kinds(site, numbers) == [[], [], [], []]
    page.text_input[0].input("3")
    page = press(page, "Reject all")
    assert page.text[0].value == "3 comments rejected."
    assert kinds(site, numbers) == [[VerdictKind.REJECT]] * 3 + [[]]
    page = press(page, "Undo all of it")
    assert "3 verdicts were taken back" in page.text[0].value
    assert kinds(site, numbers) == [[VerdictKind.REJECT, VerdictKind.UNDO]] * 3 + [[]]


def test_what_was_queued_since_is_left_alone(open_page, site):
    queued(site, 0.3)
    page = ranged(open_page("triage"), 0.1, 1.0)
    (later,) = [
        made.comment_id for made in save(site, new_row(comment("later"), decision(Action.HOLD, score=0.3)))
    ]
    page.text_input[0].input("1")
    page = press(page, "Approve all")
    assert page.text[0].value == "1 comments approved."
    assert kinds(site, [later]) == [[]]


def test_an_address_narrows_the_queue_and_a_wrong_one_is_told(open_page, site):
    queued(site, 0.3)
    assert open_page("triage", site="elsewhere").text[0].value == "Nothing waits that has a score."
    assert open_page("triage", low="much").error
