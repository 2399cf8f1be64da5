"""`moderation rules`: what an admin does with rules.yaml; one file a command."""

import typer

from moderation.cli.rules import check

app = typer.Typer(no_args_is_help=True, help="Check rules.yaml.")
app.command("check")(check.check)


@app.callback()
def _group() -> None:
    """Check rules.yaml."""
