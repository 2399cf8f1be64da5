"""Several files into one folder: all of them, or none where one would be lost."""

from collections.abc import Mapping
from pathlib import Path

from moderation.errors import OutputFileError


def write_files(folder: Path, wanted: Mapping[str, str], *, force: bool) -> None:
    """Write files by name below a folder, which is made.

    Raises:
        OutputFileError: a file is there and `force` is not given, or the folder can't be written to.
    """
    there = [name for name in wanted if (folder / name).exists()]
    if there and not force:
        raise OutputFileError(
            f"{folder}: has {', '.join(there)} already", hint="choose another folder, or add --force"
        )
    try:
        for name, content in wanted.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise OutputFileError(
            f"{folder}: can't be written to ({error.strerror})", hint="choose another folder"
        ) from error
