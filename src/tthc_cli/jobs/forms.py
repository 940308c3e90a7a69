"""A statutory form of a workspace: which there are, one filled in, what is wrong in a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, UsageError
from tthc_cli.facts.moment import seconds_of
from tthc_cli.forms.reading import FormFault, all_forms, files_of, named_form, read_form
from tthc_cli.jobs.lists import asked_of, written_rules
from tthc_cli.statements.form_counts import Counted, counted
from tthc_cli.statements.statutory import Filling, filled
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.forms.layout import Layout
    from tthc_cli.periods import Period
    from tthc_cli.results.form import Form
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.workspace import Workspace


def own_folder(workspace: Workspace) -> Path:
    """Where a province keeps forms of its own."""
    return workspace.root / "forms"


def forms_on(workspace: Workspace, day: date) -> list[Layout]:
    """The forms in force on a day. Raises InputError for a file at fault."""
    return [one for one in all_forms(own_folder(workspace)) if one.in_force(day)]


def layout_of(workspace: Workspace, code: str) -> Layout:
    """Raises UsageError for a form that there is not."""
    return named_form(code, own_folder(workspace))


def checked(workspace: Workspace, file: str | None) -> tuple[int, list[FormFault]]:
    """How many forms were read, and all that is wrong in them: in one file, or in all that there are."""
    if file is not None and not Path(file).is_file():
        raise InputError("no_path", path=file)
    files = files_of(own_folder(workspace)) if file is None else [Path(file)]
    return len(files), [fault for one in files for fault in read_form(one)[1]]


def form_of(workspace: Workspace, layout: Layout, period: Period, now: datetime, unit: str | None = None) -> Form:
    """A form filled in. now: what happened later is not seen, nor what happened after the end of the period.

    Raises UsageError when the form is not in force then, InputError as `jobs.lists.asked_of`.
    """
    last = period.last_day.date()
    if not layout.in_force(last):
        raise UsageError("form_not_in_force", name=layout.code, day=last)
    if period.start > now:
        raise UsageError("form_not_begun", name=layout.code, period=period.id)
    asked = _asked(workspace, layout, period, now, unit)
    before = period.previous()
    earlier = _asked(workspace, layout, before, now, unit)
    chosen = -1
    if unit is not None:
        _, places = asked_of(workspace, asked.moment.at)
        chosen = asked.tree.ids.index(named_unit(places, unit).id)
    return filled(
        Filling(
            layout=layout,
            period=period,
            as_of=asked.moment.at.isoformat(),
            tree=asked.tree,
            units=asked.units if asked.units is not None else _known(asked),
            unit=chosen,
            now=_counted(asked, layout, period),
            before=_counted(earlier, layout, before) if any(c.previous for c in layout.checks) else {},
        )
    )


def _known(asked: Asked) -> frozenset[int]:
    """Indexes of all units of the tree, but for what stands for names that match none."""
    return frozenset(at for at, level in enumerate(asked.tree.levels) if level != "khac")


def _asked(workspace: Workspace, layout: Layout, period: Period, now: datetime, unit: str | None) -> Asked:
    at = min(period.end - timedelta(seconds=1), now)
    asked, places = asked_of(workspace, at, unit)
    asked = replace(asked, context=replace(asked.context, rules=written_rules(workspace, at)))
    if unit is None or layout.scope == "below":
        return asked
    own = asked.tree.ids.index(named_unit(places, unit).id)
    return replace(asked, units=frozenset({own}))


def _counted(asked: Asked, layout: Layout, period: Period) -> Counted:
    if not any(one.source == "count" for one in layout.columns):
        return {}
    return counted(asked, seconds_of(period.start), seconds_of(period.end), layout.withdrawn)
