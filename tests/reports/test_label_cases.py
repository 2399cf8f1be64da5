"""Labels beside verdicts: scored by the present model, each text once, a moderator's word first."""

import pytest

from moderation.domain import Action
from moderation.language import LangdetectDetector
from moderation.pipeline import Pipeline
from moderation.reports.label_cases import LabelScoring, label_cases
from moderation.reports.suggest import SuggestionQuery, suggest_threshold
from moderation.store import text_hash
from moderation.store.labels import NewLabel, add_labels
from tests.backtest.support import NOON, decided, judge, ruleset, save
from tests.support.scorers import FakeScorer

SAID = "The council meets again on Monday, it says, number {}."
IN_KOREAN = "시의회는 월요일에 다시 모인다고 합니다."


def by_number(text):
    """A score that the text says itself."""
    return int(text.rstrip(".").rpartition(" ")[2]) / 1000 if text.rstrip(".")[-1].isdigit() else 0.5


class Scoring:
    """How labels are scored here, and what was asked of it."""

    def __init__(self, answer=by_number, model="compact@123456789012"):  # as in the verdicts' decisions
        self.opened = []
        self._model = model
        self.steps = []
        self._answer = answer
        self.how = LabelScoring(self._open, self._begin)

    def _open(self):
        scorer = FakeScorer(self._answer)
        scorer.model = self._model
        self.opened.append(scorer)
        return Pipeline(ruleset(), detector=LangdetectDetector(("en", "ko")), scorer=scorer)

    def _begin(self, what, steps):
        self.steps.append(steps)
        return lambda count: self.steps.append(-count)


def label(store, text, toxicity=0.9, **values):
    scores = values.pop("scores", {"toxicity": toxicity})
    new = NewLabel(site="news", text=text, scores=scores, source="perspective", by="coral", **values)
    with store.transaction() as session:
        add_labels([new], NOON, session=session)


def fill(store, count):
    with store.transaction() as session:
        add_labels(
            [
                NewLabel(
                    site="news",
                    text=SAID.format(n),
                    scores={"toxicity": float(n >= 500)},
                    source="api",
                    by="a key",
                )
                for n in range(1000 - count, 1000)
            ],
            NOON,
            session=session,
        )


def test_labels_alone_tell_a_threshold(store):
    fill(store, 600)
    scoring = Scoring()
    found = suggest_threshold(store, SuggestionQuery("toxicity", 1.0, Action.HOLD), scoring=scoring.how)
    assert (found.verdicts, found.labels, found.labelled, found.lowest) == (0, 600, 500, None)
    assert found.threshold
    assert found.threshold.score == 0.5
    assert found.to_dict()["labels"] == 600
    assert scoring.steps[0] == 600
    assert sum(scoring.steps) == 0  # the bar ends where it should
    assert scoring.opened[0].closed


def test_without_scoring_labels_are_left_out(store):
    fill(store, 600)
    found = suggest_threshold(store, SuggestionQuery("toxicity", 1.0, Action.HOLD))
    assert (found.labels, found.too_few) == (0, True)


def test_no_model_is_opened_where_no_label_is_about_it(store):
    fill(store, 3)
    scoring = Scoring()
    assert label_cases(store, "insult", None, scoring.how).cases == []
    assert label_cases(store, "toxicity", "ko", scoring.how).cases == []  # they are English, as is found out
    assert len(scoring.opened) == 1


def test_the_newest_word_about_a_text_counts(store):
    label(store, SAID.format(700), 1.0)
    label(store, SAID.format(700), 0.49)
    label(store, SAID.format(700), scores={"insult": 1.0})
    label(store, SAID.format(800), 0.5)
    assert sorted(label_cases(store, "toxicity", None, Scoring().how).cases) == [(0.7, False), (0.8, True)]


def test_a_moderators_verdict_goes_before_a_label(store):
    rules = ruleset()
    (number,) = save(store, rules, [decided(rules, 1, SAID.format(700), toxicity=0.7)])
    judge(store, number, "approve", text_hash=text_hash(SAID.format(700)))
    label(store, SAID.format(700), 1.0)
    label(store, SAID.format(800), 1.0)
    found = suggest_threshold(store, SuggestionQuery("toxicity", 0.9, Action.HOLD), scoring=Scoring().how)
    assert (found.verdicts, found.rejected, found.labels, found.labels_judged) == (1, 0, 1, 1)


def test_verdicts_on_scores_of_another_model_than_the_rules_name_are_left_out_beside_labels(store):
    rules = ruleset()
    (number,) = save(store, rules, [decided(rules, 1, SAID.format(700), toxicity=0.7)])
    judge(store, number, "approve")
    label(store, SAID.format(800))
    how = Scoring(model="other@1").how
    found = suggest_threshold(store, SuggestionQuery("toxicity", 0.9, Action.HOLD), scoring=how)
    assert (found.verdicts, found.other_model, found.labels) == (0, 1, 1)


@pytest.mark.parametrize(
    ("said", "asked", "counted"),
    [
        pytest.param(None, None, 1, id="found out"),
        pytest.param(None, "en", 1, id="found out, and asked for"),
        pytest.param(None, "ko", 0, id="found out, and not asked for"),
        pytest.param("en-GB", "en", 1, id="said with a region"),
        pytest.param("ko", "en", 0, id="said to be another"),
        pytest.param("Klingon", "en", 1, id="said, and no language"),
    ],
)
def test_a_label_is_of_the_language_that_was_said_or_found(store, said, asked, counted):
    label(store, SAID.format(700), language=said)
    assert len(label_cases(store, "toxicity", asked, Scoring().how).cases) == counted


def test_what_the_model_has_no_score_for_is_counted(store):
    label(store, IN_KOREAN)  # the scorer knows English alone
    label(store, " ")
    label(store, "a" * 100_000)
    found = label_cases(store, "toxicity", None, Scoring().how)
    assert (found.cases, found.unscored) == ([], 3)
