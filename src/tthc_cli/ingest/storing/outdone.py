"""Files that were changed later than the file whose rows stand instead of theirs: told, for they may be corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from tthc_cli.errors import Issue
from tthc_cli.ingest.storing.newest import key_numbers
from tthc_cli.ingest.storing.standing import rows_of
from tthc_cli.ingest.vectors import one_piece, text_column
from tthc_cli.schema import SOURCE, all_tables, table
from tthc_cli.storage.parquet import open_parquet
from tthc_cli.storage.warehouse import SourceRecord, Warehouse


def outdone(warehouse: Warehouse, losers: str) -> Iterator[Issue]:
    """One issue a file and table: how many of its rows do not stand, and the file that has most of those that do.

    `losers`: suffix of the tables of superseded rows. Costs nothing where files changed later were exported later.
    """
    sources = {s.id: s for s in warehouse.sources}
    for name in (spec.name for spec in all_tables() if not spec.hand_kept):
        doubtful = _doubtful(warehouse.sources, name)
        if not doubtful or not warehouse.has(name + losers):
            continue
        lost = _lost(warehouse, name, losers, doubtful)
        won: dict[str, Counter[str]] = {}
        for key, (source, _, _), _ in rows_of(warehouse, name, lost):
            for loser, rows in lost[key].items():
                if sources[source].modified_at < sources[loser].modified_at:
                    won.setdefault(loser, Counter())[sources[source].path] += rows
        for loser, winners in sorted(won.items()):
            most = min(winners, key=lambda path: (-winners[path], path))
            told = f"{winners.total()} ({most}{', …' if len(winners) > 1 else ''})"
            yield Issue("later_lost", "warning", sources[loser].path, "", 0, table(name).key[0], told)


def _doubtful(sources: tuple[SourceRecord, ...], name: str) -> set[str]:
    """Sources with superseded rows of a table, for which a file changed earlier may have been exported later."""
    holders = [s for s in sources if any(sheet.table == name for sheet in s.sheets)]
    return {
        s.id for s in holders
        if any(sheet.superseded for sheet in s.sheets if sheet.table == name)
        and any(
            o.modified_at < s.modified_at and (o.exported_at >= s.exported_at or len({x.table for x in s.sheets}) > 1)
            for o in holders
        )
    }  # fmt: skip


def _lost(warehouse: Warehouse, name: str, losers: str, doubtful: set[str]) -> dict[int, Counter[str]]:
    """Hash of a key -> source -> its superseded rows."""
    spec = table(name)
    found: dict[int, Counter[str]] = {}
    for partition in warehouse.partitions(name + losers):
        with open_parquet(warehouse.path(partition)) as file:
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group, columns=[*spec.key, SOURCE], use_threads=False)
                few = rows.filter(pc.is_in(rows.column(SOURCE).cast("string"), value_set=text_column(sorted(doubtful))))
                names = one_piece(few.column(SOURCE)).to_pylist()
                for key, source in zip(np.asarray(key_numbers(few, spec)).tolist(), names, strict=True):
                    found.setdefault(key, Counter())[source] += 1
    return found
