"""`tthc form`: the statutory forms in force, one filled in, or what is wrong in the file of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli import completion
from tthc_cli.cli.choosing import Asked, AsOfOption, parse_moment, period_command
from tthc_cli.cli.session import Session, fitted_table, h
from tthc_cli.errors import Exit, UsageError
from tthc_cli.periods import Period, days_between, parse_period, parse_week
from tthc_cli.text import file_part

if TYPE_CHECKING:
    from datetime import datetime

    from tthc_cli.periods import Window
    from tthc_cli.results.form import Form

TABLE, CHECK, COST = "table", "check", "cost"
SHAPES = ("unit", "branch", "procedure", "level_field", "level_procedure")
FORMATS = (TABLE, "xlsx", "docx", "html", "json", "csv")


@period_command("form", purpose="papers")
def form(
    session: Session,
    asked: Asked,
    name: Annotated[
        str | None,
        typer.Argument(
            help=h("form_name"), metavar=h("form_name_metavar"), show_default=False, autocompletion=completion.forms
        ),
    ] = None,
    file: Annotated[
        str | None, typer.Argument(help=h("form_file"), metavar=h("form_file_metavar"), show_default=False)
    ] = None,
    week: Annotated[str | None, typer.Option("--week", help=h("form_week"), metavar="2026W37")] = None,
    first: Annotated[str | None, typer.Option("--from", help=h("form_from"), metavar="2026-09-07")] = None,
    last: Annotated[str | None, typer.Option("--to", help=h("form_to"), metavar="2026-09-13")] = None,
    dossier: Annotated[
        str | None, typer.Option("--dossier", help=h("form_dossier"), metavar=h("form_dossier_metavar"))
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help=h("form_unit"), metavar=h("unit_name_metavar"))] = None,
    procedure: Annotated[str | None, typer.Option("--procedure", help=h("form_procedure"), metavar="1.001234")] = None,
    rows: Annotated[str | None, typer.Option("--rows", help=h("form_rows"), metavar="|".join(SHAPES))] = None,
    as_of: AsOfOption = None,
    shape: Annotated[str, typer.Option("--format", help=h("form_format"), metavar="|".join(FORMATS))] = TABLE,
    out: Annotated[str | None, typer.Option("--out", help=h("list_out"), metavar=h("folder"))] = None,
) -> Exit:
    if shape not in FORMATS:
        raise UsageError("unknown_format", value=shape, known=", ".join(FORMATS))
    now = parse_moment(as_of) if as_of else session.now()
    if name is None:
        return _show_forms(session, now.date())
    if name == CHECK:
        return _check(session, file)
    if name == COST:
        from tthc_cli.cli.questions.form_cost import show_cost

        return show_cost(
            session, now, procedure, asked.period(), None if shape == TABLE and out is None else shape, out
        )
    if procedure is not None:
        raise UsageError("procedure_of_cost")
    if file is not None:
        raise UsageError("form_second_word", value=file)
    period = _period(asked, week, first, last)
    if dossier is not None:
        if period is not None or unit is not None:
            raise UsageError("form_slip_moment")
        made = _slip(session, name, dossier, now)
    else:
        made = _of_period(session, asked, name, period, now, unit, rows)
    if session.json:
        from tthc_cli.results.form import public_json

        session.emit(public_json(made, session.lang))
    elif shape == TABLE and out is None:
        from tthc_cli.render.form import form_table

        session.show(form_table(made, session.lang, session.out.width))
    else:
        _write(session, made, "xlsx" if shape == TABLE else shape, out, dossier or "")
    return Exit.DONE


def _slip(session: Session, name: str, dossier: str, now: datetime) -> Form:
    from tthc_cli.jobs.forms import layout_of, slip_of

    layout = layout_of(session.workspace, name, now.date())
    if layout.subject != "steps":
        raise UsageError("form_no_dossier", name=layout.code)
    return slip_of(session.workspace, layout, dossier, now)


def _of_period(
    session: Session, asked: Asked, name: str, period: Window | None, now: datetime, unit: str | None, rows: str | None
) -> Form:
    """In the window that the form is made for, unless another is asked for."""
    from tthc_cli.jobs.forms import form_of, layout_of

    layout = layout_of(session.workspace, name, (period.last_day if period else now).date(), rows)
    if period is None:
        raise UsageError("form_of_dossier" if layout.subject == "steps" else "no_period", name=layout.code)
    if isinstance(period, Period) and asked.window is None:
        period = parse_period(period.id, "nd09" if layout.window == "nd09" else "calendar")
        layout = layout_of(session.workspace, name, period.last_day.date(), rows)
    return form_of(session.workspace, layout, period, now, unit)


def _period(asked: Asked, week: str | None, first: str | None, last: str | None) -> Window | None:
    """The period that the options name; None when none is. Raises UsageError when several are."""
    period = asked.period()
    if sum(one is not None for one in (period, week, first or last)) > 1:
        raise UsageError("several_periods")
    if week is None and first is None and last is None:
        return period
    if asked.window is not None:
        raise UsageError("days_window")
    if week is not None:
        return parse_week(week)
    if first is None or last is None:
        raise UsageError("days_both")
    return days_between(parse_moment(first).date(), parse_moment(last).date())


def _show_forms(session: Session, day: object) -> Exit:
    from datetime import date

    from tthc_cli.errors import in_words
    from tthc_cli.jobs.forms import forms_on

    assert isinstance(day, date)
    forms = forms_on(session.workspace, day)
    if session.json:
        found = [
            {
                "code": one.code, "circular": one.circular, "title": one.title(session.lang),
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None, "window": one.window,
                "layout": one.evidence, "cite": one.cite,
            }
            for one in forms
        ]  # fmt: skip
        session.emit({"schema": 1, "forms": found})
        return Exit.DONE
    session.show(session.say("forms.in_force", day=in_words(day, session.lang)))
    table = fitted_table(
        session.out.width, (session.say("forms.form"), "left", 0), (session.say("forms.title"), "left", 3),
        (session.say("forms.circular"), "left", 2), (session.say("forms.layout"), "left", 0),
    )  # fmt: skip
    for one in forms:
        table.add_row(one.code, one.title(session.lang), one.circular, session.say(f"forms.{one.evidence}"))
    session.show(table)
    session.show(session.say("forms.next"))
    return Exit.DONE


def _check(session: Session, file: str | None) -> Exit:
    from tthc_cli.jobs.forms import checked

    count, faults = checked(session.workspace, file)
    if session.json:
        found = [{"file": f.file, "line": f.line, "code": f.code, "message": f.message(session.lang)} for f in faults]
        session.emit({"schema": 1, "forms": count, "faults": found})
    else:
        for fault in faults:
            session.show(fault.message(session.lang))
        if not faults:
            session.show(session.say("forms.checked", count=count))
    return Exit.STOPPED if faults else Exit.DONE


def _write(session: Session, made: Form, shape: str, out: str | None, dossier: str) -> None:
    from tthc_cli.render.form import form_bytes
    from tthc_cli.storage.location import write_atomic

    folder = session.location(out, session.workspace.reports)
    window = made.window if made.window != "calendar" else ""
    parts = (made.code.replace("/", "-"), made.period, window, file_part(dossier or made.unit))
    path = folder / ("-".join(part for part in parts if part) + f".{shape}")
    write_atomic(path, form_bytes(made, shape, session.lang))
    session.show(session.say("forms.written", path=str(path)), whole=True)
