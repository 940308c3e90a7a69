"""How each unit handles each procedure: time taken, share of the time limit used, and the age of what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.counting.duration_counts import TENTHS, Lengths, in_tenths
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.habits import used
from tthc_cli.facts.late.standing import is_open
from tthc_cli.indicators.registry import MEASURES
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.found import UNIT, listing, tenths
from tthc_cli.workdays import WORKING_DAYS

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

    Ints = npt.NDArray[np.int64]

MONTHS = 12
COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("procedure_code"),
    Column("procedure", share=1, on_screen=False), Column("time_unit", "word", "lists.time_unit"),
    Column("finished_count", "count"), Column("median", "number"), Column("percentile_90", "number"),
    Column("statutory", "number"), Column("used_median", "number", on_screen=False),
    Column("used_percentile_90", "number", on_screen=False), Column("on_time_share", "number"),
    Column("backlog", "count"), Column("backlog_age", "number", on_screen=False),
    Column("backlog_oldest", "number", on_screen=False),
)  # fmt: skip
_HUNDREDTHS = 100 * TENTHS
_MOST_USED = 10.0
"""Times its limit: what took longer is counted as this."""


@dataclass(frozen=True)
class _Part:
    """Counts of one chunk, by unit × procedures + procedure."""

    times: Lengths
    used: Lengths
    ages: Lengths
    on_time: tuple[Ints, Ints]
    """(key, dossiers on time)"""


def habits(asked: Asked) -> Listing:
    """One row a unit and procedure that finished some in the period, or has some open."""
    start, end = asked.period(MONTHS)
    procedures = len(asked.context.catalogue) + 1

    def work(facts: DossierFacts) -> _Part:
        counts, working, elapsed = MEASURES.times(facts)
        own = MEASURES.own_times(facts, working, elapsed)
        key = asked.unit_of(facts) * procedures + facts.procedure
        done = np.flatnonzero((counts > 0) & (facts.closed_at >= start) & (facts.closed_at < end))
        share = np.minimum(used(facts).share, _MOST_USED)
        limited = done[np.isfinite(share[done])]
        open_ = np.flatnonzero(is_open(facts) & (facts.started_at != NAT))
        calendar = facts.context.calendar
        age = calendar.working_seconds_between(facts.started_at[open_], np.full(len(open_), asked.at))
        tenths = np.maximum(age, 0) * TENTHS // calendar.day_seconds
        return _Part(
            times=_counted(key[done], in_tenths(facts, done, own)),
            used=_counted(key[limited], np.rint(share[limited] * _HUNDREDTHS).astype(np.int64)),
            ages=_counted(key[open_], tenths),
            on_time=np.unique(key[done[facts.within_due[done]]], return_counts=True),
        )

    return _listed(asked, list(asked.walk_all(work)), procedures)


def _counted(key: Ints, tenths: Any) -> Lengths:
    return Lengths.counted(key.astype(np.int64), tenths.astype(np.int64))


def _joined(parts: list[Lengths]) -> Lengths:
    """In order of key and length."""
    found = Lengths.joined(parts)
    order = np.argsort((found.group.astype(np.int64) << 32) + found.tenths, kind="stable")
    return Lengths(found.group[order], found.tenths[order], found.dossiers[order])


def _listed(asked: Asked, parts: list[_Part], procedures: int) -> Listing:
    times, shares, ages = (_joined([getattr(p, name) for p in parts]) for name in ("times", "used", "ages"))
    keys = np.unique(np.concatenate([times.group, ages.group])).astype(np.int64)
    finished = np.zeros(len(keys), np.int64)
    np.add.at(finished, np.searchsorted(keys, times.group), times.dossiers)
    backlog = np.zeros(len(keys), np.int64)
    np.add.at(backlog, np.searchsorted(keys, ages.group), ages.dossiers)
    on_time = np.zeros(len(keys), np.int64)
    for key, count in (p.on_time for p in parts):
        np.add.at(on_time, np.searchsorted(keys, key), count)
    unit, procedure = np.divmod(keys, procedures)
    catalogue = asked.context.catalogue
    code = catalogue.duration_unit[procedure]
    part = {
        UNIT: unit,
        "procedure_code": [(*catalogue.codes, "?")[p] for p in procedure.tolist()],
        "procedure": [(*catalogue.names, "")[p] for p in procedure.tolist()],
        "time_unit": [str(u) for u in np.where(code > 0, code, WORKING_DAYS).tolist()],
        "finished_count": finished,
        "median": _at(keys, times, 0.5),
        "percentile_90": _at(keys, times, 0.9),
        "statutory": [None if isnan(d) else d for d in catalogue.duration[procedure].tolist()],
        "used_median": _at(keys, shares, 0.5),
        "used_percentile_90": _at(keys, shares, 0.9),
        "on_time_share": np.where(finished > 0, tenths(100 * on_time, np.maximum(finished, 1)), np.nan),
        "backlog": backlog,
        "backlog_age": _at(keys, ages, 0.5),
        "backlog_oldest": _at(keys, ages, 1.0),
    }
    order = (UNIT, "-finished_count", "procedure_code")
    return listing("habits", asked, COLUMNS, [part], order, ("finished_count", "backlog"))


def _at(keys: Ints, lengths: Lengths, share: float) -> Any:
    """The percentile of each key; NaN where it has none."""
    out = np.full(len(keys), np.nan)
    if len(lengths):
        out[np.searchsorted(keys, np.unique(lengths.group))] = lengths.percentile(share)
    return out
