"""What an edit changed in a text, word by word, as HTML that can only be read."""

import re
from difflib import SequenceMatcher
from html import escape

from moderation.text.visible import visible

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LONGEST = 4_000  # code points; the comparison's time grows with the square of them
_BOX = "white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; line-height: 1.6"
_ADDED = "background: rgba(33, 195, 84, 0.28); text-decoration: none; unicode-bidi: isolate"
_REMOVED = "background: rgba(255, 75, 75, 0.28); unicode-bidi: isolate"


def changed(before: str, after: str) -> str:
    """Return the later text, with what was added marked, and what was removed struck through in its place."""
    old, new = _WORDS.findall(before[:_LONGEST]), _WORDS.findall(after[:_LONGEST])
    parts = []
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        removed, added = _inert(old[a:b]), _inert(new[c:d])
        if kind == "equal":
            parts.append(added)
            continue
        parts += [f'<del style="{_REMOVED}">{removed}</del>'] if removed else []
        parts += [f'<ins style="{_ADDED}">{added}</ins>'] if added else []
    return f'<div dir="auto" style="{_BOX}">{"".join(parts)}</div>'


def _inert(words: list[str]) -> str:
    return escape(visible("".join(words), keep="\n"))
