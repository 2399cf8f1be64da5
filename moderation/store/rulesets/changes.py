"""Which rulesets were made live, by whom and when: a log that only grows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from moderation.errors import UnknownRulesetError
from moderation.store.rulesets.versions import RuleChanges
from moderation.store.tables.rulesets import BrakeEventRow, ChangeKind, RulesetChangeRow, RulesetRow

MIN_PREFIX = 4
"""Characters of a hash that must be given at least: fewer are more likely a slip than a choice."""

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class RulesetChange:
    """A ruleset that was made live.

    Attributes:
        id: number of the entry; the highest one decides.
        ruleset: the ruleset's hash.
        kind: whether it was new, or an earlier one again.
        by: who did it.
        message: why; may be empty.
        rules: which rules it changed.
        created_at: when, UTC.
    """

    id: int
    ruleset: str
    kind: ChangeKind
    by: str
    message: str
    rules: RuleChanges
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Marks:
    """Numbers of the latest entries, 0 if there are none: what a process asks for to see if it must look."""

    change: int = 0
    brake: int = 0


_MARKS = select(
    select(func.coalesce(func.max(col(RulesetChangeRow.id)), 0)).scalar_subquery(),
    select(func.coalesce(func.max(col(BrakeEventRow.id)), 0)).scalar_subquery(),
)


def read_marks(*, session: Session) -> Marks:
    """Return the numbers of the latest change and brake event: two look-ups, however long the logs are."""
    change, brake = session.connection().execute(_MARKS).one()
    return Marks(change, brake)


def add_change(
    ruleset: str, kind: ChangeKind, rules: RuleChanges, *, by: str, message: str, session: Session
) -> RulesetChange:
    """Make a stored ruleset live: from now on it is the latest."""
    row = RulesetChangeRow(
        ruleset=ruleset,
        kind=kind,
        by=by,
        message=message,
        rules=asdict(rules),
        created_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    return _change(row)


def live_change(*, session: Session) -> RulesetChange | None:
    """Return the entry that decides; `None` if no ruleset was ever made live."""
    found = changes(limit=1, session=session)
    return found[0] if found else None


def changes(*, limit: int | None = None, session: Session) -> list[RulesetChange]:
    """Return the log, latest first."""
    query = select(RulesetChangeRow).order_by(col(RulesetChangeRow.id).desc()).limit(limit)
    return [_change(row) for row in session.exec(query)]


def find_ruleset(prefix: str, *, session: Session) -> str:
    """Return the full hash of a stored ruleset.

    Raises:
        UnknownRulesetError: none begins so, or several do.
    """
    begins = prefix.strip().lower()
    if len(begins) < MIN_PREFIX or not set(begins) <= set("0123456789abcdef"):
        raise UnknownRulesetError(
            f"{prefix!r} is not the beginning of a ruleset's hash",
            hint=f"give {MIN_PREFIX} or more of its characters, as `moderation rules log` shows them",
        )
    query = select(RulesetRow.hash).where(col(RulesetRow.hash).startswith(begins)).limit(3)
    found = sorted(session.exec(query.order_by(col(RulesetRow.hash))))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownRulesetError(
            f"no stored ruleset has the hash {prefix}", hint="`moderation rules log` lists what was live"
        )
    several = ", ".join(one[: max(_SHOWN, len(begins) + 4)] for one in found)
    raise UnknownRulesetError(
        f"several rulesets begin with {prefix}: {several}", hint="give more of the hash"
    )


def _change(row: RulesetChangeRow) -> RulesetChange:
    names: Mapping[str, list[str]] = row.rules
    rules = RuleChanges(**{key: tuple(value) for key, value in names.items()})
    return RulesetChange(row.id, row.ruleset, row.kind, row.by, row.message, rules, row.created_at)
