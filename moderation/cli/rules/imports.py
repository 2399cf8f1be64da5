"""`moderation rules import`: rules made of another system's settings."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from moderation.cli.common import counted
from moderation.comment_files.folders import write_files
from moderation.errors import ImportFileError
from moderation.importers.automoderator import import_automoderator
from moderation.importers.coral import import_coral
from moderation.importers.imported import ImportedRules
from moderation.terminal import error_console
from moderation.text.visible import visible

app = typer.Typer(no_args_is_help=True, help="Make rules of another system's settings.")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="What to import.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")]


@app.command("coral")
def coral(
    file: FileArgument,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where to put rules.yaml and lists/.")
    ] = Path(),
    force: ForceOption = False,
) -> None:
    """Turn Coral's settings into a rules.yaml and its word lists.

    FILE holds the settings as JSON, as Coral's GraphQL API answers `{ settings { … } }`. Banned words are rejected,
    suspect words flagged (held, if Coral held them); Perspective's threshold becomes one of this toolkit's model;
    premoderation of newcomers, of links and of authors with many rejections become rules. What has no equivalent is
    listed on standard error.

        moderation rules import coral settings.json -o site/
    """
    imported = import_coral(_read(file))
    write_files(output, {"rules.yaml": imported.source, **imported.files}, force=force)
    _tell(imported, str(file), [str(output / name) for name in ("rules.yaml", *imported.files)])


@app.command("automoderator")
def automoderator(
    file: FileArgument,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="OUT", help="Where to write the rules; standard output if not given."
        ),
    ] = None,
    force: ForceOption = False,
) -> None:
    """Turn a subreddit's AutoModerator page into rules.

    FILE is the page as it stands in the wiki. What has no equivalent is listed on standard error, with its line:
    a rule that lacks a condition here becomes a draft, which does nothing until you have completed it; a rule
    about posts only, or one that only answers or sets flair, is left out.

        moderation rules import automoderator automoderator.yaml -o rules.yaml

        moderation rules check rules.yaml
    """
    imported = import_automoderator(_read(file), str(file))
    if not imported.live + imported.drafts:
        _tell(imported, str(file), [])
        raise ImportFileError(
            f"no rule of {file} can be one here",
            hint="is it the page config/automoderator of a subreddit's wiki? A rules.yaml needs no import",
        )
    if output is None:
        typer.echo(imported.source, nl=False)
    else:
        write_files(output.parent, {output.name: imported.source}, force=force)
    _tell(imported, str(file), [str(output)] if output else [])


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ImportFileError(f"{file} can't be read ({error.strerror})", hint="check the path") from None
    except UnicodeDecodeError:
        raise ImportFileError(f"{file} is not UTF-8", hint="save it as UTF-8 in your editor") from None


def _tell(imported: ImportedRules, file: str, written: list[str]) -> None:
    """Say on standard error what has no equivalent, and what was written."""
    console = error_console()
    for note in imported.notes:
        place = f"{file}:{note.line}" if note.line else file
        line = Text.assemble((visible(place), "bold"), f"  {visible(note.about)}: {visible(note.message)}")
        console.print(line, highlight=False)
    _sum(imported, console)
    for name in written:
        console.print(Text(f"wrote {name}"), highlight=False)


def _sum(imported: ImportedRules, console: Console) -> None:
    parts = [counted(imported.live, "rule")]
    if imported.drafts:
        parts.append(f"{counted(imported.drafts, 'draft')} for you to finish")
    if imported.left_out:
        parts.append(f"{imported.left_out} left out")
    console.print(Text(", ".join(parts)), highlight=False)
