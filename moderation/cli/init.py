"""`moderation init`: what a new site needs."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.comment_files.folders import write_files
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
    write_files(folder, wanted, force=force)
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
