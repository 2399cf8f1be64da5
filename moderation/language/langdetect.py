"""Common words, and langdetect where they are not enough: with the site's languages as priors, honest about short text.

Left to itself, langdetect draws n-grams of a text, with replacement, until it is sure: from "you idiot" it
draws the same dozen until it is sure of Welsh, and no prior outweighs that. So here a text gives no more evidence
than its length allows, which also makes it faster. In the Latin script, words come first: they tell nearly every sentence
in a tenth of the time, and what langdetect says must have some of them behind it. `tools/benchmarks/language.py`
measures both.
"""

import math
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from langdetect.lang_detect_exception import LangDetectException

from moderation.domain import UNDETERMINED, Language
from moderation.language.profiles import FAMILIES, SEED, factory
from moderation.language.prose import prose_of
from moderation.language.words import Bar, word_evidence, words_version
from moderation.text.scripts import LANGUAGE_OF_SCRIPT, Dominant, dominant_script, weigh

_UNKNOWN = Language(UNDETERMINED, 0.0)

# Chosen on comments that are neither in the benchmark nor among those whose words are counted: dev rows of the data
# that `compact` is trained on.
_EXPECTED_ODDS = 300.0  # how much likelier an expected language is than another, before langdetect reads
_EXPECTED_LEAD = 3.0  # the same before words are weighed, in nats: 20 times
_TRIALS = 5  # langdetect's own default is 7
_DRAWS_PER_CHARACTER = 1.5
_MIN_SHARE = 0.6  # of a text's letters that must be of one script
_MAY_BE_EXPECTED = 0.01  # probability of all expected languages, at most, where another one is told
_SURE = 0.95  # confidence from which on words decide alone, if they are enough

# By whether the language is expected: what words must say for it to decide alone (two common ones, a third of the
# text), and what they must say at least if langdetect tells it, with how much more they may say for another.
_ENOUGH = {True: Bar(8.0, 0.3), False: Bar(10.0, 0.4)}
_SOME = {True: Bar(5.0, 0.15), False: Bar(8.0, 0.15)}
_BEHIND = 3.0

_CONFIDENCE_DIGITS = 6
_BREAKS = re.compile(r"[\s!-@\[-`{-~]++")


class LangdetectDetector:
    """Tells languages by the script alone where that decides, by common words, and with langdetect.

    - Links, mail addresses and @mentions don't count, nor do repetitions.
    - A text of which under 60 % of the letters are of one script is `und`.
    - Hangul is Korean, kana Japanese, and so on (`LANGUAGE_OF_SCRIPT`), whatever the length. Han without
      kana is Chinese where Chinese is expected and Japanese is not. The confidence is the script's share.
    - In the Latin script common words decide, where they are sure; a text without words that a language knows is `und`:
      names, laughter.
    - Otherwise langdetect chooses between the languages of the script; `zh-cn` and `zh-tw` are `zh`.
    - A language that isn't expected is told only where an expected one of the same script is all but out of the question.

    Only the first 1,000 characters are looked at. Deterministic: the answer depends on nothing but the
    text and the arguments. Safe to call from many threads at once.

    Args:
        expected: ISO 639-1 codes of the languages of the site, `en` or `pt-BR`. They are the priors.
        min_letters: letters in different words that there must be to go by; an ideograph is worth three.
        min_confidence: 0–1; what is less sure is `und`.

    Attributes:
        name: name, version and seed of langdetect, and which words go before it.
    """

    def __init__(self, expected: Sequence[str], min_letters: int = 12, min_confidence: float = 0.6) -> None:
        codes = {_base(code) for code in expected}
        self._expected = dict.fromkeys(sorted(codes), _EXPECTED_LEAD)
        self._min_letters = min_letters
        self._min_confidence = min_confidence
        self._decisive = LANGUAGE_OF_SCRIPT | ({"han": "zh"} if "zh" in codes and "ja" not in codes else {})
        self._priors = {family: _priors(family, codes) for family in FAMILIES}
        self.name = f"langdetect {version('langdetect')} seed {SEED}, words {words_version()}"
        for family, names in FAMILIES.items():
            if any(_base(name) in codes for name in names) and family not in self._decisive:
                factory(family)  # the profiles that the site needs load now, not with the first comment

    def detect(self, text: str) -> Language:
        """Tell the language of a normalised text; `und` with confidence 0 where it can't be told."""
        prose = prose_of(text)
        dominant = dominant_script(prose)
        if dominant is None or dominant.share < _MIN_SHARE:
            return _UNKNOWN
        if dominant.script in self._decisive:
            return Language(self._decisive[dominant.script], dominant.share)
        if self._too_short(prose, dominant):
            return _UNKNOWN
        if dominant.script == "latin":
            return self._by_words(prose)
        return self._judge(self._ask_langdetect(dominant.script, prose), self._min_confidence)

    def _too_short(self, prose: str, dominant: Dominant) -> bool:
        words = dict.fromkeys(_BREAKS.split(prose.lower()))  # "lol lol lol lol" says no more than "lol"
        return weigh(" ".join(words)).get(dominant.script, 0.0) < self._min_letters

    def _by_words(self, prose: str) -> Language:
        """Tell a language by its words; ask langdetect where they leave a choice, and believe it within that."""
        words = word_evidence(prose)
        odds = {code: weight + self._expected.get(code, 0.0) for code, weight in words.weights.items()}
        told = self._judge(_probabilities(odds), max(_SURE, self._min_confidence))
        if words.reach(_ENOUGH[told.code in self._expected], told.code):
            return told
        within = max(odds.values()) - _BEHIND
        possible = {
            code
            for code, value in odds.items()
            if value >= within and words.reach(_SOME[code in self._expected], code)
        }
        if not possible:
            return _UNKNOWN
        told = self._judge(self._ask_langdetect("latin", prose), self._min_confidence)
        return told if told.code in possible else _UNKNOWN

    def _judge(self, probabilities: Mapping[str, float], floor: float) -> Language:
        """Take the likeliest language, unless that is too unsure, or may be one that the site expects."""
        code = max(probabilities, key=probabilities.__getitem__, default=UNDETERMINED)
        confidence = round(min(probabilities.get(code, 0.0), 1.0), _CONFIDENCE_DIGITS)
        if confidence < floor or (code not in self._expected and self._may_be_expected(probabilities)):
            return _UNKNOWN
        return Language(code, confidence)

    def _may_be_expected(self, probabilities: Mapping[str, float]) -> bool:
        return sum(probabilities.get(code, 0.0) for code in self._expected) > _MAY_BE_EXPECTED

    def _ask_langdetect(self, family: str, prose: str) -> dict[str, float]:
        """Return probabilities by code; nothing where langdetect finds nothing to go by."""
        detector = factory(family).create()
        detector.n_trial = _TRIALS
        detector.ITERATION_LIMIT = int(_DRAWS_PER_CHARACTER * len(prose))
        detector.set_prior_map(self._priors[family])
        detector.append(prose)
        try:
            guesses = detector.get_probabilities()
        except LangDetectException:
            return {}
        found: dict[str, float] = {}
        for guess in guesses:
            found[_base(guess.lang)] = found.get(_base(guess.lang), 0.0) + guess.prob
        return found


def _base(code: str) -> str:
    return code.lower().replace("_", "-").partition("-")[0]


def _priors(family: str, expected: set[str]) -> dict[str, float]:
    return {name: _EXPECTED_ODDS if _base(name) in expected else 1.0 for name in FAMILIES[family]}


def _probabilities(odds: Mapping[str, float]) -> dict[str, float]:
    """Turn logarithms of how likely each is into probabilities."""
    highest = max(odds.values())
    shares = {code: math.exp(value - highest) for code, value in odds.items()}
    total = sum(shares.values())
    return {code: share / total for code, share in shares.items()}
