"""Numbers of the periodic report that come in several lines, each with a name of its own: grades by level, causes,
units that moved most, units graded low, tasks of the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.results.periodic import Kind
from tthc_cli.statements.periodic.seen import Figures, Seen, grades_of
from tthc_cli.statements.plan.tasks import STATES

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, UnitScore
    from tthc_cli.statements.plan.listing import Planned
    from tthc_cli.statements.plan.tasks import Task

_LEVELS = ("tinh", "so", "huyen", "xa")
_MOVERS = 3
_UNDER = 10
"""Units that are named at most."""
_CAUSES = (
    "step", "other_agency", "fee", "supplement", "outage", "regulation", "official", "applicant", "other", "unknown",
)  # fmt: skip


@dataclass(frozen=True)
class Three:
    """This period, the last one, and the same one last year; with what their tables say."""

    this: Seen
    last: Seen
    last_year: Seen
    tables: tuple[dict[str, Figures | None], ...]
    """Of each of the three, by the outline's name of the table."""
    under: str
    """Units graded below this are named."""

    @property
    def all(self) -> tuple[Seen, Seen, Seen]:
        return self.this, self.last, self.last_year


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    id: str
    vi: str
    en: str
    kind: Kind
    values: tuple[Fraction | None, ...]
    """Of this period, the last one, and the same one last year."""


def _in_both(key: str) -> tuple[str, str]:
    return say(key, "vi"), say(key, "en")


def grades(three: Three) -> Iterable[Line]:
    return _spread_of_grades([seen.card for seen in three.all], three.all)


def nine_grades(three: Three) -> Iterable[Line]:
    return _spread_of_grades([seen.nine for seen in three.all], three.all)


def _spread_of_grades(cards: Sequence[Scorecard | None], seen: Sequence[Seen]) -> Iterable[Line]:
    """How many units of each level got each grade; those without a grade last. No line where all three are 0."""
    if cards[0] is None:
        return
    counted = [None if c is None else grades_of(c, s.below) for c, s in zip(cards, seen, strict=True)]
    for level in _LEVELS:
        for grade in (*(g.key for g in cards[0].rulebook.grades), ""):
            values = [None if counts is None else counts.get((level, grade), 0) for counts in counted]
            if any(values):
                vi, en = _grade_names(cards[0].rulebook, grade)
                level_vi, level_en = _in_both(f"render.level.{level}")
                line_id = f"{level}.{grade or 'ungraded'}"
                yield Line(line_id, f"{level_vi}: {vi}", f"{level_en}: {en}", "count", _fractions(values))


def _grade_names(rulebook: RulebookInfo, grade: str) -> tuple[str, str]:
    if not grade:
        return _in_both("periodic.ungraded")
    return rulebook.grade(grade).label_vi, rulebook.grade(grade).label_en


def _fractions(values: Iterable[int | None]) -> tuple[Fraction | None, ...]:
    return tuple(None if value is None else Fraction(value) for value in values)


def causes(three: Three) -> Iterable[Line]:
    """The commonest first."""
    told = [tables["late"] for tables in three.tables]
    if told[0] is None:
        return
    keys = [key for key in _CAUSES if any(one and one.get(f"cause.{key}") for one in told)]
    for key in sorted(keys, key=lambda key: (-(told[0] or {}).get(f"cause.{key}", 0), _CAUSES.index(key))):
        values = [None if one is None else one.get(f"cause.{key}", 0) for one in told]
        yield Line(key, *_in_both(f"periodic.cause.{key}"), "count", _fractions(values))


def better(three: Three) -> Iterable[Line]:
    return _movers(three, 1)


def worse(three: Three) -> Iterable[Line]:
    return _movers(three, -1)


def _movers(three: Three, sign: int) -> Iterable[Line]:
    """Units whose points of 100 changed most since the last period, one way."""
    card, before = three.this.card, three.last.card
    if card is None or before is None:
        return
    points = {u.id: u.percent for u in before.units}
    moved: list[tuple[Fraction, UnitScore]] = []
    for unit in three.this.below(card):
        was = points.get(unit.id)
        if unit.percent is not None and was is not None and sign * (unit.percent - was) > 0:
            moved.append((abs(Fraction(unit.percent) - Fraction(was)), unit))
    moved.sort(key=lambda one: (-one[0], one[1].id))
    yield from (_of_unit(unit, three) for _, unit in moved[:_MOVERS])


def _of_unit(unit: UnitScore, three: Three) -> Line:
    found = [
        None if card is None else next((u.percent for u in card.units if u.id == unit.id), None)
        for card in (seen.card for seen in three.all)
    ]
    values = tuple(None if points is None else Fraction(points) for points in found)
    return Line(unit.id, unit.name, unit.called("en"), "points", values)


def under(three: Three) -> Iterable[Line]:
    """Units graded below a grade, the lowest first; more than ten are counted."""
    card = three.this.card
    if card is None:
        return
    best = [grade.key for grade in card.rulebook.grades]
    if three.under not in best:
        return
    low = best[best.index(three.under) + 1 :]
    found = [u for u in three.this.below(card) if u.grade in low]
    found.sort(key=lambda u: (u.percent if u.percent is not None else 0, u.id))
    yield from (_of_unit(unit, three) for unit in found[:_UNDER])
    if len(found) > _UNDER:
        yield Line("more", *_in_both("periodic.more_units"), "count", (Fraction(len(found) - _UNDER), None, None))


def plan(three: Three) -> Iterable[Line]:
    """Tasks by state, at the end of this period; what it was earlier is not measured again."""
    planned = three.this.plan
    if planned is None or not planned.tasks:
        return
    states = Counter(planned.standing(task).state for task in tasks_of(three.this, planned))
    for state in reversed(STATES):
        if states[state]:
            values = (Fraction(states[state]), None, None)
            yield Line(state, *_in_both(f"lists.plan_state.{state}"), "count", values)


def tasks_of(seen: Seen, planned: Planned) -> list[Task]:
    """The tasks of the units that report."""
    wanted = seen.wants([task.lead for task in planned.tasks])
    return [task for task, mine in zip(planned.tasks, wanted, strict=True) if mine]


SPREADS: dict[str, Callable[[Three], Iterable[Line]]] = {
    "grades": grades, "nine_grades": nine_grades, "causes": causes, "better": better, "worse": worse, "under": under,
    "plan": plan,
}  # fmt: skip
"""What the outline calls them."""
