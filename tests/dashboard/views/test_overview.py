"""The overview page."""

from moderation.desk import Desk, Role, User
from moderation.domain import Action, VerdictKind
from tests.desk.support import request
from tests.store.samples import comment, decision, new_row, save


def metrics(page):
    return {metric.label: metric.value for metric in page.metric}


def test_figures_are_counted_and_stand_in_tables_behind_the_charts(open_page, site, bob):
    rows = [new_row(comment(str(n)), decision(Action.HOLD)) for n in range(3)]
    first = save(site, *rows)[0].comment_id
    assert first
    Desk(site).judge(bob, first, VerdictKind.APPROVE)
    page = open_page("overview")
    assert not page.exception
    assert metrics(page)["Waiting"] == "2"
    assert metrics(page)["Came in"] == "3"
    tables = [frame.value for frame in page.dataframe]
    (row,) = next(found for found in tables if "reversed, %" in found).to_dict("records")
    assert (row["rule"], row["reversed"], row["judged"]) == ("toxicity.insult", 1, 1)


def test_a_site_without_comments_has_an_overview_too(open_page):
    page = open_page("overview")
    assert not page.exception
    assert metrics(page)["Waiting"] == "0"


def test_agreement_is_shown_by_day_and_says_where_kappa_is_undefined(open_page, site, bob):
    save(site, new_row(comment("1"), decision(Action.HOLD)))
    desk = Desk(site, second_review=1)
    for user in (User("eve", Role.MODERATOR), bob):
        (card,) = desk.next_batch(user)
        desk.decide(user, request(card, VerdictKind.APPROVE))
    page = open_page("overview")
    assert not page.exception
    (row,) = next(f.value for f in page.dataframe if "kappa" in f.value).to_dict("records")
    assert (row["pairs"], row["agreed, %"], row["kappa"]) == (1, 100.0, None)
    assert any("Kappa is undefined" in part.proto.body for part in page.get("html"))
