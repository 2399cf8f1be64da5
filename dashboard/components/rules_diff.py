"""What a draft would make of stored comments."""

import streamlit as st

from dashboard.components.inert import table
from moderation.backtest import CountedShare, Diff


def show_diff(diff: Diff) -> None:
    """Show how many comments would be decided differently, by what, and some of them."""
    lacking = diff.tally.lacking.total()
    left_out = f" {lacking:,} could not be compared without scoring them again." if lacking else ""
    st.text(
        f"Of {diff.tally.comments:,} stored comments, {diff.flips:,} would be decided differently.{left_out}"
    )
    if not diff.flips:
        return
    actions, rules = st.columns(2)
    with actions:
        table([{"now": a.value, "then": b.value, "comments": count} for (a, b), count in diff.pairs])
    with rules:
        table(
            [
                {"by rule": turn.name, "stricter": turn.stronger, "milder": turn.weaker}
                for turn in diff.by_rule
            ]
        )
    _quality(diff)
    table(
        [
            {
                "comment": flip.comment_id,
                "now": flip.before.action.value,
                "then": flip.after.action.value,
                "verdict": flip.verdict.value if flip.verdict else "",
                "text": " ".join(flip.comment.text[:300].split()),
                "because": ", ".join(reason.rule for reason in flip.because),
            }
            for flip in diff.shown
        ]
    )


def _quality(diff: Diff) -> None:
    if not diff.verdicts:
        st.text("No moderator decided any of them, so nobody knows which rules are right.")
        return
    before, after = diff.quality
    st.text(
        f"By the verdicts on {diff.verdicts:,} of them: what is held or rejected was rejected by a moderator in"
        f" {_percent(before.precision)} (now), {_percent(after.precision)} (then);"
        f" of what moderators rejected, {_percent(before.recall)} (now) and {_percent(after.recall)} (then) is caught."
    )


def _percent(share: CountedShare) -> str:
    return "–" if share.value is None else f"{share.value:.0%}"
