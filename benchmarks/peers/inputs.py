"""What every engine is handed ready-made: the files, the numbers of the rulebook, and small tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from tthc_cli.facts.codes import DAY
from tthc_cli.facts.context import Context
from tthc_cli.indicators.registry import MEASURES
from tthc_cli.workdays import WORKING_DAYS

from .cases import CASES, TOLD

DAY_SECONDS = 28_800
"""Working seconds of every day worked: 7:00 to 11:30 and 13:30 to 17:00. The inverse of the working clock is a
division by it and a look-up of the k-th working day."""
MORNING, MORNING_SECONDS, AFTERNOON, AFTERNOON_SECONDS = 25_200, 16_200, 48_600, 12_600


@dataclass(frozen=True)
class Inputs:
    """Where the dossiers are, and the small tables."""

    files: tuple[str, ...]
    columns: tuple[str, ...]
    tables: dict[str, pa.Table]
    """calendar, by day: end of work, working seconds before it and of it, working days so far; working_days: the k-th
    one; catalogue; complaints: dossiers complained about; sources: which columns a file had."""
    numbers: dict[str, int]
    """start, last, cutoff, too_many, appointment_counts, boundary_free_from, unlisted."""
    unit_of: dict[int, int]
    """Place of a procedure -> code of DonViThoiHan."""


def prepare(files: list[Path], columns: list[str], context: Context) -> Inputs:
    """The same for every engine. Raises ValueError for indicators, rules or a calendar that the engines' queries do not
    know."""
    if unknown := [judge.id for judge in MEASURES.judges if judge.id not in (*CASES, "II.06")]:
        raise ValueError(f"CASES of benchmarks/peers/cases.py lacks {', '.join(unknown)}")
    n = len(context.catalogue)
    rules = context.rules
    if rules.restarts or not rules.working_waits or not rules.supplements_overdue or context.log is not None:
        raise ValueError("the engines know the law's reading, without a process log")
    tables = {
        **_calendar(context), "catalogue": _catalogue(context), "complaints": pa.table({"key": context.complained}),
        "sources": pa.table({"source": [*context.told]} | {
            fact: [not known.isdisjoint(wanted) for known in context.told.values()] for fact, wanted in TOLD.items()
        }),
    }  # fmt: skip
    numbers = {
        "start": context.start, "last": min(context.end - 1, context.cutoff), "cutoff": context.cutoff,
        "too_many": rules.supplements_overdue, "appointment_counts": int(rules.appointment_counts),
        "boundary_free_from": rules.boundary_free_from, "unlisted": n,
    }  # fmt: skip
    units = {i: int(context.catalogue.duration_unit[i]) for i in range(n + 1)}
    return Inputs(tuple(str(f) for f in files), tuple(columns), tables, numbers, units)


def _calendar(context: Context) -> dict[str, pa.Table]:
    calendar = context.calendar
    days = np.arange(33_000)
    length = calendar.working_seconds_between(days * DAY, (days + 1) * DAY)
    worked = int(days[length > 0][0]) * DAY
    hours = worked + np.array([MORNING, MORNING + MORNING_SECONDS, AFTERNOON, AFTERNOON + AFTERNOON_SECONDS])
    passed = calendar.working_seconds_between(np.full_like(hours, worked), hours)
    usual = (0, MORNING_SECONDS, MORNING_SECONDS, DAY_SECONDS)
    if not np.isin(length, (0, DAY_SECONDS)).all() or not np.array_equal(passed, usual):
        raise ValueError("the engines know whole days of the usual office hours")
    ranks = np.arange(1, 22_000)
    nth = calendar.add_working_days(np.zeros_like(ranks), ranks)
    return {
        "calendar": pa.table({
            "day": days, "end_of_day": calendar.end_of_working_day(days), "length": length,
            "elapsed": calendar.working_seconds_between(np.zeros_like(days), days * DAY),
            "so_far": calendar.working_days_between(np.zeros_like(days), days),
        }),
        "working_days": pa.table({"rank": ranks, "begins": nth * DAY, "end_of_day": calendar.end_of_working_day(nth)}),
    }  # fmt: skip


def _catalogue(context: Context) -> pa.Table:
    catalogue, n = context.catalogue, len(context.catalogue)
    duration, unit = catalogue.duration[:n], catalogue.duration_unit[:n]
    blank = np.isnan(duration)
    whole = np.nan_to_num(duration).astype(np.int64)
    if (~blank & ((unit != WORKING_DAYS) | (whole != duration))).any():
        raise ValueError("the engines know durations of whole working days")
    return pa.table({
        "code": list(catalogue.codes), "name": list(catalogue.names), "place": np.arange(n),
        "returns_document": catalogue.returns_document[:n], "has_fee": catalogue.has_fee[:n],
        "duration": pa.array(whole, mask=blank),
    })  # fmt: skip
