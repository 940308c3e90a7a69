"""The periodic report of a workspace: what it sees of three periods, the words typed, the forms attached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, TthcError
from tthc_cli.facts.moment import seconds_of
from tthc_cli.indicators.registry import NINE_CRITERIA
from tthc_cli.jobs.choose import choose_rulebook
from tthc_cli.jobs.control.plan import planned
from tthc_cli.jobs.forms import form_of, layout_of
from tthc_cli.jobs.lists import asked_of
from tthc_cli.periods import Period
from tthc_cli.results.notes import note
from tthc_cli.statements.periodic.outline import Outline, outline
from tthc_cli.statements.periodic.own import read_outline
from tthc_cli.statements.periodic.seen import Seen
from tthc_cli.statements.periodic.statement import periodic, until_of
from tthc_cli.storage import stored_scores
from tthc_cli.storage.draws import DRAWS, stored_draws
from tthc_cli.storage.location import write_atomic
from tthc_cli.text import file_part
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.form import Form
    from tthc_cli.results.periodic import Periodic
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace

OWN_OUTLINE = "periodic.toml"
"""In the workspace: the outline of a province that has its own."""
_LONGEST = 400
"""Rows of a form that is attached."""


def periodic_report(
    workspace: Workspace, card: Scorecard, period: Period, now: datetime, unit: str | None = None, *,
    brief: bool = False,
) -> Periodic:  # fmt: skip
    """The report of the period of a stored score, of a unit with all below it or of the whole tree. Tasks of the plan
    stand as they do when the period is over. brief: to be on one page, without forms.

    Raises UsageError when the period has not begun; InputError for a unit that there is not, and as `asked_of`.
    """
    who = "" if unit is None else named_unit(card.units, unit).id
    year_before = replace(period, year=period.year - 1)
    this, last, last_year = (_seen(workspace, card, one, now, who) for one in (period, period.previous(), year_before))
    this = replace(this, card=card, plan=planned(workspace, min(period.end, now)))
    told = _outline(workspace)
    forms, notes = ([], []) if brief else _forms(workspace, told, this, now)
    return periodic(told, (this, last, last_year), forms, notes, brief=brief)


def write_periodic(
    workspace: Workspace, report: Periodic, formats: Sequence[str], lang: Lang, *, folder: Location, brief: bool
) -> list[Location]:
    """Write the report in some of `render.periodic.FORMATS`; returns the files. brief: the document on one page."""
    from tthc_cli.render.periodic import periodic_bytes
    from tthc_cli.render.view.model import Letterhead

    letterhead = Letterhead(**workspace.settings.letterhead.model_dump())
    window = "" if report.window == "calendar" else f"-{report.window}"
    unit = f"-{file_part(report.unit)}" if report.unit else ""
    files = []
    for one in formats:
        length = "-one-page" if brief and one == "docx" else ""
        path = folder / f"tthc-periodic-{report.period}{window}{unit}{length}.{one}"
        write_atomic(path, periodic_bytes(report, one, lang, letterhead, brief=brief))
        files.append(path)
    return files


def _outline(workspace: Workspace) -> Outline:
    """The province's own, else the product's. Raises InputError for a file at fault."""
    own = workspace.root / OWN_OUTLINE
    return read_outline(own) if own.is_file() else outline()


def _seen(workspace: Workspace, card: Scorecard, period: Period, now: datetime, unit: str) -> Seen:
    until = until_of(period.end, now)
    asked, _ = asked_of(workspace, until, unit or None)
    window = (seconds_of(period.start), seconds_of(period.end))
    return Seen(
        period=period, until=until, warehouse=asked.moment.warehouse, card=_stored(workspace, period, card.place),
        nine=_nine(workspace, period), asked=replace(asked, window=window), unit=unit,
        draws=stored_draws(workspace.root / DRAWS),
    )  # fmt: skip


def _stored(workspace: Workspace, period: Period, place: str) -> Scorecard | None:
    if not stored_scores.is_stored(workspace.scores, period.id, place, period.style):
        return None
    return stored_scores.load(workspace.scores, period.id, place, period.style)


def _nine(workspace: Workspace, period: Period) -> Scorecard | None:
    try:
        book = choose_rulebook(workspace, period, evaluation=NINE_CRITERIA)
    except TthcError:
        return None
    return _stored(workspace, period, book.id)


def _forms(workspace: Workspace, told: Outline, this: Seen, now: datetime) -> tuple[list[Form], list[str]]:
    """The forms in force then, and what is to be known of them."""
    made, notes = [], []
    for code in _codes(told, this):
        try:
            form = form_of(workspace, layout_of(workspace, code), this.period, now, this.unit or None)
        except TthcError as error:
            if isinstance(error, InputError):
                raise
            notes.append(note("periodic_form_left_out", form=code))
            continue
        key = _kept_out(form)
        if key:
            notes.append(note(key, form=code))
            continue
        made.append(form)
        if form.from_memory:
            notes.append(note("periodic_form_from_memory", form=code))
        if any(not check.holds for check in form.checks):
            notes.append(note("periodic_form_differs", form=code))
    return made, notes


def _kept_out(form: Form) -> str:
    """Why a form goes its own way: nothing in it is counted, or it is too long for a paper; "" = it is attached."""
    if all(value is None for row in form.rows for value in row.figures):
        return "periodic_form_typed"
    return "periodic_form_long" if len(form.rows) > _LONGEST else ""


def _codes(told: Outline, this: Seen) -> Sequence[str]:
    if not this.unit:
        return told.forms
    assert this.card is not None
    return told.unit_forms if this.below(this.card) else told.own_forms
