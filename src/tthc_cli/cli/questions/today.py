"""`tthc today`: what is to be done this morning, on one screen or one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.choosing import AsOfOption, parse_moment
from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit, UsageError
from tthc_cli.text import file_part

if TYPE_CHECKING:
    from tthc_cli.results.today import Today
    from tthc_cli.storage.location import Location

FORMATS = ("table", "html", "json")


@command("today", purpose="daily", logged=True)
def today(
    session: Session,
    unit: Annotated[str | None, typer.Option("--unit", help=h("list_unit"), metavar=h("unit_name_metavar"))] = None,
    as_of: AsOfOption = None,
    form: Annotated[str, typer.Option("--format", help=h("today_format"), metavar="|".join(FORMATS))] = "table",
    out: Annotated[str | None, typer.Option("--out", help=h("today_out"), metavar=h("folder"))] = None,
    notify: Annotated[bool, typer.Option("--notify", help=h("notify"))] = False,
) -> Exit:
    from tthc_cli.jobs.today import paper

    if form not in FORMATS:
        raise UsageError("unknown_format", value=form, known=", ".join(FORMATS))
    if notify:
        from tthc_cli.cli.telling import make_ready

        make_ready(session)
    at = parse_moment(as_of) if as_of else session.now()
    found = paper(session.workspace, at, unit)
    session.record.facts.update(as_of=found.as_of, unit=found.unit or None, today=dict(found.total))
    if form == "html" or out is not None or notify:
        path = _page(session, found, out)
        session.record.facts["reports"] = [str(path)]
        session.show(str(path), whole=True)
    if session.json or form == "json":
        from tthc_cli.results.today import today_json

        session.emit(today_json(found, session.lang))
    elif form == "table":
        from tthc_cli.render.today import today_screen

        session.show(today_screen(found, session.lang, session.out.width))
    return Exit.DONE


def _page(session: Session, found: Today, out: str | None) -> Location:
    from tthc_cli.render.html.today import today_page
    from tthc_cli.storage.location import write_atomic

    folder = session.location(out, session.workspace.reports)
    unit = f"-{file_part(found.unit)}" if found.unit else ""
    path = folder / f"today-{found.as_of[:10]}{unit}.html"
    data = today_page(found, session.lang).encode()
    write_atomic(path, data)
    session.record.page = (path.name, data)
    return path
