"""Values of text conditions, as they stand in rules.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.rules.reading.faults import Fault, kind_of_value, quoted


@dataclass(frozen=True, slots=True)
class Written:
    """A text condition as it stands in rules.yaml."""

    key: str
    value: Any
    aliases: Mapping[str, str]


def values_of(written: Written, faults: list[Fault]) -> list[tuple[int | None, str]]:
    """List the values, each with its place in the list."""
    value = written.value
    if isinstance(value, str):
        listed: list[tuple[int | None, object]] = [(None, value)]
    elif isinstance(value, list) and value:
        listed = list(enumerate(value))
    elif isinstance(value, list):
        faults.append(Fault("this list is empty: nothing is looked for", "write a word, or delete the line"))
        return []
    else:
        wrote = quoted(value) if isinstance(value, (bool, int, float)) else kind_of_value(value)
        hint = (
            f'write "{str(value).lower() if isinstance(value, bool) else value}"' if wrote[0] == "`" else ""
        )
        faults.append(Fault(f"text or a list of texts must stand here, not {wrote}", hint or _EXAMPLE))
        return []
    texts = []
    for place, one in listed:
        at = () if place is None else (place,)
        if isinstance(one, str) and one:
            texts.append((place, one))
        elif isinstance(one, str):
            faults.append(Fault("an empty text is in every comment", "write a word, or delete it", at))
        elif one is not None or place is not None:
            wrote = quoted(one) if isinstance(one, (bool, int, float)) else kind_of_value(one)
            faults.append(Fault(f"text must stand here, not {wrote}", "put it in quotes", at))
    return texts


_EXAMPLE = "write `body: word`, or `body: [word, another word]`"
