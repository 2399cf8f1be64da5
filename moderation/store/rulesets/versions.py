"""Since when each rule is as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from moderation.store.comments.rows import pages
from moderation.store.database.locks import one_at_a_time
from moderation.store.tables.rulesets import RulesetChangeRow, RuleVersionRow

GONE = ""
"""The fingerprint of a rule that was taken out."""


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it was from some time on.

    Attributes:
        id: number of the version.
        rule: the rule's name.
        fingerprint: what it did, see `Ruleset.fingerprints`.
        since: when it became so, UTC.
        initial: whether it was among the first rules of this database, so that nothing was changed.
    """

    id: int
    rule: str
    fingerprint: str
    since: datetime
    initial: bool


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Names of rules that one ruleset has otherwise than what was there before, sorted."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> "RuleChanges":
        """Compare fingerprints by rule."""
        common = before.keys() & after.keys()
        return cls(
            added=tuple(sorted(after.keys() - before.keys())),
            changed=tuple(sorted(rule for rule in common if before[rule] != after[rule])),
            removed=tuple(sorted(before.keys() - after.keys())),
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def newest_versions(*, session: Session) -> dict[str, RuleVersion]:
    """Return the latest version of every rule, by name; those taken out are left out."""
    return {rule: version for rule, version in _newest(session).items() if version.fingerprint != GONE}


def find_versions(fingerprints: Mapping[str, str], *, session: Session) -> dict[str, RuleVersion]:
    """Return the versions of rules that are as these fingerprints say, by name; unknown ones are left out."""
    found = _newest(session)
    same = {rule: found[rule] for rule, wanted in fingerprints.items() if _is(found.get(rule), wanted)}
    return same | _earlier(fingerprints, fingerprints.keys() - same.keys(), session)


def note_versions(
    ruleset: str, fingerprints: Mapping[str, str], *, making_live: bool = False, session: Session
) -> dict[str, RuleVersion]:
    """Record what is new about the rules of a ruleset, which is stored already; return all their versions.

    Once a ruleset was made live by `apply`, only the next one changes what a rule is: a process that
    still decides by the last one must not look like somebody who changed it back.

    Args:
        ruleset: its hash.
        fingerprints: of its rules.
        making_live: whether it is being made live now.
        session: of a transaction.
    """
    one_at_a_time(session)
    newest = _newest(session)
    versions = {rule: newest[rule] for rule, wanted in fingerprints.items() if _is(newest.get(rule), wanted)}
    logged = not making_live and session.exec(select(func.max(col(RulesetChangeRow.id)))).one() is not None
    if logged:
        versions |= _earlier(fingerprints, fingerprints.keys() - versions.keys(), session)
    wanted = {rule: mark for rule, mark in fingerprints.items() if rule not in versions}
    if not logged:
        gone = (rule for rule, version in newest.items() if version.fingerprint != GONE)
        wanted |= {rule: GONE for rule in gone if rule not in fingerprints}
    added = _add(ruleset, wanted, initial=not newest, session=session)
    return versions | {version.rule: version for version in added if version.fingerprint != GONE}


def _is(version: RuleVersion | None, fingerprint: str) -> bool:
    return version is not None and version.fingerprint == fingerprint


def _newest(session: Session) -> dict[str, RuleVersion]:
    latest = select(func.max(col(RuleVersionRow.id))).group_by(col(RuleVersionRow.rule))
    rows = session.exec(select(RuleVersionRow).where(col(RuleVersionRow.id).in_(latest)))
    return {row.rule: _version(row) for row in rows}


def _earlier(
    fingerprints: Mapping[str, str], rules: Iterable[str], session: Session
) -> dict[str, RuleVersion]:
    """Find rules that were so at some time, if not last."""
    return {
        row.rule: _version(row)
        for page in pages(sorted(rules))
        for row in session.exec(
            select(RuleVersionRow).where(col(RuleVersionRow.rule).in_(page)).order_by(col(RuleVersionRow.id))
        )
        if fingerprints[row.rule] == row.fingerprint
    }


def _add(
    ruleset: str, fingerprints: Mapping[str, str], *, initial: bool, session: Session
) -> list[RuleVersion]:
    now = datetime.now(UTC)
    rows = [
        RuleVersionRow(rule=rule, fingerprint=mark, ruleset=ruleset, initial=initial, created_at=now)
        for rule, mark in fingerprints.items()
    ]
    session.add_all(rows)
    session.flush()
    return [_version(row) for row in rows]


def _version(row: RuleVersionRow) -> RuleVersion:
    return RuleVersion(row.id, row.rule, row.fingerprint, row.created_at, row.initial)
