"""`moderation models`: the toxicity models."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.status import Status
from rich.table import Table

from moderation.cli.common import JsonOption, print_json
from moderation.errors import DisagreementError
from moderation.model_building.checkpoint_writer import export_checkpoint
from moderation.model_building.compile import compile_model
from moderation.scoring import CATALOGUE, ModelStatus, list_models
from moderation.scoring import verify as find_problems
from moderation.scoring.folder import read_manifest
from moderation.scoring.installed import is_installed, known_model, pinned_at
from moderation.scoring.opening import installed_folder
from moderation.scoring.pull import pull as pull_model
from moderation.terminal import error_console, render_error

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
    Interrupted, it goes on where it was. What the first pull got is recorded, and a later one that gets anything
    else is refused. Needs `pip install "comment-moderation[torch]"`.
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
    if published := read_manifest(folder).source_sha256_published:
        console.print(
            f"its publisher tells {len(published)} of the 64 hex digits of its SHA-256; all of them are kept in"
            f" {pinned_at(name)}, and a later pull that gets anything else is refused",
            markup=False,
        )


@app.command("compile")
def compile_(
    model: Annotated[
        str, typer.Argument(metavar="NAME|CHECKPOINT", help="A pulled model, or a checkpoint's path.")
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="For a checkpoint: where to. Else STEM-onnx beside it."),
    ] = None,
) -> None:
    """Turn a Detoxify model into the form that ONNX Runtime scores in int8: several times faster, without torch.

    Real comments are scored with both forms; a form that disagrees is not installed, and the exit code is 1.
    Needs `pip install "comment-moderation[compile,torch]"`.

        moderation models compile original

        moderation models compile trained/my.ckpt --out my-model
    """
    console = error_console()
    with console.status("loading the model") as status:
        try:
            folder = compile_model(model, out=out, report=lambda what: _tell(console, status, what))
        except DisagreementError as error:
            render_error(error, console)
            raise typer.Exit(1) from None
    wanted = model if model in CATALOGUE else folder
    console.print(
        f"compiled into {folder}; name it in rules.yaml: `toxicity: {{model: {wanted}}}`", markup=False
    )


def _tell(console: Console, status: Status, what: str) -> None:
    console.print(what, markup=False)
    status.update(what)


@app.command("export")
def export(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A model on this machine; `compact` always is.")
    ],
    out: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.")],
) -> None:
    """Write a model as checkpoints that Detoxify itself loads: `Detoxify(checkpoint=…)`, with no network.

    A model of several networks gives a checkpoint for each. Needs `pip install "comment-moderation[torch]"`.
    """
    known_model(name)
    for checkpoint in export_checkpoint(installed_folder(name), out):
        Console(soft_wrap=True, markup=False).print(str(checkpoint))


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
