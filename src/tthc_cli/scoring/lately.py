"""Which procedures units had dossiers of in the months up to the end of the period (a parameter of the rulebook).

The catalogue of a department whose procedures name no agency stands on them: not on the dossiers of the period alone,
or a quarter's own dossiers would say how many procedures 3.1, 1.3 and 3.2 are measured on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.counting.chunks import may_matter, read_columns
from tthc_cli.facts.columns import by_index
from tthc_cli.facts.dossiers import DossierFacts

if TYPE_CHECKING:
    from tthc_cli.facts.context import Context
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.verdicts import Mask

_COLUMNS = ["NgayTiepNhan", "TrangThaiHoSo", "MaTTHC", "TenTTHC", schema.UNIT_KEY]


def months_before(end: int, months: int) -> int:
    """The moment so many months before another (both in seconds since 1970)."""
    moment = np.datetime64(end, "s")
    month = moment.astype("datetime64[M]")
    back = (month - months).astype("datetime64[s]") + (moment - month.astype("datetime64[s]"))
    return int(back.astype(np.int64))


def procedures_lately(warehouse: Warehouse, context: Context, months: int, wanted: Mask) -> frozenset[tuple[str, int]]:
    """(unit as written, procedure) of the dossiers received in so many months up to the end of the period. wanted: of
    each procedure, whether it is asked for; shape (catalogue + 1,)."""
    if not wanted.any():
        return frozenset()
    longer = replace(context, start=months_before(context.end, months), log=None)
    first = str(np.datetime64(longer.start, "s").astype("datetime64[M]"))
    found: set[tuple[str, int]] = set()
    for partition, group in warehouse.row_groups("dossiers", []):
        if not may_matter(partition.month, longer) or (partition.month[:1].isdigit() and partition.month < first):
            continue
        chunk = read_columns(warehouse.path(partition), group, _COLUMNS, longer)
        facts = DossierFacts(chunk, longer)
        rows = np.flatnonzero(facts.received & by_index(wanted, facts.procedure))
        index, names = facts.names(schema.UNIT_KEY)
        pairs = np.unique(index[rows].astype(np.int64) * len(wanted) + facts.procedure[rows])
        found.update((names[p // len(wanted)] or "", int(p % len(wanted))) for p in pairs.tolist())
    return frozenset(found)
