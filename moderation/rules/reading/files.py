"""The files that a rules.yaml names: on disk beside it, or at hand already, as with a stored ruleset."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files as package_files
from pathlib import Path
from posixpath import join, normpath
from typing import Protocol

from moderation.rules.reading.faults import Fault, quoted, suggestion
from moderation.rules.reading.source import Unusable, read_bytes, whole_file

BUILTIN = "builtin:"
"""How a list of this package is named: `builtin:words_en`."""

_WILD = re.compile(r"[*?\[]")
_PIECES = re.compile(r"((?:^|(?<=/))\*\*/|\*+|\?|\[[^\]/]+\])")
_WILDCARDS = {"**/": r"(?:[^/.][^/]*/)*", "*": r"[^/]*", "?": r"[^/]"}
_NOTHING = "(?!)"  # matches no name


class Files(Protocol):
    """Where files are read from, by names relative to the folder of rules.yaml, with `/` between folders."""

    main: str | None
    """Name of the rules.yaml itself; `None` if it came as text."""

    def read(self, name: str, *, limit: int) -> bytes | str:
        """Return what a file holds; raises `Unusable`."""
        ...

    def matching(self, pattern: str) -> list[str]:
        """Return the names that a pattern such as `lists/*.yaml` matches, sorted."""
        ...


class OnDisk:
    """Files in a folder, and lists of this package."""

    def __init__(self, path: Path) -> None:
        """Take the path of the rules.yaml."""
        self.main: str | None = path.name
        self._folder = path.parent

    def read(self, name: str, *, limit: int) -> bytes | str:
        """Read a file from disk."""
        return _shipped(name) if name.startswith(BUILTIN) else read_bytes(self._folder / name, limit=limit)

    def matching(self, pattern: str) -> list[str]:
        """Look into the folder."""
        try:
            found = [path for path in self._folder.glob(pattern) if path.is_file()]
        except ValueError:  # `**` beside other characters, for some versions of Python
            return []
        return _matching(pattern, [path.relative_to(self._folder).as_posix() for path in found])


class Given:
    """Files that are at hand; lists of this package need not be among them."""

    main: str | None = None

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {_plain(name): text for name, text in files.items()}

    def read(self, name: str, *, limit: int) -> bytes | str:
        """Return a file's text."""
        del limit  # who decodes it looks again
        if name in self._files:
            return self._files[name]
        if name.startswith(BUILTIN):
            return _shipped(name)
        raise Unusable(whole_file(name, "there is no such file", suggestion(name, self._files)))

    def matching(self, pattern: str) -> list[str]:
        """Look through the names: whatever a pattern matched once was read, and so is among them."""
        return _matching(pattern, self._files)


def _matching(pattern: str, names: Iterable[str]) -> list[str]:
    regex = _translated(pattern)
    return sorted(name for name in names if regex.fullmatch(name))


def _translated(pattern: str) -> "re.Pattern[str]":
    """Turn a pattern into a regular expression, which has the last word: what `Path.glob` takes differs between Pythons.

    `*` stays within a folder; `**/` goes through folders, and `**` anywhere else matches nothing.
    """
    regex = ""
    for number, piece in enumerate(_PIECES.split(pattern)):
        if number % 2 == 0:
            regex += re.escape(piece)
        elif piece.startswith("["):
            regex += _one_of(piece[1:-1])
        else:
            regex += _WILDCARDS.get(piece, _NOTHING)
    return re.compile(regex)


def _one_of(written: str) -> str:
    """Turn what stands in brackets into a regular expression: `a-c` is one of three letters, `!a-c` any other."""
    negated = len(written) > 1 and written.startswith("!")
    kinds = [
        f"{re.escape(first)}-{re.escape(last)}" if last else re.escape(one)
        for first, last, one in re.findall(r"(.)-(.)|(.)", written[negated:], flags=re.DOTALL)
        if first <= last  # `c-a` is nothing
    ]
    if not kinds:
        return "[^/]" if negated else _NOTHING
    return f"(?!/)[{'^' * negated}{''.join(kinds)}]"


def is_pattern(name: str) -> bool:
    """Whether a name stands for several files."""
    return _WILD.search(name) is not None


def name_from_rules_folder(folder: str, name: str) -> str:
    """Return the name of a file that is named from within a folder, seen from the folder of rules.yaml.

    Raises:
        PathOutsideError: it would lie outside of that folder.
    """
    if name.startswith(BUILTIN):
        return name
    found = normpath(join(folder, name))
    if (
        name.startswith(("/", "~"))
        or "\\" in name
        or re.match(r"[A-Za-z]:", name)
        or found.split("/")[0] == ".."
    ):
        raise PathOutsideError(
            Fault(
                f"{quoted(name)} does not lie in the folder of rules.yaml",
                "copy the file there, and name it with `/` between folders",
            )
        )
    return found


class PathOutsideError(Exception):
    """A name leads out of the folder of rules.yaml; `fault` says so."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def name_for_users(rules_file: str, name: str) -> str:
    """Name a file as the user would, seen from where rules.yaml is."""
    return name if name.startswith(BUILTIN) else str(Path(rules_file).parent / name)


def _plain(name: str) -> str:
    return name if name.startswith(BUILTIN) else normpath(name)


def _shipped(name: str) -> bytes:
    """Return a list of this package."""
    there = {
        f"{BUILTIN}{Path(p.name).stem}": p
        for p in package_files("moderation").joinpath("data").iterdir()
        if p.name.startswith("words_")
    }
    if name not in there:
        raise Unusable(whole_file(name, "no such list comes with this package", suggestion(name, there)))
    return there[name].read_bytes()
