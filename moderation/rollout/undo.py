"""Takes back what one rule did: decides its comments again without it. Adds, and deletes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from moderation.domain import Cause, Decision
from moderation.logs import Fields, room_logger
from moderation.rollout.stored import StoredRulesets
from moderation.rollout.undone import Reversal, Undone, UndoRequest
from moderation.rules import Ruleset, Weighed
from moderation.store import Store, standing_verdicts
from moderation.store.comments.finding import latest_of
from moderation.store.comments.rows import StoredComment
from moderation.store.comments.writing import decide_again, lock_for_decisions
from moderation.store.rulesets.hits import Deed, deeds_of_rule

log = room_logger(__name__)

_PAGE = 500  # comments that are decided again in one transaction


def preview_undo(store: Store, wanted: UndoRequest, *, show: int = 10) -> Undone:
    """Find out what `undo` would reverse; stores nothing.

    Raises:
        StoreError: the database can't be used.
    """
    undoing = _Undoing(Undone(wanted, stored=False), "", show)
    for page in _pages(store, undoing):
        with store.reading() as session:
            comments = latest_of([deed.comment_id for deed in page], session=session)
            undoing.reversals(page, comments, session)
    return undoing.found


def undo_rule(
    store: Store,
    wanted: UndoRequest,
    *,
    by: str,
    show: int = 10,
    progress: Callable[[int, int], None] | None = None,
) -> Undone:
    """Reverse what a rule alone did: its comments are decided again without it, by the ruleset of their time.

    A comment with a verdict is left alone, and so is one that was decided anew since: a second run finds
    nothing. Each page is one transaction, in which everything is looked at again, with the queue in line.

    Args:
        store: where the comments are.
        wanted: the rule, and from when to when it acted.
        by: who takes it back.
        show: how many reversals are returned.
        progress: told after each page how many decisions are done, and of how many.

    Raises:
        StoreError: the database can't be used; pages before are done, and running it again goes on from there.
    """
    undoing = _Undoing(Undone(wanted, stored=True), by, show)
    done = 0
    for page in _pages(store, undoing):
        with store.transaction() as session:
            comments = lock_for_decisions([deed.comment_id for deed in page], session=session)
            made = undoing.reversals(page, comments, session)
            again = {one.before.comment_id: (one.comment, one.after) for one in made}
            decide_again(again, session=session)
        done += len(page)
        if progress:
            progress(done, undoing.found.hits)
    reversed_ = undoing.found.reversed.total()
    fields = Fields(rule=wanted.rule, comments=reversed_)
    log.info(
        "what rule %s did was taken back: %d comments are decided otherwise",
        wanted.rule,
        reversed_,
        extra=fields,
    )
    return undoing.found


def _pages(store: Store, undoing: "_Undoing") -> list[Sequence[Deed]]:
    wanted = undoing.found.request
    with store.reading() as session:
        found = deeds_of_rule(wanted.rule, begin=wanted.begin, end=wanted.end, session=session)
    undoing.found.hits = len(found)
    return [found[start : start + _PAGE] for start in range(0, len(found), _PAGE)]


@dataclass(slots=True)
class _Undoing:
    """One pass over what a rule did."""

    found: Undone
    by: str
    show: int
    _rulesets: StoredRulesets = field(default_factory=StoredRulesets)

    def reversals(
        self, page: Sequence[Deed], comments: dict[int, StoredComment], session: Session
    ) -> list[Reversal]:
        """Decide comments again without the rule; return those that come out otherwise, and count the others."""
        verdicts = standing_verdicts(list(comments), session=session)
        made = []
        for deed in page:
            stored = comments[deed.comment_id]
            if stored.decision.id != deed.decision_id:
                self.found.newer += 1
            elif deed.comment_id in verdicts:
                self.found.kept += 1
            elif reversal := self._without(stored, session):
                made.append(reversal)
        self.found.reversed.update((one.before.action, one.after.action) for one in made)
        self.found.shown += made[: self.show - len(self.found.shown)]
        return made

    def _without(self, stored: StoredComment, session: Session) -> Reversal | None:
        decision, rule = stored.decision, self.found.request.rule
        ruleset = self._rulesets.find(decision.provenance.ruleset, session=session)
        if ruleset is None or _weighed(ruleset, stored).action is not decision.action:
            self.found.unreadable += 1
            return None
        without = (*decision.without, rule)
        weighed = _weighed(ruleset, stored, without)
        if weighed.action is decision.action:
            self.found.same += 1
            return None
        after = Decision(
            weighed.action,
            weighed.reasons,
            decision.checks,
            decision.provenance,
            shadow=weighed.shadow,
            cause=Cause.UNDONE,
            by=self.by,
            without=without,
        )
        return Reversal(stored.comment, decision, after)


def _weighed(ruleset: Ruleset, stored: StoredComment, without: Sequence[str] | None = None) -> Weighed:
    """Weigh the record; by default as it was weighed then."""
    decision, comment = stored.decision, stored.comment
    return ruleset.weigh(
        comment,
        decision.checks,
        now=stored.written_at,
        muted=decision.braked,
        without=decision.without if without is None else without,
    )
