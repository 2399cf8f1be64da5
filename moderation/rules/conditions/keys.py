"""Keys of text conditions, after AutoModerator: `~body+author.name#2 (regex, includes)`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from moderation.rules.conditions.patterns import Where
from moderation.rules.reading.faults import Fault, either_of, nearest_word, quoted, suggestion

LINKS = "links.domain"
FIELDS = ("body", "author.name", "thread", LINKS)
"""What text conditions can look at."""

MODIFIERS = (*Where, "regex", "case-sensitive", "original")
"""What can stand in the brackets after a key."""

_KEY = re.compile(
    r"(?P<not>~?)\s*(?P<fields>[^\s#(~]*)\s*(?:#(?P<number>[^\s(]*))?\s*(?:\((?P<modifiers>[^()]*)\))?\s*"
)
MEANT = {
    "title": "body",
    "text": "body",
    "selftext": "body",
    "domain": LINKS,
    "url": LINKS,
    "user": "author.name",
    "username": "author.name",
    "id": "thread",
    "parent": "thread",
}
"""What other systems call the fields."""

_MEANT_MODIFIERS = {
    "word": "includes-word",
    "contains": "includes",
    "regexp": "regex",
    "regular-expression": "regex",
    "exact": "full-exact",
    "full": "full-text",
    "raw": "original",
}


@dataclass(frozen=True, slots=True)
class TextKey:
    """A key, taken apart.

    Attributes:
        written: as it stands in rules.yaml.
        fields: what is looked at.
        negated: whether it holds where nothing is found.
        where: where in the field something must stand; `None` if the key doesn't say.
        regex: whether the values are patterns.
        cased: whether capitals matter.
        original: whether the text is seen as it was written.
    """

    written: str
    fields: tuple[str, ...]
    negated: bool
    where: Where | None
    regex: bool
    cased: bool
    original: bool


def is_text_key(key: str, aliases: Mapping[str, str]) -> bool:
    """Whether a key is meant as a text condition: it names one's field, or has a modifier, number or `~`."""
    match = _KEY.fullmatch(key)
    if any(char in key for char in "~#(+"):
        return True
    return match is not None and match["fields"] in aliases


def parse_text_key(written: str, aliases: Mapping[str, str]) -> TextKey | list[Fault]:
    """Take a key apart, or say what is wrong with it.

    Args:
        written: the key.
        aliases: what fields are called in this place, with their full names: `name` within `author`.
    """
    match = _KEY.fullmatch(written)
    if match is None:
        example = "`body (regex)` or `~body#2 (includes, case-sensitive)`"
        return [Fault(f"{quoted(written)} is no key of a text condition", f"write it as {example}", key=True)]
    names = [aliases.get(name, name) for name in match["fields"].split("+")]
    modifiers = [word.strip() for word in (match["modifiers"] or "").split(",")]
    given = [word for word in modifiers if word]
    faults = [*_wrong_fields(names, aliases), *_wrong_modifiers(given, match["modifiers"])]
    if faults:
        return faults
    where = next((Where(word) for word in given if word in set(Where)), None)
    return TextKey(
        written,
        tuple(dict.fromkeys(names)),
        bool(match["not"]),
        where,
        "regex" in given,
        "case-sensitive" in given,
        "original" in given,
    )


def _wrong_fields(names: list[str], aliases: Mapping[str, str]) -> list[Fault]:
    found = []
    for name in names:
        if name in FIELDS:
            continue
        if not name:
            found.append(Fault("this key names no field", f"use {either_of(FIELDS)}", key=True))
            continue
        if name in _NO_TEXT:
            hint = f"to turn it round, write `not: {{{name}: …}}`; else compare: `{name}: {_NO_TEXT[name]}`"
            found.append(Fault(f"`{name}` takes no `~`, number or modifier", hint, key=True, part=name))
            continue
        close = MEANT.get(name.lower()) or nearest_word(name, [*aliases, *FIELDS])
        hint = f"did you mean `{close}`?" if close else f"use {either_of(FIELDS)}"
        found.append(Fault(f"{quoted(name)} is no text that a rule can look at", hint, key=True, part=name))
    if LINKS in names and len(names) > 1 and not found:
        found.append(
            Fault(
                f"`{LINKS}` can't be joined with other fields", "write two conditions", key=True, part=LINKS
            )
        )
    return found


_NO_TEXT = {
    "links": '"> 2"',
    "author": "{is_trusted: true}",
    "scores": '{toxicity: ">= 0.4"}',
    "language": "[en, ~de]",
    "language_confidence": '"< 0.7"',
    "words": "my_list",
    "repeated": '">= 2 in 10 minutes"',
    "time": '{after: "22:00"}',
    "reports": '">= 3"',
    "body_longer_than": "500",
    "body_shorter_than": "20",
    "is_top_level": "true",
    "is_edited": "true",
    "check_outcome": "{toxicity: failed}",
    "account_age": '"< 3 days"',
    "approved_comments": '"< 5"',
    "rejection_rate": '"> 30 %"',
    "is_trusted": "true",
    "is_moderator": "true",
}


def _wrong_modifiers(given: list[str], brackets: str | None) -> list[Fault]:
    if brackets is not None and not given:
        return [Fault("these brackets are empty", f"write {either_of(MODIFIERS)}, or delete them", key=True)]
    found = [
        Fault(f"{quoted(word)} is no modifier", _meant(word), key=True, part=word)
        for word in given
        if word not in MODIFIERS
    ]
    twice = [word for place, word in enumerate(given) if word in given[:place]]
    found += [Fault(f"{quoted(word)} stands here twice", "delete one", key=True) for word in twice[:1]]
    places = [word for word in dict.fromkeys(given) if word in set(Where)]
    if len(places) > 1:
        found.append(
            Fault(
                f"`{places[0]}` and `{places[1]}` exclude each other",
                "keep one, or write a second condition such as `body#2`",
                key=True,
                part=places[1],
            )
        )
    return found


def _meant(word: str) -> str:
    plain = word.lower().replace("_", "-").replace(" ", "-")
    if plain in MODIFIERS or plain in _MEANT_MODIFIERS:
        return f"did you mean `{_MEANT_MODIFIERS.get(plain, plain)}`?"
    return suggestion(plain, MODIFIERS)
