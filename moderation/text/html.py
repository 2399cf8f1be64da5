"""What a reader sees of a comment that is kept as HTML: as browsers read it, in linear time."""

import re
from collections.abc import Iterator
from html import unescape

# Python's own `html.parser` takes six seconds for 10 kB of `<a `; this takes a millisecond. Whatever is never closed
# ends the reading, and the rest is taken as text: nothing that an author writes is hidden by what is missing.
_BLANK = r"[ \t\n\r\f]"
_ATTRIBUTE = (
    r"(?P<name>=[^ \t\n\r\f/>=]*+|[^ \t\n\r\f/>=]++)"
    rf"(?:{_BLANK}*+={_BLANK}*+(?P<value>\"[^\"]*+\"|'[^']*+'|[^ \t\n\r\f>\"'][^ \t\n\r\f>]*+|(?=>)))?"
)
_UNNAMED = re.sub(r"\?P<\w+>", "?:", _ATTRIBUTE)
_MARKUP = re.compile(
    rf"</?(?P<tag>[A-Za-z][^ \t\n\r\f/>]*+)(?P<attributes>(?:{_BLANK}++|/|{_UNNAMED})*+)>"
    r"|<!--(?:-?>|(?s:.*?)--!?>)"
    r"|<(?:[?!](?!--)|/(?![A-Za-z]))[^>]*+>"  # declarations and the like: comments to browsers
)
_OPENS = re.compile(r"<[A-Za-z/?!]")
_ATTRIBUTES = re.compile(_ATTRIBUTE)

_LINES = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "center",
            "dd",
            "details",
            "dialog",
            "div",
            "dl",
            "dt",
        ),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul"),
    }
)
"""Elements before and after which a line ends."""

_UNSEEN = {
    name: re.compile(rf"</{name}(?=[ \t\n\r\f/>])", re.IGNORECASE) for name in ("script", "style", "template")
}
"""Elements of whose content nothing is shown, with what ends them."""

_END = "\x1e"  # of a line, by an element; several in a row end it once
_ENDS = re.compile(rf"\n?(?: *{_END})+ *")
_BLANKS = re.compile(rf"{_BLANK}+")
_ADDRESS = re.compile(r"(?:https?|ftp):|//", re.IGNORECASE)
_SAID_WITHOUT = re.compile(r"(?:(?:https?|ftp):)?(?://)?(?:www\.)?", re.IGNORECASE)


def seen_of_html(markup: str) -> str:
    """Reduce HTML to the text that a reader sees, and the addresses that it leads to.

    Lines end where elements make them end, entities are what they stand for, and what is never shown is left out.
    An address that a link does not show is put below the text, on a line of its own: so the words stay as they are
    read, and every link is found once. Nothing that a text contains makes it raise.
    """
    reading = _Reading()
    for text, found in _cut(markup):
        reading.take_text(text)
        if found:
            reading.take_markup(found)
    return reading.seen()


def _cut(markup: str) -> Iterator[tuple[str, "re.Match[str] | None"]]:
    """Yield each stretch of text with the markup behind it; the last one has none."""
    begin = place = 0
    while opens := _OPENS.search(markup, place):
        found = _MARKUP.match(markup, opens.start())
        if found is None:
            break
        yield markup[begin : found.start()], found
        begin = place = found.end()
        name = (found["tag"] or "").lower()
        if name in _UNSEEN and found[0][1] != "/":
            ends = _UNSEEN[name].search(markup, begin)
            if ends is None:
                break
            begin = place = ends.start()
    yield markup[begin:], None


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._addresses: list[str] = []
        self._link = ""
        self._link_begin = 0  # the part with which the open link begins

    def take_text(self, text: str) -> None:
        self._parts.append(_BLANKS.sub(" ", _plain(text)))

    def take_markup(self, found: "re.Match[str]") -> None:
        name = (found["tag"] or "").lower()
        if name in _LINES:
            self._parts.append(_END)
        elif name == "br":
            self._parts.append("\n")
        elif name == "a":
            self._end_link()
            if found[0][1] != "/":
                self._link, self._link_begin = _address(found["attributes"]), len(self._parts)

    def seen(self) -> str:
        self._end_link()
        text = re.sub(" *\n *", "\n", _ENDS.sub("\n", "".join(self._parts)))
        lines = re.sub("\n{3,}", "\n\n", re.sub(" {2,}", " ", text)).strip(" \n")
        return "\n".join([lines, *self._addresses] if lines else self._addresses)

    def _end_link(self) -> None:
        address, self._link = self._link, ""
        if _ADDRESS.match(address):
            said = "".join(self._parts[self._link_begin :])
            if _bare(said) != _bare(address):
                self._addresses.append(address)


def _plain(text: str) -> str:
    """Put characters where entities stand."""
    try:
        return unescape(text).replace(_END, "")
    except ValueError:  # a number of thousands of digits
        return text.replace(_END, "")


def _address(attributes: str) -> str:
    """Return where a link leads, in one line; the first of several attributes of a name counts."""
    for found in _ATTRIBUTES.finditer(attributes):
        if found["name"].lower() == "href":
            value = found["value"] or ""
            return _BLANKS.sub("", _plain(value[1:-1] if value[:1] in {'"', "'"} else value))
    return ""


def _bare(address: str) -> str:
    """Return what two ways to write an address share: no scheme, no `www.`, no slash at the end."""
    return _SAID_WITHOUT.sub("", address.strip(), count=1).rstrip("/").casefold()
