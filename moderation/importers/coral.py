"""Turns the settings of Coral, the comment system of many newsrooms, into rules."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from moderation.disguise import parse_list
from moderation.errors import ImportFileError
from moderation.importers.imported import ImportedRules, Note
from moderation.importers.writing import write_rules
from moderation.perspective_names import ATTRIBUTE_OF
from moderation.rules.values.languages import CODES

_THRESHOLD, _REJECTED = 0.8, 0.3  # Coral's own, where none are set
_NO_LIMIT = 100_000  # graphemes: the most that a ruleset takes
_DAY = 86_400
_ELSEWHERE = {
    "integrations.akismet.enabled": "Akismet has no equivalent: no check here looks for spam by what others saw",
    "integrations.external.phases": "external moderation phases have no equivalent",
    "premoderateAllCommentsSites": "pre-moderation of some sites has no equivalent: give those a ruleset of their own",
    "newCommenters.moderation.premodSites": "pre-moderation of newcomers on some sites applies to all of them here",
    "emailDomainModeration": "e-mail domains are not known here",
}


def import_coral(text: str) -> ImportedRules:
    """Translate settings as Coral's GraphQL API gives them.

    Args:
        text: JSON: the settings, or an answer that holds them under `data` or `settings`.

    Raises:
        ImportFileError: it is no JSON, or holds no settings of Coral's.
    """
    return _Translation(_settings(text)).result()


def _settings(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportFileError(f"this is no JSON ({error})", hint="export Coral's settings as JSON") from None
    for key in ("data", "settings", "tenant"):
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
    if not isinstance(found, dict) or not {"wordList", "integrations", "charCount", "newCommenters"} & set(
        found
    ):
        raise ImportFileError(
            "these are no settings of Coral's: there is no `wordList`, `integrations`, `charCount` or `newCommenters`",
            hint="query `{ settings { … } }` of Coral's GraphQL API, and save the answer",
        )
    return found


class _Translation:
    """Builds a ruleset, section by section, and notes what gets lost on the way."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._rules: list[dict[str, Any]] = []
        self._lists: dict[str, str] = {}
        self._notes: list[Note] = []

    def result(self) -> ImportedRules:
        document = {
            "version": 1,
            **self._language(),
            "length": self._length(),
            "repetition": {"window": "6 hours", "author": 1, "thread": False, "min_length": 1},
            "toxicity": self._toxicity(),
        }
        self._words()
        self._authors()
        self._all_and_links()
        for path, message in _ELSEWHERE.items():
            if self._get(path):
                self._note(path, message)
        if self._lists:
            document["word_lists"] = {name: f"lists/{name}.txt" for name in self._lists}
        if self._rules:
            document["rules"] = self._rules
        files = {f"lists/{name}.txt": content for name, content in self._lists.items()}
        return ImportedRules(write_rules(document), files, tuple(self._notes), live=len(self._rules))

    def _get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Follow keys; `None` where one is missing."""
        value: Any = self._settings
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def _number(self, path: str) -> float | None:
        value = self._get(path)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        return value if is_number else None

    def _share(self, path: str, usual: float) -> float:
        """Return a number from 0 to 1; more than 1 is a percentage."""
        value = self._number(path)
        value = usual if value is None else value
        return round(min(max(value / 100 if value > 1 else value, 0.0), 1.0), 4)

    def _count(self, path: str) -> int | None:
        value = self._number(path)
        return int(value) if value is not None and 1 <= value <= _NO_LIMIT else None

    def _note(self, about: str, message: str) -> None:
        self._notes.append(Note(0, about, message))

    def _rule(self, name: str, when: Mapping[str, Any], action: str, note: str) -> None:
        self._rules.append({"name": name, "when": when, "action": action, "note": note})

    def _language(self) -> dict[str, Any]:
        """Coral judges nobody by language: it is told here only because the model needs it."""
        locale = str(self._get("locale") or "en")
        code = locale.split("-", maxsplit=1)[0].lower()
        if code not in CODES:
            self._note("locale", f"`{locale}` is not a language of ISO 639-1: English is taken")
            code = "en"
        return {"locale": code, "language": {"expected": [code], "unexpected": "approve"}}

    def _length(self) -> dict[str, Any]:
        if not self._get("charCount.enabled"):
            self._note(
                "charCount",
                f"Coral set no limit: comments may have {_NO_LIMIT:,} letters; choose a lower `max`",
            )
            return {"max": _NO_LIMIT}
        longest = self._count("charCount.max") or _NO_LIMIT
        return {"min": min(self._count("charCount.min") or 1, longest), "max": longest}

    def _toxicity(self) -> dict[str, Any] | bool:
        perspective = "integrations.perspective"
        if not self._get(f"{perspective}.enabled"):
            self._note(
                perspective, "was off, so `toxicity: false`: delete that line to have comments scored here"
            )
            return False
        named = str(self._get(f"{perspective}.model") or "TOXICITY").partition("@")[0]
        attribute = ATTRIBUTE_OF.get(named)
        if attribute is None:
            self._note(
                f"{perspective}.model", f"there is no attribute `{named}` here: toxicity is scored instead"
            )
        self._note(
            f"{perspective}.threshold",
            "another model scores here, so that the same threshold holds other comments: `moderation rules suggest "
            "--from-perspective` moves it",
        )
        self._note(perspective, "Coral published what could not be scored; here it is held, see `on_failure`")
        threshold = self._share(f"{perspective}.threshold", _THRESHOLD)
        return {"thresholds": {attribute or "toxicity": {"hold": threshold}}}

    def _words(self) -> None:
        suspect = "hold" if self._get("premoderateSuspectWords") else "flag"
        for key, action in (("banned", "reject"), ("suspect", suspect)):
            entries = list(self._entries(f"wordList.{key}"))
            if entries:
                self._lists[key] = "\n".join((f"# Coral's {key} words", *entries, ""))
                self._rule(f"{key}-words", {"words": key}, action, f"Coral's {key} words and phrases")

    def _entries(self, path: str) -> Iterator[str]:
        """Yield what a word list can hold, each entry once, and note the rest."""
        value = self._get(path)
        lines = value.split("\n") if isinstance(value, str) else value
        seen: set[str] = set()
        for line in lines if isinstance(lines, list) else []:
            entry = " ".join(str(line).split())
            parsed = parse_list(entry)
            if entry and entry.casefold() not in seen:
                if [found.text for found in parsed.entries] == [entry]:
                    yield entry
                else:
                    why = (
                        parsed.problems[0].message
                        if parsed.problems
                        else "`#` and `*` have a meaning in a word list"
                    )
                    self._note(path, f"`{entry}` was left out: {why}")
            seen.add(entry.casefold())

    def _authors(self) -> None:
        if self._get("newCommenters.premodEnabled"):
            least = self._count("newCommenters.approvedCommentsThreshold") or 1
            when = {"author": {"approved_comments": f"< {least}"}}
            self._rule("new-commenters", when, "hold", f"Coral: the first {least} comments of an author wait")
            self._note("newCommenters", "send `approved_comments` with each author, or the rule never fires")
        if self._get("recentCommentHistory.enabled"):
            rate = self._share("recentCommentHistory.triggerRejectionRate", _REJECTED)
            days = (self._number("recentCommentHistory.timeFrame") or 7 * _DAY) / _DAY
            when = {"author": {"rejection_rate": f">= {rate * 100:g} %"}}
            self._rule(
                "recent-history",
                when,
                "hold",
                f"Coral: authors of many rejected comments, over {days:g} days",
            )
            self._note(
                "recentCommentHistory",
                f"send `rejection_rate` with each author, counted over the last {days:g} days, or the rule never fires",
            )

    def _all_and_links(self) -> None:
        if self._get("premodLinksEnable"):
            self._rule("links", {"links": ">= 1"}, "hold", "Coral: comments with links wait")
        if self._get("moderation") == "PRE":
            self._rule(
                "pre-moderation", {"links": ">= 0"}, "hold", "Coral: every comment waits for a moderator"
            )
