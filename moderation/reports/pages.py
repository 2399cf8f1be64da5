"""The rules' report as a page: one file, nothing loaded from anywhere, every comment's text escaped."""

from typing import Any

from markupsafe import Markup

from moderation.model_evaluation.drawing import COLOURS, INK, drawing
from moderation.model_evaluation.pages import environment
from moderation.reports.rules import FiredExample, RuleReport, RulesReport

_MOST_CHARTS = 30  # of the rules that fire most: a page with hundreds is slow to draw and to read


def report_page(report: RulesReport) -> str:
    """Write the page, with a chart of hits by day for each rule that fired."""
    rules = [
        (one, _chart(report, one) if number < _MOST_CHARTS and one.hits else "")
        for number, one in enumerate(report.rules)
    ]
    template = environment("moderation.reports", escape=True).get_template("rules.html")
    return template.render(report=report, rules=rules, pieces=_pieces)


def _chart(report: RulesReport, one: RuleReport) -> Markup:
    days = report.days
    colour = INK if one.shadow else COLOURS[0]

    def draw(axes: Any) -> None:  # noqa: ANN401 - matplotlib's
        axes.bar(range(len(days)), [one.by_day[day] for day in days], color=colour)
        marks = range(0, len(days), max(1, len(days) // 6))
        axes.set_xticks(list(marks), [f"{days[mark]:%d %b}" for mark in marks])
        axes.yaxis.get_major_locator().set_params(integer=True)

    return Markup(drawing(f"{one.rule}: hits by day", "", "comments", draw, size=(6.0, 2.2)))  # noqa: S704 - ours


def _pieces(example: FiredExample) -> list[tuple[str, bool]]:
    """Cut a comment's text into pieces, each with whether the rule is about it."""
    text = example.comment.text
    spans = sorted(example.reason.spans) if example.reason else []
    pieces, end = [], 0
    for span in spans:
        start = max(span.start, end)
        if span.end > start:
            pieces += [(text[end:start], False), (text[start : span.end], True)]
            end = span.end
    return [(piece, about) for piece, about in [*pieces, (text[end:], False)] if piece]
