"""`moderation rules`: what an admin does with rules.yaml; one file a command."""

import typer

from moderation.cli.rules import check, imports, schema, test

app = typer.Typer(no_args_is_help=True, help="Check, test and import rules.")
app.command("check")(check.check)
app.command("test")(test.run_tests)
app.command("schema")(schema.schema)
app.add_typer(imports.app, name="import")


@app.callback()
def _group() -> None:
    """Check, test and import rules."""
