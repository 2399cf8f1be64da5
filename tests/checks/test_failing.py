"""What the log says of a check that has no answer: enough to find it, little enough to read, nothing of a comment."""

import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from moderation import Author, Comment, Moderator
from moderation.checks.failing import EVERY_S, FailureLog
from moderation.domain import CheckResult, Outcome
from tests.support import scorers

SECRET = "a word that nobody may read"
FAILED = CheckResult(Outcome.FAILED, ms=12.0, error="RuntimeError")
OK = CheckResult(Outcome.OK)


@pytest.fixture
def now():
    return SimpleNamespace(seconds=1000.0)


@pytest.fixture
def failures(now):
    return FailureLog(lambda: now.seconds)


@pytest.fixture(autouse=True)
def warnings(caplog):
    caplog.set_level(logging.INFO, "moderation.checks")


def comment(number=1):
    return Comment(SECRET, site="news", external_id=f"c-{number}", author=Author("u-1", "Ann Other"))


def figures(record):
    names = ("levelname", "site", "external_id", "check", "outcome", "error", "left_out")
    return tuple(getattr(record, name) for name in names)


@pytest.fixture
def deciding(monkeypatch, failures):
    """A moderator whose scorer breaks, with a log of its own."""
    monkeypatch.setattr("moderation.pipeline.FAILURE_LOG", failures)
    with Moderator.open(scorer=scorers.raising()) as moderator:
        yield moderator


def test_a_check_that_fails_is_logged_without_text_or_author(deciding, caplog):
    deciding.check(comment())
    (record,) = caplog.records
    assert figures(record) == ("WARNING", "news", "c-1", "toxicity", "failed", "RuntimeError", 0)
    assert record.ms >= 0
    assert record.getMessage().startswith("check toxicity failed (RuntimeError) after ")
    assert not {SECRET, "Ann Other", "u-1"} & {str(value) for value in vars(record).values()}
    for unsaid in (SECRET, "Ann", "u-1"):
        assert unsaid not in caplog.text


def test_it_is_said_once_a_minute_with_a_count_of_what_was_left_out(deciding, caplog, now):
    for number in range(5):
        deciding.check(comment(number))
    assert len(caplog.records) == 1
    now.seconds += EVERY_S
    deciding.check(comment(6))
    assert [figures(record)[2] for record in caplog.records] == ["c-0", "c-6"]
    assert [record.left_out for record in caplog.records] == [0, 4]
    assert "4 more were not mentioned" in caplog.text


def test_many_that_fail_together_are_one_line(failures, caplog):
    failures.note("toxicity", [(comment(number), FAILED) for number in range(64)])
    (record,) = caplog.records
    assert (record.external_id, record.left_out) == ("c-0", 63)


def test_checks_do_not_silence_each_other(failures, caplog):
    for check in ("toxicity", "repetition", "toxicity"):
        failures.note(check, [(comment(), FAILED)])
    assert [record.check for record in caplog.records] == ["toxicity", "repetition"]


def test_what_was_left_out_is_said_when_the_check_is_well_again(failures, caplog, now):
    for _ in range(3):
        failures.note("toxicity", [(comment(), FAILED)])
    failures.note("toxicity", [(comment(), OK)])
    assert len(caplog.records) == 1
    now.seconds += EVERY_S
    for _ in range(2):
        failures.note("toxicity", [(comment(), OK)])
    assert [record.left_out for record in caplog.records] == [0, 2]
    assert "failed for 2 more comments" in caplog.text


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.SKIPPED, Outcome.NOT_COVERED])
def test_what_is_no_failure_is_not_logged(failures, caplog, outcome):
    failures.note("toxicity", [(comment(), CheckResult(outcome))])
    assert caplog.records == []


def test_a_timeout_is_logged(failures, caplog):
    failures.note("toxicity", [(comment(), CheckResult(Outcome.TIMED_OUT, ms=800.0, error="TimeoutError"))])
    assert "check toxicity timed_out (TimeoutError) after 800 ms" in caplog.text


def test_an_id_forges_no_line(failures, caplog):
    forged = Comment("x", external_id="1\nERROR all is lost\ud800")
    failures.note("toxicity", [(forged, FAILED)])
    assert len(caplog.records[0].getMessage().splitlines()) == 1
    caplog.records[0].getMessage().encode()


def test_threads_share_one_minute(failures, caplog):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: failures.note("toxicity", [(comment(n), FAILED)]), range(200)))
    assert len(caplog.records) == 1
