"""`moderation rules schema`: a JSON Schema, so that an editor completes rules.yaml."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import print_json
from moderation.errors import OutputFileError
from moderation.rules.schema.editors import json_schema


def schema(
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write it; standard output if not given."
        ),
    ] = None,
) -> None:
    """Print a JSON Schema of rules.yaml, for completion and hints in an editor.

    Editors with the YAML language server (VS Code's YAML extension, Neovim, Helix, Emacs, JetBrains) take it from
    a comment in the first line of rules.yaml:

        # yaml-language-server: $schema=rules.schema.json

    It knows every key and value. What a schema can't say, such as thresholds that must rise, `moderation rules
    check` does.

        moderation rules schema -o rules.schema.json
    """
    document = json_schema()
    if output is None:
        print_json(document)
        return
    try:
        output.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputFileError(
            f"{output} can't be written ({error.strerror})", hint="choose another place"
        ) from error
    Console(stderr=True).print(f"wrote {output}", markup=False, highlight=False, soft_wrap=True)
