"""Who sent a file: faults go back to those who can mend them, and each sender is expected in its own rhythm.

In this order: the name that `[senders]` of tthc.toml gives to the path; the folder of the export; the unit that all
dossiers of the file are of; the name of the file without what tells its time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.errors import InputError
from tthc_cli.ingest.vectors import one_piece
from tthc_cli.private import MEMBER
from tthc_cli.schema import SOURCE, UNIT_KEY, word_file
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.text import fold
from tthc_cli.units.names import resolve
from tthc_cli.units.tree import stored_units

if TYPE_CHECKING:
    from tthc_cli.storage.warehouse import SourceRecord, Warehouse

Patterns = Mapping[str, Sequence[str]]


def timeless(name: str) -> str:
    """A name without what tells a time; "" when it tells nothing else.

    >>> timeless("cong_dvc_2023-05_xuat_2023-06-03"), timeless("Tháng 5")
    ('cong_dvc', '')
    """
    known = word_file("file_names")
    kept: list[str] = []
    before_number = False
    for word in reversed(re.split(r"[\s_.\-]+", name)):
        number = any(c.isdigit() for c in word) or fold(word) in known["numbers"]
        before_number = number or (before_number and fold(word) in known["times"])
        if word and not before_number:
            kept.insert(0, word)
    return "_".join(kept)


def senders_of(warehouse: Warehouse, patterns: Patterns, looked_into: Collection[str] | None = None) -> dict[str, str]:
    """Id of a source -> name of its sender. `looked_into`: the sources of which the dossiers may be asked whose they
    are, which costs a look at every row; None = all."""
    outside = os.path.commonpath([s.path.rpartition("/")[0] for s in warehouse.sources if _absolute(s.path)] or ["/"])
    found: dict[str, str] = {}
    loose: list[SourceRecord] = []
    for source in warehouse.sources:
        named = _named(source.path, patterns) or _folder(source.path, outside)
        if named:
            found[source.id] = named
        else:
            loose.append(source)
    units = _units(warehouse, [s for s in loose if looked_into is None or s.id in looked_into])
    for source in loose:
        stem = PurePosixPath(source.path.rpartition("/")[2]).stem
        found[source.id] = units.get(source.id) or timeless(stem) or stem
    return found


def _absolute(path: str) -> bool:
    return path.startswith("/")


def _named(path: str, patterns: Patterns) -> str:
    """The sender one of whose patterns the path, or its end from a "/" on, fits."""
    names = (name for name, wanted in patterns.items() if any(_fits(path, one) for one in wanted))
    return next(names, "")


def _fits(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")


def _folder(path: str, outside: str) -> str:
    """The first folder (or archive) below that of the exports whose name tells more than a time; "" for none."""
    file, _, inner = path.partition(MEMBER)
    if _absolute(file):
        file = os.path.relpath(file, outside)
    *folders, name = file.split("/")
    parts = folders[0 if _absolute(path) else 1 :]
    if inner:
        parts += [timeless(PurePosixPath(name).stem), *inner.split("/")[:-1]]
    return next((part for part in parts if part not in ("", ".", "..") and timeless(part)), "")


def _units(warehouse: Warehouse, sources: Sequence[SourceRecord]) -> dict[str, str]:
    """Id of a source -> name of the unit, for those whose dossiers are all of one."""
    wanted = {s.id for s in sources if any(sheet.table == "dossiers" and sheet.accepted for sheet in s.sheets)}
    of: dict[str, set[str]] = {}
    for part in warehouse.partitions("dossiers") if wanted else ():
        if part.rows:
            rows = read_parquet(warehouse.path(part), [SOURCE, UNIT_KEY])
            for source, unit in _pairs(rows):
                if source in wanted and unit:
                    of.setdefault(source, set()).add(unit)
    single = {source: next(iter(units)) for source, units in of.items() if len(units) == 1}
    return _called(warehouse, single, {s.id: s.exported_at for s in sources}) if single else {}


def _pairs(rows: pa.Table) -> set[tuple[str, str]]:
    """The different (source, unit) of rows."""
    coded = [one_piece(rows.column(name)) for name in (SOURCE, UNIT_KEY)]
    coded = [c if pa.types.is_dictionary(c.type) else pc.dictionary_encode(c) for c in coded]
    sources, units = (c.dictionary.to_pylist() for c in coded)
    first, second = (pc.fill_null(c.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64) for c in coded)
    width = len(units) + 1
    return {
        (sources[code // width], units[code % width - 1])
        for code in np.unique(first * width + second + 1).tolist()
        if code >= 0 and code % width
    }


def _called(warehouse: Warehouse, units: Mapping[str, str], exported: Mapping[str, str]) -> dict[str, str]:
    """The units' names in the unit table, else as the file has them."""
    try:
        tree = stored_units(warehouse)
    except InputError:
        tree = None
    if tree is None:
        return dict(units)
    found = {}
    for source, unit in units.items():
        then = tree.at(date.fromisoformat(exported[source][:10]))
        place = resolve(then, (unit,)).indices[0]
        found[source] = then.units[place].name if place >= 0 else unit
    return found
