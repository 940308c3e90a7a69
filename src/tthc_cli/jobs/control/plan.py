"""The yearly plan of a workspace: what was typed of it, and what stored results and lists measure of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.errors import TthcError
from tthc_cli.indicators.registry import DECISION_766, NINE_CRITERIA, components
from tthc_cli.jobs.choose import choose_rulebook
from tthc_cli.jobs.lists import Part, Place, check_part, list_at, narrowed
from tthc_cli.periods import parse_period
from tthc_cli.statements.plan.listing import Planned
from tthc_cli.statements.plan.tasks import Measured, Reading, Source, Task, plan_tasks, reports_due
from tthc_cli.statements.registry import LISTS, OfDossiers
from tthc_cli.storage import stored_scores
from tthc_cli.storage.score_heads import ScoreHead, score_heads
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.named import find_unit
from tthc_cli.units.tree import stored_units

if TYPE_CHECKING:
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.statements.registry import OfPlan
    from tthc_cli.workspace import Workspace

_EVALUATIONS = {one: law for law in (DECISION_766, NINE_CRITERIA) for one in components(law)}
MEASURING = {kind.name: kind for kind in LISTS if isinstance(kind, OfDossiers)}
"""Lists whose rows a task may be measured by."""
_LAST = timedelta(days=1, seconds=-1)


def planned(workspace: Workspace, at: datetime, wanted: Callable[[Task], bool] = lambda task: True) -> Planned:
    """The plan as it stands at a moment. wanted: which tasks are measured; a list goes through the stored dossiers.

    Raises InputError when nothing was taken in, or the unit table is at fault."""
    warehouse = open_warehouse(workspace.warehouse)
    tree = stored_units(warehouse)
    tasks = plan_tasks(warehouse.read("plan_tasks"))
    measurer = _Measurer(workspace, at)
    return Planned(
        at=at,
        units=None if tree is None else tree.at(at.date()),
        tasks=tasks,
        reports=reports_due(warehouse.read("reports_due")),
        readings={task.id: measurer.readings(task) for task in tasks if task.source.name and wanted(task)},
    )


def list_of_plan(workspace: Workspace, kind: OfPlan, at: datetime, part: Part) -> tuple[Listing, list[Place]]:
    """A list of the plan at a moment, and the units it may name. Raises as `planned`, and as `list_of_score`."""
    check_part(kind, part)
    asked = planned(workspace, at)
    units = asked.units
    places = [] if units is None else [
        Place(u.code, u.name, units.levels[i], units.units[p].code if (p := units.parents[i]) >= 0 else None)
        for i, u in enumerate(units.units)
    ]  # fmt: skip
    return narrowed(kind.make(asked), places, part), places


@dataclass
class _Measurer:
    """What was measured until a moment; each score is loaded, and each list made, once."""

    workspace: Workspace
    at: datetime
    _cards: dict[str, list[Scorecard]] = field(default_factory=dict)
    _counted: dict[tuple[str, str, datetime], int | None] = field(default_factory=dict)

    def readings(self, task: Task) -> Sequence[Reading] | None:
        """The measures of a task in order of day; None where its source is neither an indicator nor a list."""
        name = task.source.name
        if name in _EVALUATIONS:
            return self._of_scores(task.source)
        if name in MEASURING:
            return self._of_list(task)
        return None

    def _of_scores(self, source: Source) -> tuple[Reading, ...]:
        found = (_reading(card, source) for card in self._scored(_EVALUATIONS[source.name]))
        return tuple(one for one in found if one is not None)

    def _scored(self, evaluation: str) -> list[Scorecard]:
        """The stored scores of periods that ended by the moment, by the rulebook in force: by end, longer periods
        last."""
        if evaluation not in self._cards:
            scores = self.workspace.scores
            cards = [
                stored_scores.load(scores, head.period, head.rulebook, head.window)
                for head in score_heads(scores) if self._counts(head, evaluation)
            ]  # fmt: skip
            self._cards[evaluation] = sorted(cards, key=lambda c: (c.period_end, -_month(c.period_start), c.window))
        return self._cards[evaluation]

    def _counts(self, head: ScoreHead, evaluation: str) -> bool:
        period = parse_period(head.period, "nd09" if head.window == "nd09" else "calendar")
        try:
            book = choose_rulebook(self.workspace, period, evaluation=evaluation)
        except TthcError:
            return False
        return (
            head.rulebook == book.id
            and head.window == self.workspace.settings.scoring.window
            and (period.last_day.date() <= self.at.date())
        )

    def _of_list(self, task: Task) -> tuple[Reading, ...]:
        moments = {self.at}
        if task.due is not None and task.due < self.at.date():
            moments.add(datetime.combine(task.due, time()) + _LAST)
        source = task.source
        counted = ((moment, self._rows(source.name, source.unit, moment)) for moment in sorted(moments))
        return tuple(Reading(m.date(), Fraction(n), "count", source.name) for m, n in counted if n is not None)

    def _rows(self, name: str, unit: str, moment: datetime) -> int | None:
        """How many rows a list has at a moment; None where it cannot be made."""
        key = (name, unit, moment)
        if key not in self._counted:
            try:
                made, _ = list_at(self.workspace, MEASURING[name], moment, Part(unit or None, most=0))
                self._counted[key] = len(made.rows) + made.more
            except TthcError:
                self._counted[key] = None
        return self._counted[key]


def _month(start: str) -> int:
    first = date.fromisoformat(start[:10])
    return first.year * 12 + first.month


def _reading(card: Scorecard, source: Source) -> Reading | None:
    """What a score says of an indicator: of the province, or of the unit that is named. None of one that is only
    looked at (2.2)."""
    unit = find_unit(card.units, source.unit) if source.unit else None
    place = unit.id if unit is not None else "" if source.unit else card.province
    found = next((c for c in card.components if c.id == source.name and c.unit == place), None)
    if found is None or found.ratio is None or found.status == "analysis":
        return None
    kind: Measured = "share" if card.rulebook.evaluation == DECISION_766 else "points"
    return Reading(date.fromisoformat(card.period_end[:10]), found.ratio, kind, card.period)
