"""One ruleset of the two that are compared, and how it decides comments that were decided before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from moderation.backtest.lens import Lacking, Lens, Results
from moderation.checks import Subject
from moderation.domain import Action, VerdictKind
from moderation.errors import MissingExtraError, ModelError
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset, Weighed


@dataclass(frozen=True, slots=True)
class DecidedComment:
    """A comment that one ruleset looked at before.

    Attributes:
        id: its number; `None` if it is not stored.
        subject: the comment; `results` is how the checks ended then.
        own: the ruleset that looked at it.
        decided: what that ruleset made of it; `None` if it has to be asked, as where a rule was left out.
        verdict: what a moderator decided; `None` if nobody did.
    """

    id: int | None
    subject: Subject
    own: Ruleset
    decided: Action | None = None
    verdict: VerdictKind | None = None


class Seen(NamedTuple):
    """How a ruleset's checks end for a comment, and whether it was examined again to say so."""

    results: Results
    again: bool = False


@dataclass(slots=True)
class Side:
    """A ruleset with the checks that it may need again.

    Attributes:
        ruleset: the ruleset.
        examine: whether comments whose record lacks something are examined again, with a model where needed.
    """

    ruleset: Ruleset
    examine: bool
    _lens: Lens = field(init=False)
    _pipeline: Pipeline | None = None
    _unloadable: bool = False

    def __post_init__(self) -> None:
        self._lens = Lens(self.ruleset)

    def seen(self, cases: Sequence[DecidedComment]) -> list[Seen | Lacking]:
        """Return how the ruleset's checks end for each comment, or what is lacking to say so.

        Raises:
            StoreError: what was said before can't be looked up.
        """
        found: list[Seen | Lacking] = []
        gaps: list[int] = []
        for number, case in enumerate(cases):
            seen = self._lens.seen(case.subject, case.own)
            if isinstance(seen, Lacking):
                gaps.append(number)
            found.append(seen if isinstance(seen, Lacking) else Seen(seen))
        if gaps and (pipeline := self._loaded()):
            comments = [(cases[number].subject, cases[number].own) for number in gaps]
            for number, results in zip(gaps, self._lens.examine(comments, pipeline), strict=True):
                found[number] = Seen(results, again=True)
        return found

    def decide(self, case: DecidedComment, results: Results) -> tuple[Action, Weighed | None]:
        """Decide; the reasons come along where they had to be found."""
        if case.decided is not None and case.own.hash == self.ruleset.hash:
            return case.decided, None  # deciding is pure: the same record, the same decision
        weighed = self.weigh(case, results)
        return weighed.action, weighed

    def weigh(self, case: DecidedComment, results: Results) -> Weighed:
        """Decide, with the reasons."""
        subject = case.subject
        return self.ruleset.weigh(subject.comment, results, now=subject.now, text=subject.normalised)

    def close(self) -> None:
        """Give back the model's memory, if one was needed."""
        if self._pipeline:
            self._pipeline.close()

    def _loaded(self) -> Pipeline | None:
        """Load the ruleset's model on first need; nothing if it isn't on this machine."""
        if self.examine and self._pipeline is None and not self._unloadable:
            try:
                self._pipeline = Pipeline.open(self.ruleset)
            except (ModelError, MissingExtraError):
                self._unloadable = True
        return self._pipeline
