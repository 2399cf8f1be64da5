"""`moderation rules`: what an admin does with rules.yaml; one file a command."""

import typer

from moderation.cli.rules import (
    apply,
    check,
    diff,
    imports,
    log,
    release,
    report,
    revert,
    schema,
    show,
    suggest,
    test,
    undo,
)

app = typer.Typer(no_args_is_help=True, help="Check, test and import rules, and make them live.")
app.command("check")(check.check)
app.command("test")(test.run_tests)
app.command("apply")(apply.apply)
app.command("diff")(diff.diff)
app.command("log")(log.log)
app.command("show")(show.show)
app.command("report")(report.report)
app.command("suggest")(suggest.suggest)
app.command("undo")(undo.undo)
app.command("revert")(revert.revert)
app.command("release")(release.release)
app.command("schema")(schema.schema)
app.add_typer(imports.app, name="import")


@app.callback()
def _group() -> None:
    """Check, test and import rules, and make them live."""
