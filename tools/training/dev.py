"""Writes the file that the model card is measured on: `python -m tools.training.dev --data DATA --out dev.parquet`.

The dev rows of all languages that the embedded model covers, in an order drawn by seed: its first so many rows
(`moderation evaluate --limit`) are a sample.
"""

from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from moderation.scoring.catalogue import CATALOGUE, EMBEDDED
from tools.training.data import FILES, WRITTEN


def dev_rows(data: Path) -> pa.Table:
    """Read the dev rows.

    Raises:
        FileNotFoundError: the folder lacks a file.
    """
    chosen = [("split", "=", "dev"), ("lang", "in", CATALOGUE[EMBEDDED].languages)]
    columns = pq.read_schema(data / FILES[0]).names
    files = (*(data / file for file in FILES), WRITTEN)
    return pa.concat_tables(
        [pq.read_table(file, filters=chosen, columns=columns) for file in files], promote_options="permissive"
    )


def main() -> None:
    """Write them."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the labelled comments")
    parser.add_argument("--out", type=Path, default=Path("dev.parquet"))
    given = parser.parse_args()
    rows = dev_rows(given.data).replace_schema_metadata()
    rows = rows.take(np.random.default_rng(0).permutation(rows.num_rows))
    pq.write_table(rows, given.out)
    print(f"{rows.num_rows} comments in {given.out}")


if __name__ == "__main__":
    main()
