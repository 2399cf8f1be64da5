"""The history page."""

from uuid import uuid4

from moderation.desk import AppealAnswer, Desk, Role
from moderation.domain import Action, VerdictKind
from tests.dashboard.views.conftest import press
from tests.store.samples import comment, decision, new_row, save
from tests.test_hostile import PAYLOADS


def queued(store, *texts):
    rows = [new_row(comment(str(uuid4()), text), decision(Action.HOLD)) for text in texts or ("Well said.",)]
    return [made.comment_id for made in save(store, *rows)]


def texts(page):
    return [element.value for element in page.text]


def html(page):
    return "\n".join(element.proto.body for element in page.get("html"))


def test_an_address_with_a_number_shows_all_that_happened(open_page, site, bob):
    (number,) = queued(site, PAYLOADS["script"])
    Desk(site).judge(bob, number, VerdictKind.REJECT, reason="insult", note="see #4")
    page = open_page("history", comment=str(number))
    assert not page.exception
    shown = html(page)
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "bob rejected it" in shown
    assert "see #4" in texts(page)


def test_a_number_that_nobody_has_is_told(open_page):
    page = open_page("history", comment="77")
    assert not page.exception
    assert "77" in page.error[0].value


def test_a_moderator_decides_a_comment_from_its_history(open_page, site):
    (number,) = queued(site)
    page = open_page("history", comment=str(number))
    page.text_input[0].input("insult")
    press(page, "Reject")
    (verdict,) = Desk(site).history(number).verdicts
    assert (verdict.kind, verdict.by, verdict.reason) == (VerdictKind.REJECT, "ann", "insult")


def test_a_moderator_takes_back_their_own_verdict_and_no_other(open_page, site, bob):
    first, second = queued(site, "One", "Two")
    desk = Desk(site)
    desk.judge(bob, first, VerdictKind.REJECT)
    page = open_page("history", comment=str(first))
    press(page, "Undo")
    assert page.error
    assert len(desk.history(first).verdicts) == 1
    page = open_page("history", Role.ADMIN, comment=str(first))
    press(page, "Undo")
    assert [one.kind for one in desk.history(first).verdicts] == [VerdictKind.REJECT, VerdictKind.UNDO]
    assert not desk.history(second).verdicts


def test_an_appeal_is_answered_by_somebody_else(open_page, site, bob):
    (number,) = queued(site)
    desk = Desk(site)
    desk.judge(bob, number, VerdictKind.REJECT)
    desk.appeal(number, PAYLOADS["markdown_link"])
    page = open_page("history", comment=str(number))
    assert PAYLOADS["markdown_link"] in texts(page)
    press(page, "Overturn it")
    assert not page.error
    (answered,) = desk.appeals(answered=True)
    assert (answered.answer, answered.answered_by) == (AppealAnswer.OVERTURN, "ann")


def test_who_decided_can_not_answer_the_appeal(open_page, site):
    (number,) = queued(site)
    page = open_page("history", comment=str(number))
    press(page, "Reject")
    Desk(site).appeal(number, "Why?")
    page = open_page("history", comment=str(number))
    press(page, "Uphold the decision")
    assert page.error
    assert Desk(site).appeals()


def test_a_search_pages_by_key(open_page, site):
    queued(site, *(f"Comment {n}" for n in range(60)), "Something else")
    page = open_page("history")
    assert len(page.dataframe[0].value) == 50
    page.text_input[0].input("comment").run()
    assert len(page.dataframe[0].value) == 50
    press(page, "Older")
    assert list(page.dataframe[0].value["text"])[-1] == "Comment 0"
    press(page, "Newer")
    assert next(iter(page.dataframe[0].value["text"])) == "Comment 59"


def test_every_payload_can_be_listed(open_page, site):
    queued(site, *PAYLOADS.values())
    page = open_page("history")
    assert not page.exception
    assert len(page.dataframe[0].value) == len(PAYLOADS)


def test_open_appeals_are_listed(open_page, site, bob):
    (number,) = queued(site)
    desk = Desk(site)
    assert "No appeal is open." in texts(open_page("history", tab="Appeals"))
    desk.judge(bob, number, VerdictKind.REJECT)
    desk.appeal(number, PAYLOADS["script"])
    (row,) = open_page("history", tab="Appeals").dataframe[0].value.to_dict("records")
    assert (row["comment"], row["the author's words"]) == (number, PAYLOADS["script"])
