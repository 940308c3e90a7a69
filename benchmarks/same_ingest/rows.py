"""Whether two engines stored the same rows: by month, in order, every column that the file had."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from .asked import asked_of


def digest_of(path: Path, folder: Path) -> str:
    """Of the months stored in a folder, read from a file; the engine's own type of a value leaves no trace."""
    import polars as pl

    names = [c.name for c in asked_of(path).columns]
    found = hashlib.sha256()
    for file in sorted(folder.glob("*.parquet")):
        found.update(re.sub("-[0-9a-f]{12}$", "", file.stem).encode())
        for name in [*names, "_unit", "_row"]:
            column = pl.read_parquet(file, columns=[name])[name]
            kind = (
                pl.Datetime("ms")
                if column.dtype.is_temporal()
                else pl.Int64
                if column.dtype.is_integer()
                else pl.String
            )
            found.update(column.cast(kind).hash(seed=766).to_numpy().tobytes())
    return found.hexdigest()
