"""Which rules were made live, by whom and when, and what the brake did."""

from collections.abc import Sequence

import streamlit as st

from dashboard import resources
from dashboard.components.heading import subheading
from dashboard.components.inert import table
from dashboard.components.problems import problems_told
from dashboard.components.rulebook import go_back, lift_brake
from moderation.desk import User
from moderation.rollout import braked_rules
from moderation.rollout.wording import changes_in_words, short_hash
from moderation.store import BrakeEvent, RulesetChange, brake_events, changes
from moderation.text.visible import visible

_LATEST = 200


def log(user: User) -> None:
    """Show what was made live, latest first; an admin can go back to any of it, and lift the brake."""
    with resources.store().reading() as session:
        made, brakes = changes(limit=_LATEST, session=session), brake_events(session=session)[:_LATEST]
    if not made:
        st.text("Nothing was made live here yet: the file rules.yaml decides.")
    else:
        _changes(made)
    if brakes:
        subheading("The brake", "Rules that rejected too much soon after a change: they hold instead.")
        table([_brake(event) for event in brakes])
        if user.is_admin and (braked := braked_rules(store=resources.store())):
            _lift(user, braked)
    if len({change.ruleset for change in made}) > 1 and user.is_admin:
        _go_back(user, made)


def _changes(made: Sequence[RulesetChange]) -> None:
    table(
        [
            {
                "when, UTC": f"{change.created_at:%Y-%m-%d %H:%M:%S}",
                "ruleset": short_hash(change.ruleset),
                "what": f"{change.kind.value}, live" if change is made[0] else change.kind.value,
                "by": change.by,
                "why": change.message,
                "rules": changes_in_words(change.rules),
            }
            for change in made
        ]
    )


def _brake(event: BrakeEvent) -> dict[str, object]:
    counted = f"rejected {event.hits:,} of {event.of:,} comments" if event.hits and event.of else ""
    return {
        "when, UTC": f"{event.created_at:%Y-%m-%d %H:%M:%S}",
        "rule": event.rule,
        "what": event.kind.value,
        "because": counted,
        "by": event.by or "",
    }


def _lift(user: User, braked: Sequence[str]) -> None:
    with st.form("lift_brake"), problems_told():
        subheading("Lift the brake", "The rule may reject again. What it held meanwhile stays on hold.")
        rule = st.selectbox("Rule", braked, format_func=visible)
        if st.form_submit_button("Let it reject"):
            lifted = lift_brake(user, rule, store=resources.store())
            st.session_state["rules_said"] = (
                f"{visible(rule)} may reject." if lifted else f"The brake is on {visible(rule)} no more."
            )
            st.rerun()


def _go_back(user: User, made: Sequence[RulesetChange]) -> None:
    earlier = list(dict.fromkeys(change.ruleset for change in made if change.ruleset != made[0].ruleset))
    with st.form("go_back"), problems_told():
        subheading("Go back", "An earlier ruleset decides again, in every process within two seconds.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            ruleset = st.selectbox("Ruleset", earlier, format_func=short_hash, width=220)
            message = st.text_input("Why, for the log", max_chars=300)
        if st.form_submit_button("Make it live again"):
            again = go_back(user, ruleset, message, store=resources.store())
            st.session_state["rules_said"] = (
                f"{short_hash(ruleset)} is live again." if again else "It is live already."
            )
            st.rerun()
