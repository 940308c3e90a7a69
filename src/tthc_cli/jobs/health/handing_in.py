"""Check of what is soon to be handed in: the self-assessments of the quarter and the year."""

from __future__ import annotations

from tthc_cli.answers.self_assessment import due_of, self_marked
from tthc_cli.jobs.choose import choose_rulebook
from tthc_cli.jobs.health.due import AHEAD
from tthc_cli.jobs.health.model import Answers, Situation, note, ok
from tthc_cli.periods import Period


def self_assessments(situation: Situation) -> Answers:
    """Whether one is due within ten days, and how many units have marked themselves; else nothing."""
    if situation.warehouse is None:
        return
    today = situation.now.date()
    quarter = Period("quarter", today.year, (today.month - 1) // 3 + 1)
    for period in (quarter, Period("year", today.year, 1, "nd09")):
        due = due_of(period)
        if due is None or not today <= due.day <= today + AHEAD:
            continue
        book = choose_rulebook(situation.workspace, period)
        typed = situation.warehouse.read("typed_figures")
        marked = {unit for unit, _ in self_marked(typed, period, book)}
        fields = {"period": period.id, "due": due.day, "start": period.start.date(), "end": period.last_day.date()}
        if marked:
            yield ok("self_due_marked", **fields, count=len(marked))
        else:
            yield note("self_due", **fields, option=f"--{period.kind} {period.id}")
