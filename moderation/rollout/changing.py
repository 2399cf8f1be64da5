"""Makes rulesets live, takes that back, and lifts the brake: what an admin does to a running site."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlmodel import Session

from moderation.errors import RulesConflictError, UnknownRuleError
from moderation.logs import Fields, room_logger
from moderation.rollout.brake import Limits
from moderation.rollout.stored import stored_ruleset
from moderation.rollout.wording import short_hash
from moderation.rules import Ruleset
from moderation.rules.reading.faults import suggestion
from moderation.store import (
    BrakeEvent,
    BrakeKind,
    ChangeKind,
    RuleChanges,
    RulesetChange,
    RuleVersion,
    Store,
    add_brake_event,
    add_change,
    brake_states,
    find_ruleset,
    live_change,
    newest_versions,
    note_versions,
    one_at_a_time,
    remember_ruleset,
)

log = room_logger(__name__)


def rule_changes(ruleset: Ruleset, *, store: Store) -> RuleChanges:
    """Return which rules a ruleset would change if it were made live now.

    Raises:
        StoreError: the database can't be used.
    """
    with store.reading() as session:
        return _compared(ruleset, newest_versions(session=session))


def make_live(
    ruleset: Ruleset,
    *,
    store: Store,
    by: str,
    message: str = "",
    kind: ChangeKind = ChangeKind.APPLY,
    after: int | None = None,
) -> RulesetChange | None:
    """Let a ruleset decide in every process that follows the database: all at once, or not at all.

    Args:
        ruleset: what is to decide.
        store: the database.
        by: who does it.
        message: why.
        kind: whether it is new, or an earlier one again.
        after: number of the change that was live when its effects were looked at, 0 for none; `None`: don't care.

    Returns:
        The entry of the log; `None` if the ruleset is live already.

    Raises:
        RulesConflictError: another ruleset was made live since `after`.
        StoreError: the database can't be used; nothing was changed.
    """
    with store.transaction() as session:
        one_at_a_time(session)
        live = live_change(session=session)
        if after is not None and after != (live.id if live else 0):
            raise _overtaken(live)
        if live and live.ruleset == ruleset.hash:
            return None
        remember_ruleset(ruleset.hash, ruleset.source, ruleset.files, session=session)
        rules = _compared(ruleset, newest_versions(session=session))
        note_versions(ruleset.hash, ruleset.fingerprints, making_live=True, session=session)
        change = add_change(ruleset.hash, kind, rules, by=by, message=message, session=session)
    log.info(
        "ruleset %s was made live (%s)", short_hash(ruleset.hash), kind, extra=Fields(ruleset=ruleset.hash)
    )
    return change


def revert_to(prefix: str, *, store: Store, by: str, message: str = "") -> RulesetChange | None:
    """Let an earlier ruleset decide again: another entry of the log, nothing is taken out of it.

    Args:
        prefix: the beginning of its hash; any ruleset that ever decided will do.
        store: the database.
        by: who does it.
        message: why.

    Returns:
        The entry of the log; `None` if the ruleset is live already.

    Raises:
        UnknownRulesetError: no stored ruleset begins so, or several do.
        RulesError: this release can't use it.
        StoreError: the database can't be used; nothing was changed.
    """
    with store.reading() as session:
        ruleset = stored_ruleset(find_ruleset(prefix, session=session), session=session)
    return make_live(ruleset, store=store, by=by, message=message, kind=ChangeKind.REVERT)


def release_rule(rule: str, *, store: Store, by: str) -> BrakeEvent | None:
    """Give a rule its power to reject back, or keep the brake off a rule that was just changed.

    It counts for this version of the rule: after its next change the rule is watched again.

    Returns:
        What was recorded; `None` if the brake is neither on the rule nor watches it.

    Raises:
        UnknownRuleError: no rule that decides has this name.
        StoreError: the database can't be used.
    """
    with store.transaction() as session:
        one_at_a_time(session)
        versions = newest_versions(session=session)
        if rule not in versions:
            hint = suggestion(rule, versions) or "`moderation rules log` shows which rules were changed"
            raise UnknownRuleError(f"no rule that decides is named {rule!r}", hint=hint)
        if not _is_held(versions[rule], session):
            return None
        event = add_brake_event(versions[rule], BrakeKind.RELEASED, by=by, session=session)
    log.info("the brake is off: rule %s may reject again", rule, extra=Fields(rule=rule))
    return event


def _is_held(version: RuleVersion, session: Session) -> bool:
    state = brake_states([version.id], session=session).get(version.id)
    if state is None:
        return Limits.from_settings().fresh(version, datetime.now(UTC))
    return state is BrakeKind.BRAKED


def _compared(ruleset: Ruleset, newest: Mapping[str, RuleVersion]) -> RuleChanges:
    if not newest:  # the first rules ever change nothing
        return RuleChanges()
    before = {rule: version.fingerprint for rule, version in newest.items()}
    return RuleChanges.between(before, ruleset.fingerprints)


def _overtaken(live: RulesetChange | None) -> RulesConflictError:
    what = f"{live.by} made {short_hash(live.ruleset)} live" if live else "the log was emptied"
    return RulesConflictError(
        f"{what} in the meantime; nothing was changed", hint="see `moderation rules log`, then apply again"
    )
