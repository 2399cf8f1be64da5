"""From which score on a comment is flagged, held or rejected."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from moderation.domain import Action
from moderation.rules.reading.faults import Fault, KeyPath, refuse
from moderation.rules.values.sections import Attribute, Off, Section, Share

_Level = Annotated[Share | None, Off]


class Levels(Section):
    """The score from which on an action is taken; `false` or no entry: the action is never taken."""

    flag: _Level = Field(None, description="publish, and queue it for a moderator")
    hold: _Level = Field(None, description="queue it first")
    reject: _Level = Field(None, description="do not publish")

    @model_validator(mode="before")
    @classmethod
    def _for_an_action(cls, data: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        if isinstance(data, (int, float)):
            raise refuse(Fault("a threshold belongs to an action", f"write `{{hold: {data:g}}}`"))
        return data

    @model_validator(mode="after")
    def _all_act(self) -> Self:
        if faults := list(_dead(self)):
            raise refuse(*faults)
        return self

    def over(self, base: Self | None) -> Self:
        """Return these levels, and those of `base` that these don't mention."""
        return self if base is None else base.model_copy(update=self.model_dump(exclude_unset=True))

    def strongest_first(self) -> tuple[tuple[Action, float], ...]:
        """Return the actions that can be taken, with the score each begins at."""
        wanted = ((Action.REJECT, self.reject), (Action.HOLD, self.hold), (Action.FLAG, self.flag))
        return tuple((action, score) for action, score in wanted if score is not None)


Thresholds = dict[Attribute, Levels]


def default_thresholds() -> Thresholds:
    """Return what a site begins with."""
    return {
        "toxicity": Levels(flag=0.5, hold=0.7, reject=0.98),
        "severe_toxicity": Levels(hold=0.5, reject=0.9),
        "threat": Levels(hold=0.6, reject=0.95),
        "identity_attack": Levels(flag=0.5, hold=0.8, reject=0.98),
        "insult": Levels(flag=0.6, hold=0.85),
    }


def in_language(base: Mapping[str, Levels], own: Mapping[str, Levels]) -> Thresholds:
    """Return a language's thresholds: the base with the language's own over it."""
    return {**base, **{attribute: levels.over(base.get(attribute)) for attribute, levels in own.items()}}


def dead_in_language(base: Mapping[str, Levels], own: Mapping[str, Mapping[str, Levels]]) -> Iterator[Fault]:
    """Find levels that only a language's own thresholds, over the base, leave without effect."""
    for code, thresholds in own.items():
        for attribute, levels in thresholds.items():
            yield from _dead(levels.over(base.get(attribute)), ("by_language", code, attribute))


def _dead(levels: Levels, path: KeyPath = ()) -> Iterator[Fault]:
    """Find levels that never act, because a stronger action begins at the same score or below."""
    rising = levels.strongest_first()
    for place, (action, score) in enumerate(rising):
        sooner = [(stronger, begins) for stronger, begins in rising[:place] if begins <= score]
        for stronger, begins in sooner[:1]:
            yield Fault(
                f"`{action}` from {score:g} can never act: `{stronger}` begins at {begins:g} already",
                "scores must rise from flag to hold to reject",
                (*path, action.value),
            )
