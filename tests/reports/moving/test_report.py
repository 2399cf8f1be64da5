"""A file of Perspective's scores, moved: which comments change sides, and what rules.yaml says then."""

import json

import pytest

from moderation.cli.display.suggestion import yaml_lines
from moderation.comment_files.perspective import PerspectiveFile
from moderation.domain import Action
from moderation.errors import InputFileError
from moderation.language import LangdetectDetector
from moderation.pipeline import Pipeline
from moderation.reports.moving.moves import LEAST_COMMENTS, LEAST_FLAGGED, Same
from moderation.reports.moving.report import MovingQuery, move_thresholds
from moderation.rules import Ruleset
from tests.backtest.support import ruleset
from tests.support.scorers import FakeScorer


def ours_of(text):
    """The model's score, which the text says itself: half of Perspective's."""
    return int(text.rpartition(" ")[2]) / 2000


def write(path, count=200, *, language="en", **more):
    with path.open("a") as file:
        for n in range(count):
            theirs = n * (1000 // count)
            row = {"id": f"{language}-{n}", "text": f"It says {theirs}", "lang": language}
            row |= {"TOXICITY": theirs / 1000} | {name: value(n) for name, value in more.items()}
            file.write(json.dumps(row) + "\n")
    return PerspectiveFile(path)


def moved(file, wanted=None, rules=None, answer=ours_of):
    scorer = FakeScorer(answer)
    scorer.languages = frozenset({"en", "ko"})
    pipeline = Pipeline(rules or ruleset(), detector=LangdetectDetector(("en", "ko")), scorer=scorer)
    return move_thresholds(
        file, wanted or MovingQuery(), file.survey(), pipeline, lambda _what, _steps: lambda _count: None
    )


def test_our_threshold_flags_as_many(tmp_path):
    report = moved(write(tmp_path / "a.jsonl"))
    (move,) = report.moves
    assert (move.attribute, move.language, move.theirs, move.rank_correlation) == (
        "toxicity",
        None,
        0.8,
        pytest.approx(1.0),
    )
    found = move.fitted
    assert found
    assert found.score == 0.4
    assert (found.flags, found.agreed.part, found.kappa) == (move.flags, 200, 1.0)
    assert (found.gained, found.lost, found.changes, found.precisions) == (0, 0, (), None)
    assert found.interval
    assert 0.36 < found.interval[0] <= 0.4 <= found.interval[1] < 0.44
    assert report.found
    assert "text" not in json.dumps(report.to_dict())


def test_a_sites_own_threshold_and_each_language_count(tmp_path):
    path = tmp_path / "a.jsonl"
    write(path)
    file = write(path, language="ko")
    report = moved(file, MovingQuery({"toxicity": 0.6}))
    assert [(one.language, one.fitted and one.fitted.score) for one in report.moves] == [
        (None, 0.3),
        ("en", 0.3),
        ("ko", 0.3),
    ]
    assert list(report.levels) == [(None, "toxicity")]  # the same in each: said once
    (only,) = moved(file, MovingQuery(language="ko")).moves
    assert (only.language, only.flags.whole) == ("ko", 200)
    (none,) = moved(file, MovingQuery(language="de")).moves
    assert (none.fitted, none.flags.whole) == (None, 0)


def test_comments_that_change_sides_are_named_the_clearest_first(tmp_path):
    def wrong_way_round(text):
        score = ours_of(text)
        return {0.0: 0.49, 0.005: 0.48, 0.495: 0.0, 0.4975: 0.001}.get(score, score)

    report = moved(write(tmp_path / "a.jsonl"), MovingQuery(show=1), answer=wrong_way_round)
    (one,) = report.to_dict()["moves"]
    assert (one["newly_flagged"], one["no_longer_flagged"]) == (2, 2)
    assert one["changes"] == [
        {"row": 1, "id": "en-0", "change": "newly_flagged"},
        {"row": 200, "id": "en-199", "change": "no_longer_flagged"},
    ]
    assert report.texts == {1: "It says 0", 200: "It says 995"}
    assert (one["agreement"]["part"], 0 < one["kappa"] < 1) == (196, True)


def test_the_same_precision_is_that_of_the_labelled(tmp_path):
    # Perspective at 0.8 is right in 30 of 40; from 0.35 of ours on, 60 of 80 were rejected
    file = write(
        tmp_path / "a.jsonl",
        label=lambda n: "" if n < 10 else "rejected" if n >= 120 and n % 4 else "published",
    )
    (move,) = moved(file, MovingQuery(same=Same.PRECISION)).moves
    found = move.fitted
    assert found
    assert found.precisions
    assert found.precisions.theirs.value == 0.75
    assert found.precisions.ours.value == pytest.approx(0.75, abs=0.02)
    assert found.score == pytest.approx(0.3, abs=0.02)
    assert found.gained > 30
    (flags,) = moved(file).moves
    assert flags.fitted
    assert flags.fitted.precisions
    assert flags.fitted.precisions.ours.value == 0.75


@pytest.mark.parametrize(
    ("count", "wanted", "why"),
    [
        pytest.param(LEAST_COMMENTS - 1, MovingQuery(), "too few comments: 99", id="few"),
        pytest.param(
            200,
            MovingQuery({"toxicity": 0.96}),
            f"too few comments reach 0.96 there: {LEAST_FLAGGED - 2}",
            id="few-flagged",
        ),
        pytest.param(
            200, MovingQuery({"toxicity": 0.02}), "too few comments stay below 0.02 there: 4", id="few-passed"
        ),
        pytest.param(
            200,
            MovingQuery(same=Same.PRECISION),
            "what became of them: 5, 0 of them flagged",
            id="few-labelled",
        ),
    ],
)
def test_what_can_not_be_told_is_said(tmp_path, count, wanted, why):
    file = write(tmp_path / "a.jsonl", count, label=lambda n: "rejected" if n < 5 else "")
    report = moved(file, wanted)
    (move,) = report.moves
    assert move.fitted is None
    assert why in move.why
    assert not report.found
    assert report.levels == {}
    assert report.to_dict()["moves"][0]["threshold"] is None


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (MovingQuery({"insult": 0.5}), "no scores of Perspective for insult"),
        (MovingQuery(attribute="threat"), "no scores of Perspective for threat"),
        (MovingQuery(same=Same.PRECISION), "does not say which comments were rejected"),
    ],
)
def test_what_the_file_lacks_is_refused(tmp_path, wanted, said):
    with pytest.raises(InputFileError, match=said):
        moved(write(tmp_path / "a.jsonl"), wanted)


def test_what_is_not_scored_is_counted(tmp_path):
    path = tmp_path / "a.jsonl"
    file = write(path, SEXUALLY_EXPLICIT=lambda n: n and 0.5, INSULT=lambda n: None if n < 150 else n / 200)
    with path.open("a") as more:
        for text, language in (
            ("Hyvää huomenta kaikille lukijoille 1", "fi"),
            (" ", "en"),
            ("x" * 9000 + " 1", "en"),
        ):
            more.write(json.dumps({"text": text, "lang": language, "TOXICITY": 0.5}) + "\n")
        more.write(json.dumps({"text": "no score"}) + "\n{broken\n")
    report = moved(file)
    assert {(code, str(outcome)): count for (code, outcome), count in report.left_out.items()} == {
        ("fi", "not_covered"): 1,
        ("en", "skipped"): 2,
    }
    assert (report.scored, report.survey.without_score, report.survey.bad) == (200, 1, 1)
    assert report.unscored_attributes == ("sexual_explicit",)
    assert [(one.attribute, one.flags.whole) for one in report.moves] == [("toxicity", 200), ("insult", 50)]


@pytest.mark.parametrize("action", [Action.FLAG, Action.HOLD, Action.REJECT])
def test_what_is_pasted_is_a_valid_ruleset_that_does_so(tmp_path, action):
    path = tmp_path / "a.jsonl"
    write(path)
    file = write(path, language="ko", TOXICITY=lambda n: min(1.0, n / 100))
    report = moved(file, MovingQuery(action=action))
    assert report.never == {}
    assert {language for language, _ in report.levels} == {None, "en", "ko"}
    config = Ruleset.parse(f"version: 1\n{yaml_lines(report.levels)}\n").config.toxicity
    assert config
    for move in report.moves:
        table = config.by_language[move.language] if move.language else config.thresholds
        assert move.fitted
        assert dict(table["toxicity"].strongest_first())[action] == move.fitted.score


def test_a_threshold_that_would_never_act_is_not_pasted(tmp_path):
    rules = Ruleset.parse("version: 1\ntoxicity: {thresholds: {toxicity: {reject: 0.3}}}\n")
    report = moved(write(tmp_path / "a.jsonl"), rules=rules)
    assert report.levels == {}
    assert report.never == {(None, "toxicity"): Action.REJECT}
