"""The checks of an AutoModerator rule as conditions of ours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from moderation.importers.automoderator.pages import PageKey, PageRule, parse_page_key
from moderation.importers.automoderator.patterns import is_of_the_original, means_another, to_re2
from moderation.importers.automoderator.words import (
    AUTHOR_FLAGS,
    EFFECTS,
    FLAGS,
    KARMA,
    LENGTHS,
    MATCHING,
    POSTS_ONLY,
    UNITS,
)
from moderation.rules.conditions import When
from moderation.rules.reading.faults import FAULT, quoted

_AGE = re.compile(r"\s*(?P<sign>[<>]=?|=)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*)\s*", re.IGNORECASE)
_AS_WRITTEN = frozenset({"body", "author.name"})  # fields that can be looked at before normalising
_TRUE_OR_FALSE = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class NoEquivalentError(Exception):
    """A check can't be said here; the message says why."""


class Conditions:
    """Collects the conditions of one rule, and what is missing for it to be the same.

    Attributes:
        when: the conditions, as they stand in rules.yaml.
        missing: line and text of each check that has no equivalent.
        notes: line and text of what an admin should know of the others.
        of_posts: whether it checks what only a post has.
    """

    def __init__(self, rule: PageRule) -> None:
        self._rule = rule
        self.when: dict[str, Any] = {}
        self.missing: list[tuple[int, str]] = []
        self.notes: list[tuple[int, str]] = []
        self.of_posts = False

    def add(self, written: str, value: object) -> None:
        """Take one check."""
        try:
            self._add(written, value)
        except NoEquivalentError as reason:
            self._miss(reason, written)

    def _miss(self, reason: object, *path: str) -> None:
        self.missing.append((self._rule.line_of(*path), f"`{'.'.join(path)}`: {reason}"))

    def _add(self, written: str, value: object) -> None:
        if written in FLAGS:
            self._keep(written, _flag(value))
        elif written in LENGTHS:
            self._keep(written, value)
        elif written == "reports":
            self._keep(written, f">= {value}")
        elif written == "ignore_blockquotes":
            if _flag(value):
                raise NoEquivalentError("text in quotes is looked at here too")
        elif written in {"author", "~author"} and not isinstance(value, dict):
            self._text(PageKey(("author.name",), written.startswith("~"), ("full-exact",)), value)
        elif written == "author" and isinstance(value, dict):
            self._author(value)
        elif written == "parent_submission" and isinstance(value, dict):
            self._parent(value)
        elif key := parse_page_key(written):
            self._fields(key, value)
        else:
            raise NoEquivalentError("this key can't be read")

    def _fields(self, key: PageKey, value: object) -> None:
        """Take a search in fields, of which a comment has but one."""
        if "body" in key.fields:
            self._text(PageKey(("body",), key.negated, key.modifiers), value)
        elif key.fields == ("domain",):
            self._text(PageKey(("links.domain",), key.negated, key.modifiers), value)
            raise NoEquivalentError("on Reddit this is where a post leads to; here, the links in a comment")
        elif set(key.fields) <= POSTS_ONLY:
            self.of_posts = True
        else:
            raise NoEquivalentError("there is no such condition here")

    def _parent(self, value: Mapping[str, Any]) -> None:
        checks = [f"`{name}`" for name in value if name not in EFFECTS]
        if checks:
            raise NoEquivalentError(
                f"nothing here looks at the post that a comment belongs to: {', '.join(checks)}"
            )

    def _author(self, value: Mapping[str, Any]) -> None:
        group: dict[str, Any] = {}
        for written, wanted in value.items():
            try:
                self._of_author(written, wanted, group)
            except NoEquivalentError as reason:
                self._miss(reason, "author", written)
        thresholds = {"account_age"} & set(group)
        if not thresholds:
            group.pop("satisfy_any_threshold", None)  # of nothing
        if group:
            self._keep("author", group)

    def _of_author(self, written: str, wanted: object, group: dict[str, Any]) -> None:
        key = parse_page_key(written)
        if written in EFFECTS:
            return
        if written == "account_age":
            group[written] = _age(wanted)
        elif written in AUTHOR_FLAGS:
            group[AUTHOR_FLAGS[written]] = flag = _flag(wanted)
            if not flag:
                told = f"`author.{written}: false`: true only of authors of whom your site says so; unknown is neither"
                self.notes.append((self._rule.line_of("author", written), told))
        elif written == "satisfy_any_threshold":
            if _flag(wanted):
                group[written] = True
        elif key and key.fields == ("name",):
            modifiers = (
                key.modifiers if set(MATCHING) & set(key.modifiers) else (*key.modifiers, "full-exact")
            )
            self._text(PageKey(("author.name",), key.negated, modifiers), wanted)
        elif written in KARMA:
            raise NoEquivalentError(
                "there is no karma here; `approved_comments` or `rejection_rate` may serve"
            )
        else:
            raise NoEquivalentError("this is not known of an author here")

    def _text(self, key: PageKey, value: object) -> None:
        """Take a search, without those of its values that can't be searched for here."""
        texts = list(_texts(value))
        regex = "regex" in key.modifiers
        if key.fields[0] in _AS_WRITTEN and any(is_of_the_original(text, regex=regex) for text in texts):
            key = PageKey(key.fields, key.negated, (*key.modifiers, "original"))
        written = self._unused(key)
        ours = {text: to_re2(text) if regex else text for text in texts}
        refused = {text: reason for text in texts if (reason := _refused(written, ours[text], regex=regex))}
        good = [ours[text] for text in texts if text not in refused]
        if good:
            self._keep(written, good[0] if len(good) == 1 else good)
        if refused or not texts:
            reasons = [f"without {quoted(text)}: {reason}" for text, reason in refused.items()]
            raise NoEquivalentError("; ".join(reasons) or "it looks for nothing")

    def _unused(self, key: PageKey) -> str:
        """Write a key of ours that the rule doesn't have yet."""
        modifiers = [word for word in dict.fromkeys(key.modifiers) if word != "includes-word"]
        behind = f" ({', '.join(modifiers)})" if modifiers else ""
        before = f"{'~' if key.negated else ''}{key.fields[0]}"
        numbers = ("", *(f"#{number}" for number in range(2, 1000)))
        return next(name for number in numbers if (name := f"{before}{number}{behind}") not in self.when)

    def _keep(self, name: str, value: object) -> None:
        if reason := why_not({name: value}):
            raise NoEquivalentError(reason)
        self.when[name] = value


def why_not(when: Mapping[str, Any]) -> str:
    """Say why conditions can't stand in rules.yaml; nothing if they can."""
    try:
        When.model_validate(dict(when))
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        if found["type"] == FAULT:
            return str(found["ctx"]["faults"][0].message)
        return f"{quoted(found['input'])} can't stand here"
    return ""


def _refused(written: str, text: str, *, regex: bool) -> str:
    if "{{" in text:
        return "placeholders are not filled in here"
    return why_not({written: text}) or (means_another(text) if regex else "")


def _texts(value: object) -> Iterator[str]:
    """Yield what is looked for as text: YAML makes numbers of some."""
    for one in value if isinstance(value, Sequence) and not isinstance(value, str) else [value]:
        if one is not None and not isinstance(one, (dict, list)):
            yield str(one).lower() if isinstance(one, bool) else str(one)


def _flag(value: object) -> bool:
    meant = _TRUE_OR_FALSE.get(str(value).lower())
    if meant is None:
        raise NoEquivalentError(f"{quoted(value)} is neither true nor false")
    return meant


def _age(value: object) -> str:
    """Write an age with a unit of ours; without one AutoModerator counts days."""
    match = _AGE.fullmatch(str(value))
    unit = match and UNITS.get((match["unit"].lower() or "day").removesuffix("s"))
    if not match or not unit:
        raise NoEquivalentError(f"{quoted(value)} can't be read as an age")
    ours, times = unit
    number = float(match["number"]) * times
    return f"{match['sign']} {number:g} {ours}{'' if number == 1 else 's'}"
