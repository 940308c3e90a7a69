"""What the office typed of lateness: causes, by dossier, and outages of systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.facts.codes import NEVER
from tthc_cli.facts.columns import NAT, Column, whole

if TYPE_CHECKING:
    from tthc_cli.storage.warehouse import Warehouse

CAUSES = {1: "regulation", 2: "official", 3: "other_agency", 4: "outage", 5: "applicant", 6: "other"}
"""Codes of MaNguyenNhan, by their keys in `letters.cause`."""


def typed_causes(warehouse: Warehouse, at: int) -> dict[int, str]:
    """The cause typed for each dossier, by its `key_hash`: of `late_causes`, else of the first letter issued by a
    moment (seconds since 1970)."""
    letters = warehouse.read("apologies", [schema.KEY_HASH, "NgayBanHanh", "MaNguyenNhan"])
    issued = Column(whole(letters.column("NgayBanHanh"))).seconds
    keys, codes = (letters.column(name).to_pylist() for name in (schema.KEY_HASH, "MaNguyenNhan"))
    found: dict[int, str] = {}
    for row in np.argsort(issued, kind="stable").tolist():
        if NAT < issued[row] <= at and codes[row] in CAUSES:
            found.setdefault(keys[row], CAUSES[codes[row]])
    table = warehouse.read("late_causes", [schema.KEY_HASH, "MaNguyenNhan"])
    keys, codes = (table.column(name).to_pylist() for name in (schema.KEY_HASH, "MaNguyenNhan"))
    found.update({key: CAUSES[code] for key, code in zip(keys, codes, strict=True) if code in CAUSES})
    return found


def outages(warehouse: Warehouse) -> tuple[tuple[int, int], ...]:
    """(from, to) of every outage typed in, in seconds since 1970, in order; NEVER for one that lasts."""
    table = warehouse.read("outages", ["TuLuc", "DenLuc"])
    begin, end = (Column(whole(table.column(name))).seconds.tolist() for name in ("TuLuc", "DenLuc"))
    spans = zip(begin, end, strict=True)
    return tuple(sorted((since, int(NEVER) if until == NAT else until) for since, until in spans))
