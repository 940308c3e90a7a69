"""Counts by unit and procedure in one shape, of every engine and of `tthc` itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli.counting.measures import TIME_SUMS
from tthc_cli.indicators.registry import MEASURES, layout

from .inputs import Inputs

Answer = dict[tuple[str, int], npt.NDArray[np.int64]]
"""(unit, procedure) -> counts as `registry.layout` lays them out."""


def wanted() -> list[tuple[str, int, str]]:
    """(indicator, verdict, name of the column) of every count that an engine gives."""
    return [
        (judge.id, number, f"c{layout()[judge.id].start + number}")
        for judge in MEASURES.judges
        for number in range(1, len(judge.reasons))
    ]


def canonical(table: pa.Table, inputs: Inputs) -> Answer:
    """Of an engine's answer."""
    counts = np.zeros((table.num_rows, MEASURES.width), np.int64)
    for _, _, name in wanted():
        counts[:, int(name[1:])] = table[name].to_numpy()
    procedure = table["procedure"].to_numpy()
    finished, working, past = (table[f"t{i}"].cast(pa.int64()).to_numpy() for i in range(3))
    calendar_days = np.isin([inputs.unit_of[int(p)] for p in procedure], (2, 4))
    counts[:, layout()["2.2"]] = np.stack([finished, working, np.where(calendar_days, past, working)], axis=1)
    units = table["_unit"].cast(pa.string()).to_pylist()
    return {(u or "", int(p)): row for u, p, row in zip(units, procedure, counts, strict=True) if row.any()}


def own_counts(found: Any) -> Answer:
    """Of the counts of `tthc`."""
    rows = zip(found.unit, found.procedure, found.counts, strict=True)
    return {(found.units[int(u)], int(p)): row for u, p, row in rows}


def totals(answer: Answer) -> dict[str, int]:
    """How often every verdict is given in all, and the sums of 2.2."""
    sums = sum(answer.values(), np.zeros(MEASURES.width, np.int64))
    return {name: int(n) for name, n in zip(_names(), sums, strict=True)}


def difference(one: Answer, other: Answer) -> dict[str, int]:
    """Which verdicts are counted otherwise, and how often in all: nothing where the answers are equal."""
    zero = np.zeros(MEASURES.width, np.int64)
    apart = {key: abs(one.get(key, zero) - other.get(key, zero)) for key in one.keys() | other.keys()}
    return {name: n for name, n in totals(apart).items() if n}


def _names() -> list[str]:
    """What every place in a row of counts holds."""
    verdicts = [f"{judge.id} {reason.key}" for judge in MEASURES.judges for reason in judge.reasons]
    return verdicts + [f"2.2 {name}" for name in TIME_SUMS]
