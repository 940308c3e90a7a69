"""A statutory form of a workspace: which there are, one filled in, what is wrong in a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, UsageError
from tthc_cli.facts.moment import Moment, seconds_of
from tthc_cli.forms.layout import ROWS_OF
from tthc_cli.forms.reading import FormFault, all_forms, files_of, named_form, read_form
from tthc_cli.jobs.lists import asked_of, written_rules
from tthc_cli.messages import say
from tthc_cli.statements.at_moment import age_of_data
from tthc_cli.statements.forms.control_slip import control_slip
from tthc_cli.statements.forms.counts import Counted, Windows, counted
from tthc_cli.statements.forms.petitions import counted_petitions, petition_notes
from tthc_cli.statements.forms.procedures import counted_procedures, procedure_notes
from tthc_cli.statements.forms.statutory import Filling, dossier_notes, filled
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.facts.context import Context
    from tthc_cli.forms.layout import Layout
    from tthc_cli.periods import Window
    from tthc_cli.results.form import Form
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.workspace import Workspace


def own_folder(workspace: Workspace) -> Path:
    """Where a province keeps forms of its own."""
    return workspace.root / "forms"


def forms_on(workspace: Workspace, day: date) -> list[Layout]:
    """The forms in force on a day. Raises InputError for a file at fault."""
    return [one for one in all_forms(own_folder(workspace)) if one.in_force(day)]


def layout_of(workspace: Workspace, code: str, day: date | None = None, rows: str | None = None) -> Layout:
    """The form of a code: that in force on a day, else the newest; with the rows that are asked for. Raises UsageError
    for a form that there is not, and for rows that it cannot have."""
    layout = named_form(code, own_folder(workspace), day or date.max)
    if rows is not None and rows not in ROWS_OF[layout.subject]:
        raise UsageError("form_rows", name=layout.code, value=rows, known=", ".join(ROWS_OF[layout.subject]))
    if rows is None or rows == layout.rows:
        return layout
    vi, en = (say(f"forms.rows.{rows}", "vi"),), (say(f"forms.rows.{rows}", "en"),)
    columns = tuple(replace(one, heads_vi=vi, heads_en=en) if one.source == "label" else one for one in layout.columns)
    return replace(layout, rows=rows, columns=columns)


def _must_be_in_force(layout: Layout, day: date) -> None:
    if day < layout.valid_from:
        raise UsageError("form_not_yet_in_force", name=layout.code, day=day, first=layout.valid_from)
    if not layout.in_force(day):
        raise UsageError("form_no_more_in_force", name=layout.code, day=day, last=layout.valid_to)


def checked(workspace: Workspace, file: str | None) -> tuple[int, list[FormFault]]:
    """How many forms were read, and all that is wrong in them: in one file, or in all that there are."""
    if file is not None and not Path(file).is_file():
        raise InputError("no_path", path=file)
    files = files_of(own_folder(workspace)) if file is None else [Path(file)]
    return len(files), [fault for one in files for fault in read_form(one)[1]]


def slip_of(workspace: Workspace, layout: Layout, dossier: str, at: datetime) -> Form:
    """The control slip of a dossier as it stood at a moment. Raises InputError where it is not stored, UsageError when
    the form is not in force then."""
    _must_be_in_force(layout, at.date())
    return control_slip(layout, asked_of(workspace, at)[0], dossier)


def form_of(workspace: Workspace, layout: Layout, period: Window, now: datetime, unit: str | None = None) -> Form:
    """A form filled in. now: what happened later is not seen, nor what happened after the end of the period.

    Raises UsageError when the form is not in force then, or not made for such periods; InputError as
    `jobs.lists.asked_of`.
    """
    if layout.subject == "steps":
        raise UsageError("form_of_dossier", name=layout.code)
    _must_be_in_force(layout, period.last_day.date())
    if layout.periods and period.kind not in layout.periods:
        raise UsageError("form_periods", name=layout.code, known=", ".join(layout.periods))
    if period.start > now:
        raise UsageError("form_not_begun", name=layout.code, period=period.id)
    asked = _asked(workspace, layout, period, now, unit)
    chosen = -1
    if unit is not None:
        _, places = asked_of(workspace, asked.moment.at)
        chosen = asked.tree.ids.index(named_unit(places, unit).id)
    found, notes = _counted(workspace, asked, layout, period)
    return filled(
        Filling(
            layout=layout,
            period=period,
            as_of=asked.moment.at.isoformat(),
            tree=asked.tree,
            units=asked.units if asked.units is not None else _known(asked),
            unit=chosen,
            now=found,
            notes=notes,
        )
    )


def _known(asked: Asked) -> frozenset[int]:
    """Indexes of all units of the tree, but for what stands for names that match none."""
    return frozenset(at for at, level in enumerate(asked.tree.levels) if level != "khac")


def _asked(workspace: Workspace, layout: Layout, period: Window, now: datetime, unit: str | None) -> Asked:
    at = min(period.end - timedelta(seconds=1), now)
    asked, places = asked_of(workspace, at, unit)
    asked = replace(asked, context=replace(asked.context, rules=written_rules(workspace, at)))
    if unit is None or layout.scope == "below":
        return asked
    own = asked.tree.ids.index(named_unit(places, unit).id)
    return replace(asked, units=frozenset({own}))


def _counted(workspace: Workspace, asked: Asked, layout: Layout, period: Window) -> tuple[Counted, tuple[str, ...]]:
    """The figures of the subject of a form, and what is to be said of how they are counted."""
    if not layout.needs:
        return Counted(), ()
    if layout.subject == "petitions":
        found = counted_petitions(asked, period, layout)
        return found, petition_notes(asked, found)
    if layout.subject == "procedures":
        found = counted_procedures(asked, period.last_day.date(), layout)
        return found, procedure_notes(found)
    windows = Windows(_window(asked.context, period), _before(workspace, asked, period))
    found = counted(asked, windows, layout)
    return found, (*age_of_data(asked.moment, "form_old_data"), *dossier_notes(layout, found))


def _window(context: Context, period: Window) -> Context:
    return replace(context, start=seconds_of(period.start), end=seconds_of(period.end))


def _before(workspace: Workspace, asked: Asked, period: Window) -> Context:
    """The window before, as it stood at its end."""
    before = period.previous()
    at = before.end - timedelta(seconds=1)
    rules = written_rules(workspace, at)
    moment = Moment(asked.moment.warehouse, asked.moment.settings, at, rules)
    return replace(_window(moment.context, before), strangers=asked.context.strangers)
