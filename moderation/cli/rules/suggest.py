"""`moderation rules suggest`: the threshold that verdicts and labels speak for, or that Perspective's becomes."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import JsonOption, print_json
from moderation.cli.display.progress import progress_bars
from moderation.cli.display.suggestion import render_suggestion, suggested_lines
from moderation.cli.rules.moving import attribute_named, move_from_perspective, parse_thresholds
from moderation.cli.rules.naming import LIVE, ruleset_named
from moderation.domain import ATTRIBUTES, Action
from moderation.pipeline import Pipeline
from moderation.reports.label_cases import LabelScoring
from moderation.reports.moving.moves import Same
from moderation.reports.moving.report import MovingQuery
from moderation.reports.suggest import SuggestionQuery, suggest_threshold
from moderation.rollout.defaults import load_rules
from moderation.rules import Ruleset
from moderation.settings import settings
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


class _Acts(StrEnum):
    """What a threshold can bring about."""

    FLAG = Action.FLAG.value
    HOLD = Action.HOLD.value
    REJECT = Action.REJECT.value


def suggest(
    *,
    precision: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            max=1.0,
            help="Share of the comments from the threshold on that must deserve it. Needed without --from-perspective.",
        ),
    ] = None,
    attribute: Annotated[
        str | None,
        typer.Option(
            help=f"What is scored: {', '.join(ATTRIBUTES)}.",
            show_default="toxicity; with --from-perspective all that the file has",
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only comments in this language: en, ko.")
    ] = None,
    action: Annotated[
        _Acts | None,
        typer.Option(
            help="What is to happen from the threshold on.",
            show_default="reject; hold with --from-perspective",
        ),
    ] = None,
    use_labels: Annotated[
        bool, typer.Option("--labels/--no-labels", help="Whether labels count besides verdicts.")
    ] = True,
    from_perspective: Annotated[
        Path | None,
        typer.Option(
            "--from-perspective",
            metavar="FILE",
            help="JSONL, CSV or Parquet with comments and the scores that Perspective gave them: move its thresholds.",
        ),
    ] = None,
    same: Annotated[
        Same, typer.Option(help="With --from-perspective: what our threshold has in common with theirs.")
    ] = Same.FLAGS,
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ATTRIBUTE=VALUE",
            help="With --from-perspective: the site's threshold until now, 0.8 if not told; repeatable.",
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="With --from-perspective: the column of the text, where its name doesn't tell.",
        ),
    ] = None,
    show: Annotated[
        int,
        typer.Option(min=0, help="With --from-perspective: comments that change sides, each way, to name."),
    ] = 5,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the lowest threshold from which on moderators rejected as large a share as you want.

    It rests on the verdicts that stand, approvals and rejections, with the scores stored with the comments; and on
    labels (`comments:suggestscore`, or your own), whose texts are scored now by the model that the rules name: 0.5 and
    more says that a text has the attribute. Of a text that a moderator decided, no label counts; of several labels of
    one text, the newest.
    Shows the precision with its 95 % interval (Wilson's), the recall, on how much that rests, and the
    lines for rules.yaml. Fewer than 100 verdicts and labels say too little, and are refused.

    Verdicts exist only for what a moderator looked at. Below the score from which on comments are queued nothing
    was reviewed: recall is that among the reviewed, and no threshold below it can be judged. Try what you paste
    with `moderation rules diff live rules.yaml`.

    With --from-perspective it moves thresholds of Perspective API: for each attribute and language, ours with the
    same share of flags as theirs, or with the same precision if the file says what was rejected; with an interval,
    how far the two agree, and the comments that change sides. No database is needed. docs/perspective.md explains it.

    Exit code 0: a threshold was found; 1: there is too little to tell one, or none reaches the precision.

        moderation rules suggest --precision 0.95

        moderation rules suggest --precision 0.9 --attribute insult --language ko --action hold

        moderation rules suggest --from-perspective scores.jsonl --threshold TOXICITY=0.85
    """
    scored = attribute_named(attribute) if attribute else None
    if attribute and scored is None:
        raise typer.BadParameter(f"{attribute!r} is no attribute: use {', '.join(ATTRIBUTES)}")
    if from_perspective:
        if precision is not None:
            raise typer.BadParameter("--precision is for verdicts; with --from-perspective: --same precision")
        wanted = MovingQuery(
            parse_thresholds(threshold or []), same, Action(action or _Acts.HOLD), scored, language, show
        )
        move_from_perspective(from_perspective, wanted, _rules(database), text=text, as_json=as_json)
        return
    if precision is None:
        raise typer.BadParameter("say which --precision the threshold is to reach, such as 0.95")
    query = SuggestionQuery(scored or "toxicity", precision, Action(action or _Acts.REJECT), language)
    _from_verdicts(query, database, use_labels=use_labels, as_json=as_json)


def _from_verdicts(query: SuggestionQuery, database: str | None, *, use_labels: bool, as_json: bool) -> None:
    with open_store(database) as store, progress_bars() as begin:
        ruleset = ruleset_named(LIVE, store)
        can_score = use_labels and ruleset.config.toxicity is not None
        scoring = LabelScoring(partial(Pipeline.open, ruleset), begin) if can_score else None
        found = suggest_threshold(store, query, scoring=scoring)
    if as_json:
        print_json(found.to_dict() | {"yaml": suggested_lines(found, ruleset)})
    else:
        render_suggestion(found, ruleset, Console())
    if not found.threshold:
        raise typer.Exit(1)


def _rules(database: str | None) -> Ruleset:
    """Return what is live in the database, if one was named; else the file: who moves has no database yet."""
    if database is None and "database" not in settings().model_fields_set:
        return load_rules(None)
    with open_store(database) as store:
        return ruleset_named(LIVE, store)
