"""The toxicity check: scores, or an outcome that says why there are none."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from moderation.checks.base import Subject
from moderation.checks.toxicity import BATCH, LONG, ToxicityCheck
from moderation.domain import CheckResult, Comment, Outcome, Signal, SignalName
from moderation.scoring import open_scorer
from tests.support.scorers import FakeScorer, broken_by, calm, hanging, not_a_number, raising

PLENTY_MS = 60_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def subject(text="Hello there", language="en", confidence=0.9):
    if language is None:
        return Subject(Comment(text), NOW)
    found = CheckResult(Outcome.OK, (Signal(SignalName.LANGUAGE, language, confidence=confidence),))
    return Subject(Comment(text), NOW, results={"language": found})


def check(scorer, timeout_ms=PLENTY_MS):
    return ToxicityCheck(scorer, timeout_ms)


def scores(result):
    return {signal.key: signal.value for signal in result.signals}


class Recording(FakeScorer):
    """Remembers what it was asked; a text's score is its length."""

    def __init__(self):
        super().__init__(lambda text: min(1.0, len(text) / 10_000))
        self.calls = []

    @override
    def score(self, texts, *, languages=None):
        self.calls.append(list(texts))
        return super().score(texts)


class Answering(FakeScorer):
    """Gives the same answer to anything."""

    def __init__(self, answer):
        super().__init__(lambda _: 0.0)
        self.given = answer

    @override
    def score(self, _, *, languages=None):
        return self.given


@pytest.fixture
def released():
    event = threading.Event()
    yield event
    event.set()


def test_each_attribute_is_a_score():
    result = check(calm()).guarded(subject())
    assert result.outcome is Outcome.OK
    assert {signal.name for signal in result.signals} == {SignalName.SCORE}
    assert scores(result) == dict.fromkeys(calm().attributes, 0.01)


@pytest.mark.parametrize(
    ("text", "language", "outcome"),
    [
        ("Hello there", "en", Outcome.OK),
        ("Bonjour à tous", "fr", Outcome.NOT_COVERED),
        ("안녕하세요 여러분", "ko", Outcome.NOT_COVERED),
        ("lol ok", "und", Outcome.OK),
        ("바보", "und", Outcome.NOT_COVERED),
        ("ㅋㅋㅋ", "und", Outcome.NOT_COVERED),
        ("дурак", "und", Outcome.NOT_COVERED),
        ("lol 바보 바보 바보", "und", Outcome.NOT_COVERED),
        ("10/10 👍", "und", Outcome.OK),
        ("", "und", Outcome.OK),
        ("Hello there", None, Outcome.OK),
        ("바보", None, Outcome.NOT_COVERED),
    ],
)
def test_only_what_the_model_can_read_is_scored(text, language, outcome):
    scorer = Recording()
    one = check(scorer).guarded(subject(text, language))
    (many,) = check(scorer).examine_many([subject(text, language)])
    assert (one.outcome, many.outcome) == (outcome, outcome)
    assert len(scorer.calls) == (2 if outcome is Outcome.OK else 0)
    assert bool(one.signals) == (outcome is Outcome.OK)


@pytest.mark.parametrize(
    ("text", "language", "confidence", "outcome"),
    [
        pytest.param("Bonjour à tous", "fr", 0.99, Outcome.NOT_COVERED, id="surely-french"),
        pytest.param("Bonjour à tous", "fr", 0.7, Outcome.OK, id="perhaps-french"),
        pytest.param("you madyou madyou mad you are mad", "so", 1.0, Outcome.OK, id="english-words"),
        pytest.param("дурак", "ru", 0.5, Outcome.NOT_COVERED, id="a-script-it-cannot-read"),
    ],
)
def test_a_language_that_is_likely_told_wrong_is_no_gap(text, language, confidence, outcome):
    scorer = Recording()
    assert check(scorer).guarded(subject(text, language, confidence)).outcome is outcome


@pytest.mark.parametrize(
    ("text", "language", "confidence", "doubtful"),
    [
        pytest.param("Hello there", "en", 1.0, None, id="known"),
        pytest.param("lol ok", "und", 0.0, "und", id="undetermined"),
        pytest.param("Bonjour à tous", "fr", 0.7, "fr", id="perhaps another"),
        pytest.param("you are mad madyou", "so", 1.0, "so", id="English words"),
        pytest.param("10/10 👍", "und", 0.0, None, id="no letters, no language"),
        pytest.param("Hello there", None, 0.0, None, id="nobody looked"),
    ],
)
def test_what_is_scored_in_a_doubtful_language_says_so(text, language, confidence, doubtful):
    checking = check(calm())
    for result in (
        checking.guarded(one := subject(text, language, confidence)),
        *checking.examine_many([one]),
    ):
        assert result.outcome is Outcome.OK
        found = [signal for signal in result.signals if signal.name is SignalName.DOUBTFUL]
        assert [(signal.key, signal.value) for signal in found] == (
            [("language", doubtful)] if doubtful else []
        )


def test_a_model_reads_the_scripts_of_all_its_languages():
    scorer = calm()
    scorer.languages = frozenset({"en", "ru"})
    assert check(scorer).guarded(subject("дурак", "und")).outcome is Outcome.OK


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{}],
        [{"toxicity": 0.5}],
        [dict.fromkeys(calm().attributes, 1.01)],
        [dict.fromkeys(calm().attributes, -0.01)],
        [dict.fromkeys(calm().attributes, float("inf"))],
        [dict.fromkeys(calm().attributes, 0.5)] * 2,
        [{**dict.fromkeys(calm().attributes, 0.5), "charm": 0.5}],
    ],
    ids=["nothing", "empty", "one_attribute", "above_1", "below_0", "infinite", "two_answers", "one_more"],
)
def test_an_answer_that_is_no_score_is_a_failure(answer):
    result = check(Answering(answer)).guarded(subject())
    assert (result.outcome, result.error, result.signals) == (Outcome.FAILED, "scoring", ())


def test_not_a_number_is_a_failure():
    for result in check(not_a_number()).examine_many([subject("one"), subject("two")]):
        assert (result.outcome, result.error) == (Outcome.FAILED, "scoring")


def test_a_scorer_that_raises_is_a_failure_that_names_no_text():
    for result in check(raising()).examine_many([subject("secret one"), subject("secret two")]):
        assert (result.outcome, result.error) == (Outcome.FAILED, "RuntimeError")


def test_one_bad_comment_does_not_fail_its_neighbours():
    texts = ["good one", "the bad one", "good two"]
    results = check(broken_by("bad")).examine_many([subject(text) for text in texts])
    assert [result.outcome for result in results] == [Outcome.OK, Outcome.FAILED, Outcome.OK]


def test_a_scorer_that_hangs_is_timed_out(released):
    result = check(hanging(released), timeout_ms=20).guarded(subject())
    assert (result.outcome, result.error) == (Outcome.TIMED_OUT, "TimeoutError")


def test_a_batch_that_hangs_is_timed_out_one_by_one(released):
    results = check(hanging(released), timeout_ms=10).examine_many([subject("one"), subject("two")])
    assert {result.outcome for result in results} == {Outcome.TIMED_OUT}


def test_a_batch_has_the_budget_of_all_its_comments():
    pause = threading.Event()

    class Slow(FakeScorer):
        @override
        def score(self, texts, *, languages=None):
            assert len(texts) == 10, "scored one by one"
            pause.wait(0.3)
            return super().score(texts)

    results = check(Slow(lambda _: 0.1), timeout_ms=200).examine_many([subject(str(n)) for n in range(10)])
    assert {result.outcome for result in results} == {Outcome.OK}


@pytest.mark.parametrize(
    ("patient", "text", "outcome"),
    [
        pytest.param(True, " ".join(map(str, range(2000))), Outcome.OK, id="long"),
        pytest.param(True, " ".join(f"너는{n}" for n in range(1000)), Outcome.OK, id="long in bytes"),
        pytest.param(True, "x", Outcome.TIMED_OUT, id="short"),
        pytest.param(
            False, " ".join(map(str, range(2000))), Outcome.TIMED_OUT, id="as for a comment that is decided"
        ),
    ],
)
def test_a_patient_check_gives_a_long_text_more_time(patient, text, outcome):
    class Slow(FakeScorer):
        @override
        def score(self, texts, *, languages=None):
            threading.Event().wait(0.3)
            return super().score(texts)

    slow = ToxicityCheck(Slow(lambda _: 0.1), 100, patient=patient)
    assert slow.guarded(subject(text)).outcome is outcome


def test_comments_of_similar_length_are_scored_together():
    scorer = Recording()
    results = check(scorer).examine_many([subject("so" + " ye" * (n * 7 % 200)) for n in range(200)])
    assert all(result.outcome is Outcome.OK for result in results)
    lengths = [len(text) for call in scorer.calls for text in call]
    assert lengths == sorted(lengths)
    assert [len(call) for call in scorer.calls] == [BATCH, BATCH, BATCH, 200 - 3 * BATCH]


def test_a_long_comment_has_no_other_ones_time():
    scorer = Recording()
    texts = ["short", "long " * LONG, "other " * LONG, "brief"]
    check(scorer).examine_many([subject(text) for text in texts])
    assert [len(call) for call in scorer.calls] == [2, 1, 1]


def test_each_comment_has_its_share_of_the_time():
    results = check(calm()).examine_many([subject("one"), subject("two")])
    assert results[0].ms == results[1].ms > 0


def test_no_comments_are_no_results():
    assert check(calm()).examine_many([]) == []


@given(st.lists(st.tuples(st.text("ab 한!", max_size=30), st.sampled_from(["en", "ko", "und"])), max_size=20))
def test_many_at_once_give_what_each_gives_alone(drawn):
    subjects = [subject(text, language) for text, language in drawn]
    checking = check(Recording())
    alone = [checking.guarded(one) for one in subjects]
    together = checking.examine_many(subjects)
    assert [(r.outcome, r.signals) for r in together] == [(r.outcome, r.signals) for r in alone]


def test_the_real_model_gives_the_same_score_alone_and_among_others():
    checking = check(open_scorer("compact"))
    subjects = [subject(f"You are {'really ' * (n % 9)}an idiot number {n}") for n in range(100)]
    together = checking.examine_many(subjects)
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(checking.guarded, subjects))
    assert [scores(r) for r in together] == [scores(r) for r in alone]
    assert all(0.5 < scores(r)["toxicity"] <= 1 for r in together)
