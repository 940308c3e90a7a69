"""Dossiers whose DonViXuLy matches no unit: they go by the unit that their own code (MaHoSo) begins with.

Which names match none is known once all names are; the dossiers that bear them are then read again, a chunk at a time,
and from there on their unit is written as `name<separator>unit code`. Where that code matches no unit either, they
belong to nobody ("?"), under the name.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from tthc_cli import schema
from tthc_cli.facts.columns import whole

if TYPE_CHECKING:
    import pyarrow as pa

_SEPARATOR = "\x1f"
_AFTER_UNIT = r"-\d{6}-.*$"


def name_of(text: str) -> str:
    """The unit as the export names it."""
    return text.partition(_SEPARATOR)[0]


def home_of(text: str) -> str:
    """The text that says which unit it is: the code from MaHoSo, where there is one, else the name."""
    return text.rpartition(_SEPARATOR)[2]


def bears(names: AbstractSet[str], text: str | None) -> bool:
    """Whether a dossier's unit is one of some names, read by its code or not."""
    return name_of(text or "") in names


def by_code(dossiers: pa.Table, strangers: AbstractSet[str]) -> pa.Table:
    """The dossiers, those of unknown units with the code that MaHoSo begins with behind the name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    units = whole(dossiers.column(schema.UNIT_KEY))
    if strangers.isdisjoint(units.dictionary.to_pylist()):
        return dossiers
    names = units.cast(pa.string())
    codes = pc.replace_substring_regex(whole(dossiers.column("MaHoSo")).cast(pa.string()), _AFTER_UNIT, "")
    unknown = pc.is_in(names, value_set=pa.array(sorted(strangers), pa.string()))
    moved = pc.and_(unknown, pc.not_equal(names, codes))
    told = pc.if_else(moved, pc.binary_join_element_wise(names, codes, _SEPARATOR), names)
    place = dossiers.column_names.index(schema.UNIT_KEY)
    return dossiers.set_column(place, dossiers.schema.field(place), told.dictionary_encode().cast(units.type))
