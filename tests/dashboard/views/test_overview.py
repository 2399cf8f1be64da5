"""The overview page."""

from moderation.desk import Desk
from moderation.domain import Action, VerdictKind
from moderation.store import NewRow
from tests.store.samples import comment, decision, save


def metrics(page):
    return {metric.label: metric.value for metric in page.metric}


def test_figures_are_counted_and_stand_in_tables_behind_the_charts(open_page, site, bob):
    rows = [NewRow(comment(str(n)), decision(Action.HOLD)) for n in range(3)]
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
