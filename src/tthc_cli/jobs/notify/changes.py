"""What a run changed in grades: against the score that stood before it, else against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError
from tthc_cli.render.formats import fixed, period_name
from tthc_cli.storage import stored_scores

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import Scorecard, UnitScore
    from tthc_cli.workspace import Workspace

NO_GRADE = "–"


@dataclass(frozen=True, slots=True)
class GradeChanges:
    """Units whose grade is another than before."""

    against: str
    """The period of the earlier score; "" when there is none."""
    same_period: bool
    lines: tuple[str, ...]

    def told_against(self, lang: Lang) -> str:
        return period_name(self.against, lang) if self.against else ""


def score_before(workspace: Workspace, period: Period, rulebook: str) -> Scorecard | None:
    """The score of the period as it is stored now, else of the period before; None when there is neither."""
    for one in (period, period.previous()):
        try:
            return stored_scores.load(workspace.scores, one.id, rulebook, one.style)
        except InputError:
            continue
    return None


def grade_changes(before: Scorecard | None, after: Scorecard, lang: Lang) -> GradeChanges:
    """What is different in grades, by the order of the later score."""
    if before is None:
        return GradeChanges("", False, ())
    was = {unit.id: unit for unit in before.units}
    lines = tuple(
        f"{unit.called(lang)}: {_told(before, was[unit.id], lang)} → {_told(after, unit, lang)}"
        for unit in after.units
        if unit.id in was and was[unit.id].grade != unit.grade
    )
    return GradeChanges(before.period, before.period == after.period, lines)


def _told(card: Scorecard, unit: UnitScore, lang: Lang) -> str:
    if unit.grade is None:
        return NO_GRADE
    band = card.rulebook.grade(unit.grade)
    return f"{band.label_vi if lang == 'vi' else band.label_en} ({fixed(unit.percent, lang)})"
