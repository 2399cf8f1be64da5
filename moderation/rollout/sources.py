"""Where the rules that decide come from: the database's log of what was made live, or a file on disk."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import dirname
from time import monotonic
from typing import Protocol

from moderation.errors import RulesError
from moderation.rollout.stored import stored_ruleset
from moderation.rules import Ruleset
from moderation.rules.reading.files import BUILTIN, is_pattern
from moderation.store import Marks, RulesetChange, Store, changes, read_marks

ASK_EVERY_S = 0.9
"""How long an answer of the database counts: several look-ups a second would learn nothing more."""


class RulesSource(Protocol):
    """Says which rules are wanted, and loads them."""

    def newest(self) -> Hashable | None:
        """Return a token of what is wanted now, which changes whenever that does; `None`: nothing to say.

        Raises:
            StoreError: the database can't be used.
        """
        ...

    def load(self) -> tuple[Ruleset, Hashable]:
        """Load what is wanted now, with its token.

        Raises:
            RulesError: it can't be used.
            StoreError: the database can't be used.
        """
        ...


class LogSource:
    """The ruleset that was made live last (`moderation rules apply`).

    Args:
        store: the database.
        folder: what a model's relative path in a ruleset is relative to.
    """

    def __init__(self, store: Store, folder: Path | None) -> None:
        self.marks = Marks()
        """The numbers that the database last answered with."""
        self._store = store
        self._folder = folder
        self._asked = float("-inf")

    def newest(self) -> int | None:
        """Return the number of the latest change."""
        if monotonic() - self._asked >= ASK_EVERY_S:
            with self._store.reading() as session:
                self.marks = read_marks(session=session)
            self._asked = monotonic()
        return self.marks.change or None

    def load(self) -> tuple[Ruleset, int]:
        """Load the latest ruleset."""
        with self._store.reading() as session:
            (latest,) = changes(limit=1, session=session)
        return self.ruleset_of(latest), latest.id

    def all(self) -> list[RulesetChange]:
        """Return every change, latest first."""
        with self._store.reading() as session:
            return changes(session=session)

    def ruleset_of(self, change: RulesetChange) -> Ruleset:
        """Load the ruleset that a change made live.

        Raises:
            RulesError: this release can't use it.
            StoreError: the database can't be used.
        """
        with self._store.reading() as session:
            return stored_ruleset(change.ruleset, session=session, folder=self._folder)


def _watched(ruleset: Ruleset) -> Iterator[str]:
    """Name the files of a ruleset; and, where it includes all of a folder, the folders that may get another one."""
    files = [name for name in ruleset.files if not name.startswith(BUILTIN)]
    yield from files
    if any(is_pattern(name) for name in ruleset.config.include or ()):
        yield from {dirname(name) or "." for name in (*files, *(ruleset.config.include or ()))}


_Stat = tuple[int, int, int] | None  # of a file: when it was changed, its size, which file it is


class FileSource:
    """A rules.yaml, which anybody may change at any time, with the files that it names.

    A change counts when the files have stopped changing, from one look to the next, so that a file that is
    being written is left alone. One whose writer died is taken for what it is: broken, or cut off.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: frozenset[str] = frozenset({path.name})
        self._good: Ruleset | None = None
        self._seen: Hashable = None
        self._settled: Hashable = None

    def newest(self) -> Hashable | None:
        """Return what tells this state of the files from another, once they have stopped changing."""
        seen = self._token(self._stats(self._names))
        if seen == self._seen:
            self._settled = seen
        self._seen = seen
        return self._settled

    def load(self) -> tuple[Ruleset, Hashable]:
        """Load the file; the token is of what was there before it was read."""
        before = self._stats(self._names)
        ruleset = Ruleset.load(self._path)
        if self._good:
            _refuse_cut_off(self._path.name, self._good, ruleset)
        self._good = ruleset
        self._names = frozenset({self._path.name, *_watched(ruleset)})
        self._seen = self._settled = self._token(self._stats(self._names) | before)
        return ruleset, self._settled

    def _token(self, stats: Mapping[str, _Stat]) -> Hashable:
        return tuple((name, stats[name]) for name in sorted(self._names))

    def _stats(self, names: Iterable[str]) -> dict[str, _Stat]:
        return {name: _stat(self._path.parent / name) for name in names}


def _stat(path: Path) -> _Stat:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _refuse_cut_off(name: str, good: Ruleset, new: Ruleset) -> None:
    """Refuse a file that ended with a line end before, and now ends in the middle of a line."""
    texts = {name: (good.source, new.source)}
    texts |= {file: (good.files[file], text) for file, text in new.files.items() if file in good.files}
    for file, (before, now) in texts.items():
        if before.endswith("\n") and now and not now.endswith("\n"):
            raise RulesError(
                f"{file} ends in the middle of a line: it looks as if it was only half written",
                hint="write it again; if it is whole, end its last line with a line end",
            )
