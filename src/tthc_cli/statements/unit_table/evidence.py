"""What the stored data say of units: codes in MaHoSo, names and codes in every table, agencies of the catalogue, files
and sheets that dossiers came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.counting.chunks import read_chunk
from tthc_cli.facts.catalogue import split_list
from tthc_cli.facts.columns import whole
from tthc_cli.private import is_private
from tthc_cli.units.codes import unit_code

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.warehouse import Warehouse

Pairs = Mapping[tuple[str, str], int]
"""(unit code in MaHoSo, "" where it holds none; text) -> how many."""
_AFTER_UNIT = r"-\d{6}-.*$"
_LINKED = (("petitions", "DonViXuLy"), ("slips", "DonVi"))
"""Tables that name a unit beside the code of a dossier."""


@dataclass(frozen=True)
class Evidence:
    """What was seen. Texts that may be a person's are left out."""

    dossiers: Pairs
    """Dossiers by their own code and the unit they name (DonViXuLy, a group title or the name of the sheet)."""
    linked: Pairs
    """Petitions and slips by the code of their dossier and the unit they name."""
    agencies: Pairs
    """Dossiers by their own code and the one agency that the catalogue has for their procedure."""
    places: Mapping[tuple[str, str], Counter[str]]
    """(code, unit named) -> names of files and sheets, with their dossiers."""
    listed: Mapping[str, frozenset[str]]
    """Text that names a unit -> the tables, other than that of dossiers, that hold it."""

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every unit code that was seen."""
        texts = {unit_code(text) for text in self.texts}
        return frozenset({code for code in texts if code} | {code for code, _ in self.dossiers if code})

    @cached_property
    def texts(self) -> frozenset[str]:
        """Everything that names a unit, codes too."""
        named = {text for pairs in (self.dossiers, self.linked, self.agencies) for _, text in pairs}
        return frozenset((named | set(self.listed)) - {""})

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(text for text in self.texts if unit_code(text) is None)


def gather(warehouse: Warehouse) -> Evidence:
    """Everything that the stored tables say of units."""
    agency = _sole_agencies(warehouse)
    dossiers: Counter[tuple[str, str]] = Counter()
    agencies: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], Counter[str]] = {}
    files = {source.id: PurePath(source.path).stem for source in warehouse.sources}
    columns = ["MaHoSo", schema.UNIT_KEY, "MaTTHC", schema.SOURCE, schema.SHEET]
    for partition, group in warehouse.row_groups("dossiers", []):
        chunk = read_chunk(warehouse.path(partition), group, columns)
        for (code, text, procedure, source, sheet), count in _counted(chunk):
            dossiers[code, text] += count
            if procedure in agency:
                agencies[code, agency[procedure]] += count
            where = places.setdefault((code, text), Counter())
            for place in filter(None, (files.get(source, ""), sheet)):
                where[place] += count
    return Evidence(dossiers, _linked(warehouse), agencies, places, _listed(warehouse))


def _counted(chunk: pa.Table) -> list[tuple[tuple[str, ...], int]]:
    """The distinct rows of a chunk of dossiers, MaHoSo cut down to its unit code, with how often each is there."""
    import pyarrow.compute as pc

    codes = pc.replace_substring_regex(whole(chunk["MaHoSo"]).cast("string"), _AFTER_UNIT, "")
    coded = [_coded(codes), *(_coded(whole(chunk[name])) for name in chunk.column_names[1:])]
    rows, counts = np.unique(np.stack([at for at, _ in coded]), axis=1, return_counts=True)
    texts = [values for _, values in coded]
    texts[0] = [code if unit_code(code) else "" for code in texts[0]]
    texts[1] = [_shown(text) for text in texts[1]]
    return [
        (tuple(values[at] for values, at in zip(texts, row, strict=True)), count)
        for row, count in zip(rows.T.tolist(), counts.tolist(), strict=True)
    ]


def _coded(column: pa.Array) -> tuple[npt.NDArray[np.int64], list[str]]:
    """The place of each value among the distinct ones; "" for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = [*(value or "" for value in encoded.dictionary.cast(pa.string()).to_pylist()), ""]
    at = pc.fill_null(encoded.indices.cast(pa.int64()), len(values) - 1).to_numpy(zero_copy_only=False)
    return at, values


def _shown(text: str) -> str:
    return "" if is_private(text) else text


def _sole_agencies(warehouse: Warehouse) -> dict[str, str]:
    """Procedure -> the agency that handles it, where the catalogue names one alone."""
    table = warehouse.read("procedures", ["MaTTHC", "CoQuanThucHien"])
    named: dict[str, set[str]] = {}
    for row in table.to_pylist():
        named.setdefault(row["MaTTHC"] or "", set()).update(split_list(row["CoQuanThucHien"]))
    return {code: _shown(names.pop()) for code, names in named.items() if code and len(names) == 1}


def _linked(warehouse: Warehouse) -> Pairs:
    found: Counter[tuple[str, str]] = Counter()
    for table, column in _LINKED:
        rows = warehouse.read(table, ["MaHoSo", column])
        for dossier, text in zip(_texts(rows, "MaHoSo"), _texts(rows, column), strict=True):
            code = unit_code(dossier.partition("-")[0])
            if code and _shown(text):
                found[code, text] += 1
    return found


def _listed(warehouse: Warehouse) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for spec in schema.all_tables():
        if spec.name == "dossiers" or spec.names_unit is None:
            continue
        for text in {*_texts(warehouse.read(spec.name, [spec.names_unit]), spec.names_unit)}:
            found.setdefault(_shown(text), set()).add(spec.name)
    for row in warehouse.read("procedures", ["CoQuanThucHien"]).to_pylist():
        for text in split_list(row["CoQuanThucHien"]):
            found.setdefault(_shown(text), set()).add("procedures")
    found.pop("", None)
    return {text: frozenset(tables) for text, tables in sorted(found.items())}


def _texts(table: pa.Table, column: str) -> Sequence[str]:
    return [value or "" for value in whole(table[column]).cast("string").to_pylist()]
