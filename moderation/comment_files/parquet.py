"""Rows of a Parquet file, a small batch at a time."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from moderation.comment_files.readers import BadRow, Record, flat_cells
from moderation.errors import InputFileError
from moderation.extras import needing

if TYPE_CHECKING:
    import pyarrow as pa

PARQUET_NEEDS = "a Parquet file needs the package `{package}`"
"""What is said where the extra `parquet` is not installed."""

_BATCH = 1_000  # rows


class ParquetTable:
    """A Parquet file. pyarrow takes half a second to import, and is only for those who have such a file.

    Attributes:
        source: what the file is called in messages.
        columns: names of its columns; those inside a struct are dotted, `author.id`.
        done: rows read so far.
        total: rows there are.
        fixed: every row has these columns.
        unit: what `done` and `total` count.

    Raises:
        MissingExtraError: pyarrow is not installed.
        InputFileError: it is no Parquet, or damaged.
    """

    fixed: ClassVar = True
    unit: ClassVar = "rows"

    def __init__(self, path: Path) -> None:
        with needing("parquet", PARQUET_NEEDS):
            from pyarrow import ArrowException  # noqa: PLC0415 - see above
            from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        self.source = str(path)
        self._errors: tuple[type[Exception], ...] = (ArrowException, OSError)
        try:
            # without pre_buffer a row group is read as it is needed, not as a whole
            self._file = ParquetFile(path, pre_buffer=False, buffer_size=1024 * 1024)
        except self._errors as error:
            raise InputFileError(
                f"{path}: is no Parquet file, or a damaged one",
                hint="write it again, or name another --format",
            ) from error
        self.columns: tuple[str, ...] = tuple(self._file.schema_arrow.empty_table().flatten().column_names)
        self.done = 0
        self.total: int = self._file.metadata.num_rows

    def rows(self, columns: Collection[str] | None = None) -> Iterator[Record | BadRow]:
        """Yield all rows, with the given columns or with all.

        Raises:
            InputFileError: a part of the file is damaged; rows before it were yielded.
        """
        columns = self.columns if columns is None else columns
        wanted = [name for name in self._file.schema_arrow.names if any(_is_in(c, name) for c in columns)]
        try:
            for batch in self._file.iter_batches(_BATCH, columns=wanted):
                yield from self._rows_of(batch)
        except self._errors as error:
            raise InputFileError(
                f"{self.source}: is damaged after row {self.done}",
                hint="write it again; what was taken stays taken",
            ) from error

    def _rows_of(self, batch: "pa.RecordBatch") -> Iterator[Record | BadRow]:
        first = self.done + 1
        plain = _in_microseconds(batch)
        try:
            rows: list[Mapping[str, Any] | None] = plain.to_pylist()
        except ValueError:  # bad UTF-8, or a time beyond Python's years: find the row
            rows = [_row_or_none(plain, index) for index in range(len(plain))]
        for number, row in enumerate(rows, first):
            self.done = number
            if row is None:
                yield BadRow(
                    number, "the row holds a value that can't be read: no UTF-8, or no possible time", ""
                )
            else:
                yield Record(number, flat_cells(row), row)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _is_in(column: str, name: str) -> bool:
    return column == name or column.startswith(f"{name}.")


def _in_microseconds(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """Times with nanoseconds, which pandas writes, don't fit Python's own."""
    import pyarrow as pa  # noqa: PLC0415 - only after ParquetTable has imported it

    arrays = [
        column.cast(pa.timestamp("us", column.type.tz), safe=False)
        if pa.types.is_timestamp(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _row_or_none(batch: "pa.RecordBatch", index: int) -> Mapping[str, Any] | None:
    try:
        return batch.slice(index, 1).to_pylist()[0]  # type: ignore[no-any-return]
    except ValueError:
        return None
