"""`moderation evaluate`: how good models are on labelled comments."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from moderation.cli.common import JsonOption, print_json
from moderation.cli.display.figures import show
from moderation.cli.display.progress import progress_bars
from moderation.errors import InputFileError
from moderation.extras import require
from moderation.rollout.defaults import load_rules
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption

if TYPE_CHECKING:
    from moderation.model_evaluation.labelled import Labelled
    from moderation.model_evaluation.run import Evaluation

RulesOption = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        "-r",
        help="The ruleset. Without it: $MODERATION_RULES, else ./rules.yaml, else the one shipped.",
        show_default=False,
    ),
]
_PACKAGES = ("jinja2", "matplotlib", "sklearn", "pyarrow")


def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE…]",
            help="Labelled CSV, JSONL or Parquet. Without it, and without --labels: ours, see below.",
        ),
    ] = None,
    *,
    labels: Annotated[
        bool,
        typer.Option(
            "--labels",
            help="Measure on the labels of the database too, or on them alone if no file is named.",
        ),
    ] = False,
    database: DatabaseOption = None,
    model: Annotated[
        list[str] | None, typer.Option(help="Name or path, once for each model. Without it: the ruleset's.")
    ] = None,
    scores: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COLUMN", help="Scores of another system that stand in the files; repeatable."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Break toxicity down by this column; repeatable."),
    ] = None,
    identity: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="The column that says which group a comment names; `terms` looks for 50 words.",
        ),
    ] = None,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="Measure again with words hidden in six ways.")
    ] = False,
    decisions: Annotated[
        bool,
        typer.Option("--decisions", help="Also run every check and rule: what is held, what is rejected."),
    ] = False,
    bootstrap: Annotated[
        int, typer.Option(min=0, max=10000, help="Samples for the 95 % intervals; 0: none.")
    ] = 200,
    text: Annotated[str, typer.Option(metavar="COLUMN", help="The column of the text.")] = "text",
    limit: Annotated[int | None, typer.Option(min=1, help="Read no more rows of a file.")] = None,
    rules: RulesOption = None,
    as_json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with charts, readable offline.")
    ] = None,
    card: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the first model's card, in Markdown.")
    ] = None,
) -> None:
    """Measure models on labelled comments.

    A file has a column `text` and one or more of toxicity, severe_toxicity, obscene, threat, insult,
    identity_attack, sexual_explicit, 0-1 or empty where nobody labelled; 0.5 and more counts as "yes". A column
    `lang` (ko, en, …) tells the language; without it, it is detected. Comments in languages that a model doesn't
    know are counted and left out.

    Per attribute: ROC AUC, average precision, calibration error with 95 % intervals; precision, recall and false
    positives at each threshold of the ruleset. Toxicity by lang, source, functionality and identity, where there
    are such columns. With --decisions, what the ruleset does with toxic and harmless comments, by language and kind.

    With --labels, also what clients sent as labels (`comments:suggestscore`): each text once, with its newest label.
    They are broken down by language and by the way they came; `--by site` breaks them down by site.

    Without either, the file that comes with this program: 1,000 comments in English and Korean, half of them abusive,
    of 42 kinds, written for this and not trained on.

        moderation evaluate --decisions

        moderation evaluate labelled.csv

        moderation evaluate --labels --database sqlite:///moderation.db

        moderation evaluate labelled.parquet --model compact --model original --html report.html

        moderation evaluate labelled.csv --scores perspective=TOXICITY --robustness --json
    """
    require("evaluate", "`moderation evaluate` needs the package `{package}`", *_PACKAGES)
    from moderation.model_evaluation import run  # noqa: PLC0415 - imports scikit-learn, 1 s

    ruleset = load_rules(rules)
    _can_be_written(html, card)
    wanted = run.EvaluationRequest(
        files=files or [],
        stored=_stored(database, limit) if labels else None,
        models=model or [],
        scores=scores or [],
        by=by,
        identity=identity,
        robust=robustness,
        decided=decisions,
        resamples=bootstrap,
        text=text,
        limit=limit,
        ruleset=ruleset,
        command=shlex.join(["moderation", *sys.argv[1:]]),
    )
    with progress_bars() as begin:
        found = run.evaluate(wanted, begin)
    _write(html, card, found)
    if as_json:
        print_json(found.document)
    else:
        show(found.document, Console())


def _stored(database: str | None, limit: int | None) -> "Labelled":
    from moderation.model_evaluation.stored_labels import stored_labels  # noqa: PLC0415 - as above

    with open_store(database) as store:
        return stored_labels(store, limit=limit)


def _write(html: Path | None, card: Path | None, found: "Evaluation") -> None:
    from moderation.model_evaluation import pages  # noqa: PLC0415 - imports matplotlib

    if card and found.manifest is None:
        raise InputFileError(
            "a card can't be written for a bare checkpoint",
            hint="`moderation models compile` gives it a manifest",
        )
    try:
        if html:
            html.write_text(pages.report(found.document, found.series), encoding="utf-8")
        if card and found.manifest:
            card.write_text(pages.card(found.document, found.manifest), encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"`{error.filename}` can't be written ({error.strerror})") from None


def _can_be_written(*pages: Path | None) -> None:
    """Say so before minutes of scoring, not after."""
    for page in pages:
        if page and (page.is_dir() or not page.parent.is_dir()):
            raise InputFileError(f"`{page}` can't be written", hint="name a file in a folder that is there")
