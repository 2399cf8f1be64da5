"""Chooses and fills the sentence that tells an author why a rule fired."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from moderation.domain import Action
from moderation.rules.sentences import TONGUES, Tongue
from moderation.rules.values.durations import UNITS

FALLBACK = "en"
"""Language of the sentences where there are none in the author's or the site's."""

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
"""A place in an `explain` that is filled: `{{match}}`."""

_LONGEST = 40  # characters of the author's text that are filled in
_ENOUGH_SAID = frozenset({"length.empty", "length.too_short", "length.too_long", "length.too_large"})


@dataclass(frozen=True, slots=True)
class Times:
    """How often something happened, to be said as `once` or `3 times`."""

    number: int


def preferred_languages(*locales: str | None) -> Iterator[str]:
    """Yield languages to try, best first: each locale, then its language without the region, at last English."""
    for locale in locales:
        if locale:
            exact = locale.replace("_", "-").lower()
            yield exact
            yield exact.split("-", 1)[0]
    yield FALLBACK


def say_why(sentence: str, *locales: str | None, **values: object) -> str:
    """Tell an author why a built-in rule fired.

    Args:
        sentence: key of the sentence.
        locales: the author's locale, then the site's; `None` is unknown.
        values: numbers, durations (`timedelta`) and languages (a tuple of codes) that the sentence names.
    """
    tongue = _tongue(*locales)
    said = tongue.sentences[sentence]
    if "{" in said:
        said = said.format_map({name: _phrase(value, tongue) for name, value in values.items()})
    return said


def say_what_happens(sentence: str, action: Action, *locales: str | None) -> str:
    """Tell an author what happens to the comment, after the sentence that says why; may be empty."""
    tongue = _tongue(*locales)
    if action is Action.REJECT and sentence in _ENOUGH_SAID:
        return ""  # what would pass is said already
    calmer = f" {tongue.reworded}" if action is Action.REJECT and sentence.startswith("toxicity.") else ""
    return f" {tongue.after[action]}{calmer}"


@lru_cache(maxsize=256)
def _tongue(*locales: str | None) -> Tongue:
    return next(TONGUES[code] for code in preferred_languages(*locales) if code in TONGUES)


def own_explanation(
    sentences: Mapping[str, str], *locales: str | None, fills: Mapping[str, str] | None = None
) -> str | None:
    """Choose a site's own sentence; the first one where none is in a language wanted; `None` if there is none.

    Args:
        sentences: one for each locale.
        locales: the author's locale, then the site's; `None` is unknown.
        fills: what stands for the placeholders, some of it the author's own text.
    """
    own = {locale.replace("_", "-").lower(): sentence for locale, sentence in sentences.items()}
    chosen = next(
        (own[code] for code in preferred_languages(*locales) if code in own), next(iter(own.values()), None)
    )
    return fill_placeholders(chosen, fills or {}) if chosen and "{{" in chosen else chosen


def fill_placeholders(sentence: str, fills: Mapping[str, str]) -> str:
    """Put texts in the place of `{{name}}`: in one pass, so that nothing in them is a placeholder again."""
    return PLACEHOLDER.sub(lambda found: _short(fills.get(found[1].strip().lower(), "")), sentence)


def _short(text: str) -> str:
    """Show a text within a sentence: on one line, without what hides or turns it, and not long."""
    visible = "".join(
        " " if char.isspace() else char for char in text if char.isspace() or char.isprintable()
    )
    plain = " ".join(visible.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def _phrase(value: object, tongue: Tongue) -> str:
    if isinstance(value, timedelta):
        return _time(value, tongue)
    if isinstance(value, Times):
        return tongue.times(value.number)
    if isinstance(value, tuple):
        return tongue.either.join(tongue.names.get(code, code) for code in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _time(value: timedelta, tongue: Tongue) -> str:
    """Write a duration in the largest unit that leaves no fraction."""
    seconds = max(1, round(value.total_seconds()))
    unit = next(unit for unit in reversed(UNITS) if seconds % UNITS[unit] == 0)
    return tongue.time(seconds // UNITS[unit], unit)
