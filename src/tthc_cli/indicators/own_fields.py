"""Form II.06 of the dossiers whose procedure tells no field (lĩnh vực), by the field that each names itself.

Counted with all else, a chunk at a time, by unit as written and name of the field; such counts add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import add
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.indicators.columns import by_index
from tthc_cli.indicators.context import OWN_FIELDS
from tthc_cli.indicators.facts import DossierFacts
from tthc_cli.indicators.progress import FORM

if TYPE_CHECKING:
    from tthc_cli.indicators.catalogue import Catalogue

Ints = npt.NDArray[np.int64]
Row = tuple[int, ...]
OwnFields = Mapping[tuple[str, str], Row]
"""(unit, field) as written -> dossiers by reason of the form."""


def count_own_fields(dossiers: DossierFacts) -> OwnFields:
    """Of one chunk. A blank field is ""."""
    fieldless = dossiers.context.fieldless
    rows = np.flatnonzero(by_index(fieldless, dossiers.procedure)) if fieldless.any() else np.zeros(0, np.intp)
    if not len(rows):
        return {}
    facts = dossiers
    if len(rows) < dossiers.n:
        facts = DossierFacts(dossiers.chunk.take(rows), dossiers.context)
    unit, units = facts.names(schema.UNIT_KEY)
    field, fields = _fields_of(facts, facts.context.catalogue)
    keys, inverse = np.unique(unit.astype(np.int64) * len(fields) + field, return_inverse=True)
    counts = np.zeros((len(keys), len(FORM.reasons)), np.int64)
    np.add.at(counts, (inverse, FORM.judge(facts)), 1)
    counts[:, 0] = 0
    pairs = ((units[key // len(fields)] or "", fields[key % len(fields)]) for key in keys.tolist())
    found: dict[tuple[str, str], Row] = {}
    add_own_fields(found, ((pair, tuple(row)) for pair, row in zip(pairs, counts.tolist(), strict=True) if any(row)))
    return found


def _fields_of(facts: DossierFacts, catalogue: Catalogue) -> tuple[Ints, list[str]]:
    """The field that each dossier names: its name, else by its code, else the code; and all names. Shape (n,)."""
    held = [name if name in facts.chunk.column_names else None for name in OWN_FIELDS]
    blank = np.zeros(facts.n, np.int32), [None]
    name_index, by_name = facts.names(held[0]) if held[0] else blank
    code_index, by_code = facts.names(held[1]) if held[1] else blank
    names = [*(name or "" for name in by_name), *(catalogue.field_names.get(c or "", c or "") for c in by_code)]
    named = by_index(np.array([bool(name) for name in by_name]), name_index)
    return np.where(named, name_index, len(by_name) + code_index).astype(np.int64), names


def add_own_fields(total: dict[tuple[str, str], Row], part: Iterable[tuple[tuple[str, str], Row]]) -> None:
    """Add pairs and their counts to a running sum."""
    for pair, counts in part:
        before = total.get(pair)
        total[pair] = counts if before is None else tuple(map(add, before, counts))
