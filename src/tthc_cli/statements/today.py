"""The morning paper: one walk over the dossiers counts what each unit owes and how many were past due on each of the
last days; the petitions and the finish times to be checked are added.

How many were past due on a day that is over is told as it is known at the moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import DAY
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.standing import OVERDUE, WAITING, running_within, standing
from tthc_cli.facts.letters.state import Letters, LetterState
from tthc_cli.indicators.qd766.petitions import PetitionFacts, load_petitions
from tthc_cli.results.listing import Column, Listing
from tthc_cli.results.notes import note
from tthc_cli.results.today import MEASURES, OWED, Today, UnitToday
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import PLACE, dossier_cells, listing, working_days
from tthc_cli.statements.dossiers.overdue import step_cells
from tthc_cli.statements.dossiers.suspect import suspect_times

if TYPE_CHECKING:
    from decimal import Decimal

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.statements.dossiers.asking import Asked

Ints = npt.NDArray[np.int64]
TREND_DAYS = 30
SOON_DAYS = 3
"""Working days that are near."""
URGENT = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("due", "moment"), Column("overdue_days", "number"), Column("letter", "word", "letters.state", share=2),
    Column("division", share=1), Column("since", "moment", on_screen=False), *PLACE,
)  # fmt: skip
_NO_LETTER, _DUE = LetterState.OVERDUE_NO_LETTER, LetterState.DUE_TODAY


@dataclass(frozen=True)
class _Counted:
    """What one chunk of dossiers adds."""

    counts: Counter[tuple[str, int]]
    """(measure, index of the unit)."""
    trend: Ints
    """Past due at the end of each day of the trend."""


@dataclass(frozen=True)
class _Days:
    """The moments that today is measured by, in seconds."""

    at: int
    midnight: int
    """The end of the day of the moment."""
    before: int
    """The same hour of the working day before."""
    soon: int
    """The end of office hours some working days on."""
    ends: Ints
    """The end of each day of the trend; of the last, the moment."""

    @classmethod
    def of(cls, asked: Asked) -> _Days:
        calendar, day = asked.moment.calendar, asked.at // DAY
        before, last = (calendar.add_working_days(np.array([day]), days) for days in (-1, SOON_DAYS))
        ends = (np.arange(day - TREND_DAYS + 1, day + 1) + 1) * DAY - 1
        ends[-1] = asked.at
        return cls(
            asked.at,
            (day + 1) * DAY,
            int(before[0]) * DAY + asked.at % DAY,
            int(calendar.end_of_working_day(last)[0]),
            ends,
        )


def today(asked: Asked, limits: Mapping[str, Decimal], most: int) -> Today:
    """The units asked for. limits: working days of petitions, by parameter of the rulebook, none where none is in
    force; most: urgent dossiers."""
    days, letters = _Days.of(asked), Letters(asked.moment)
    counts: Counter[tuple[str, int]] = Counter()
    trend = np.zeros(TREND_DAYS, np.int64)
    columns = (*CLOCK_COLUMNS, schema.KEY_HASH)
    for part in asked.walk_all(lambda facts: _counted(facts, asked, days, letters), columns=columns):
        counts.update(part.counts)
        trend += part.trend
    counts.update(_suspect(asked))
    counts.update(_petitions(asked, limits, days))
    tree = asked.tree
    seen = {unit for _, unit in counts}
    units = [
        UnitToday(tree.ids[unit], tree.names[unit], {key: counts[key, unit] for key in MEASURES})
        for unit in sorted(seen)
    ]  # fmt: skip
    owing = [unit for unit in units if any(unit.counts[key] for key in OWED)]
    owing.sort(key=lambda unit: tuple(-unit.counts[key] for key in OWED))
    names = [str(np.datetime64(int(end), "s").astype("datetime64[D]")) for end in days.ends]
    return Today(
        as_of=asked.moment.at.isoformat(),
        unit="",
        unit_name="",
        units=tuple(owing),
        total={key: sum(unit.counts[key] for unit in units) for key in MEASURES},
        trend=tuple(zip(names, trend.tolist(), strict=True)),
        urgent=_urgent(replace(asked, most=most), days, letters),
        notes=_missing(asked, limits),
    )


def _counted(facts: DossierFacts, asked: Asked, days: _Days, letters: Letters) -> _Counted:
    unit, stands, due = asked.unit_of(facts), standing(facts), facts.due_moved
    states = letters.states(facts)
    within = running_within(facts)
    overdue = stands == OVERDUE
    masks = {
        "due_today": within & (due < days.midnight),
        "due_soon": within & (due >= days.midnight) & (due <= days.soon),
        "overdue": overdue,
        "overdue_no_letter": overdue & (states.state == _NO_LETTER),
        "newly_overdue": overdue & (due > days.before),
        "letters_due": states.state == _DUE,
        "waiting": stands == WAITING,
    }
    counts: Counter[tuple[str, int]] = Counter()
    for key, mask in masks.items():
        for one, many in zip(*np.unique(unit[mask], return_counts=True), strict=True):
            counts[key, int(one)] += int(many)
    return _Counted(counts, _past_due(facts, overdue, days))


def _past_due(facts: DossierFacts, overdue: npt.NDArray[np.bool_], days: _Days) -> Ints:
    """How many were past due at the end of each day: from their due time until they were finished, or until now."""
    ended = facts.finished & ~facts.due_unknown & ~facts.within_due & (facts.finished_at > days.ends[0])
    rows = np.flatnonzero(overdue | ended)
    first = np.searchsorted(days.ends, facts.due_moved[rows], side="right")
    until = np.where(overdue[rows], days.at + 1, facts.finished_at[rows])
    last = np.searchsorted(days.ends, until, side="left")
    change = np.bincount(first, minlength=TREND_DAYS + 1) - np.bincount(last, minlength=TREND_DAYS + 1)
    return np.cumsum(change)[:TREND_DAYS]


def _suspect(asked: Asked) -> Counter[tuple[str, int]]:
    """Dossiers of the last days whose finish times are to be checked."""
    window = (asked.at - TREND_DAYS * DAY, asked.at + 1)
    found = suspect_times(replace(asked, window=window))
    place = {unit: at for at, unit in enumerate(asked.tree.ids)}
    names = [column.id for column in found.columns]
    counts: Counter[tuple[str, int]] = Counter()
    for row in found.rows:
        told: dict[str, Any] = dict(zip(names, row, strict=True))
        if told["verdict"] == "check":
            counts["suspect", place[told["unit"]]] += told["dossiers"]
    return counts


def _petitions(asked: Asked, limits: Mapping[str, Decimal], days: _Days) -> Counter[tuple[str, int]]:
    """Open petitions whose limit is near or over."""
    warehouse = asked.moment.warehouse
    if not warehouse.has("petitions") or not limits:
        return Counter()
    stored = load_petitions(warehouse.read("petitions"), asked.tree.place, asked.at)
    facts = PetitionFacts(stored, asked.at, asked.at, limits, asked.moment.calendar)
    near = (facts.ended == NAT) & (facts.limit(stored.begun, "petition_handle_days") <= days.soon)
    units = stored.unit[near].tolist()
    return Counter(("petitions", unit) for unit in units if asked.units is None or unit in asked.units)


def _urgent(asked: Asked, days: _Days, letters: Letters) -> Listing:
    """Past due without a letter, owing one today, or due today; in this order, the longest past due first."""

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        stands, state = standing(facts), letters.states(facts).state
        today_ = running_within(facts) & (facts.due_moved < days.midnight)
        return np.flatnonzero(((stands == OVERDUE) & (state == _NO_LETTER)) | (state == _DUE) | today_)

    def work(facts: DossierFacts) -> dict[str, Any]:
        state = letters.states(facts).state
        late = standing(facts) == OVERDUE
        return {
            **dossier_cells(facts, asked),
            **step_cells(facts, asked.steps(facts)),
            "overdue_days": np.where(late, working_days(facts, facts.due_moved, facts.judged_time), np.nan),
            "letter": asked.known.letters_of(facts),
            "_urgency": np.select([state == _NO_LETTER, state == _DUE], [0, 1], 2),
        }

    found = asked.walk(pick, (*CLOCK_COLUMNS, schema.KEY_HASH), work)
    return listing("urgent", asked, URGENT, found, ("_urgency", "due"))


def _missing(asked: Asked, limits: Mapping[str, Decimal]) -> tuple[str, ...]:
    """What the stored tables do not hold, or no rulebook says, and so is not told."""
    warehouse = asked.moment.warehouse
    tables = {"apologies": "no_letters_table", "petitions": "no_petitions_table"}
    missing = [key for table, key in tables.items() if not warehouse.has(table)]
    if warehouse.has("petitions") and not limits:
        missing.append("no_petition_limit")
    return (*asked.log_notes, *map(note, missing))
