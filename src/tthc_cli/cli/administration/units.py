"""`tthc units propose|check`: a draft of the unit table from the data, and what to look at in the one there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit, UsageError

if TYPE_CHECKING:
    from tthc_cli.jobs.unit_tables import Proposed
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.unit_table.draft import Row

SHOWN = 20
"""Rows on a terminal; the file holds all of them."""
_ENDINGS = (".xlsx", ".csv")


@command("units propose", purpose="administration")
def propose(
    session: Session,
    out: Annotated[str | None, typer.Option("--out", help=h("units_out"), metavar="units.xlsx")] = None,
    successors: Annotated[
        str | None, typer.Option("--successors", help=h("units_successors"), metavar=h("units_successors_metavar"))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=h("units_force"))] = False,
) -> Exit:
    from tthc_cli.jobs.unit_tables import FILE, propose_units

    if out is not None and not out.lower().endswith(_ENDINGS):
        raise UsageError("draft_form", path=out)
    path = session.location(out, session.workspace.root / FILE)
    made = propose_units(session.workspace, session.lang, out=path, province=successors, over=force)
    if session.json:
        session.emit(_json(made))
        return Exit.DONE
    _show_draft(session, made)
    return Exit.DONE


def _show_draft(session: Session, made: Proposed) -> None:
    from tthc_cli.statements.unit_table.listing import doubtful, rows_of

    rows = made.draft.rows
    levels = Counter(row.unit.level for row in rows)
    counts = ", ".join(f"{session.say(f'render.level.{key}')} {levels[key]}" for key in levels)
    doubts = doubtful(made.draft)
    session.show(session.say("lists.drafted", rows=len(rows), levels=counts, dossiers=made.draft.dossiers))
    if made.draft.unmatched:
        session.show(session.say("lists.drafted_unmatched", dossiers=made.draft.unmatched))
    if doubts:
        session.show(session.say("lists.drafted_doubts", count=len(doubts)))
        _show(session, replace(made.listing, rows=rows_of(doubts), totals={}))
    session.show(session.say("lists.drafted_next", path=str(made.path)), whole=True)


def _show(session: Session, listing: Listing) -> None:
    from tthc_cli.render.listing import listing_table

    session.show(listing_table(listing, session.lang, session.out.width, SHOWN))
    if len(listing.rows) > SHOWN:
        session.show(session.say("lists.more_rows", shown=SHOWN, all=len(listing.rows)))


def _json(made: Proposed) -> dict[str, Any]:
    return {
        "schema": 1,
        "path": str(made.path),
        "dossiers": made.draft.dossiers,
        "unmatched": made.draft.unmatched,
        "units": [_row_json(row) for row in made.draft.rows],
    }


def _row_json(row: Row) -> dict[str, Any]:
    unit = row.unit
    return {
        "id": unit.code,
        "name": unit.name,
        "other_names": list(unit.other_names),
        "level": unit.level,
        "parent": unit.parent,
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else None,
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
        "successors": list(row.heirs),
        "dossiers": row.dossiers,
        "sure": row.sure,
        "checks": list(row.checks),
    }


@command("units check", purpose="administration")
def check(session: Session) -> Exit:
    from tthc_cli.jobs.unit_tables import check_units
    from tthc_cli.results.listing import public_json

    found = check_units(session.workspace)
    if session.json:
        session.emit(public_json(found, session.lang))
    elif found.rows:
        _show(session, found)
        session.show(session.say("lists.checked_next"))
    else:
        session.show(session.say("lists.checked"))
    return Exit.ROWS_REJECTED if found.rows else Exit.DONE
