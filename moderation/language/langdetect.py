"""langdetect behind our protocol: seeded, with the site's languages as priors, honest about short text.

Left to itself, langdetect draws n-grams of a text, with replacement, until it is sure: from "you idiot" it
draws the same dozen until it is sure of Welsh, and no prior outweighs that. So here a text gives no more evidence
than its length allows, which also makes it faster. `tools/benchmarks/language.py` measures both.
"""

import re
from collections.abc import Sequence
from importlib.metadata import version

from langdetect.lang_detect_exception import LangDetectException

from moderation.disguise.english import share_of_english
from moderation.disguise.unmask import ENGLISH
from moderation.domain import UNDETERMINED, Language
from moderation.language.profiles import FAMILIES, SEED, factory
from moderation.text.scripts import LANGUAGE_OF_SCRIPT, Dominant, dominant_script, weigh

_UNKNOWN = Language(UNDETERMINED, 0.0)

# Chosen on comments that are not in the benchmark's sample.
_EXPECTED_ODDS = 300.0  # how much likelier an expected language is than another, before the text is read
_TRIALS = 5  # langdetect's own default is 7
_DRAWS_PER_CHARACTER = 1.5
_ENGLISH_WORDS = 0.6  # share of letters in common English words from which on a text is English
_MIN_SHARE = 0.6  # of a text's letters that must be of one script

_MAX_CHARACTERS = 1_000  # of a comment that are looked at,
_MAX_PROSE = 240  # and of what is left of them that langdetect reads: more changes nothing

# Possessive, and mail addresses begin where a word begins: linear on any text. Names and hosts end
# where kana and ideographs begin, for those languages write on without a space.
_NO_PROSE = re.compile(
    r"(?:https?|hxxps?|ftp)://[!-~]*+|\bwww\.[!-~]++|(?<![\w.+-])[\w.+-]*+@(?:[^\W\u3040-\u9fff]|[.-])++",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"[\s!-@\[-`{-~]++")
_STRETCHED = re.compile(r"(\w{1,3}?)\1{2,}")  # "loooool", "hahahaha": no evidence of any language


class LangdetectDetector:
    """Tells languages with langdetect, and with the script alone where that decides.

    - Links, mail addresses and @mentions don't count, nor do repetitions.
    - A text of which under 60 % of the letters are of one script is `und`.
    - Hangul is Korean, kana Japanese, and so on (`LANGUAGE_OF_SCRIPT`), whatever the length. Han without
      kana is Chinese where Chinese is expected and Japanese is not. The confidence is the script's share.
    - Where English is expected, a text that is mostly common English words is English.
    - Otherwise langdetect chooses between the languages of the script; `zh-cn` and `zh-tw` are `zh`.

    Only the first 1,000 characters are looked at. Deterministic: the answer depends on nothing but the
    text and the arguments. Safe to call from many threads at once.

    Args:
        expected: ISO 639-1 codes of the languages of the site, `en` or `pt-BR`. They are the priors.
        min_letters: letters in different words that langdetect must have to go by; an ideograph is worth three.
        min_confidence: 0–1; what langdetect is less sure of is `und`.
    """

    def __init__(self, expected: Sequence[str], min_letters: int = 12, min_confidence: float = 0.6) -> None:
        codes = {_base(code) for code in expected}
        self._min_letters = min_letters
        self._min_confidence = min_confidence
        self._english = ENGLISH in codes
        self._sure_of_english = max(_ENGLISH_WORDS, min_confidence)
        self._decisive = LANGUAGE_OF_SCRIPT | ({"han": "zh"} if "zh" in codes and "ja" not in codes else {})
        self._priors = {family: _priors(family, codes) for family in FAMILIES}
        for family, names in FAMILIES.items():
            if any(_base(name) in codes for name in names) and family not in self._decisive:
                factory(family)  # the profiles that the site needs load now, not with the first comment

    @property
    def name(self) -> str:
        """Name, version and seed of langdetect, and the version of what goes before it."""
        return f"langdetect {version('langdetect')} seed {SEED}, words 1"

    def detect(self, text: str) -> Language:
        """Tell the language of a normalised text; `und` with confidence 0 where it can't be told."""
        prose = _prose(text)
        dominant = dominant_script(prose)
        if dominant is None or dominant.share < _MIN_SHARE:
            return _UNKNOWN
        if dominant.script in self._decisive:
            return Language(self._decisive[dominant.script], dominant.share)
        if self._too_short(prose, dominant):
            return _UNKNOWN
        if (
            self._english
            and dominant.script == "latin"
            and (share := share_of_english(prose)) >= self._sure_of_english
        ):
            return Language(ENGLISH, share)
        found = self._ask_langdetect(dominant.script, prose)
        code = max(found, key=lambda name: found[name], default=UNDETERMINED)
        confidence = min(found.get(code, 0.0), 1.0)
        return Language(code, confidence) if confidence >= self._min_confidence else _UNKNOWN

    def _too_short(self, prose: str, dominant: Dominant) -> bool:
        words = dict.fromkeys(_BREAKS.split(prose.lower()))  # "lol lol lol lol" says no more than "lol"
        return weigh(" ".join(words)).get(dominant.script, 0.0) < self._min_letters

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


def _prose(text: str) -> str:
    prose = _NO_PROSE.sub(" ", text[:_MAX_CHARACTERS])
    prose = _STRETCHED.sub(r"\1\1", " ".join(prose.split()))[:_MAX_PROSE]
    # langdetect leaves out words in capitals, as abbreviations: of a shouted comment nothing would be left.
    shouted = sum(map(str.isupper, prose)) * 2 > sum(map(str.isalpha, prose))
    return prose.lower() if shouted else prose
