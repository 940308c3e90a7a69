"""The one view of a scorecard that every format renders: labels, order, texts and numbers, frozen, in one language.

Formats choose fonts and boxes; what is said, in which order and with which digits is decided here. Nothing here
computes a score: points, totals, grades and ranks are taken as stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tthc_cli.render.view.form import FormLine, FormSection, UnitFields
from tthc_cli.render.view.heads import HEAT_STEPS, NO_AMOUNT, Amount, ComponentHead, Grade, GroupHead, Number
from tthc_cli.render.view.lines import LostLine, MissingLine, SourceLine, StepLine, TimeLine, UnmatchedLine
from tthc_cli.render.view.lost_lists import LostList
from tthc_cli.render.view.nine.model import BothLine, NineView
from tthc_cli.render.view.over_time import MOST, GradesThen, GroupTrend


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why so many subjects count, or do not."""

    text: str
    count: Amount
    in_denominator: bool
    in_numerator: bool
    loses: bool
    """It costs points."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One component of one unit."""

    head: ComponentHead
    status: str
    status_label: str
    numerator: Amount
    denominator: Amount
    ratio: Amount
    points: Amount
    max: Amount
    lost: Amount
    """Maximum less points, where points count; else nothing."""
    counts: bool
    """Whether its maximum is part of the unit's."""
    share: float | None
    """Points over maximum, 0 to 1, for colours and bars."""
    basis: str
    basis_label: str
    note: str
    """Source and remarks of a typed figure, subjects that no source could tell."""
    reasons: tuple[ReasonLine, ...]
    change: Amount = NO_AMOUNT
    """Points won (positive) or lost since the period before; nothing where it had none then or has none now."""

    @property
    def step(self) -> int | None:
        """Its place on the colour scale, 0 to HEAT_STEPS - 1; None where it has no points."""
        return None if self.status != "scored" else min(int((self.share or 0.0) * HEAT_STEPS), HEAT_STEPS - 1)

    @property
    def text(self) -> str:
        """Points, or why there are none."""
        return self.points.text if self.status == "scored" else self.status_label

    @property
    def remarks(self) -> str:
        """What is out of the ordinary: a status other than scored, figures that were not counted from data, notes."""
        status = "" if self.status == "scored" else self.status_label
        basis = "" if self.basis == "data" else self.basis_label
        return "; ".join(part for part in (status, basis, self.note) if part)

    @property
    def loss_reasons(self) -> tuple[ReasonLine, ...]:
        """What cost points, most frequent first."""
        return tuple(r for r in self.reasons if r.loses)


@dataclass(frozen=True, slots=True)
class GroupCell:
    """One group of one unit."""

    head: GroupHead
    points: Amount
    counted: Amount
    """The maximum that counts for this unit: of what was assessed, less what the rulebook excludes."""
    share: float | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Against the period before; None in a number when the unit was not scored then."""

    period: str
    points: Amount
    rank: Amount
    """Places won (positive) or lost."""
    rank_text: str
    percent_before: Amount
    rank_before: Amount
    grade_before: str


@dataclass(frozen=True, slots=True)
class UnitView:
    id: str
    anchor: str
    """Safe id for links, unique in the card."""
    label: str
    """The code, or words for it where it has neither letter nor digit; for names of sheets and files."""
    name: str
    name_order: int
    """Place of the name in Vietnamese order."""
    level: str
    level_label: str
    parent: str
    """Name of the unit above; "" at the root."""
    parent_id: str
    total: Amount
    percent: Amount
    assessed_max: Amount
    provisional: bool
    provisional_text: str
    grade: Grade | None
    grade_label: str
    ungraded_reason: str
    """Key of the reason for having no grade; "" where there is one."""
    ungraded_text: str
    """The same in words."""
    rank: Amount
    rank_text: str
    """"2/12" within its level."""
    groups: tuple[GroupCell, ...]
    change: Change | None
    trend: tuple[tuple[str, Amount], ...]
    """(period, points on 100), oldest first, this period last; only periods in which it was scored."""
    group_trends: tuple[GroupTrend, ...] = ()

    @property
    def totalled(self) -> bool:
        """Whether its points lead to its total; not so for dossiers that match no unit, which have points only."""
        return self.total.value is not None or not any(cell.counts for cell in self.cells)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for group in self.groups for cell in group.cells)

    @property
    def not_assessed(self) -> tuple[Cell, ...]:
        return tuple(c for c in self.cells if c.status == "not_assessed")

    @property
    def strongest(self) -> tuple[Cell, ...]:
        """Components with the largest part of their maximum, the largest first."""
        return tuple(self._by_share[::-1][:MOST])

    @property
    def weakest(self) -> tuple[Cell, ...]:
        """Components with the smallest part of their maximum, the smallest first; none that lost nothing."""
        return tuple(cell for cell in self._by_share[:MOST] if cell.lost.value)

    @property
    def _by_share(self) -> list[Cell]:
        counted = [cell for cell in self.cells if cell.share is not None]
        return sorted(counted, key=lambda cell: (cell.share or 0.0, -Fraction(cell.max.value or 0), cell.head.id))

    @property
    def losses(self) -> tuple[Cell, ...]:
        """Components that lost points, the most first."""
        return tuple(
            sorted((c for c in self.cells if c.lost.value), key=lambda c: (-Fraction(c.lost.value or 0), c.head.id))
        )


@dataclass(frozen=True, slots=True)
class LevelView:
    """The units that are ranked together."""

    key: str
    label: str
    units: tuple[UnitView, ...]
    grade_counts: tuple[tuple[Grade, int], ...]
    """Units a grade, best first, zeros included."""
    median: Amount | None = None
    """Of the percentages of its units; None where none has one."""
    grades_then: tuple[GradesThen, ...] = ()
    """Its grades in every period, oldest first, this one last."""

    def spread(self, component: str) -> tuple[int, ...]:
        """How many units stand on each step of the colour scale, the lowest first; last, how many have no points."""
        counts = [0] * (HEAT_STEPS + 1)
        for unit in self.units:
            found = next((cell.step for cell in unit.cells if cell.head.id == component), None)
            counts[HEAT_STEPS if found is None else found] += 1
        return tuple(counts)

    @property
    def ungraded(self) -> int:
        """Units of the level that have no grade, whatever the reason."""
        return len(self.units) - sum(count for _, count in self.grade_counts)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the papers and signs them; empty parts are left for the pen."""

    superior: str = ""
    agency: str = ""
    place: str = ""
    signer_title: str = ""
    signer_name: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything a format shows."""

    lang: str
    title: str
    short_title: str
    province: str
    root: UnitView | None
    """The province itself, if the card has it."""
    period_id: str
    period: str
    as_of: str
    """ISO; for document properties."""
    facts: tuple[tuple[str, str], ...]
    """(label, value): period, days, as-of, rulebook, legal basis, hash, sources, software."""
    footer: str
    no_score: str
    ungraded_label: str
    """What stands for a grade where there is no sufficient ground for one."""
    graded_on: str
    """Whether grades are taken on the percent or on the total."""
    standing: str
    """What the grades are worth: that there are none, or some all the same, and the next step; "" as a rule."""
    graded_from: Amount
    """The points that must have been assessed for a grade."""
    groups: tuple[GroupHead, ...]
    grades: tuple[Grade, ...]
    """Best first."""
    levels: tuple[LevelView, ...]
    selected: tuple[UnitView, ...]
    """The units that get a sheet or a section of their own."""
    focused: bool
    """Whether these were asked for by name, so that a page or paper is about them."""
    missing: tuple[MissingLine, ...]
    missing_here: tuple[MissingLine, ...]
    """The same, for the selected units only."""
    sources: tuple[SourceLine, ...]
    trust: str
    """How far the data can be trusted, in a word."""
    trust_reasons: tuple[str, ...]
    """Why, and by what limits."""
    unmatched: tuple[UnmatchedLine, ...]
    notes: tuple[str, ...]
    """For the operator."""
    told: tuple[str, ...]
    """For whom a paper is sent to: the notes that say what the figures are worth."""
    told_standing: str
    """`standing` for whom a paper is sent to."""
    version: str
    periods: tuple[str, ...]
    """Earlier periods and this one, oldest first."""
    form: tuple[FormLine, ...]
    """Form II.06 by unit, in the order of the ranking; empty when no dossier was counted for it."""
    form_sections: tuple[FormSection, ...]
    """Form II.06 by level and field; empty in scores stored before it was counted by field."""
    unit_fields: tuple[UnitFields, ...]
    """Form II.06 of every unit by field, in the order of the ranking."""
    lost: tuple[LostLine, ...]
    times: tuple[TimeLine, ...]
    steps: tuple[StepLine, ...]
    letterhead: Letterhead
    lost_lists: Mapping[str, LostList]
    """What lost points at each unit that has a section; empty where dossiers are not listed."""
    nine: NineView | None
    """What a report by the nine criteria adds; None in one by Decision 766."""
    both: tuple[BothLine, ...]
    """Both laws side by side; () where a score by one of them alone is stored."""

    @property
    def selected_fields(self) -> tuple[UnitFields, ...]:
        """Form II.06 by field of the units that get a sheet or a section of their own."""
        chosen = {unit.id for unit in self.selected}
        return tuple(fields for fields in self.unit_fields if fields.unit_id in chosen)

    @property
    def form_total(self) -> tuple[int, ...]:
        """The sum of the sections of the form by field."""
        return tuple(map(sum, zip(*(section.counts for section in self.form_sections), strict=True)))

    @property
    def full_marks(self) -> Number:
        """The sum of all maxima; a total out of less is provisional."""
        return sum((Fraction(g.max.value or 0) for g in self.groups), Fraction(0))

    @property
    def units(self) -> tuple[UnitView, ...]:
        return tuple(u for level in self.levels for u in level.units)

    @property
    def components(self) -> tuple[ComponentHead, ...]:
        return tuple(c for g in self.groups for c in g.components)
