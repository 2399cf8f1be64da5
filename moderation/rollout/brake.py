"""The brake: a rule that was changed a short while ago and rejects too much may only hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from moderation.domain import Action, Decision
from moderation.logs import Fields, room_logger
from moderation.rules import Ruleset
from moderation.settings import settings
from moderation.store import (
    BrakeEvent,
    BrakeKind,
    NewRow,
    RuleVersion,
    Store,
    add_brake_event,
    brake_states,
    count_decided,
    count_rejections,
    find_versions,
    newest_versions,
    note_versions,
    one_at_a_time,
    remember_ruleset,
)

log = room_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a rule is too much.

    Attributes:
        window: how long after its change a rule is watched.
        share: share of the comments decided since then, 0–1, above which it may not reject.
        comments: how many comments it may reject in any case.
    """

    window: timedelta
    share: float
    comments: int

    @classmethod
    def from_settings(cls) -> "Limits":
        """Return what the environment says."""
        said = settings()
        return cls(timedelta(hours=said.brake_hours), said.brake_share, said.brake_comments)

    def fresh(self, version: RuleVersion, now: datetime) -> bool:
        """Whether a rule was changed within the window; what was there from the start never was."""
        return not version.initial and now - version.since < self.window

    def exceeded(self, hits: int, of: int) -> bool:
        """Whether a rule that rejects so many comments, of so many, is too much."""
        return hits > self.comments and hits > self.share * of

    def plenty(self, hits: int) -> int:
        """Return of how many comments so many rejections are surely not too much: nobody need count further."""
        return int(hits / self.share) + 1 if self.share else 0


@dataclass(slots=True)
class _Count:
    """What a rule has rejected since its change, and of how many comments."""

    hits: int
    of: int


class Brake:
    """The brake on the rules of one ruleset. One serves all threads.

    It is applied in the transaction that stores the comments, to one transaction at a time, and counts what
    is stored: so all processes share one count, and together they reject no more than one would.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.braked: frozenset[str] = frozenset()
        """Names of rules that may not reject, as of the last look: what `Moderator.check` goes by."""
        self._ruleset = ruleset
        self._limits = Limits.from_settings()
        self._watched: Mapping[str, RuleVersion] | None = None

    def note(self, store: Store) -> None:
        """Record, once, what is new about the ruleset's rules: their time begins now.

        Raises:
            StoreError: the database can't be used.
        """
        if self._watched is not None:
            return
        ruleset = self._ruleset
        with store.transaction() as session:
            remember_ruleset(ruleset.hash, ruleset.source, ruleset.files, session=session)
            versions = note_versions(ruleset.hash, ruleset.fingerprints, session=session)
            self.braked = _braked(versions, session)
        now = datetime.now(UTC)
        self._watched = {
            rule: version
            for rule, version in versions.items()
            if self._limits.fresh(version, now) or rule in self.braked
        }

    def look(self, store: Store) -> None:
        """Learn which rules are braked; records nothing.

        Raises:
            StoreError: the database can't be used.
        """
        with store.reading() as session:
            versions = find_versions(self._ruleset.fingerprints, session=session)
            self.braked = _braked(versions, session)

    @property
    def watched(self) -> dict[str, int]:
        """The rules whose hits are counted, each with the number of its version."""
        return {rule: version.id for rule, version in (self._watched or {}).items()}

    def restrain(self, rows: Sequence[NewRow], *, session: Session) -> tuple[list[NewRow], list[BrakeEvent]]:
        """Turn rejections by rules that are too much into holds, in the transaction that stores the rows.

        Returns:
            The rows, and which rules were braked by it: pass them to `tell` once that is committed.
        """
        rejecting = [_rejecting(row.decision) for row in rows]
        suspects = {
            rule: version
            for rule, version in (self._watched or {}).items()
            if any(rule in rules for rules in rejecting)
        }
        if not suspects:
            return list(rows), []
        one_at_a_time(session)
        braked, counts = self._stand(suspects, len(rows), session)
        restrained, events = [], []
        for place, (row, rules) in enumerate(zip(rows, rejecting, strict=True), 1):
            for rule in sorted(rules & counts.keys() - braked):
                count = counts[rule]
                count.hits += 1
                if self._limits.exceeded(count.hits, count.of + place):
                    braked.add(rule)
                    event = add_brake_event(
                        suspects[rule],
                        BrakeKind.BRAKED,
                        hits=count.hits,
                        of=count.of + place,
                        session=session,
                    )
                    events.append(event)
            restrained.append(self._without_power(row, braked) if rules & braked else row)
        return restrained, events

    def tell(self, events: Iterable[BrakeEvent]) -> None:
        """Say loudly, once, which rules were braked."""
        for event in events:
            self.braked |= {event.rule}
            log.warning(
                "the brake is on: rule %s, changed a short while ago, rejected %s of %s comments; it now holds "
                "what it would reject (`moderation rules release %s` lifts the brake)",
                event.rule,
                event.hits,
                event.of,
                event.rule,
                extra=Fields(rule=event.rule, hits=event.hits, comments=event.of),
            )

    def _stand(
        self, suspects: Mapping[str, RuleVersion], coming: int, session: Session
    ) -> tuple[set[str], dict[str, _Count]]:
        """Return which of the rules are braked, and the counts of those that may yet be."""
        now = datetime.now(UTC)
        states = brake_states([version.id for version in suspects.values()], session=session)
        braked = {rule for rule, v in suspects.items() if states.get(v.id) is BrakeKind.BRAKED}
        counts = {}
        for rule, version in suspects.items():
            if version.id in states or not self._limits.fresh(version, now):
                continue
            hits = count_rejections(version.id, session=session)
            plenty = self._limits.plenty(hits + coming)
            counts[rule] = _Count(hits, count_decided(version.since, at_most=plenty, session=session))
        done = suspects.keys() - braked - counts.keys()  # released, or no longer fresh: never braked again
        self._watched = {rule: v for rule, v in (self._watched or {}).items() if rule not in done}
        return braked, counts

    def _without_power(self, row: NewRow, braked: Iterable[str]) -> NewRow:
        decision = row.decision
        weighed = self._ruleset.weigh(
            row.comment, decision.checks, now=row.written_at, muted=frozenset(braked)
        )
        held = replace(decision, action=weighed.action, reasons=weighed.reasons, shadow=weighed.shadow)
        return replace(row, decision=held)


def braked_rules(*, store: Store) -> list[str]:
    """Return the names of the rules that the brake is on.

    Raises:
        StoreError: the database can't be used.
    """
    with store.reading() as session:
        return sorted(_braked(newest_versions(session=session), session))


def _braked(versions: Mapping[str, RuleVersion], session: Session) -> frozenset[str]:
    states = brake_states([version.id for version in versions.values()], session=session)
    return frozenset(rule for rule, v in versions.items() if states.get(v.id) is BrakeKind.BRAKED)


def _rejecting(decision: Decision) -> set[str]:
    return {reason.rule for reason in decision.reasons if reason.action is Action.REJECT}
