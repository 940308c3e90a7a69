"""Form II.06 of the dossiers whose procedure tells no field (lĩnh vực), by the field that each names itself.

Counted with all else, a chunk at a time, by unit as written and name of the field; such counts add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import add

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.columns import Rows, by_index
from tthc_cli.facts.context import OWN_FIELDS
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.verdicts import Codes

Ints = npt.NDArray[np.int64]
Row = tuple[int, ...]
OwnFields = Mapping[tuple[str, str], Row]
"""(unit, field) as written -> dossiers by reason of the form."""


def fieldless_rows(dossiers: DossierFacts) -> Rows:
    """Numbers of the dossiers whose procedure tells no field, ascending."""
    fieldless = dossiers.context.fieldless
    return np.flatnonzero(by_index(fieldless, dossiers.procedure)) if fieldless.any() else np.zeros(0, np.intp)


def count_own_fields(dossiers: DossierFacts, rows: Rows, reasons: Codes, width: int) -> OwnFields:
    """Of dossiers whose procedure tells no field; a blank field is "". reasons: of the form, which has
    `width` of them; shape of rows."""
    if not len(rows):
        return {}
    unit, units = dossiers.names(schema.UNIT_KEY)
    field, fields = fields_of(dossiers, rows)
    keys, inverse = np.unique(unit[rows].astype(np.int64) * len(fields) + field, return_inverse=True)
    counts = np.zeros((len(keys), width), np.int64)
    np.add.at(counts, (inverse, reasons), 1)
    counts[:, 0] = 0
    pairs = ((units[key // len(fields)] or "", fields[key % len(fields)]) for key in keys.tolist())
    found: dict[tuple[str, str], Row] = {}
    add_own_fields(found, ((pair, tuple(row)) for pair, row in zip(pairs, counts.tolist(), strict=True) if any(row)))
    return found


def fields_of(facts: DossierFacts, rows: Rows) -> tuple[Ints, list[str]]:
    """The field that each of some dossiers names: its name, else by its code, else the code; and all names. Shape of
    rows."""
    held = [name if name in facts.chunk.column_names else None for name in OWN_FIELDS]
    blank = np.zeros(facts.n, np.int32), [None]
    name_index, by_name = facts.names(held[0]) if held[0] else blank
    code_index, by_code = facts.names(held[1]) if held[1] else blank
    known = facts.context.catalogue.field_names
    names = [*(name or "" for name in by_name), *(known.get(c or "", c or "") for c in by_code)]
    name, code = name_index[rows], code_index[rows]
    named = by_index(np.array([bool(n) for n in by_name]), name)
    return np.where(named, name, len(by_name) + code).astype(np.int64), names


def add_own_fields(total: dict[tuple[str, str], Row], part: Iterable[tuple[tuple[str, str], Row]]) -> None:
    """Add pairs and their counts to a running sum."""
    for pair, counts in part:
        before = total.get(pair)
        total[pair] = counts if before is None else tuple(map(add, before, counts))
