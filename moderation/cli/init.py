"""`moderation init`: what a new site needs."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.errors import OutputFileError
from moderation.rules import Ruleset


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to put the files.")] = Path(),
    *,
    force: Annotated[bool, typer.Option(help="Overwrite files that are there.")] = False,
) -> None:
    """Put a commented rules.yaml, a word list of your own and an example into a folder.

    Nothing that is there is overwritten without --force.
    """
    wanted = _new_files()
    there = [name for name in wanted if (folder / name).exists()]
    if there and not force:
        raise OutputFileError(
            f"{folder}: has {', '.join(there)} already", hint="choose another folder, or add --force"
        )
    try:
        for name, content in wanted.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise OutputFileError(
            f"{folder}: can't be written to ({error.strerror})", hint="choose another folder"
        ) from error
    console = Console()
    for name in wanted:
        console.print(f"wrote {folder / name}", markup=False, highlight=False, soft_wrap=True)
    console.print(
        '\nTry it:  moderation check "some comment"\n'
        "Tune it: edit rules.yaml, then `moderation rules check`\n"
        "Use it:  python example.py",
        markup=False,
        highlight=False,
    )


def _new_files() -> dict[str, str]:
    templates = files("moderation.data")
    return {
        "rules.yaml": Ruleset.default().source,
        "lists/own_words.txt": (templates / "own_words.txt").read_text(encoding="utf-8"),
        "example.py": (templates / "example.py.txt").read_text(encoding="utf-8"),
    }
