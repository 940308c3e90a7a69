"""The control slip of one dossier (phiếu kiểm soát quá trình giải quyết hồ sơ): each step of the process log, with who
had it, when it came and went, when it was due, and whether it was in time. Columns of signatures are blank."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.errors import InputError
from tthc_cli.facts.codes import DAY
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.steps import is_late
from tthc_cli.facts.moment import moment_of
from tthc_cli.results.form import Figure, FormRow
from tthc_cli.results.notes import note
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import dossier_cells
from tthc_cli.statements.forms.statutory import blank_form

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.late.steps import StepsAt
    from tthc_cli.forms.layout import Layout
    from tthc_cli.results.form import Form
    from tthc_cli.statements.dossiers.asking import Asked


@dataclass(frozen=True)
class _Found:
    """What the slip says of a dossier, beside its steps. Moments are ISO, "" for none."""

    code: str
    procedure: str
    unit: int
    received: str
    due: str
    finished: str
    state: str


def control_slip(layout: Layout, asked: Asked, dossier: str) -> Form:
    """The slip as it stood at the moment asked for. Raises InputError where the dossier is not stored, or was received
    after it."""
    facts = _facts_of(asked, dossier.strip())
    told = _told(facts, asked)
    steps = asked.steps(facts)
    tree = asked.tree
    found = zip(tree.find(list(steps.rows.divisions)), steps.rows.divisions, strict=True)
    names = [tree.names[unit] if unit >= 0 else division for unit, division in found]
    rows = tuple(_rows(layout, steps, names))
    foreign = asked.foreign(steps, np.array([told.unit], np.int64))
    partners = dict.fromkeys(names[at] for at in steps.rows.division[foreign].tolist())
    form = blank_form(
        layout, asked.moment.at.isoformat(), moment_of(int(facts.received_at[0])).date(),
        asked.moment.at.date() + timedelta(days=1),
    )  # fmt: skip
    return replace(
        form,
        unit=tree.ids[told.unit],
        reporter=tree.names[told.unit],
        rows=rows,
        facts=(
            ("dossier", told.code), ("procedure", told.procedure), ("agency", tree.names[told.unit]),
            ("partners", ", ".join(partners) or "–"), ("received", told.received), ("due_moved", told.due),
            ("finished", told.finished or "–"),
        ),
        notes=_notes(asked, rows, told),
    )  # fmt: skip


def _facts_of(asked: Asked, code: str) -> DossierFacts:
    """The one dossier. The months of its receipt are mostly that of its code, which is looked into first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = schema.key_hash(pa.array([code]))[0]
    month = schema.dossier_code_months(pa.array([code]))[0].as_py()
    columns = (*CLOCK_COLUMNS, "MaHoSo", schema.KEY_HASH)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        same = facts.chunk.column(schema.KEY_HASH).to_numpy() == wanted
        return np.flatnonzero(same & facts.received)

    first = tuple(chunk for chunk in asked.chunks if chunk[2] == month)
    rest = tuple(chunk for chunk in asked.chunks if chunk[2] != month)
    for chunks in (first, rest):
        for facts in replace(asked, chunks=chunks, units=None).walk(pick, columns, lambda found: found):
            rows = np.flatnonzero(pc.equal(facts.chunk.column("MaHoSo"), code).to_numpy(zero_copy_only=False))
            if len(rows):
                return facts
    raise InputError("unknown_dossier", dossier=code)


def _told(facts: DossierFacts, asked: Asked) -> _Found:
    cells = dossier_cells(facts, asked)
    closed, due = int(facts.closed_at[0]), int(facts.due_moved[0])
    return _Found(
        str(cells["dossier"][0].as_py()), str(cells["procedure"][0].as_py() or ""), int(asked.unit_of(facts)[0]),
        _iso(int(facts.received_at[0])), _iso(due), _iso(closed), _result(due, closed if closed != NAT else asked.at),
    )  # fmt: skip


def _rows(layout: Layout, steps: StepsAt, names: list[str]) -> list[FormRow]:
    """names: of the divisions."""
    rows = steps.rows
    out = []
    before = NAT
    for at in range(len(rows)):
        standing = bool(steps.standing[at])
        began = int(rows.begin[at]) if rows.begin[at] != NAT else before
        done, due = int(rows.at[at]), int(rows.due[at])
        result = "" if standing and not steps.late[at] else _result(due, int(steps.end[at]))
        told: dict[str, Figure] = {
            "status": "" if standing and done > steps.moment else str(int(rows.status[at])),
            "received": _iso(began), "handed_over": "" if standing else _iso(done), "due": _iso(due),
            "result": result,
        }  # fmt: skip
        division = names[rows.division[at]]
        cells = tuple(told.get(c.of_step) for c in layout.columns if c.source not in ("ordinal", "label"))
        out.append(FormRow("line", str(at + 1), division or "–", cells))
        before = done
    return out


def _result(due: int, done: int) -> str:
    """In time or not, a key of `forms.step_result`; "" where nothing tells when it was due."""
    if due == NAT:
        return ""
    if is_late(np.array([due]), np.array([done]))[0]:
        return "late"
    return "early" if done < due // DAY * DAY else "on_time"


def _notes(asked: Asked, rows: tuple[FormRow, ...], told: _Found) -> tuple[str, ...]:
    out = [*asked.log_notes]
    if asked.step_log is not None:
        out.append(note("slip_as_of", as_of=asked.moment.at.isoformat()))
        out += [] if rows else [note("slip_no_steps")]
    if told.state:
        out.append(note(f"slip_{'ended' if told.finished else 'open'}_{told.state}"))
    return (*out, note("slip_signatures"))


def _iso(seconds: int) -> str:
    return "" if seconds == NAT else moment_of(seconds).isoformat()
