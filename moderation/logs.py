"""The log: one logger for each room of the package, and fields that mean the same everywhere.

No record holds a comment's text or the name of a person, neither of who wrote nor of who decided or logged in:
logs are copied and kept where the database is not. Ids are the site's own, and are shown escaped.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Final, TypedDict

from typing_extensions import override

from moderation.settings import settings

_TOP: Final = "moderation"
_OURS: Final = "moderation: standard error"
_TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def room_logger(module: str) -> logging.Logger:
    """Return the logger of the room that a module is in: the folder or module right under `moderation`.

    All of the store logs as `moderation.store`. The dashboard logs as `moderation.dashboard`, so that
    `moderation` is above all there is.

    Args:
        module: the `__name__` of the module that logs.
    """
    first, _, rest = module.partition(".")
    room = rest.partition(".")[0] if first == _TOP else first
    return logging.getLogger(f"{_TOP}.{room}")


class Fields(TypedDict, total=False):
    """What a record carries besides its message, passed as `extra`. docs/operations.md lists the same.

    Attributes:
        site: the comment's site.
        external_id: the comment system's own id of the comment.
        revision: 0, and one more with each edit.
        comment_id: number of the stored comment.
        action: what was decided.
        rules: names of the rules that fired, strongest first.
        check: name of a check.
        outcome: how it ended, or what became of a verdict.
        error: code or class of an error, never its message.
        ms: how long it took, in milliseconds.
        left_out: how many more there were that no record mentions.
        ruleset: hash of a ruleset.
        before: hash of the ruleset that decided before.
        rule: name of a rule.
        hits: comments that it rejected.
        comments: of how many; or how many it is about.
        model: name and weight hash of a model.
        engine: what computes its scores, with its version.
        verdict: what a moderator decided.
        method: HTTP method of a request; `other` for any that none of our routes takes.
        route: its path as the service knows it, never as it was sent.
        status: HTTP status of the answer; 0: the client was gone before.
        bytes: how much of a body was read.
        key: public id of the key, never the key.
        address: of the client, only if MODERATION_LOG_ADDRESSES is on.
    """

    site: str
    external_id: str | None
    revision: int
    comment_id: int | None
    action: str
    rules: list[str]
    check: str
    outcome: str
    error: str
    ms: float
    left_out: int
    ruleset: str
    before: str
    rule: str
    hits: int | None
    comments: int | None
    model: str
    engine: str
    verdict: str
    method: str
    route: str
    status: int
    bytes: int
    key: str
    address: str


class JsonLines(logging.Formatter):
    """One JSON object in a line: time, level, logger, message, the fields of the record, and an exception.

    Everything but ASCII is escaped, so no id makes a line of its own or breaks an encoding.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        document = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        document |= {name: value for name, value in vars(record).items() if name in Fields.__annotations__}
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps(document)


def write_logs() -> None:
    """Write the log to standard error, as MODERATION_LOG_LEVEL and MODERATION_LOG_FORMAT say: for our own programs.

    Where neither is set nothing is done, and Python writes warnings there as bare messages. A site that
    embeds the library sets up `logging` for itself.

    Raises:
        SettingsError: a variable has a value that can't be used.
    """
    said = settings()
    if not said.model_fields_set & {"log_level", "log_format"}:
        return
    handler = logging.StreamHandler()
    handler.set_name(_OURS)
    handler.setFormatter(JsonLines() if said.log_format == "json" else logging.Formatter(_TEXT))
    log = logging.getLogger(_TOP)
    for earlier in [one for one in log.handlers if one.name == _OURS]:
        log.removeHandler(earlier)
    log.addHandler(handler)
    log.setLevel(said.log_level.upper())
