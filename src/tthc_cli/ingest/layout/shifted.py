"""Columns of days that a program wrote as times of day: midnight moved by 7 hours, or by some seconds.

A column is read as days only where all its values, over the whole sheet, have that one time of day, and something
proves that it is no time of work; see "Ngày" in docs/ingest.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.clock import AHEAD
from tthc_cli.ingest.cleaning.clean_dates import parse_times
from tthc_cli.ingest.cleaning.date_words import Order
from tthc_cli.ingest.cleaning.rows import Plan
from tthc_cli.ingest.files.raw import Block
from tthc_cli.ingest.vectors import arrow
from tthc_cli.schema import TableSpec

_DAY = 86_400
_EVENING = _DAY - AHEAD
"""17:00, midnight of the next day in UTC; and the end of the working day."""
_NEAR = 60
_SAMPLE = 512
_FEW = 3
"""Days, or Sundays, that prove something."""
_TAKEN_IN: Mapping[str, tuple[str, ...]] = {
    "dossiers": ("NgayNopHoSo", "NgayTiepNhan"),
    "petitions": ("NgayGui",),
    "slips": ("NgayDanhGia",),
}
"""Times at which people come: never all at the same second."""
_ZONED = r"(?i)\d\s?(?:z|gmt|utc)\b|:\d\d(?:\.\d+)?\s?[+-]\d\d"


@dataclass(frozen=True, slots=True)
class Profile:
    """The times of day of some values of a column."""

    clocks: frozenset[int] = frozenset()
    """Seconds of the day, when there are few."""
    days: frozenset[int] = frozenset()
    """Some of the days, since 1970."""
    sundays: int = 0
    fridays: int = 0
    zoned: bool = False
    """Some of them tell a zone."""
    bare: bool = False
    """Some of them tell none."""
    example: str = ""

    def __or__(self, other: Profile) -> Profile:
        return Profile(
            self.clocks | other.clocks, frozenset(sorted(self.days | other.days)[:_FEW]),
            self.sundays + other.sundays, self.fridays + other.fridays,
            self.zoned or other.zoned, self.bare or other.bare, self.example or other.example,
        )  # fmt: skip


def profile(texts: pa.Array, order: Order) -> Profile:
    """Look at some values; what is no date counts for nothing."""
    seconds, blank, bad = parse_times(texts, order)
    told = ~(blank | bad)
    if not told.any():
        return Profile()
    days = seconds[told] // _DAY
    weekdays = np.bincount((days + 3) % 7, minlength=7)
    clocks = np.flatnonzero(np.bincount(seconds[told] % _DAY))
    first = int(days.min())
    dates = np.flatnonzero(np.bincount(days - first)) + first
    zoned = pc.match_substring_regex(texts.filter(arrow(told)), _ZONED)
    odd = int(np.flatnonzero(told & (seconds % _DAY != 0))[0]) if clocks[-1] else 0
    return Profile(
        frozenset(clocks[: _FEW + 1].tolist()), frozenset(dates[:_FEW].tolist()),
        int(weekdays[6]), int(weekdays[4]), bool(pc.any(zoned).as_py()), not pc.all(zoned).as_py(), texts[odd].as_py(),
    )  # fmt: skip


def _seconds_off(found: Profile) -> bool:
    """Whether all are the same few seconds from midnight, or at midnight; 23:59:59 and 23:59:00 are ends of a day."""
    off = sorted(c for c in found.clocks if c)
    if not off or off[-1] - off[0] > 1:
        return False
    return off[-1] < _NEAR or (off[0] > _DAY - _NEAR and off[-1] < _DAY - 1)


def _hours_off(spec: TableSpec, name: str, found: Profile) -> bool:
    """Whether all are midnights moved by 7 hours, and the column alone proves it."""
    if found.clocks == {AHEAD} and found.zoned and not found.bare:
        return True
    if found.clocks not in ({AHEAD}, {_EVENING}) or found.zoned:
        return False
    proves = name in _TAKEN_IN.get(spec.name, ()) or spec.column(name).type == "date"
    sundays = found.clocks == {_EVENING} and found.sundays >= _FEW and not found.fridays
    return sundays or (proves and len(found.days) >= _FEW)


def _verdict(spec: TableSpec, found: Mapping[str, Profile]) -> dict[str, str]:
    """Column -> a value of it, for columns that hold days."""
    proved = {name for name, one in found.items() if _hours_off(spec, name, one)}
    alike = {found[name].clocks for name in proved if not found[name].zoned}
    return {
        name: one.example for name, one in found.items()
        if name in proved or _seconds_off(one) or (one.clocks in alike and not one.zoned)
    }  # fmt: skip


def shifted(
    spec: TableSpec, first: Mapping[str, pa.Array], order_of: Callable[[str], Order],
    all_blocks: Callable[[Set[str]], Iterable[Mapping[str, pa.Array]]],
) -> dict[str, str]:  # fmt: skip
    """Column -> a value of it, for columns whose times are days moved away from midnight.

    `first`: the columns of dates of the first block. `all_blocks` gives those of the whole sheet; it is asked only
    when the first rows look so.
    """
    sample = {name: profile(_spread(texts), order_of(name)) for name, texts in first.items()}
    if not _verdict(spec, sample):
        return {}
    whole = {name: Profile() for name, one in sample.items() if len(one.clocks) <= _FEW}
    for block in all_blocks(whole.keys()):
        for name, texts in block.items():
            whole[name] |= profile(texts, order_of(name))
    return _verdict(spec, whole)


def columns_of(jobs: Iterable[Callable[[], Block]], plan: Plan, names: Set[str]) -> Iterator[dict[str, pa.Array]]:
    """Some columns of each block of a sheet."""
    for job in jobs:
        block = job()
        yield {n: block.columns[plan.columns[n]] for n in sorted(names) if plan.columns[n] in block.columns}


def _spread(texts: pa.Array) -> pa.Array:
    """Some values from all over a column."""
    if len(texts) <= _SAMPLE:
        return texts
    return texts.take(arrow(np.linspace(0, len(texts) - 1, _SAMPLE).astype(np.int64)))
