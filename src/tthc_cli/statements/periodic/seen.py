"""What the periodic report sees of one period: its stored scores, and the stored tables as they stood at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tthc_cli.facts.moment import seconds_of

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.results.control.inspection import Draw
    from tthc_cli.results.scorecard import ComponentScore, Scorecard, UnitScore
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.statements.plan.listing import Planned
    from tthc_cli.storage.warehouse import Warehouse

Figures = dict[str, int]


@dataclass(frozen=True)
class Seen:
    """One period."""

    period: Period
    until: datetime
    """The last second that is seen: the end of the period, or now if that is earlier."""
    warehouse: Warehouse
    card: Scorecard | None
    """None where the period was not scored."""
    nine: Scorecard | None
    """By the nine criteria."""
    asked: Asked
    """The dossiers and units as they stood, of the unit that reports with all below it."""
    plan: Planned | None = None
    """Of this period alone."""
    draws: tuple[Draw, ...] = ()
    """Of inspections, those that are stored."""
    unit: str = ""
    """Id of the unit that reports; "" = the whole tree."""

    @property
    def start(self) -> int:
        return seconds_of(self.period.start)

    @property
    def cutoff(self) -> int:
        return seconds_of(self.until)

    def holds(self, day: date | datetime | None) -> bool:
        """Whether a day lies in the period, and is not later than what is seen."""
        return day is not None and self.period.start.date() <= _date(day) <= self.until.date()

    def wants(self, names: Sequence[str]) -> list[bool]:
        """Of each text that names a unit, whether it is one of those that report; blank = the province."""
        units = self.asked.units
        if units is None:
            return [True] * len(names)
        tree = self.asked.tree
        places = tree.place([name for name in names if name])
        told = iter(places)
        return [(next(told) if name else tree.root) in units for name in names]

    def is_reporter(self, names: Sequence[str]) -> list[bool]:
        """Of each text that names a unit, whether it is the one that reports; blank = the province."""
        tree = self.asked.tree
        who = tree.ids.index(self.unit) if self.unit else tree.root
        return [(tree.place([name])[0] == who) if name else (not self.unit or who == tree.root) for name in names]

    def subjects(self, card: Scorecard) -> list[UnitScore]:
        """The unit that reports; of the whole tree, every unit with none above it."""
        return [u for u in card.units if (u.id == self.unit if self.unit else u.parent is None)]

    @cached_property
    def judged(self) -> frozenset[str]:
        """The indicators of which the score holds counts."""
        return frozenset() if self.card is None else frozenset(r.component for r in self.card.reasons)

    @cached_property
    def reasons(self) -> Counter[str]:
        """How many subjects of the unit that reports got each reason ("2.1:late")."""
        found: Counter[str] = Counter()
        if self.card is not None:
            subjects = {u.id for u in self.subjects(self.card)}
            for one in self.card.reasons:
                if one.unit in subjects:
                    found[f"{one.component}:{one.reason}"] += one.count
        return found

    @cached_property
    def components(self) -> tuple[ComponentScore, ...]:
        """What the unit that reports got by each indicator."""
        if self.card is None:
            return ()
        subjects = {u.id for u in self.subjects(self.card)}
        return tuple(c for c in self.card.components if c.unit in subjects)

    def below(self, card: Scorecard) -> list[UnitScore]:
        """All units below the one that reports, of the whole tree all but the province."""
        parents = {u.id: u.parent for u in card.units}
        tops = {u.id for u in self.subjects(card)} if self.unit else {card.province}

        def under(unit: str) -> bool:
            above = parents[unit]
            while above is not None and above not in tops:
                above = parents.get(above)
            return above is not None

        return [u for u in card.units if u.level != "khac" and u.id not in tops and (under(u.id) or not self.unit)]


def _date(day: date | datetime) -> date:
    return day.date() if isinstance(day, datetime) else day


def counted(seen: Seen, patterns: Sequence[str]) -> Fraction | None:
    """How many subjects got one of some reasons ("II.06:*_late"); None where the score holds no such indicator."""
    wanted = {pattern.rpartition(":")[0] for pattern in patterns}
    if not wanted & seen.judged:
        return None
    return Fraction(sum(count for told, count in seen.reasons.items() if _matches(told, patterns)))


def _matches(text: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def share(seen: Seen, part: Sequence[str], whole: Sequence[str]) -> Fraction | None:
    """One count of another; None where there is nothing to count."""
    over, under = counted(seen, part), counted(seen, whole)
    return over / under if over is not None and under else None


def ratio(seen: Seen, component: str) -> Fraction | None:
    """Numerator by denominator of an indicator."""
    found = [c for c in seen.components if c.id == component and c.ratio is not None]
    under = sum(c.denominator or 0 for c in found)
    return Fraction(sum(c.numerator or 0 for c in found)) / under if under else None


def percent(seen: Seen) -> Fraction | None:
    """The points of 100 of the unit that reports; None where there is no one unit, or it has none."""
    subjects = seen.subjects(seen.card) if seen.card is not None else []
    points = subjects[0].percent if len(subjects) == 1 else None
    return None if points is None else Fraction(points)


def grades_of(card: Scorecard, units: Callable[[Scorecard], list[UnitScore]]) -> dict[tuple[str, str], int]:
    """(level, key of the grade, "" for none) -> how many of some units."""
    out: dict[tuple[str, str], int] = {}
    for unit in units(card):
        key = (unit.level, unit.grade or "")
        out[key] = out.get(key, 0) + 1
    return out
