"""What scores depend on that is neither the model nor its engine: for a decision's record."""

import platform
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

_CPU = Path("/proc/cpuinfo")

_ARITHMETIC = (
    "avx",
    "avx2",
    "fma",
    "avx512f",
    "avx512_vnni",
    "avx_vnni",
    "amx_int8",
    "amx_bf16",
    "asimddp",
    "i8mm",
    "sve",
)
"""Instructions by which engines choose how to add up; another order, another last digit."""

TOKENIZERS: Final = f"tokenizers {version('tokenizers')}"


@lru_cache(maxsize=1)
def instructions() -> frozenset[str]:
    """Return the words of /proc/cpuinfo, the processor's instructions among them; none where nobody can tell."""
    try:
        return frozenset(_CPU.read_text(encoding="utf-8").split())
    except OSError:
        return frozenset()


def processor() -> str:
    """Name the processor by what changes a sum: `x86_64 avx avx2 fma`."""
    return " ".join([platform.machine(), *(name for name in _ARITHMETIC if name in instructions())])
