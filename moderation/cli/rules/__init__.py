"""`moderation rules`: what an admin does with rules.yaml; one file a command."""

import typer

from moderation.cli.rules import check, test

app = typer.Typer(no_args_is_help=True, help="Check, test and import rules.")
app.command("check")(check.check)
app.command("test")(test.run_tests)


@app.callback()
def _group() -> None:
    """Check, test and import rules."""
