"""`tthc report`: a stored score as a workbook, a page, a paper or data; nothing is computed again."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.choosing import Asked, period_command
from tthc_cli.cli.session import Session, h
from tthc_cli.errors import Exit, UsageError

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import Scorecard

FILE_FORMATS = ("xlsx", "html", "pdf", "docx", "json", "csv")
TABLE = "table"

FormatOption = Annotated[
    list[str] | None, typer.Option("--format", help=h("format"), metavar="|".join((*FILE_FORMATS, TABLE)))
]
UnitOption = Annotated[list[str] | None, typer.Option("--unit", help=h("unit"), metavar=h("unit_metavar"))]
OutOption = Annotated[str | None, typer.Option("--out", help=h("out"), metavar=h("folder"))]


def check_format(wanted: str, known: Collection[str] = FILE_FORMATS) -> None:
    if wanted not in known:
        raise UsageError("unknown_format", value=wanted, known=", ".join(known))


def shown_card(session: Session, card: Scorecard) -> Scorecard:
    """A card as it is shown: of officials with the names that the operator's own list has."""
    if card.subjects != "officials":
        return card
    from tthc_cli.jobs.officials import named_card, names

    return named_card(card, names(session.workspace))


@period_command("report", purpose="main", logged=True)
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
    from tthc_cli.jobs.reporting import render_options
    from tthc_cli.jobs.reporting import report as write

    wanted = tuple(dict.fromkeys(formats or ["xlsx"]))
    for one in wanted:
        check_format(one, (*FILE_FORMATS, TABLE))
    if (per_unit or template) and wanted != ("xlsx",):
        raise UsageError("xlsx_only")
    if page_units is not None and "html" not in wanted:
        raise UsageError("html_only")
    card, _ = asked.stored()
    if TABLE in wanted:
        session.show(render.ranking_table(shown_card(session, card), session.lang, session.out.width))
    if wanted == (TABLE,):
        if session.json:
            session.emit({"schema": 1, "files": []})
        return Exit.DONE
    folder = session.location(out, session.workspace.reports)
    options = render_options(session.workspace, card, unit, wanted) if per_unit or template else {}
    if per_unit:
        files = render.write_xlsx_per_unit(card, folder, session.lang, **options)
    elif template:
        files = [folder / f"{template.stem}-{card.period}.xlsx"]
        render.fill_template(card, template, files[0], session.lang, **options)
    else:
        formats = [one for one in wanted if one != TABLE]
        files = write(session.workspace, card, formats, session.lang, folder=folder, units=unit, page_units=page_units)
    session.log(
        session.for_log.say(
            "cli.report_summary", period=card.period, rulebook=card.rulebook.id, count=len(files), folder=str(folder)
        )
    )
    if session.json:
        session.emit({"schema": 1, "files": [str(f) for f in files]})
    for file in files:
        session.show(str(file), whole=True)
    return Exit.DONE
