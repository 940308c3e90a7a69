"""Form II.06 by field of procedures (lĩnh vực), from the counts by unit × procedure.

A dossier's field is that of its procedure in the catalogue. Where the catalogue does not list the procedure, or names
no field for it, it is the field that the dossier itself names; where that is blank too, the field is not known ("").
Every dossier of the form is in one field, so that the fields of a unit add up to its form.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.folding import fold, vietnamese_order
from tthc_cli.indicators.columns import by_index
from tthc_cli.indicators.counting import chunks_of
from tthc_cli.indicators.facts import DossierFacts
from tthc_cli.indicators.progress import FORM
from tthc_cli.indicators.reading import load_chunk
from tthc_cli.indicators.registry import layout
from tthc_cli.scorecard import FieldCount, form_columns

if TYPE_CHECKING:
    from tthc_cli.indicators.catalogue import Catalogue
    from tthc_cli.indicators.counting import UnitProcedureCounts
    from tthc_cli.indicators.run import Run
    from tthc_cli.indicators.tree import ScoredTree
    from tthc_cli.warehouse import Partition

Ints = npt.NDArray[np.int64]
COLUMNS = ("online", "direct", "carried", "early", "on_time", "late", "open_within", "open_past")
_OWN = ("TenLinhVuc", "MaLinhVuc")


def _columns_of_reasons() -> Ints:
    """1 where a reason of the form (but "outside") counts in a column. Shape (reasons, columns)."""
    out = np.zeros((len(FORM.reasons), len(COLUMNS)), np.int64)
    for place, reason in enumerate(FORM.reasons[1:], start=1):
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


def field_counts(run: Run, tree: ScoredTree, counts: UnitProcedureCounts, workers: int = 2) -> tuple[FieldCount, ...]:
    """Form II.06 of every unit that has dossiers of its own, by field; the unknown field is last."""
    fields = _Fields()
    catalogue = run.catalogue
    of_procedure = np.array([*(fields.number(name) for name in catalogue.fields), 0], np.int64)
    form = counts.counts[:, layout()[FORM.id]] @ _columns_of_reasons()
    unit = np.array(tree.place(counts.units), np.int64)[counts.unit] if len(counts.unit) else counts.unit
    field = of_procedure[counts.procedure]
    if run.present.intersection(f"dossiers.{name}" for name in _OWN) and form[field == 0].any():
        named = _named_by_dossiers(run, tree, of_procedure == 0, fields, workers)
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


def _named_by_dossiers(
    run: Run, tree: ScoredTree, fieldless: npt.NDArray[np.bool_], fields: _Fields, workers: int
) -> Ints:
    """Rows of (unit index, field number, COLUMNS): the dossiers whose procedure has no field, by the field that each
    names itself. fieldless: by procedure, shape (catalogue + 1,)."""
    columns = _columns_of_reasons()

    def count(chunk: tuple[Partition, int]) -> list[tuple[int, str, Ints]]:
        rows = load_chunk(run.warehouse.path(chunk[0]), chunk[1], run.context, _OWN).rows
        if not rows.num_rows:
            return []
        found = np.flatnonzero(fieldless[DossierFacts(rows, run.context).procedure])
        if not len(found):
            return []
        facts = DossierFacts(rows.take(found), run.context)
        unit_index, unit_names = facts.names(schema.UNIT_KEY)
        unit = np.array(tree.place([name or "" for name in unit_names]), np.int64)[unit_index]
        field, names = _own_fields(facts, run.catalogue)
        keys, inverse = np.unique(unit * len(names) + field, return_inverse=True)
        reasons = np.zeros((len(keys), len(FORM.reasons)), np.int64)
        np.add.at(reasons, (inverse, FORM.judge(facts)), 1)
        sums = reasons @ columns
        return [(key // len(names), names[key % len(names)], row) for key, row in zip(keys.tolist(), sums, strict=True)]

    chunks = chunks_of(run.warehouse, run.context)
    with ThreadPoolExecutor(workers) as pool:
        found = [line for lines in pool.map(count, chunks) for line in lines]
    out = np.zeros((len(found), 2 + len(COLUMNS)), np.int64)
    for line, (unit, name, row) in enumerate(sorted(found, key=lambda f: f[:2])):
        out[line] = [unit, fields.number(name), *row]
    return out


def _own_fields(facts: DossierFacts, catalogue: Catalogue) -> tuple[Ints, list[str]]:
    """The field that each dossier names: its name, else by its code, else the code; and all names. Shape (n,)."""
    name_index, by_name = facts.names("TenLinhVuc")
    code_index, by_code = facts.names("MaLinhVuc")
    names = [*(name or "" for name in by_name), *(catalogue.field_names.get(c or "", c or "") for c in by_code)]
    named = by_index(np.array([bool(name) for name in by_name]), name_index)
    return np.where(named, name_index, len(by_name) + code_index).astype(np.int64), names
