"""All thresholds of a file of Perspective's scores, moved: by attribute and language, with the lines for rules.yaml."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moderation.comment_files.perspective import PerspectiveFile, Survey
from moderation.domain import UNDETERMINED, Action, Outcome
from moderation.errors import InputFileError
from moderation.model_evaluation.systems import BeginTask
from moderation.pipeline import Pipeline
from moderation.reports.levels import SuggestedLevels, levels_with
from moderation.reports.moving.collecting import Collected, collect
from moderation.reports.moving.moves import Move, Same, SideChange, move
from moderation.reports.moving.numbers import SEED

DEFAULT_THRESHOLD = 0.8
"""Where a site's own is not told: Coral's default, and where many others began."""


@dataclass(frozen=True, slots=True)
class MovingQuery:
    """What is wanted.

    Attributes:
        thresholds: by attribute, the site's threshold of Perspective; `DEFAULT_THRESHOLD` of others.
        same: what our thresholds are to have in common with these.
        action: what is to happen from our threshold on.
        attribute: only this one; all that the file has if `None`.
        language: only comments in this one; all if `None`.
        show: how many comments that change sides are named, each way, of each threshold.
    """

    thresholds: Mapping[str, float] = field(default_factory=dict)
    same: Same = Same.FLAGS
    action: Action = Action.HOLD
    attribute: str | None = None
    language: str | None = None
    show: int = 5


@dataclass(frozen=True, slots=True)
class MovingReport:
    """What came of it.

    Attributes:
        wanted: what was asked for.
        survey: what the file holds.
        scored: comments that the model scored.
        left_out: comments that it has no score for, by language and how the scoring ended.
        unscored_attributes: attributes that the file has scores of, and the model has not.
        model: name and weight hash of the model.
        moves: of each attribute, that of all languages first.
        levels: by language and attribute, what rules.yaml is to say.
        never: thresholds that would never act, because a stronger action begins there or below already.
        external_ids: of the comments that are named, by row.
        texts: likewise; for the terminal of who has the file, and nothing else.
    """

    wanted: MovingQuery
    survey: Survey
    scored: int
    left_out: Counter[tuple[str, Outcome]]
    unscored_attributes: tuple[str, ...]
    model: str
    moves: tuple[Move, ...]
    levels: Mapping[tuple[str | None, str], SuggestedLevels]
    never: Mapping[tuple[str | None, str], Action]
    external_ids: Mapping[int, str]
    texts: Mapping[int, str] = field(repr=False)

    @property
    def found(self) -> bool:
        """Whether any threshold could be told."""
        return any(one.fitted for one in self.moves)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values, without any text."""
        return {
            "comments": self.survey.rows,
            "without_score": self.survey.without_score,
            "bad_rows": self.survey.bad,
            "columns": self.survey.columns,
            "unknown_score_columns": list(self.survey.unknown),
            "unscored_attributes": list(self.unscored_attributes),
            "scored": self.scored,
            "left_out": [
                {"language": language, "outcome": outcome, "comments": count}
                for (language, outcome), count in self.left_out.most_common()
            ],
            "model": self.model,
            "same": self.wanted.same,
            "action": self.wanted.action,
            "seed": SEED,
            "moves": [
                one.to_dict()
                | {"changes": [self._named(each) for each in one.fitted.changes] if one.fitted else []}
                for one in self.moves
            ],
        }

    def _named(self, change: SideChange) -> dict[str, Any]:
        return {
            "row": change.row,
            "id": self.external_ids.get(change.row) or None,
            "change": "newly_flagged" if change.flagged else "no_longer_flagged",
        }


def move_thresholds(
    file: PerspectiveFile, wanted: MovingQuery, survey: Survey, pipeline: Pipeline, begin: BeginTask
) -> MovingReport:
    """Score a file's comments, and find our threshold in place of each of Perspective's.

    Args:
        file: the comments with Perspective's scores.
        wanted: what is looked for.
        survey: what the file holds, as it says itself.
        pipeline: the rules and their model.
        begin: told what begins and how many comments there are; returns what is told how far it is.

    Raises:
        InputFileError: the file can't be read again, or lacks what is asked for.
    """
    _check(file, wanted, survey)
    numbers = collect(file, pipeline, begin(file.path.name, survey.rows))
    moves = tuple(_moves(numbers, wanted))
    levels, never = _levels(moves, wanted, pipeline)
    named = {change.row for one in moves if one.fitted for change in one.fitted.changes}
    rows = [row for row in file.rows() if row.line in named] if named else []
    return MovingReport(
        wanted,
        survey,
        numbers.scored,
        numbers.left_out,
        tuple(sorted(numbers.unscored_attributes)),
        pipeline.provenance.model,
        moves,
        levels,
        never,
        {row.line: row.external_id for row in rows},
        {row.line: row.text for row in rows},
    )


def _check(file: PerspectiveFile, wanted: MovingQuery, survey: Survey) -> None:
    for attribute in {*wanted.thresholds, *([wanted.attribute] if wanted.attribute else [])}:
        if attribute not in survey.columns:
            raise InputFileError(
                f"`{file.path}` holds no scores of Perspective for {attribute}",
                hint=f"it has them for {', '.join(survey.columns)}",
            )
    if wanted.same is Same.PRECISION and not survey.labelled:
        raise InputFileError(
            f"`{file.path}` does not say which comments were rejected, so no precision is known",
            hint="add a column `label` with `rejected` or `published`; `--same flags` needs none",
        )


def _moves(numbers: Collected, wanted: MovingQuery) -> Iterator[Move]:
    for attribute in numbers.attributes:
        if wanted.attribute not in {None, attribute}:
            continue
        everything = numbers.compared(attribute)
        counts = {code: len(numbers.compared(attribute, code)) for code in numbers.languages}
        codes: list[str | None] = [code for code, count in Counter(counts).most_common() if count]
        # where all are in one language, its threshold is that of all
        asked = [None, *(codes if len(codes) > 1 else [])] if wanted.language is None else [wanted.language]
        for code in asked:
            compared = everything if code is None else numbers.compared(attribute, code)
            theirs = wanted.thresholds.get(attribute, DEFAULT_THRESHOLD)
            yield move(attribute, code, compared, theirs, same=wanted.same, show=wanted.show)


def _levels(
    moves: tuple[Move, ...], wanted: MovingQuery, pipeline: Pipeline
) -> tuple[dict[tuple[str | None, str], SuggestedLevels], dict[tuple[str | None, str], Action]]:
    """Return what is to be pasted, and what is not, because it would make rules.yaml invalid."""
    levels: dict[tuple[str | None, str], SuggestedLevels] = {}
    never: dict[tuple[str | None, str], Action] = {}
    base: dict[str, float] = {}
    for one in moves:
        if one.fitted is None or one.language == UNDETERMINED:  # rules.yaml has no thresholds for `und`
            continue
        score = one.fitted.score
        if one.language is None:
            base[one.attribute] = score
        elif base.get(one.attribute) == score:
            continue
        found = levels_with(score, pipeline.ruleset, one.attribute, wanted.action, one.language)
        if found.stronger:
            never[one.language, one.attribute] = found.stronger
        else:
            levels[one.language, one.attribute] = found
    return levels, never
