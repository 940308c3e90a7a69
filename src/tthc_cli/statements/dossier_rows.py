"""What is told of a dossier wherever it is listed: unit, procedure, times, how late, and the row it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.columns import NAT, Times
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.scoring.scored_tree import ScoredTree

if TYPE_CHECKING:
    from tthc_cli.workdays import WorkCalendar

Rows = npt.NDArray[np.intp]
PLACE_COLUMNS = ("MaHoSo", schema.SHEET, schema.ROW)
"""Columns read beside those that facts stand on."""


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier; times are ISO moments, "" where there is none."""

    unit: str
    dossier: str
    procedure: str
    received: str
    due: str
    finished: str
    overdue_hours: float | None
    """Working hours past due, waiting left out; negative when early; None where no due time is known."""
    source: str
    sheet: str
    row: int


def dossier_rows(facts: DossierFacts, rows: Rows, tree: ScoredTree, paths: Mapping[str, str]) -> Iterator[DossierRow]:
    """Some dossiers of a chunk, in the order of `rows`. paths: id of a source -> its file."""
    picked = facts.chunk.take(rows)
    codes = picked.column("MaHoSo").to_pylist()
    sources = picked.column(schema.SOURCE).cast("string").to_pylist()
    sheets = picked.column(schema.SHEET).cast("string").to_pylist()
    numbers = picked.column(schema.ROW).to_pylist()
    units = tree.place([n or "" for n in picked.column(schema.UNIT_KEY).cast("string").to_pylist()])
    received = iso_times(facts.received_at[rows])
    due, finished = iso_times(facts.due_moved[rows]), iso_times(facts.closed_at[rows])
    procedures = procedure_labels(facts, rows)
    overdue = overdue_hours(facts, rows, facts.context.calendar)
    for i in range(len(rows)):
        yield DossierRow(
            unit=tree.ids[units[i]],
            dossier=codes[i],
            procedure=procedures[i],
            received=received[i],
            due=due[i],
            finished=finished[i],
            overdue_hours=overdue[i],
            source=paths.get(sources[i], sources[i]),
            sheet=sheets[i] or "",
            row=numbers[i],
        )


def iso_times(times: Times) -> list[str]:
    """ISO moments, "" where there is none."""
    texts = np.datetime_as_string(np.where(times == NAT, 0, times).astype("datetime64[s]"))
    return ["" if t == NAT else str(x) for t, x in zip(times, texts, strict=True)]


def overdue_hours(facts: DossierFacts, rows: Rows, calendar: WorkCalendar) -> list[float | None]:
    """Working hours past due, waiting left out; negative when early."""
    due, judged = facts.due_moved[rows], facts.judged_time[rows]
    known = due != NAT
    seconds = calendar.working_seconds_between(np.where(known, due, 0), np.where(known, judged, 0))
    return [round(int(s) / 3600, 2) if k else None for s, k in zip(seconds, known, strict=True)]


def procedure_labels(facts: DossierFacts, rows: Rows) -> list[str]:
    """Code and name of each dossier's procedure: the catalogue's, else the export's."""
    catalogue = facts.context.catalogue
    code_index, codes = facts.names("MaTTHC")
    name_index, names = facts.names("TenTTHC")
    out = []
    for row in rows:
        listed = int(facts.procedure[row])
        own = f"{codes[code_index[row]] or ''} {names[name_index[row]] or ''}".strip()
        out.append(own if listed == catalogue.unlisted else catalogue.label(listed))
    return out
