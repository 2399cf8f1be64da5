"""Problems as workflow commands of GitHub Actions, which shows them beside the line that they are about."""

from moderation.rules import Problem


def workflow_command(problem: Problem) -> str:
    """Write a problem as one `::error …::` or `::warning …::` line."""
    place = {"file": problem.file}
    if problem.line:
        place |= {
            "line": str(problem.line),
            "col": str(problem.column),
            "endColumn": str(problem.column + problem.length),
        }
    properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
    message = f"{problem.message}\nhint: {problem.hint}" if problem.hint else problem.message
    return f"::{problem.severity} {properties}::{_data(message)}"


def _data(text: str) -> str:
    """Escape what would end the command: a `%` first, as it begins the other two."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
