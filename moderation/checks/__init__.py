"""The checks, in the one order they run: cheap ones first, each with the reason for its place."""

from datetime import timedelta

from moderation.checks.base import Check, History, Subject
from moderation.checks.language import LanguageCheck
from moderation.checks.length import LengthCheck
from moderation.checks.links import LinksCheck
from moderation.checks.repetition import RepetitionCheck
from moderation.checks.toxicity import ToxicityCheck
from moderation.checks.word_lists import WordListsCheck
from moderation.disguise import WordMatcher
from moderation.language import LanguageDetector
from moderation.rules import Ruleset
from moderation.rules.schema.config import Repetition
from moderation.scoring import ToxicityScorer

__all__ = ["Check", "History", "LengthCheck", "Subject", "build_checks", "repetition_check"]


def build_checks(
    ruleset: Ruleset, *, detector: LanguageDetector | None, scorer: ToxicityScorer | None
) -> tuple[Check, ...]:
    """Build every check that a ruleset switches on, in order.

    To add a check: write its file beside this one, add its line here and its signal to
    `domain.SignalName`; what the signal means, `moderation/rules/` says.
    """
    toxicity = ruleset.config.toxicity
    checks = (
        LengthCheck(),  # first: stops empty and endless comments before anything costly sees them
        repetition_check(ruleset),  # one look-up in the database, for all windows of the rules
        LinksCheck(),  # one pass over the text
        WordListsCheck(WordMatcher(ruleset.words)),  # one pass, however many words
        detector and LanguageCheck(detector),  # a tenth of a millisecond; the scorer must know the language
        toxicity
        and scorer
        and ToxicityCheck(scorer, toxicity.timeout_ms),  # last: costs more than all others
    )
    return tuple(check for check in checks if check)


def repetition_check(ruleset: Ruleset) -> RepetitionCheck | None:
    """Build the check that counts what was said before, if a ruleset asks for any such count."""
    section, windows = ruleset.config.repetition, ruleset.repeat_windows
    if section:
        return RepetitionCheck(section.window.time, section.min_length, windows)
    return RepetitionCheck(timedelta(), Repetition().min_length, windows) if windows else None
