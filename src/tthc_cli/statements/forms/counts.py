"""What a statutory form counts of the stored dossiers in a window, as they stood at its end: by unit and field, and by
unit and procedure.

The judge is that of form II.06; a dossier is in one way in (online, directly, by post, carried over) and one state. One
that waited for a supplement when an earlier window ended, and still does, is carried over as well: form II.06 of a
scorecard counts it in the period in which it began to wait and in no later one, as indicator 2.1 does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.counting.chunks import chunk_columns
from tthc_cli.counting.own_fields import fields_of
from tthc_cli.facts.context import OWN_FIELDS
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.forms.layout import TOLD_APART
from tthc_cli.statements.forms.figures import Figured, figures
from tthc_cli.text import fold

if TYPE_CHECKING:
    from tthc_cli.facts.context import Context
    from tthc_cli.forms.layout import Layout
    from tthc_cli.statements.dossiers.asking import Asked

Ints = npt.NDArray[np.int64]
_INTAKE_SECONDS = 92 * 86_400
"""What was filed in a window may have been taken in so long after its end."""


@dataclass(frozen=True)
class Counted:
    """(index of the unit, name) -> figures, in the order of `names`."""

    names: tuple[str, ...] = ()
    by_field: Mapping[tuple[int, str], Ints] = field(default_factory=dict)
    by_procedure: Mapping[tuple[int, str], Ints] = field(default_factory=dict)
    apart: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Number of a column that must equal one of the window before -> codes of the dossiers that only one has."""
    before: Mapping[int, int] = field(default_factory=dict)
    """Number of such a column -> what the other held at the end of the window before."""
    still_waiting: int = 0
    """Dossiers carried over that form II.06 of a scorecard does not count: they wait since before the window."""
    left_out: int = 0
    """Dossiers that a parameter of the form keeps out of every column."""

    def total(self, name: str) -> int:
        place = self.names.index(name)
        return sum(int(row[place]) for row in self.by_field.values())


@dataclass(frozen=True)
class Windows:
    """What is seen of a window and of the one before: contexts whose start and end are those of the windows."""

    now: Context
    before: Context


@dataclass
class _Sums:
    """Counts by key, put together at the end."""

    numbers: dict[str, int] = field(default_factory=dict)
    """Folded name -> its number."""
    spelled: list[str] = field(default_factory=list)
    parts: list[tuple[Ints, Ints]] = field(default_factory=list)

    def add(self, unit: Ints, name: Ints, names: list[str], rows: Ints) -> None:
        own = []
        for text in names:
            number = self.numbers.setdefault(fold(text), len(self.spelled))
            if number == len(self.spelled):
                self.spelled.append(text)
            own.append(number)
        keys, summed = _summed(unit * _NAMES + np.array(own, np.int64)[name], rows)
        self.parts.append((keys, summed))

    def total(self) -> dict[tuple[int, str], Ints]:
        if not self.parts:
            return {}
        keys, summed = _summed(*(np.concatenate([part[at] for part in self.parts]) for at in (0, 1)))
        return {
            (key // _NAMES, self.spelled[key % _NAMES]): row for key, row in zip(keys.tolist(), summed, strict=True)
        }


_NAMES = 1 << 32


def _summed(keys: Ints, rows: Ints) -> tuple[Ints, Ints]:
    found, inverse = np.unique(keys, return_inverse=True)
    out = np.zeros((len(found), rows.shape[1]), np.int64)
    np.add.at(out, inverse, rows)
    return found, out


@dataclass(frozen=True)
class _Chunk:
    """What one chunk of dossiers comes to: the rows that count, and the dossiers that columns compared disagree on."""

    figured: Figured
    rows: npt.NDArray[np.intp]
    unit: Ints
    field: tuple[Ints, list[str]]
    procedure: tuple[Ints, list[str]]
    apart: dict[int, list[str]]
    before: dict[int, int]


def counted(asked: Asked, windows: Windows, layout: Layout) -> Counted:
    """The figures of the dossiers that the window counts, in one walk over what is stored."""
    names = tuple(sorted(layout.needs | TOLD_APART))
    wants_procedures = "procedure" in "".join((layout.rows, *(part.rows for part in layout.parts)))
    compared = tuple(one for one in layout.checks if one.previous and layout.leaves(one.column))

    def work(facts: DossierFacts) -> _Chunk:
        now = DossierFacts(facts.chunk, windows.now)
        figured = figures(now, facts, names, layout, asked.known)
        rows = np.flatnonzero(figured.shown)
        apart, before = {}, {}
        if compared:
            ever = replace(windows.before, start=asked.context.start)
            then = figures(
                DossierFacts(facts.chunk, windows.before), DossierFacts(facts.chunk, ever), names, layout, asked.known
            )
            for one in compared:
                here, there = (_any(f, layout.leaves(n)) for f, n in ((figured, one.column), (then, one.previous)))
                before[one.column] = int(there.sum())
                codes = facts.chunk.column("MaHoSo")
                apart[one.column] = [codes[i].as_py() for i in np.flatnonzero(here != there).tolist()]
        procedure = _procedures(now, rows) if wants_procedures else (np.zeros(0, np.int64), [])
        return _Chunk(
            figured, rows, asked.unit_of(facts)[rows].astype(np.int64), _fields(now, rows), procedure, apart, before
        )

    columns = list(dict.fromkeys([*chunk_columns(asked.context), *OWN_FIELDS, "MaHoSo", schema.KEY_HASH, "TenTTHC"]))
    fields, procedures = _Sums(), _Sums()
    still = left_out = 0
    apart: dict[int, list[str]] = {one.column: [] for one in compared}
    before = dict.fromkeys(apart, 0)
    for chunk in _widened(asked, names).walk_all(work, columns=columns):
        rows = chunk.figured.cells[chunk.rows]
        fields.add(chunk.unit, *chunk.field, rows)
        if wants_procedures:
            procedures.add(chunk.unit, *chunk.procedure, rows)
        still, left_out = still + chunk.figured.still_waiting, left_out + chunk.figured.left_out
        for number in apart:
            apart[number] += chunk.apart[number]
            before[number] += chunk.before[number]
    told = {number: tuple(sorted(codes)) for number, codes in apart.items()}
    return Counted(names, fields.total(), procedures.total(), told, before, still, left_out)


def _widened(asked: Asked, names: tuple[str, ...]) -> Asked:
    """Asked so that dossiers are walked over that were filed in the window and taken in after it."""
    if not any(name.startswith("intake_") for name in names):
        return asked
    return replace(asked, context=replace(asked.context, end=asked.context.end + _INTAKE_SECONDS))


def _any(figured: Figured, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Whether each dossier counts in any of some figures."""
    places = [figured.names.index(name) for name in names]
    out: npt.NDArray[np.bool_] = figured.cells[:, places].any(axis=1) & figured.shown
    return out


def _fields(facts: DossierFacts, rows: npt.NDArray[np.intp]) -> tuple[Ints, list[str]]:
    """The field of each of some dossiers: its procedure's in the catalogue, else the one that it names; and all names,
    "" for none. Shape of rows."""
    listed = [*facts.context.catalogue.fields, ""]
    known = np.array([bool(fold(name)) for name in listed])
    procedure = facts.procedure[rows].astype(np.int64)
    own, names = fields_of(facts, rows)
    return np.where(known[procedure], procedure, len(listed) + own), [*listed, *names]


def _procedures(facts: DossierFacts, rows: npt.NDArray[np.intp]) -> tuple[Ints, list[str]]:
    """The procedure of each of some dossiers, by its code and name in the catalogue, else by the name that it gives;
    and all names. Shape of rows."""
    catalogue = facts.context.catalogue
    listed = [catalogue.label(at) for at in range(len(catalogue))] + [""]
    index, names = facts.names("TenTTHC")
    procedure = facts.procedure[rows].astype(np.int64)
    own = len(listed) + index[rows].astype(np.int64)
    return np.where(procedure < len(catalogue), procedure, own), [*listed, *(name or "" for name in names)]
