"""Conditions on text: words, phrases and patterns in the body, the author's name or the thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import override

from moderation.domain import Span
from moderation.rules.conditions.base import Answer, Holds, No
from moderation.rules.conditions.domains import DomainCondition, domain_condition
from moderation.rules.conditions.facts import Facts
from moderation.rules.conditions.keys import LINKS, TextKey, is_text_key, parse_text_key
from moderation.rules.conditions.patterns import Pattern, Where, compile_pattern
from moderation.rules.conditions.sought import Sought, View
from moderation.rules.conditions.values import Written, values_of
from moderation.rules.reading.faults import Fault, quoted, refuse
from moderation.rules.values.editing import AS_TEXTS
from moderation.rules.values.sections import Section
from moderation.text import normalise

MAX_SHOWN = 5  # texts that are quoted as evidence
_LONGEST = 80  # characters of each
_TEXTS = "\0texts"  # no key that stands in a file


@dataclass(frozen=True)
class TextCondition:
    """Something that stands in a field, or, negated, doesn't."""

    key: str
    negated: bool
    sought: Sought

    @property
    def placeholders(self) -> list[str]:
        """What was found, by field too."""
        return [] if self.negated else ["match", *(f"match-{view.field}" for view in self.sought.views)]

    def hit(self, facts: Facts) -> Answer:
        """Look up what was found."""
        texts: list[str] = []
        fills: dict[str, str] = {}
        spans: set[Span] = set()
        unknown = False
        for view in self.sought.views:
            found = facts.found(self.sought, view)
            if found is None:
                unknown = True
                continue
            text = facts.view(view) or ""
            here = [text[place.start : place.end] for place in found]
            if here:
                fills |= {"match": fills.get("match", here[0]), f"match-{view.field}": here[0]}
            texts += here
            spans |= {span for place in found if (span := facts.span(view, place))}
        if not texts:
            return self._nothing(unknown=unknown)
        if self.negated:
            return No.MISS
        quoted = list(dict.fromkeys(text[:_LONGEST] for text in texts))[:MAX_SHOWN]
        return Holds({self.key: quoted}, tuple(sorted(spans)), fills)

    def _nothing(self, *, unknown: bool) -> Answer:
        if unknown:
            return No.UNKNOWN
        return Holds({self.key: []}) if self.negated else No.MISS


def text_condition(written: object) -> TextCondition | DomainCondition:
    """Check and prepare a text condition."""
    if not isinstance(written, Written):
        raise refuse(Fault("this is no text condition", "write `body: [word, another word]`"))
    key = parse_text_key(written.key, written.aliases)
    faults = list(key) if isinstance(key, list) else []
    values = values_of(written, faults)
    if isinstance(key, list):
        raise refuse(*faults)
    condition = _condition(key, values, faults)
    if faults:
        raise refuse(*faults)
    return condition


def _condition(
    key: TextKey, values: list[tuple[int | None, str]], faults: list[Fault]
) -> TextCondition | DomainCondition:
    """Prepare a condition; what is wrong with it goes to `faults`."""
    if key.fields == (LINKS,):
        if key.original:
            hint = "delete the modifier: a domain is always in lower-case ASCII"
            faults.append(Fault(f"`original` does not fit `{LINKS}`", hint, key=True, part="original"))
        if not (key.where or key.regex or key.cased):
            return DomainCondition(key.written, key.negated, domain_condition(values, faults))
        return DomainCondition(key.written, key.negated, sought=_sought(key, values, faults))
    return TextCondition(key.written, key.negated, _sought(key, values, faults))


def _sought(key: TextKey, values: list[tuple[int | None, str]], faults: list[Fault]) -> Sought:
    where = key.where or Where.WORD
    words: list[str] = []
    patterns: list[Pattern] = []
    for place, value in values:
        at = () if place is None else (place,)
        try:
            if key.regex:
                patterns.append(compile_pattern(value, where, cased=key.cased))
            else:
                words.append(_as_read(value, original=key.original))
        except PydanticCustomError as error:
            found: tuple[Fault, ...] = (error.context or {})["faults"]
            faults += [Fault(one.message, one.hint, at, part=one.part) for one in found]
    views = tuple(View(field, key.original) for field in key.fields)
    texts = tuple(one.text for one in patterns)
    return Sought(views, where, key.cased, tuple(dict.fromkeys(words)), tuple(patterns), texts)


def _as_read(word: str, *, original: bool) -> str:
    """Normalise a word as the text is in which it is looked for; blanks at its ends stay."""
    if original:
        return word
    read = normalise(word).text.replace("\n", " ")
    if not read:
        raise refuse(
            Fault(f"nothing of {quoted(word)} is left in a normalised text", "add the modifier `(original)`")
        )
    before, after = word[0].isspace(), word[-1].isspace()
    return f"{' ' if before else ''}{read}{' ' if after else ''}"


class TextKeys(Section):
    """A map that may hold text conditions beside its fixed keys."""

    aliases: ClassVar[Mapping[str, str]] = {}
    texts: dict[str, Annotated[TextCondition | DomainCondition, PlainValidator(text_condition), AS_TEXTS]] = (
        Field(default_factory=dict, alias=_TEXTS, description="conditions on text")
    )

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        if not isinstance(data, dict):
            return data
        texts = {
            key: Written(key, value, cls.aliases)
            for key, value in data.items()
            if cls._is_text(str(key), value)
        }
        return {**{key: data[key] for key in data if key not in texts}, **({_TEXTS: texts} if texts else {})}

    @classmethod
    def _is_text(cls, key: str, value: object) -> bool:
        del value  # for subclasses in which it matters
        return is_text_key(key, cls.aliases)

    @classmethod
    @override
    def known_keys(cls) -> list[str]:
        """List the keys that may stand here, but for modifiers."""
        own = [key for key in super().known_keys() if key != _TEXTS]
        return list(dict.fromkeys([*own, *cls.aliases]))
