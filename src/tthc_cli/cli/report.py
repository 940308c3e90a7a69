"""`tthc report`: a stored score as a workbook, a page, a paper or data; nothing is computed again."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.choosing import Asked, period_command
from tthc_cli.cli.session import Session, h
from tthc_cli.errors import Exit, UsageError
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.render import Options
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.storage.location import Location

FILE_FORMATS = ("xlsx", "html", "pdf", "docx", "json", "csv")
TABLE = "table"
HISTORY = 7
"""Earlier periods shown in trends."""

FormatOption = Annotated[
    list[str] | None, typer.Option("--format", help=h("format"), metavar="|".join((*FILE_FORMATS, TABLE)))
]
UnitOption = Annotated[list[str] | None, typer.Option("--unit", help=h("unit"), metavar=h("unit_metavar"))]
OutOption = Annotated[str | None, typer.Option("--out", help=h("out"), metavar=h("folder"))]


def check_format(wanted: str, known: Collection[str] = FILE_FORMATS) -> None:
    if wanted not in known:
        raise UsageError("unknown_format", value=wanted, known=", ".join(known))


def earlier_cards(session: Session, card: Scorecard, period: Period) -> list[Scorecard]:
    """Stored scorecards of the periods before, under the same rulebook, oldest first, up to the first one missing."""
    from tthc_cli.storage import stored_scores

    scores = session.workspace.scores
    found: list[Scorecard] = []
    while len(found) < HISTORY:
        period = period.previous()
        if not stored_scores.is_stored(scores, period.id, card.rulebook.id, period.style):
            break
        found.insert(0, stored_scores.load(scores, period.id, card.rulebook.id, period.style))
    return found


def render_options(
    session: Session, card: Scorecard, period: Period, units: list[str] | None, formats: Collection[str]
) -> Options:
    """What every writer is told besides the card: units, earlier periods, letterhead; workbooks also list the lost
    dossiers."""
    from tthc_cli.render.view.model import Letterhead
    from tthc_cli.storage import stored_scores

    return {
        "units": None if units is None else [named_unit(card.units, u).id for u in units],
        "history": earlier_cards(session, card, period),
        "lost": stored_scores.load_lost(session.workspace.scores, card) if "xlsx" in formats else (),
        "letterhead": Letterhead(**session.workspace.settings.letterhead.model_dump()),
    }


def write_report(
    session: Session, card: Scorecard, wanted: str, options: Options, folder: Location, page_units: int | None = None
) -> Location:
    """Write one report; returns its file (of HTML in pages, the index)."""
    from tthc_cli import render

    units = options.get("units")
    window = "" if card.window == "calendar" else f"-{card.window}"
    name = f"tthc-{card.period}{window}-{card.rulebook.id}" + (f"-{'-'.join(units)}" if units else "").replace(
        "?", "chua-khop"
    )
    path = folder / f"{name}.{wanted}"
    render.write(wanted, card, path, session.lang, page_units=page_units, **options)
    return path


@period_command("report", logged=True)
def report(
    session: Session,
    asked: Asked,
    formats: FormatOption = None,
    unit: UnitOption = None,
    per_unit: Annotated[bool, typer.Option("--per-unit", help=h("per_unit"))] = False,
    template: Annotated[Path | None, typer.Option("--template", help=h("template"), metavar="FILE.xlsx")] = None,
    page_units: Annotated[
        int | None, typer.Option("--page-units", help=h("page_units"), metavar="N", min=0, show_default=False)
    ] = None,
    out: OutOption = None,
) -> Exit:
    from tthc_cli import render

    wanted = tuple(dict.fromkeys(formats or ["xlsx"]))
    for one in wanted:
        check_format(one, (*FILE_FORMATS, TABLE))
    if (per_unit or template) and wanted != ("xlsx",):
        raise UsageError("xlsx_only")
    if page_units is not None and "html" not in wanted:
        raise UsageError("html_only")
    card, period = asked.stored()
    if TABLE in wanted:
        session.show(render.ranking_table(card, session.lang, session.out.width))
    if wanted == (TABLE,):
        return Exit.DONE
    options = render_options(session, card, period, unit, wanted)
    folder = session.location(out, session.workspace.reports)
    if per_unit:
        files = render.write_xlsx_per_unit(card, folder, session.lang, **options)
    elif template:
        files = [folder / f"{template.stem}-{card.period}.xlsx"]
        render.fill_template(card, template, files[0], session.lang, **options)
    else:
        files = [
            write_report(session, card, one, options, folder, page_units if one == "html" else None)
            for one in wanted
            if one != TABLE
        ]
    session.log(
        session.say(
            "cli.report_summary", period=card.period, rulebook=card.rulebook.id, count=len(files), folder=str(folder)
        )
    )
    if session.json:
        session.emit({"files": [str(f) for f in files]})
    for file in files:
        session.show(str(file), whole=True)
    return Exit.DONE
