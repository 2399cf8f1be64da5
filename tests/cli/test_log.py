"""What the command line writes of the log, and where."""

import json

from moderation.scoring import open_scorer
from tests.support.logs import untouched

__all__ = ["untouched"]


def test_the_log_goes_to_standard_error_and_the_answer_does_not(run, monkeypatch):
    monkeypatch.setattr("moderation.pipeline.open_scorer", open_scorer)  # not the one that is open already
    monkeypatch.setenv("MODERATION_LOG_LEVEL", "debug")
    monkeypatch.setenv("MODERATION_LOG_FORMAT", "json")
    done = run("check", "--json", "You are an idiot")
    assert json.loads(done.out)["action"] == "hold"
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert {line["logger"] for line in lines} >= {"moderation.scoring", "moderation.pipeline"}
    (decided,) = [line for line in lines if line["logger"] == "moderation.pipeline"]
    assert (decided["level"], decided["action"]) == ("debug", "hold")
    assert "idiot" not in done.err


def test_a_level_that_is_none_ends_in_a_message(run, monkeypatch):
    monkeypatch.setenv("MODERATION_LOG_LEVEL", "loud")
    done = run("rules", "schema")
    assert done.code == 2
    assert "MODERATION_LOG_LEVEL" in done.err
