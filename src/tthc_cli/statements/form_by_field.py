"""Form II.06 by field of procedures (lĩnh vực), from the counts by unit × procedure.

A dossier's field is that of its procedure in the catalogue. Where the catalogue does not list the procedure, or names
no field for it, it is the field that the dossier itself names; where that is blank too, the field is not known ("").
Every dossier of the form is in one field, so that the fields of a unit add up to its form.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.indicators.registry import MEASURES
from tthc_cli.results.beside import FieldCount, form_columns
from tthc_cli.text import fold, vietnamese_order

if TYPE_CHECKING:
    from tthc_cli.counting.dossier_pass import UnitProcedureCounts
    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree

Ints = npt.NDArray[np.int64]
COLUMNS = ("online", "direct", "carried", "early", "on_time", "late", "open_within", "open_past")


@cache
def _columns_of_reasons() -> Ints:
    """1 where a reason of the form (but "outside") counts in a column. Shape (reasons, columns)."""
    out = np.zeros((len(MEASURES.form.reasons), len(COLUMNS)), np.int64)
    for place, reason in enumerate(MEASURES.form.reasons[1:], start=1):
        for column in form_columns(reason.key):
            out[place, COLUMNS.index(column)] = 1
    return out


class _Fields:
    """Names of fields, numbered; spellings that differ in case, accents or punctuation only are one field."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self.names: list[str] = [""]

    def number(self, name: str) -> int:
        """The number of a field, 0 for ""; a new one where the name is new."""
        key = fold(name)
        if key not in self._numbers:
            self._numbers[key] = len(self.names)
            self.names.append(name)
        return self._numbers[key]


def field_counts(run: Run, tree: ScoredTree, counts: UnitProcedureCounts) -> tuple[FieldCount, ...]:
    """Form II.06 of every unit that has dossiers of its own, by field; the unknown field is last."""
    fields = _Fields()
    catalogue = run.catalogue
    of_procedure = np.array([*(fields.number(name) for name in catalogue.fields), 0], np.int64)
    form = counts.counts[:, run.measures.layout[MEASURES.form.id]] @ _columns_of_reasons()
    unit = np.array(tree.place(counts.units), np.int64)[counts.unit] if len(counts.unit) else counts.unit
    field = of_procedure[counts.procedure]
    if run.context.fieldless.any():
        named = _named_by_dossiers(tree, counts, fields)
        known = field != 0
        unit = np.concatenate([unit[known], named[:, 0]])
        field = np.concatenate([field[known], named[:, 1]])
        form = np.concatenate([form[known], named[:, 2:]])
    return _listed(tree, fields.names, unit, field, form)


def _listed(tree: ScoredTree, names: Sequence[str], unit: Ints, field: Ints, form: Ints) -> tuple[FieldCount, ...]:
    order = sorted(range(1, len(names)), key=lambda n: (vietnamese_order(names[n]), names[n]))
    place = np.empty(len(names), np.int64)
    place[[*order, 0]] = np.arange(len(names))
    keys, inverse = np.unique(unit * len(names) + place[field], return_inverse=True)
    summed = np.zeros((len(keys), len(COLUMNS)), np.int64)
    np.add.at(summed, inverse, form)
    by_place = [*(names[n] for n in order), ""]
    return tuple(
        FieldCount(tree.ids[key // len(names)], by_place[key % len(names)], *row)
        for key, row in zip(keys.tolist(), summed.tolist(), strict=True)
        if any(row)
    )


def _named_by_dossiers(tree: ScoredTree, counts: UnitProcedureCounts, fields: _Fields) -> Ints:
    """Rows of (unit index, field number, COLUMNS): the dossiers whose procedure has no field, by the field that each
    names itself."""
    units = tree.place([unit for unit, _ in counts.own_fields])
    found = sorted(
        (unit, name, reasons) for unit, ((_, name), reasons) in zip(units, counts.own_fields.items(), strict=True)
    )
    out = np.zeros((len(found), 2 + len(COLUMNS)), np.int64)
    for line, (unit, name, reasons) in enumerate(found):
        out[line] = [unit, fields.number(name), *(np.array(reasons, np.int64) @ _columns_of_reasons())]
    return out
