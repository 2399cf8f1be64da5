"""Finds links in a normalised text, bare domains among them, in linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from publicsuffixlist import PublicSuffixList

_MAX_HOST = 253  # RFC 1035: what is longer leads nowhere

# A label is of Latin letters or of others, so that the host in "naver.com에서" ends before the Korean particle.
# Labels are bounded, and start where no label could have started before: that makes the search linear.
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_OTHER = rf"[^\W_{_LATIN}]"
_LABEL = (
    rf"(?:[{_LATIN}0-9]{{1,63}}+(?:[-_]{{1,2}}+[{_LATIN}0-9]{{1,63}}+){{0,16}}+"
    rf"|{_OTHER}{{1,63}}+(?:-{{1,2}}+{_OTHER}{{1,63}}+){{0,16}}+)"
)
_START = rf"(?:(?<![{_LATIN}0-9])(?=[{_LATIN}0-9])|(?<!{_OTHER})(?={_OTHER}))"
_DOT = r"(?:\.|[\[({](?i:\.|dot)[\])}]|(?<=[A-Za-z0-9])。(?=[A-Za-z0-9]))"
_SCHEME = r"(?<![A-Za-z0-9])(?i:h(?:tt|xx)ps?|ftp)(?::|\[:\])[/\\]++"
# `http://good.com@evil.com` leads to evil.com. A browser takes a backslash for a slash.
_USER = r"(?:[^\s/\\?#<>\"@]*+@)*+"
# A path ends before what encloses links, before the next link of a list, and before Hangul, Han and kana,
# which follow it without a space. (Case must matter here: without it, `k` is also the Kelvin sign, U+212A.)
_PATH = r"[/\\?#](?:(?![,;|](?i:h(?:tt|xx)ps?:))[^\s<>\"`|\u1100-\U0010ffff])*+"
_PORT = r"(?::\d{1,5}+(?!\d))?"

_CANDIDATE = re.compile(
    rf"{_SCHEME}{_USER}(?:\[(?P<ipv6>[0-9A-Fa-f:.]++)\]|(?P<host>{_LABEL}(?:{_DOT}{_LABEL})*+))"
    rf"{_PORT}(?P<path>{_PATH})?"
    r"|@[\w.-]*+"  # mail addresses and mentions: taken, so that nothing in them is a bare domain
    rf"|(?://)?{_START}(?P<bare>{_LABEL}(?:{_DOT}{_LABEL})++){_PORT}(?P<bare_path>{_PATH})?"
)
_DOTS = re.compile(_DOT)
_AFTER_SCHEME = re.compile(rf"(?:{_SCHEME}|//)")
_PATH_START = re.compile(r"[/\\?#]")
_CLOSING = ".,;:!?'*_~"
_BRACKETS = ")]}"
_PUNYCODE = "xn--"

# Top-level domains that end a file's name, or begin a sentence or a time after a full stop without a space:
# `main.py`, "stop.it", "at 10.pm". They count with a scheme, `www.` or a path: `t.me/channel`.
_WORDS = frozenset(
    {
        *("ai", "app", "cc", "md", "mov", "pl", "ps", "py", "rs", "sh", "zip"),
        *("am", "are", "as", "at", "be", "can", "do", "here", "how", "in", "is", "it", "like", "me", "my"),
        *("next", "no", "now", "pm", "so", "to", "us", "you"),
    }
)
_CAPITALISED = frozenset(
    {"Com", "Net", "Org"}
)  # of all the others, a capital makes a new sentence: "end.Next"


@dataclass(frozen=True, slots=True)
class Link:
    """A link: where it stands in the text, `end` exclusive, and its host in lower-case ASCII."""

    start: int
    end: int
    host: str


def find_links(text: str) -> Iterator[Link]:
    """Find every link, each time it appears, in order.

    With a scheme (`http`, `https`, `ftp`, `hxxp`), any host counts: IP addresses, `localhost`. Without one, a
    domain counts if the public suffix list knows what it ends in (`.co.za`; nobody registers right under `.za`);
    one whose top-level domain is also a common word or the ending of a file's name needs `www.` or a path. Dots
    may be written as `[.]`, `(dot)` or `。`.
    Mail addresses are no links.
    """
    for found in _CANDIDATE.finditer(text):
        if found["ipv6"]:
            yield Link(found.start(), _end(found, "path"), found["ipv6"].lower())
        elif found["host"]:
            host = _DOTS.sub(".", found["host"])
            if len(host) <= _MAX_HOST:
                yield Link(found.start(), _end(found, "path"), ascii_host(host))
        elif found["bare"]:
            yield from _bare(found)


def find_paths(text: str) -> Iterator[tuple[int, int]]:
    """Find what follows the host of each link: path, query and fragment, `end` exclusive, in order."""
    for link in find_links(text):
        after_scheme = _AFTER_SCHEME.match(text, link.start, link.end)
        path = _PATH_START.search(text, after_scheme.end() if after_scheme else link.start, link.end)
        if path:
            yield path.start(), link.end


def _bare(found: "re.Match[str]") -> Iterator[Link]:
    """Keep as much of a dotted word as is a domain: in "see example.com.Then", the last part is none."""
    written, end, tail = found["bare"], _end(found, "bare_path"), bool(found["bare_path"])
    if found.string[found.end() : found.end() + 1] == "@" or len(_DOTS.sub(".", written)) > _MAX_HOST:
        return
    dots = list(_DOTS.finditer(written))
    while dots and not _ends_domain(written, dots, certain=tail or written[:4].lower() == "www."):
        last = dots.pop()
        written, tail = written[: last.start()], False
        end = found.start("bare") + len(written)
    if dots:
        yield Link(found.start(), end, ascii_host(_DOTS.sub(".", written)))


def _ends_domain(written: str, dots: "list[re.Match[str]]", *, certain: bool) -> bool:
    begin = dots[-2].end() if len(dots) > 1 else 0
    before, label = written[begin : dots[-1].start()], written[dots[-1].end() :]
    lower = label.lower()
    if not _has_public_suffix(f"{before}.{label}".lower()):
        return False
    return certain or (lower not in _WORDS and (not label.istitle() or label in _CAPITALISED))


def _end(found: "re.Match[str]", group: str) -> int:
    """Where the link ends: not with the punctuation of the sentence, nor the bracket around it."""
    path = found[group] or ""
    closing = _CLOSING if any(map(path.__contains__, "([{")) else _CLOSING + _BRACKETS
    return found.end() - len(path) + len(path.rstrip(closing))


def ascii_host(host: str) -> str:
    """Write a host as the domain name system does: lower case, other alphabets in punycode."""
    if host.isascii():
        return host.lower()
    import idna  # noqa: PLC0415 - its tables take longer to load than most comments to check

    try:
        return idna.encode(host, uts46=True, transitional=False).decode()
    except idna.IDNAError:  # not a name that anyone could register, but a link to the reader
        return ".".join(map(_punycode, host.lower().split(".")))


def _punycode(label: str) -> str:
    return label if label.isascii() else f"{_PUNYCODE}{label.encode('punycode').decode()}"


def _has_public_suffix(domain: str) -> bool:
    """Tell whether the public suffix list knows what a domain, in lower case, ends in."""
    before, _, last = domain.rpartition(".")
    if last.startswith(_PUNYCODE):
        last = _decoded(last)
    return _public_suffixes().publicsuffix(f"{before}.{last}", accept_unknown=False) is not None


def _decoded(label: str) -> str:
    try:
        return label.removeprefix(_PUNYCODE).encode().decode("punycode").lower()
    except UnicodeError:  # no punycode after all
        return label


@cache
def _public_suffixes() -> PublicSuffixList:
    """Read the part of the public suffix list that names registries, as written.

    To have every name in punycode too takes three times as long.
    """
    return PublicSuffixList(only_icann=True, accept_encoded_idn=False)
