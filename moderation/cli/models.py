"""`moderation models`: the toxicity models."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from moderation.cli.common import JsonOption, error_console, print_json
from moderation.scoring import CATALOGUE, ModelStatus, list_models
from moderation.scoring import verify as find_problems
from moderation.scoring.installed import is_installed, known_model
from moderation.scoring.pull import pull as pull_model

app = typer.Typer(no_args_is_help=True, help="List, pull and verify toxicity models.")


@app.command("list")
def show_all(*, as_json: JsonOption = False) -> None:
    """List the models that rules.yaml can name, and which of them are on this machine.

    `compact` is part of this package. The others are Detoxify's own; `moderation models pull NAME` gets one.
    """
    models = list_models()
    if as_json:
        print_json([_to_dict(status) for status in models])
        return
    table = Table("Model", "Here", "Languages", "Size", "Built on", box=None, pad_edge=False)
    for status in models:
        model = status.model
        here = "yes" if status.installed else "-"
        table.add_row(
            model.name, here, " ".join(model.languages), f"{model.megabytes} MB", model.architecture
        )
    Console().print(table)


@app.command("pull")
def pull(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"One of {', '.join(list(CATALOGUE)[1:])}.")],
) -> None:
    """Download one of Detoxify's models, check its hash, and keep it for use without a network.

    The release file is read once, with nothing in it run, and kept as safetensors in $MODERATION_MODELS_DIR.
    Interrupted, it goes on where it was. Needs `pip install "comment-moderation[torch]"`.
    """
    console = error_console()
    bars: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:

        def show(file: str, done: int, total: int | None) -> None:
            if file not in bars:
                bars[file] = bar.add_task(file, total=total)
            bar.update(bars[file], completed=done, total=total)

        folder = pull_model(name, progress=show)
    console.print(
        f"{name} is in {folder}; name it in rules.yaml: `toxicity: {{model: {name}}}`", markup=False
    )


@app.command("verify")
def verify(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME…]", help="Models; all on this machine if none is named."),
    ] = None,
) -> None:
    """Hash every file of the models on this machine and compare with what was released.

    Exit code 0: all is as it should be; 1: a file is missing or differs.
    """
    console = Console(soft_wrap=True, highlight=False, markup=False)
    wanted = [known_model(name).name for name in names or []] or [
        name for name in CATALOGUE if is_installed(name)
    ]
    problems = {name: find_problems(name) for name in wanted}
    for name, found in problems.items():
        console.print(f"{name}: {'; '.join(found) or 'every file is as released'}")
    if any(problems.values()):
        raise typer.Exit(1)


def _to_dict(status: ModelStatus) -> dict[str, object]:
    model = status.model
    return {
        "name": model.name,
        "installed": status.installed,
        "path": str(status.path),
        "languages": model.languages,
        "attributes": model.attributes,
        "architecture": model.architecture,
        "megabytes": model.megabytes,
        "licence": model.licence,
    }
