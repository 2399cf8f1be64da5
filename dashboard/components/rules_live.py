"""The rules that decide now, to be read."""

import streamlit as st

from dashboard import resources
from dashboard.components.heading import subheading
from dashboard.components.inert import label, table
from moderation.errors import ModerationError
from moderation.rollout import braked_rules
from moderation.rollout.wording import short_hash
from moderation.rules import Ruleset
from moderation.rules.schema.rule import Rule
from moderation.store import RulesetChange
from moderation.text.visible import visible

_LONGEST = 200_000  # letters of a file that are shown


def live_rules(ruleset: Ruleset, change: RulesetChange | None, problem: ModerationError | None) -> None:
    """Show the file with line numbers, the word lists, and who made it live."""
    st.text(
        f"Ruleset {short_hash(ruleset.hash)}{_since(change) if change is None or change.ruleset == ruleset.hash else ''}"
    )
    if change and change.ruleset != ruleset.hash and problem is None:
        st.text(f"{short_hash(change.ruleset)} was made live and is being loaded: look again in two seconds.")
    if problem is not None:
        st.error("Other rules are wanted, but can't be used; these still decide.")
        st.code(visible(str(problem), keep="\n"), language=None)
    if braked := braked_rules(store=resources.store()):
        on = f"The brake is on; an admin lifts it under Log. These rules may only hold: {', '.join(braked)}"
        st.warning(label(on, longest=500))
    if ruleset.config.rules:
        subheading("The site's own rules")
        table([_rule(rule) for rule in ruleset.config.rules])
    subheading("rules.yaml")
    _file(ruleset.source, "yaml", 560)
    for name, text in ruleset.files.items():
        subheading(visible(name))
        _file(text, None, 240)


def _since(change: RulesetChange | None) -> str:
    if change is None:
        return ", from the file: nothing was made live here yet"
    return f", made live by {visible(change.by)} on {change.created_at:%Y-%m-%d %H:%M} UTC"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "rule": rule.name,
        "action": rule.action.value,
        "status": rule.status.value,
        "expires": rule.expires.isoformat() if rule.expires else "",
        "policy": rule.policy or "",
        "owner": rule.owner or "",
        "note": rule.note or "",
    }


def _file(text: str, language: str | None, height: int) -> None:
    shown = visible(text[:_LONGEST], keep="\n")
    st.code(shown, language=language, line_numbers=True, height=height)
