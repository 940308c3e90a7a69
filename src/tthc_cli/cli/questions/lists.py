"""`tthc list`: which lists there are, and one of them, for a unit, a level, a division, or all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli import completion
from tthc_cli.cli.choosing import Asked, AsOfOption, parse_moment, period_command
from tthc_cli.cli.session import Session, h
from tthc_cli.errors import Exit, UsageError
from tthc_cli.text import file_part

if TYPE_CHECKING:
    from tthc_cli.jobs.lists import Place
    from tthc_cli.results.listing import Listing

SHOWN = 40
"""Rows on a terminal; a file holds all of them."""
MOST_DAYS = 1000
TABLE = "table"
FORMATS = (TABLE, "xlsx", "csv", "html", "json")


@period_command("list", purpose="daily")
def list_(
    session: Session,
    asked: Asked,
    name: Annotated[
        str | None,
        typer.Argument(
            help=h("list_name"), metavar=h("list_name_metavar"), show_default=False, autocompletion=completion.lists
        ),
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help=h("list_unit"), metavar=h("unit_name_metavar"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=h("list_level"), metavar="tinh|so|huyen|xa")] = None,
    division: Annotated[
        str | None, typer.Option("--division", help=h("list_division"), metavar=h("list_division_metavar"))
    ] = None,
    days: Annotated[str | None, typer.Option("--days", help=h("list_days"), metavar="1,3,5")] = None,
    as_of: AsOfOption = None,
    form: Annotated[str, typer.Option("--format", help=h("list_format"), metavar="|".join(FORMATS))] = TABLE,
    out: Annotated[str | None, typer.Option("--out", help=h("list_out"), metavar=h("folder"))] = None,
    per_unit: Annotated[bool, typer.Option("--per-unit", help=h("list_per_unit"))] = False,
) -> Exit:
    if form not in FORMATS:
        raise UsageError("unknown_format", value=form, known=", ".join(FORMATS))
    if name is None:
        return _show_names(session)
    from tthc_cli.jobs.lists import Part, kind_of_list, list_at, list_of_score
    from tthc_cli.statements.registry import OfDossiers, OfPlan

    period, table = asked.period(), form == TABLE and out is None and not per_unit and not session.json
    kind = kind_of_list(name, period is not None)
    part = Part(unit, level, division, parse_days(days), period, SHOWN if table else None)
    at = parse_moment(as_of) if as_of else session.now()
    if isinstance(kind, OfDossiers):
        if kind.at_end and period is not None and not as_of:
            at = min(at, period.end - timedelta(seconds=1))
        listing, places = list_at(session.workspace, kind, at, part)
    elif isinstance(kind, OfPlan):
        from tthc_cli.jobs.control.plan import list_of_plan

        listing, places = list_of_plan(session.workspace, kind, at, part)
    elif as_of or days:
        raise UsageError("list_of_a_period", name=name)
    else:
        listing, places = list_of_score(session.workspace, kind, asked.stored()[0], part)
    if session.json:
        from tthc_cli.results.listing import public_json

        session.emit(public_json(listing, session.lang))
        return Exit.DONE
    if listing.place("official") is not None and form != "json":
        from tthc_cli.jobs.officials import named_listing, names

        listing = named_listing(listing, names(session.workspace))
    if table:
        _show(session, listing)
    else:
        _write(session, listing, places if per_unit else [], "xlsx" if form == TABLE else form, out)
    return Exit.DONE


def parse_days(text: str | None) -> tuple[int, ...]:
    """The numbers of days that --days means. Raises UsageError."""
    if text is None:
        return ()
    try:
        found = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        found = (0,)
    if not 0 < found[0] <= found[-1] <= MOST_DAYS:
        raise UsageError("bad_days", value=text, most=MOST_DAYS)
    return found


def _show_names(session: Session) -> Exit:
    from tthc_cli.statements.registry import LISTS, OfDossiers, OfPlan

    def of(kind: object) -> str:
        return "moment" if isinstance(kind, OfDossiers | OfPlan) else "score"

    if session.json:
        session.emit({"schema": 1, "lists": [{"name": k.name, "of": of(k)} for k in LISTS]})
        return Exit.DONE
    widest = max(len(kind.name) for kind in LISTS)
    for which in ("moment", "score"):
        session.show(session.say(f"lists.of_{which}"))
        for kind in LISTS:
            if of(kind) == which:
                session.show(f"  {kind.name:<{widest}} {session.say(f'lists.{kind.name}.title')}")
    session.show(session.say("lists.next"))
    return Exit.DONE


def _show(session: Session, listing: Listing) -> None:
    from tthc_cli.render.listing import listing_table

    session.show(listing_table(listing, session.lang, session.out.width, SHOWN))
    every = len(listing.rows) + listing.more
    if every > SHOWN:
        session.show(session.say("lists.more", shown=SHOWN, all=every))


def _write(session: Session, listing: Listing, places: list[Place], form: str, out: str | None) -> None:
    """Into one file, or one for each of some units that has rows."""
    from tthc_cli.jobs.lists import with_people
    from tthc_cli.render.listing import write_listing

    folder = session.location(out, session.workspace.reports)
    if isinstance(folder, Path):
        listing = with_people(session.workspace, listing)
        if listing.private:
            session.show(session.say("lists.private"))
    day = listing.as_of[:10]
    at = listing.place("unit")
    parts = {f"{listing.name}-{day}" + (f"-{file_part(listing.unit)}" if listing.unit else ""): listing}
    if places and at is not None:
        by_unit = {p.id: tuple(row for row in listing.rows if row[at] == p.id) for p in places}
        parts = {f"{listing.name}-{day}-{file_part(u)}": listing.only(rows) for u, rows in by_unit.items() if rows}
    for name, part in parts.items():
        file = folder / f"{name}.{form}"
        write_listing(file, part, session.lang)
        session.show(session.say("lists.written", rows=len(part.rows), path=str(file)), whole=True)
