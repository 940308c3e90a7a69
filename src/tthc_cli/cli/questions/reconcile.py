"""`tthc reconcile`: our counts beside what others reported, and which way of counting explains each difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.choosing import Asked, AsOfOption, parse_moment, period_command
from tthc_cli.cli.session import Session, h
from tthc_cli.errors import Exit, UsageError
from tthc_cli.text import file_part

if TYPE_CHECKING:
    from tthc_cli.jobs.appraising.reconciling import Reconciled

TABLE = "table"
FORMATS = (TABLE, "xlsx", "csv", "html", "json")
SHOWN, DOSSIERS_SHOWN = 40, 20
"""Rows of the lists on a terminal; files hold all of them."""


@period_command("reconcile", purpose="control")
def reconcile(
    session: Session,
    asked: Asked,
    unit: Annotated[str | None, typer.Option("--unit", help=h("list_unit"), metavar=h("unit_name_metavar"))] = None,
    as_of: AsOfOption = None,
    made_at: Annotated[
        list[str] | None,
        typer.Option("--made-at", help=h("made_at"), metavar="2023-06-25T17:00", show_default=False),
    ] = None,
    shape: Annotated[str, typer.Option("--format", help=h("list_format"), metavar="|".join(FORMATS))] = TABLE,
    out: Annotated[str | None, typer.Option("--out", help=h("list_out"), metavar=h("folder"))] = None,
) -> Exit:
    if shape not in FORMATS:
        raise UsageError("unknown_format", value=shape, known=", ".join(FORMATS))
    from tthc_cli.cli.main.main_job import judged_moment
    from tthc_cli.jobs.appraising.reconciling import reconcile as work
    from tthc_cli.scoring.run import latest_event
    from tthc_cli.storage.warehouse import open_warehouse

    period = asked.required_period()
    book = asked.rulebook_for(period)
    if book.evaluation != "qd766":
        raise UsageError("reconcile_evaluation", id=book.id)
    moments = [parse_moment(text) for text in made_at or ()]
    latest = latest_event(open_warehouse(session.workspace.warehouse).sources)
    moment = judged_moment(session, period, as_of, latest)
    found = work(session.workspace, period, book, session.now(), as_of=moment, unit=unit, made_at=moments)
    if session.json:
        from tthc_cli.results.listing import public_json

        lists = {name: public_json(getattr(found, name), session.lang) for name in ("differences", "dossiers")}
        head = {"schema": 1, "period": period.id, "window": period.style, "unexplained": found.unexplained}
        session.emit({**head, **lists})
    elif shape == TABLE and out is None:
        _show(session, found)
    else:
        _write(session, found, f"{period.id}-{period.style}", "xlsx" if shape == TABLE else shape, out)
    key = "reconcile.some_unexplained" if found.unexplained else "reconcile.all_explained"
    session.show(session.say(key, count=found.unexplained))
    return Exit.ROWS_REJECTED if found.unexplained else Exit.DONE


def _show(session: Session, found: Reconciled) -> None:
    from tthc_cli.answers.reconcile.listings import only_differences
    from tthc_cli.render.listing import listing_table

    for listing, most in ((only_differences(found.differences), SHOWN), (found.dossiers, DOSSIERS_SHOWN)):
        if not listing.rows and listing is found.dossiers:
            continue
        session.show(listing_table(listing, session.lang, session.out.width, most))
        if len(listing.rows) > most:
            session.show(session.say("lists.more", shown=most, all=len(listing.rows) + listing.more))


def _write(session: Session, found: Reconciled, period: str, shape: str, out: str | None) -> None:
    """A workbook of both lists; else a file a list."""
    from tthc_cli.render.listing import write_listing, write_listings

    folder = session.location(out, session.workspace.reports)
    unit = f"-{file_part(found.differences.unit)}" if found.differences.unit else ""
    both = {f"reconcile-{period}{unit}": found.differences, f"reconcile-{period}{unit}-dossiers": found.dossiers}
    files = {name: [one] for name, one in both.items()} if shape != "xlsx" else {next(iter(both)): [*both.values()]}
    for name, lists in files.items():
        path = folder / f"{name}.{shape}"
        if len(lists) == 1:
            write_listing(path, lists[0], session.lang)
        else:
            write_listings(path, lists, session.lang)
        rows = sum(len(one.rows) for one in lists)
        session.show(session.say("lists.written", rows=rows, path=str(path)), whole=True)
