"""How a value of rules.yaml is refused: in plain words, with a hint, at the place that is meant."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic_core import PydanticCustomError

from moderation.rules.reading.diagnostics import Severity

FAULT = "fault"
"""Type of the pydantic errors that carry faults."""

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value."""

_LONGEST = 40  # what of a value is quoted in a message


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: at a path from the value that is being looked at, or at the key that leads there.

    Attributes:
        part: what of the key or the value is meant, as it is written there; empty if it is all of it.
    """

    message: str
    hint: str = ""
    at: KeyPath = ()
    key: bool = False
    severity: Severity = Severity.ERROR
    part: str = ""


def refuse(*faults: Fault) -> PydanticCustomError:
    """Make the error that a validator raises to report faults of its own."""
    return PydanticCustomError(FAULT, "see faults", {"faults": faults})


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was most likely meant, if any is close."""
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Phrase the hint for an unknown word: the likely one, or all of them."""
    names = list(known)
    if close := nearest_word(word, names):
        return f"did you mean `{close}`?"
    return f"use {either_of(names)}" if names else ""


def either_of(names: Iterable[str]) -> str:
    """Join names for a sentence: `a`, `b` or `c`."""
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} or {last}" if most else last


def quoted(value: object) -> str:
    """Quote a value for a message: short, and on one line."""
    text = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[: _LONGEST - 1]}…`"


def kind_of_value(value: object) -> str:
    """Name what sort of value stands in the file."""
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (dict, "a map"),
        (list, "a list"),
        (bool, "true or false"),
        ((int, float), "a number"),
        (str, "text"),
    )
    return next((name for types, name in names if isinstance(value, types)), "nothing")


def one_of(
    what: str, options: Iterable[str], *, meant: Mapping[str, str] | None = None
) -> Callable[[object], str]:
    """Make a validator that takes one of a few words.

    Args:
        what: what the words name, with its article: `an action`.
        options: the words.
        meant: other systems' words for the same, to word that is right here.
    """
    known = tuple(options)
    others = meant or {}

    def validate(value: object) -> str:
        if isinstance(value, str) and value in known:
            return value
        if not isinstance(value, str):
            raise refuse(
                Fault(f"{what} must be a word, not {kind_of_value(value)}", f"use {either_of(known)}")
            )
        close = nearest_word(value, [*known, *others])
        hint = f"did you mean `{others.get(close, close)}`?" if close else f"use {either_of(known)}"
        raise refuse(Fault(f"{quoted(value)} is not {what}", hint))

    return validate
