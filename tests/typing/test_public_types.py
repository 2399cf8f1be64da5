"""What an engineer's type checker learns from the package: mypy checks this file, and it runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_type

import pytest

from moderation import (
    Action,
    Author,
    Cause,
    CheckResult,
    Comment,
    CommentConflictError,
    Decision,
    InvalidCommentError,
    Language,
    ModelError,
    ModerationError,
    Moderator,
    Outcome,
    Provenance,
    Reason,
    RulesError,
    Signal,
    SignalName,
    Span,
    StoredDecision,
    StoreError,
)
from moderation.language import LanguageDetector
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer


class LengthScorer:
    """A scorer of one's own: nothing of ours is its base."""

    model = "length@000000000001"
    engine = "python 1"
    attributes = ("toxicity",)
    languages = frozenset({"en"})

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        return [{"toxicity": min(1.0, len(text) / 300)} for text in texts]

    def close(self) -> None:
        pass


class AlwaysEnglish:
    """A detector of one's own."""

    name = "always-english 1"

    def detect(self, text: str) -> Language:
        return Language("en", 1.0)


class Unfinished:
    """No scorer: it has nothing that one must have but a name."""

    model = "unfinished@000000000000"


@pytest.fixture
def moderator(sqlite_url: str) -> Iterator[Moderator]:
    scorer: ToxicityScorer = LengthScorer()
    detector: LanguageDetector = AlwaysEnglish()
    with Moderator.open(database=sqlite_url, scorer=scorer, detector=detector, follow=False) as opened:
        yield assert_type(opened, Moderator)


def test_a_moderator_answers_with_decisions(moderator: Moderator) -> None:
    comment = Comment("Good morning.", external_id="c-1", author=Author("u-1", is_trusted=True))
    assert_type(moderator.check(comment), Decision)
    assert_type(moderator.submit(comment), StoredDecision)
    decisions = assert_type(moderator.submit_many(iter([comment]), progress=False), Iterator[StoredDecision])
    assert next(decisions).action is Action.APPROVE
    assert assert_type(moderator.rules_problem, ModerationError | None) is None


def test_what_a_decision_says_has_types(moderator: Moderator) -> None:
    decision = moderator.submit(Comment("https://a.example https://b.example " * 20, external_id="c-1"))
    assert_type(decision.action, Action)
    assert_type(decision.published, bool)
    assert_type(decision.language, Language)
    assert_type(decision.scores, dict[str, float])
    assert_type(decision.checks, Mapping[str, CheckResult])
    assert_type(decision.signals(SignalName.LINK), tuple[Signal, ...])
    assert_type(decision.provenance, Provenance)
    assert_type(decision.cause, Cause)
    assert_type(decision.comment_id, int)
    for reason in assert_type(decision.reasons, tuple[Reason, ...]):
        assert_type(reason.message, str)
        assert_type(reason.spans, tuple[Span, ...])
        assert_type(reason.evidence, Mapping[str, Any])
    assert decision.reasons


def test_actions_and_outcomes_can_be_matched_to_the_last(moderator: Moderator) -> None:
    decision = moderator.check(Comment("Good morning."))
    assert shown(decision.action) == "published"
    assert {answered(result.outcome) for result in decision.checks.values()} <= {True, False}


def shown(action: Action) -> str:
    """Complete to mypy, which would miss a return if an action were left out."""
    match action:
        case Action.APPROVE | Action.FLAG:
            return "published"
        case Action.HOLD:
            return "waits"
        case Action.REJECT:
            return "not published"


def answered(outcome: Outcome) -> bool:
    match outcome:
        case Outcome.OK:
            return True
        case Outcome.NOT_COVERED | Outcome.FAILED | Outcome.TIMED_OUT | Outcome.SKIPPED:
            return False


def test_a_comment_that_is_not_taken_is_handed_over(moderator: Moderator) -> None:
    refused: list[tuple[Comment, ModerationError]] = []

    def on_error(comment: Comment, error: ModerationError) -> None:
        refused.append((comment, error))

    assert list(moderator.submit_many([Comment("no id")], on_error=on_error)) == []
    ((_, error),) = refused
    assert_type(error.code, str)
    assert_type(error.what, str)
    assert_type(error.hint, str)
    assert isinstance(error, InvalidCommentError)


def test_errors_are_told_apart(moderator: Moderator) -> None:
    assert outcome_of(moderator, Comment("no id")) == "invalid_comment"
    assert outcome_of(moderator, Comment("one text", external_id="c-1")) == "approve"
    assert outcome_of(moderator, Comment("another text", external_id="c-1")) == "comment_conflict"


def outcome_of(moderator: Moderator, comment: Comment) -> str:
    try:
        return moderator.submit(comment).action
    except (InvalidCommentError, CommentConflictError) as error:
        return assert_type(error, InvalidCommentError | CommentConflictError).code
    except StoreError as error:
        return error.code


def test_a_ruleset_is_given_or_named(tmp_path: Path) -> None:
    ruleset = assert_type(Ruleset.parse("version: 1\n"), Ruleset)
    assert_type(Ruleset.default().hash, str)
    with Moderator.open(ruleset, scorer=LengthScorer()) as opened:
        assert opened.check(Comment("x")).provenance.ruleset == ruleset.hash
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\nnone: 1\n", encoding="utf-8")
    for named in (path, str(path)):
        with pytest.raises(RulesError):
            Moderator.open(named)
    with pytest.raises(ModelError):
        Moderator.open(Ruleset.parse("version: 1\ntoxicity: {model: ./nowhere}\n"))


def misuse(moderator: Moderator, comment: Comment, decision: Decision) -> None:
    """Never run: mypy finds each of these, and says so if one day it does not."""
    moderator.check("a text")  # type: ignore[arg-type]
    moderator.submit(None)  # type: ignore[arg-type]
    moderator.submit_many(comment)  # type: ignore[arg-type]
    moderator.submit_many([comment], on_error=print, progress="yes")  # type: ignore[arg-type]
    Moderator.open(scorer=Unfinished())  # type: ignore[arg-type]
    Moderator.open(detector=LengthScorer())  # type: ignore[arg-type]
    Comment(b"bytes")  # type: ignore[arg-type]
    comment.text = "changed"  # type: ignore[misc]
    decision.action = Action.HOLD  # type: ignore[misc]
    assert replace(comment, revision=1).revision == 1
