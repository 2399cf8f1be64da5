"""What the first pull of a model got, so that a later one gets the same or nothing."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from moderation.errors import ModelCorruptError

_Hashes: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


class PinnedFiles:
    """The SHA-256 of every file that was pulled, in a JSON file: path below the server's address to hash, hex.

    It may be copied to other machines: what they pull is then held to it from the first time on.

    Args:
        record: the JSON file; it need not be there.

    Raises:
        ModelCorruptError: it is there and can't be read.
    """

    def __init__(self, record: Path) -> None:
        self._record = record
        self._hashes = _read(record) if record.exists() else {}

    def check(self, file: Path, source: str, sha256: str) -> None:
        """Compare a file that has arrived with what arrived before; a file that differs is deleted.

        Args:
            file: what has arrived.
            source: its path below the server's address.
            sha256: of the file, hex.

        Raises:
            ModelCorruptError: another file lay there at the first pull.
        """
        known = self._hashes.setdefault(source, sha256)
        if known == sha256:
            return
        file.unlink()
        raise ModelCorruptError(
            f"what was downloaded as {file.name} is not what the first pull got:"
            f" its SHA-256 was {known} and is {sha256}",
            hint="nothing was installed; ask who runs the proxy or mirror in between, or, if the change is right,"
            f" delete `{self._record}` and pull again",
        )

    def save(self) -> None:
        """Write down what has arrived, as a whole or not at all."""
        unfinished = self._record.with_name(f".{self._record.name}")
        unfinished.write_bytes(_Hashes.dump_json(dict(sorted(self._hashes.items())), indent=2) + b"\n")
        unfinished.replace(self._record)


def _read(record: Path) -> dict[str, str]:
    try:
        return _Hashes.validate_json(record.read_bytes())
    except ValidationError:
        raise ModelCorruptError(
            f"`{record}` can't be read", hint="get it from a backup, or delete it and pull again"
        ) from None
