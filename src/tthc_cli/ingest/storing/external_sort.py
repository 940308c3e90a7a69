"""Put rows in order that are too many to hold: some at a time in temporary files, then a range of all at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from tthc_cli.ingest.storing.hollow import hollowed, refilled
from tthc_cli.ingest.storing.publish import combined
from tthc_cli.ingest.vectors import arrow
from tthc_cli.schema import UNIT_KEY, arrow_schema, table

AT_ONCE = 131_072
"""Up to so many rows are put in order at once."""
PIECE = 65_536
"""Of more rows, so many at a time; rows alike in what leads their order may be more."""
_BATCHES = 32
"""Batches of a temporary file to a piece: the least that is read of it."""
_RUNS = 16
"""Temporary files, unless they would hold more than `AT_ONCE` rows each: of every one a batch too many is read."""

Place = tuple[bool, str]
"""A text in the order of storage: blank ones come last."""


def pieces(
    loads: Sequence[Callable[[], pa.Table]], rows: int, name: str, temporary: Callable[[int], Path]
) -> Iterator[list[pa.Table]]:
    """All rows of a table, in pieces (of several parts) each greater than the one before in the order of storage.

    `rows`: how many there are in all. `temporary`: a path for each file, used when they are many.
    """
    lead = UNIT_KEY if name == "dossiers" else table(name).key[0]
    kind = arrow_schema(name).field(lead).type
    texts = pa.types.is_string(kind) or pa.types.is_dictionary(kind)
    if rows <= AT_ONCE or not texts:
        if loads:
            yield [load() for load in loads]
        return
    several = min(-(-len(loads) // _RUNS), max(1, AT_ONCE * len(loads) // rows))
    together = [loads[i : i + several] for i in range(0, len(loads), several)]
    runs = [_run(some, name, lead, temporary(number)) for number, some in enumerate(together)]
    starts = sorted(start for run in runs for start in run.starts)
    count = -(-rows // PIECE)
    cuts = sorted({starts[len(starts) * i // count] for i in range(1, count)})
    for low, high in zip([None, *cuts], [*cuts, None], strict=True):
        yield [run.between(low, high) for run in runs]
    for run in runs:
        run.path.unlink()


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows in order in a temporary file."""

    path: Path
    lead: str
    starts: list[Place]
    """The first value of each batch."""
    schema: pa.Schema

    def between(self, low: Place | None, high: Place | None) -> pa.Table:
        """The rows from `low` to before `high`; None for no bound."""
        first = 0 if low is None else max(0, bisect_left(self.starts, low) - 1)
        stop = len(self.starts) if high is None else bisect_left(self.starts, high)
        with pa.OSFile(str(self.path)) as source, pa.ipc.open_file(source) as file:
            rows = pa.Table.from_batches([file.get_batch(i) for i in range(first, stop)], file.schema)
        begin = 0 if low is None else _before(rows, self.lead, low)
        end = len(rows) if high is None else _before(rows, self.lead, high)
        return refilled(rows.slice(begin, end - begin), self.schema)


def _run(loads: Sequence[Callable[[], pa.Table]], name: str, lead: str, path: Path) -> _Run:
    rows = combined([load() for load in loads], name)
    step = max(1, PIECE // _BATCHES)
    texts = rows.column(lead).take(arrow(np.arange(0, len(rows), step))).to_pylist()
    stored = hollowed(rows)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, stored.schema) as out:
        out.write_table(stored, max_chunksize=step)
    return _Run(path, lead, [_place(text) for text in texts], rows.schema)


def _before(rows: pa.Table, lead: str, bound: Place) -> int:
    """How many rows of a table in order come before a value."""
    column = rows.column(lead)
    return bisect_left(range(len(column)), bound, key=lambda at: _place(column[at].as_py()))


def _place(text: str | None) -> Place:
    return text is None, text or ""
