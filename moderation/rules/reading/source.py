"""Reads rules.yaml: from bytes to a tree of values, with every problem of the YAML itself located."""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner
from typing_extensions import override

from moderation.rules.reading.diagnostics import Problem, Severity
from moderation.rules.reading.faults import Fault, nearest_word
from moderation.rules.reading.lines import Lines, Mark
from moderation.rules.reading.syntax import explain_syntax_error
from moderation.rules.reading.tree import TooManyValuesError, Tree, build_tree

MAX_BYTES = 256 * 1024
"""A larger rules.yaml is refused: YAML is read at some hundred kilobytes a second."""

MAX_LIST_BYTES = 16 * 1024 * 1024
"""A larger word list is refused; a million words fit."""


_MAX_DEPTH = 50  # brackets in brackets; a ruleset needs five
_EMPTY = ("the file is empty", "begin with `version: 1`")
_COMMENTS = ("there is nothing in the file but comments", "write `version: 1` on a line of its own")
_TOO_DEEP = ("values are nested too deeply", "a ruleset needs five levels")
_TOO_MANY = ("there are more than 20,000 values", "aliases of aliases multiply: write the values out")
_NO_MAP = Fault(
    "a ruleset is a map of keys to values", "begin with `version: 1`, and write each setting as `key: value`"
)


class Unusable(Exception):  # noqa: N818 - not an error of the program: it carries a problem of a file
    """A file can't be used at all; `problem` says why, and `folder` whether that is because it is a folder."""

    def __init__(self, problem: Problem, *, folder: bool = False) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.folder = folder


class _ShallowScanner(Scanner):
    """Stops at brackets in brackets in brackets: for ruamel the time grows with the square of the depth."""

    @override
    def fetch_flow_sequence_start(self) -> None:
        self._refuse_depth()
        super().fetch_flow_sequence_start()

    @override
    def fetch_flow_mapping_start(self) -> None:
        self._refuse_depth()
        super().fetch_flow_mapping_start()

    def _refuse_depth(self) -> None:
        if len(self.flow_context) > _MAX_DEPTH:
            raise RecursionError


class SourceText:
    """The text of a YAML file, from which faults become problems with a place.

    Attributes:
        file: the file as the user named it.
        text: its text, every line ending in a line feed.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._lines = Lines(text)

    def problem(self, mark: Mark, fault: Fault) -> Problem:
        """Locate a fault."""
        return Problem(
            fault.severity,
            self.file,
            mark.line + 1,
            mark.column + 1,
            fault.message,
            fault.hint,
            self._lines[mark.line],
            max(1, mark.length),
        )

    def narrowed(self, mark: Mark, part: str) -> Mark:
        """Point at a part of what a mark points at, if it stands there as it is."""
        start = self._lines[mark.line].find(part, mark.column, mark.column + mark.length) if part else -1
        return mark if start < 0 else Mark(mark.line, start, len(part))

    def tree(self) -> Tree:
        """Parse the text of a ruleset.

        Raises:
            Unusable: it is no YAML, or no map.
        """
        tree = self.document()
        if tree is None:
            raise Unusable(whole_file(self.file, *(_COMMENTS if self.text.strip() else _EMPTY)))
        if not isinstance(tree.data, dict):
            raise Unusable(self.problem(tree.place(()), _no_map(tree.data)))
        return tree

    def document(self) -> Tree | None:
        """Parse the text, whatever it holds; `None` if that is nothing but comments.

        Raises:
            Unusable: it is no YAML.
        """
        try:
            root = self._compose()
            return build_tree(root, self._lines) if root else None
        except RecursionError:
            raise Unusable(whole_file(self.file, *_TOO_DEEP)) from None
        except TooManyValuesError:
            raise Unusable(whole_file(self.file, *_TOO_MANY)) from None

    def _compose(self) -> Node | None:
        parser = YAML(typ="safe", pure=True)
        parser.Scanner = _ShallowScanner
        parser.composer.warn_double_anchors = False  # legal YAML: the later anchor counts from there on
        try:
            root: Node | None = parser.compose(self.text)
        except MarkedYAMLError as error:
            raise Unusable(self.problem(*explain_syntax_error(error, self._lines))) from None
        except ReaderError as error:
            raise Unusable(self._unprintable(error.position)) from None
        return root

    def _unprintable(self, offset: int) -> Problem:
        character = f"U+{ord(self.text[offset]):04X}"
        fault = Fault(
            f"the character {character} can't stand in YAML", "delete it; your editor may not show it"
        )
        return self.problem(self._lines.mark(offset), fault)


def _no_map(data: object) -> Fault:
    """Say what a file holds instead of a ruleset."""
    if not isinstance(data, list):
        return _NO_MAP
    settings = any(isinstance(entry, dict) and "version" in entry for entry in data)
    hint = (
        "take away the `- `" if settings else "begin with `version: 1` and `rules:`, and put the list below"
    )
    return Fault("a ruleset is a map of keys to values, not a list", hint)


def whole_file(file: str, message: str, hint: str) -> Problem:
    """Make a problem that is about a file as a whole."""
    return Problem(Severity.ERROR, file, 0, 0, message, hint)


def read_bytes(path: Path, *, limit: int) -> bytes:
    """Read a file of at most `limit` bytes.

    Raises:
        Unusable: it is not there, not readable, no file, or too large.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        raise Unusable(whole_file(str(path), "there is no such file", _look_for(path))) from None
    except IsADirectoryError:
        hint = f"name the file in it, such as {path / 'rules.yaml'}"
        raise Unusable(whole_file(str(path), "this is a folder", hint), folder=True) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unusable(
            whole_file(str(path), f"the file can't be read: {reason}", "check its permissions")
        ) from None
    if len(content) > limit:
        raise Unusable(whole_file(str(path), *_too_large(limit)))
    return content


def decode_text(content: bytes | str, file: str, *, limit: int) -> str:
    """Turn a file's content into text: UTF-8, with or without a byte order mark; line ends become line feeds.

    Raises:
        Unusable: it is not UTF-8, or too large.
    """
    if len(content) > limit:
        raise Unusable(whole_file(file, *_too_large(limit)))
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        hint = "save it as UTF-8 in your editor"
        raise Unusable(whole_file(file, f"the file is not UTF-8: see line {line}", hint)) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _too_large(limit: int) -> tuple[str, str]:
    return f"the file is larger than {limit // 1024} KiB", "is it the right file?"


def _look_for(path: Path) -> str:
    """Name a file of a similar name, if one is there."""
    try:
        near = nearest_word(path.name, [other.name for other in path.parent.iterdir()])
    except (OSError, ValueError):
        near = None
    return f"did you mean `{path.with_name(near)}`?" if near else "check the path"
