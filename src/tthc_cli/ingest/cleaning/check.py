"""Check typed rows against each other: what is required, and dates or figures that contradict.

A row is rejected when a required value is missing, or when it ended on a day before it began; it is kept with a
warning when the contradiction does not touch whether it was on time by more than a day, or may be right.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.errors import Severity
from tthc_cli.ingest.cleaning.clean import Cleaned, Fault
from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.schema import Order, TableSpec

Columns = Mapping[str, Cleaned]
_DAY = 86_400
_LONGEST_TERM = 5 * 366 * _DAY
"""Our choice, told in docs/ingest.md: no law sets a limit, and a due date so far off is a mistyped year."""


def check(spec: TableSpec, columns: Columns, rows: int) -> list[Fault]:
    """Every fault of the rows of one block that only shows between columns."""
    faults = [*_missing(spec, columns, rows)]
    for one in spec.order:
        if one.earlier in columns and one.later in columns:
            faults += _order(columns, one)
    if spec.name == "dossiers" and "NgayTiepNhan" in columns and "NgayHenTra" in columns:
        faults += _far_due(columns)
    if spec.name == "typed_figures":
        faults += _figures(columns, rows)
    return faults


def _missing(spec: TableSpec, columns: Columns, rows: int) -> list[Fault]:
    faults = []
    for column in spec.columns:
        if not column.required:
            continue
        if column.name not in columns:
            faults.append(_at("missing_required", "rejected", column.name, np.ones(rows, bool)))
            continue
        cleaned = columns[column.name]
        if not cleaned.array.null_count:
            continue
        null = vector(cleaned.array.is_null())
        for fault in cleaned.faults:
            null[fault.at] = False
        faults += [f for f in [_at("missing_required", "rejected", column.name, null)] if len(f.at)]
    return faults


def _at(
    code: str, severity: Severity, column: str, bad: npt.NDArray[np.bool_], values: list[str] | None = None
) -> Fault:
    at = np.flatnonzero(bad)
    return Fault(code, severity, column, at, values if values is not None else [""] * len(at))


def _order(columns: Columns, order: Order) -> list[Fault]:
    first, second = columns[order.earlier], columns[order.later]
    assert first.seconds is not None and first.blank is not None
    assert second.seconds is not None and second.blank is not None
    both = ~first.blank & ~second.blank
    bad = both & (second.seconds < first.seconds)
    if not bad.any():
        return []
    same_day = first.seconds // _DAY == second.seconds // _DAY
    timed = (first.seconds % _DAY != 0) & (second.seconds % _DAY != 0)
    faults = []
    severity: Severity
    for mask, code, severity in (
        (bad & ~same_day, order.code, order.severity),
        (bad & same_day & timed, "same_day_order", "warning"),
    ):
        at = np.flatnonzero(mask)
        if len(at):
            values = [f"{_show(second.seconds[i])} < {_show(first.seconds[i])} ({order.earlier})" for i in at]
            faults.append(Fault(code, severity, order.later, at, values))
    return faults


def _far_due(columns: Columns) -> list[Fault]:
    """Due dates that no term explains: a mistyped year, by which an open dossier never becomes overdue."""
    received, due = columns["NgayTiepNhan"], columns["NgayHenTra"]
    assert received.seconds is not None and received.blank is not None
    assert due.seconds is not None and due.blank is not None
    at = np.flatnonzero((due.seconds - received.seconds > _LONGEST_TERM) & ~received.blank & ~due.blank)
    values = [f"{_show(due.seconds[i])} > {_show(received.seconds[i])} (NgayTiepNhan)" for i in at]
    return [Fault("far_due", "warning", "NgayHenTra", at, values)] if len(at) else []


def _show(seconds: int) -> str:
    moment = np.datetime64(int(seconds), "s").item()
    return f"{moment:%d/%m/%Y}" if seconds % _DAY == 0 else f"{moment:%d/%m/%Y %H:%M}"


def _figures(columns: Columns, rows: int) -> list[Fault]:
    nothing = pa.nulls(rows, pa.string())
    top = columns["TuSo"].array if "TuSo" in columns else nothing
    bottom = columns["MauSo"].array if "MauSo" in columns else nothing
    bad = {int(i) for name in ("TuSo", "MauSo") if name in columns for f in columns[name].faults for i in f.at}
    half = vector(top.is_null()) != vector(bottom.is_null())
    half[list(bad)] = False
    faults = [_at("half_figure", "rejected", "MauSo", half)]
    over = vector(pc.greater(_as_number(top), _as_number(bottom)), False)
    over[list(bad)] = False
    texts = [
        f"{a} > {b}"
        for a, b in zip(top.filter(arrow(over)).to_pylist(), bottom.filter(arrow(over)).to_pylist(), strict=True)
    ]
    faults.append(_at("numerator_over", "warning", "TuSo", over, texts))
    return [f for f in faults if len(f.at)]


def _as_number(texts: pa.Array) -> pa.Array:
    values = [None if t is None or t == "ambiguous" else float(t) for t in texts.to_pylist()]
    return pa.array(values, pa.float64())
