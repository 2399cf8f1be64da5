"""The log: whose it is, what its records carry, how our programs write it, and what is in none of them."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from moderation.checks.failing import FailureLog
from moderation.domain import CheckResult, Comment, Outcome
from moderation.errors import SettingsError
from moderation.logs import Fields, JsonLines, room_logger, write_logs
from tests.support.logs import untouched

__all__ = ["untouched"]

ROOT = Path(__file__).parents[1]
PARTS = ("moderation", "dashboard")


def record(message="stored %s", *args, **fields):
    made = logging.LogRecord("moderation.intake", logging.INFO, "intake.py", 1, message, args, None)
    vars(made).update(fields)
    return made


def test_a_module_logs_as_its_room():
    names = ("moderation.store.database.engine", "moderation.intake", "dashboard.components.queue.api")
    assert [room_logger(name).name for name in names] == [
        "moderation.store",
        "moderation.intake",
        "moderation.dashboard",
    ]


def sources():
    for part in PARTS:
        for path in (ROOT / part).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield module, path.read_text(encoding="utf-8")


def test_every_module_asks_for_its_logger_in_the_same_way():
    other = [
        module
        for module, source in sources()
        if re.search(r"getLogger\(__|getLogger\(\"moderation\.", source)
    ]
    assert other == []


def section(title):
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_logger_is_documented_and_no_other():
    logging_modules = [module for module, source in sources() if "room_logger(__name__)" in source]
    listed = re.findall(r"^\| `(moderation\.\w+)` \|", section("The log"), re.MULTILINE)
    assert sorted(set(listed)) == sorted({room_logger(module).name for module in logging_modules})


def test_every_field_is_documented_and_no_other():
    listed = re.findall(r"^\| `(\w+)` \|", section("The log"), re.MULTILINE)
    assert listed == list(Fields.__annotations__)


def test_no_field_has_a_name_that_logging_uses():
    assert not set(Fields.__annotations__) & ({*vars(record())} | {"message", "asctime"})


def test_a_line_of_json_has_the_fields_and_nothing_that_others_add():
    line = JsonLines().format(record("stored %s", 7, comment_id=7, external_id="c-1", stranger=object()))
    found = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found.pop("time"))
    assert found == {
        "level": "info",
        "logger": "moderation.intake",
        "message": "stored 7",
        "comment_id": 7,
        "external_id": "c-1",
    }


def test_an_id_forges_no_line_of_json():
    line = JsonLines().format(record("x", external_id='1\n{"level": "error"}\u2028\ud800'))
    assert len(line.splitlines()) == 1
    assert line.isascii()


def test_a_line_of_json_has_the_exception():
    made, error = record("it broke"), RuntimeError("so")
    made.exc_info = (type(error), error, None)
    assert json.loads(JsonLines().format(made))["exception"].endswith("RuntimeError: so")


def test_without_a_setting_nothing_is_set_up():
    write_logs()
    assert logging.getLogger("moderation").handlers == []


@pytest.mark.parametrize(("level", "said"), [("DEBUG", 3), ("info", 2), ("warning", 1), ("error", 0)])
def test_the_level_is_the_least_that_is_written(capsys, monkeypatch, level, said):
    monkeypatch.setenv("MODERATION_LOG_LEVEL", level)
    write_logs()
    log = room_logger("moderation.intake")
    log.debug("one")
    log.info("two")
    log.warning("three")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == said
    assert not lines or lines[-1].endswith(" WARNING moderation.intake: three")


def test_as_json_it_writes_warnings_unless_more_is_wanted(capsys, monkeypatch):
    monkeypatch.setenv("MODERATION_LOG_FORMAT", "json")
    write_logs()
    write_logs()  # as a program does that starts twice in a process
    room_logger("moderation.intake").info("not this")
    room_logger("moderation.intake").warning("this", extra=Fields(site="news"))
    assert json.loads(capsys.readouterr().err)["site"] == "news"


@pytest.mark.parametrize("name", ["MODERATION_LOG_LEVEL", "MODERATION_LOG_FORMAT"])
def test_a_setting_that_cannot_be_used_is_named(monkeypatch, name):
    monkeypatch.setenv(name, "loud")
    with pytest.raises(SettingsError, match=name):
        write_logs()


UNCONFIGURED = """
from moderation.logs import room_logger
log = room_logger("moderation.rollout")
log.info("unheard")
log.warning("the brake is on")
"""


def test_where_nothing_is_set_up_python_writes_warnings_and_nothing_below():
    done = subprocess.run(
        [sys.executable, "-c", UNCONFIGURED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "the brake is on\n")


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.NOT_COVERED])
def test_a_slow_check_is_logged_once_a_minute(caplog, outcome):
    caplog.set_level(logging.INFO, "moderation.checks")
    failures = FailureLog(lambda: 1000.0)
    timed = [
        (Comment("x", external_id=f"c-{ms}"), CheckResult(outcome, ms=float(ms))) for ms in (399, 410, 900)
    ]
    for _ in range(2):
        failures.note("toxicity", timed)
    (said,) = caplog.records
    assert (said.levelname, said.check, said.external_id, said.ms, said.left_out) == (
        "INFO",
        "toxicity",
        "c-900",
        900,
        1,
    )


def test_what_fails_is_not_slow_besides(caplog):
    caplog.set_level(logging.INFO, "moderation.checks")
    timed_out = CheckResult(Outcome.TIMED_OUT, ms=800.0, error="TimeoutError")
    FailureLog().note("toxicity", [(Comment("x"), timed_out)])
    assert [said.levelname for said in caplog.records] == ["WARNING"]
