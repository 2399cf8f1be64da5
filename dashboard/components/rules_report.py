"""What each rule does: how often it fires, what only it catches, and whether moderators agree; shadow rules too."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard import resources
from dashboard.components.comment import chip, facts_line
from dashboard.components.heading import subheading
from dashboard.components.highlight import highlighted
from dashboard.components.inert import table
from moderation.backtest import CountedShare
from moderation.reports.rules import FiredExample, RuleReport, RulesReport, report_on_rules
from moderation.rules import Ruleset
from moderation.text.visible import visible

_DAYS = 30
_EXAMPLES = 5
_PERCENT = st.column_config.NumberColumn(format="%.0f %%")


def rules_report(ruleset: Ruleset) -> None:
    """Show a line for each rule; of one that is selected, the latest comments it fired on."""
    with st.spinner("Counting …"):
        found = _report(ruleset.hash, ruleset)
    st.text(f"The last {_DAYS} days, {found.comments:,} comments. Select a rule to see what it fired on.")
    if not found.rules:
        st.text("No rule fired.")
        return
    event = table(
        [_row(rule) for rule in found.rules],
        formats={"rejected, %": _PERCENT, "reversed, %": _PERCENT},
        on_select="rerun",
        selection_mode="single-row",
        key="rules_report",
    )
    if event.selection.rows:
        chosen = found.rules[event.selection.rows[0]]
        subheading(visible(chosen.rule), "The latest comments it fired on.")
        for example in chosen.examples:
            _example(example)


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def _report(ruleset_hash: str, _ruleset: Ruleset) -> RulesReport:
    """Count, a minute old at most; the ruleset's hash is the key, for it says all that the ruleset does."""
    del ruleset_hash
    since = datetime.now(UTC) - timedelta(days=_DAYS)
    return report_on_rules(resources.store(), since=since, ruleset=_ruleset, examples=_EXAMPLES)


def _row(rule: RuleReport) -> dict[str, object]:
    return {
        "rule": rule.rule,
        "kind": rule.kind,
        "hits": rule.hits,
        "alone": rule.decided_alone,
        "verdicts": rule.verdicts.total(),
        "rejected, %": _percent(rule.precision),
        "reversed, %": _percent(rule.reversal),
        "together with": ", ".join(name for name, _ in rule.overlap.most_common(3)),
    }


def _percent(share: CountedShare) -> float | None:
    return None if share.value is None else 100 * share.value


def _example(example: FiredExample) -> None:
    verdict = f"a moderator decided: {example.verdict}" if example.verdict else ""
    line = facts_line([f"#{example.comment_id}", example.comment.site, verdict], chip(example.action))
    reasons = [example.reason] if example.reason else []
    with st.container(border=True):
        st.html(line + highlighted(example.comment.text, reasons))
