"""What a plain word of YAML 1.2 stands for."""

from collections.abc import Callable, Mapping
from typing import Any


def _integer(text: str) -> int:
    """Read a YAML 1.2 integer: `0o17` and `0x1f` beside decimals, where a leading 0 means nothing."""
    plain = text.replace("_", "").lower()
    bases = {"0o": 8, "0x": 16, "0b": 2}
    return int(plain, bases.get(plain.lstrip("+-")[:2], 10))


def _real(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _boolean(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


SCALARS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "timestamp": str,
    "int": _integer,
    "float": _real,
    "bool": _boolean,
    "null": lambda _: None,
}
"""Reads the text of a scalar, by the name of its tag in YAML's core schema; `ValueError` if it is none."""
