"""The lists there are. A new one is a module, words in the catalogue `lists`, a line here and a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.statements import of_card
from tthc_cli.statements.dossiers.due_soon import due_soon
from tthc_cli.statements.dossiers.finished_late import finished_late
from tthc_cli.statements.dossiers.follow_up import follow_up
from tthc_cli.statements.dossiers.habits import habits
from tthc_cli.statements.dossiers.letters import letters
from tthc_cli.statements.dossiers.not_updated import not_updated
from tthc_cli.statements.dossiers.open_now import open_now
from tthc_cli.statements.dossiers.overdue import overdue
from tthc_cli.statements.dossiers.steps_now import late_agencies, late_steps
from tthc_cli.statements.dossiers.suspect import suspect_dossiers, suspect_times
from tthc_cli.statements.dossiers.takers import divisions, officials
from tthc_cli.statements.dossiers.waiting import waiting
from tthc_cli.statements.inspection.units_to_inspect import units_to_inspect
from tthc_cli.statements.plan.listing import plan, reports, reports_by_unit
from tthc_cli.statements.quality import quality
from tthc_cli.statements.review.candidates import review_candidates
from tthc_cli.statements.review.linked import linked_candidates
from tthc_cli.statements.review.online import online_candidates
from tthc_cli.statements.review.progress import review_progress

if TYPE_CHECKING:
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import LostDossier, Scorecard
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.statements.plan.listing import Planned
    from tthc_cli.storage.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class OfDossiers:
    """A list of the stored dossiers at a moment, made for the units that are asked for and no others."""

    name: str
    make: Callable[[Asked], Listing]
    days: bool = False
    """Whether it counts by a number of days that may be chosen."""
    period: bool = False
    """Whether it is of a period that may be chosen."""
    at_end: bool = False
    """Whether its period is seen as it was at its end, so that it never changes afterwards."""
    past: bool = False
    """Whether it looks at stored scores and inspections too."""


@dataclass(frozen=True, slots=True)
class OfScore:
    """A list of a stored score."""

    name: str
    make: Callable[[Scorecard], Listing]


@dataclass(frozen=True, slots=True)
class OfLost:
    """A list of what lost points in a stored score."""

    name: str
    make: Callable[[Scorecard, Sequence[LostDossier]], Listing]


@dataclass(frozen=True, slots=True)
class OfSources:
    """A list of the files behind a stored score."""

    name: str
    make: Callable[[Scorecard, Warehouse | None], Listing]


@dataclass(frozen=True, slots=True)
class OfPlan:
    """A list of what the yearly plan asks for, at a moment."""

    name: str
    make: Callable[[Planned], Listing]


Kind = OfDossiers | OfPlan | OfScore | OfLost | OfSources
LISTS: tuple[Kind, ...] = (
    OfDossiers("open", open_now),
    OfDossiers("overdue", overdue),
    OfDossiers("due-soon", due_soon, days=True),
    OfDossiers("waiting", waiting),
    OfDossiers("letters", letters),
    OfDossiers("late-steps", late_steps),
    OfDossiers("late-agencies", late_agencies),
    OfDossiers("finished-late", finished_late, period=True),
    OfDossiers("suspect-times", suspect_times, period=True),
    OfDossiers("suspect-dossiers", suspect_dossiers, period=True),
    OfDossiers("not-updated", not_updated, days=True),
    OfDossiers("habits", habits, period=True),
    OfDossiers("follow-up", follow_up, period=True),
    OfDossiers("divisions", divisions, period=True, at_end=True),
    OfDossiers("officials", officials, period=True, at_end=True),
    OfDossiers("review-candidates", review_candidates, period=True),
    OfDossiers("review-progress", review_progress),
    OfDossiers("online-candidates", online_candidates, period=True),
    OfDossiers("linked-candidates", linked_candidates, period=True),
    OfPlan("plan", plan),
    OfPlan("reports-due", reports),
    OfPlan("reports-on-time", reports_by_unit),
    OfDossiers("inspect-units", units_to_inspect, period=True, past=True),
    OfLost("lost", of_card.lost),
    OfScore("late-steps", of_card.late_steps),
    OfScore("handling-times", of_card.handling_times),
    OfScore("form-ii06", of_card.form_by_field),
    OfScore("unmatched", of_card.unmatched),
    OfSources("quality", quality),
)
