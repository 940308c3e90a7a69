"""`tthc report`: a stored score as a workbook, a page, a paper or data; nothing is computed again."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.choosing import Asked, period_command
from tthc_cli.cli.session import Session, h
from tthc_cli.errors import Exit, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.storage.location import Location

FILE_FORMATS = ("xlsx", "html", "pdf", "docx", "json", "csv")
TABLE = "table"
SCORES, PERIODIC, QUALITY = KINDS = ("scores", "periodic", "quality")
QUALITY_FORMATS = ("xlsx", "html", "csv", "json")
FULL, ONE_PAGE = LENGTHS = ("full", "one-page")

FormatOption = Annotated[
    list[str] | None, typer.Option("--format", help=h("format"), metavar="|".join((*FILE_FORMATS, TABLE)))
]
UnitOption = Annotated[list[str] | None, typer.Option("--unit", help=h("unit"), metavar=h("unit_metavar"))]
OutOption = Annotated[str | None, typer.Option("--out", help=h("out"), metavar=h("folder"))]


def check_format(wanted: str, known: Collection[str] = FILE_FORMATS) -> None:
    if wanted not in known:
        raise UsageError("unknown_format", value=wanted, known=", ".join(known))


def _check(wanted: Collection[str], template: Path | None, *, only_xlsx: bool, paged: bool, named: bool) -> None:
    """Raises UsageError for options that the formats do not go with."""
    for one in wanted:
        check_format(one, (*FILE_FORMATS, TABLE))
    if template and set(wanted) != {_of_template(template)}:
        raise UsageError("template_format", path=template, formats=", ".join(wanted))
    if only_xlsx and set(wanted) != {"xlsx"}:
        raise UsageError("xlsx_only")
    if paged and "html" not in wanted:
        raise UsageError("html_only")
    if named and {"json", "csv"} & set(wanted):
        raise UsageError("names_not_in_data")


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
    template: Annotated[Path | None, typer.Option("--template", help=h("template"), metavar="FILE.xlsx|.docx")] = None,
    names: Annotated[Path | None, typer.Option("--names", help=h("names"), metavar="FILE.csv")] = None,
    page_units: Annotated[
        int | None, typer.Option("--page-units", help=h("page_units"), metavar="N", min=0, show_default=False)
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help=h("report_kind"), metavar="|".join(KINDS))] = SCORES,
    length: Annotated[
        str | None, typer.Option("--length", help=h("report_length"), metavar="|".join(LENGTHS), show_default=False)
    ] = None,
    out: OutOption = None,
) -> Exit:
    other = per_unit or template is not None or page_units is not None
    _check_kind(kind, length, other=other or (kind == QUALITY and (unit is not None or names is not None)))
    if kind == PERIODIC:
        return _periodic(session, asked, formats, unit, length, out)
    if kind == QUALITY:
        return _quality(session, asked, formats, out)
    from tthc_cli import render
    from tthc_cli.jobs.papers import with_names
    from tthc_cli.jobs.reporting import render_options
    from tthc_cli.jobs.reporting import report as write

    wanted = tuple(dict.fromkeys(formats or [_of_template(template) if template else "xlsx"]))
    _check(wanted, template, only_xlsx=per_unit, paged=page_units is not None, named=names is not None)
    card, period = asked.stored()
    if names is not None:
        card = with_names(session.workspace, card, names)
    if TABLE in wanted:
        show_ranking(session, card, period)
    if wanted == (TABLE,):
        if session.json:
            session.emit({"schema": 1, "files": []})
        return Exit.DONE
    folder = session.location(out, session.workspace.reports)
    options = render_options(session.workspace, card, unit, wanted) if per_unit or template else {}
    if per_unit:
        files = render.write_xlsx_per_unit(card, folder, session.lang, **options)
    elif template:
        files = [folder / f"{template.stem}-{card.period}.{wanted[0]}"]
        render.fill_template(card, template, files[0], session.lang, **options)
    else:
        formats = [one for one in wanted if one != TABLE]
        files = write(session.workspace, card, formats, session.lang, folder=folder, units=unit, page_units=page_units)
    notes = _for_operator(session, card, own=template is not None) if "docx" in wanted else []
    _tell(session, card, files, str(folder), notes)
    return Exit.DONE


def _tell(session: Session, card: Scorecard, files: Sequence[Location], folder: str, notes: list[str]) -> None:
    """The files that were written: in the log, and on the terminal or as JSON, with what is for the operator alone."""
    session.log(
        session.for_log.say(
            "cli.report_summary", period=card.period, rulebook=card.rulebook.id, count=len(files), folder=folder
        )
    )
    if session.json:
        session.emit({"schema": 1, "files": [str(f) for f in files], **({"notes": notes} if notes else {})})
    for file in files:
        session.show(str(file), whole=True)
    if notes:
        session.show(session.say("cli.paper_for_you"))
    for line in notes:
        session.show(f"- {line}")


def _of_template(template: Path) -> str:
    """The format that a template is filled in: that of its own file."""
    return "docx" if template.suffix.lower() == ".docx" else "xlsx"


def _for_operator(session: Session, card: Scorecard, *, own: bool) -> list[str]:
    """What a paper does not say to whom it is sent: the blanks, unless it is the province's own, and the notes of
    the score."""
    from tthc_cli.results.notes import note_text

    blanks = ["cli.paper_blank", *(["cli.paper_forms"] if card.rulebook.evaluation != "qd766" else [])]
    return [*(session.say(key) for key in blanks if not own), *(note_text(note, session.lang) for note in card.notes)]


def show_ranking(session: Session, card: Scorecard, period: Period) -> None:
    """Print the ranking, with the periods before where they are stored; one of them that cannot be read is told of."""
    from tthc_cli.jobs.reporting import earlier_cards
    from tthc_cli.render import ranking_table

    history: list[Scorecard] = []
    try:
        history = earlier_cards(session.workspace, card, period)
    except InputError as error:
        session.note(error.message(session.lang))
    session.show(ranking_table(shown_card(session, card), session.lang, session.out.width, history))


def _check_kind(kind: str, length: str | None, *, other: bool) -> None:
    """Raises UsageError for a kind that there is not, or an option of another one. other: whether options of scorecards
    are given."""
    if kind not in KINDS:
        raise UsageError("unknown_report_kind", value=kind, known=", ".join(KINDS))
    if kind == PERIODIC and other:
        raise UsageError("not_of_periodic")
    if kind == QUALITY and other:
        raise UsageError("quality_of_all")
    if kind != PERIODIC and length is not None:
        raise UsageError("periodic_only")
    if length not in (None, *LENGTHS):
        raise UsageError("unknown_length", value=length, known=", ".join(LENGTHS))


def _periodic(
    session: Session, asked: Asked, formats: list[str] | None, unit: list[str] | None, length: str | None,
    out: str | None,
) -> Exit:  # fmt: skip
    from tthc_cli.jobs.periodic import periodic_report, write_periodic
    from tthc_cli.render.periodic import FORMATS

    wanted = tuple(dict.fromkeys(formats or ["docx"]))
    for one in wanted:
        check_format(one, FORMATS)
    if unit is not None and len(unit) > 1:
        raise UsageError("one_unit")
    card, period = asked.stored()
    brief, of_unit = length == ONE_PAGE, unit[0] if unit else None
    report = periodic_report(session.workspace, card, period, session.now(), of_unit, brief=brief)
    folder = session.location(out, session.workspace.reports)
    files = write_periodic(session.workspace, report, wanted, session.lang, folder=folder, brief=brief)
    notes = report.note_lines(session.lang)
    if session.json:
        session.emit({"schema": 1, "files": [str(file) for file in files], "notes": notes})
    for file in files:
        session.show(str(file), whole=True)
    if notes:
        session.show(session.say("periodic.for_you"))
    for line in notes:
        session.show(f"- {line}")
    return Exit.DONE


def _quality(session: Session, asked: Asked, formats: list[str] | None, out: str | None) -> Exit:
    """The list `quality`, in files."""
    from tthc_cli.jobs.lists import kind_of_list, list_of_score
    from tthc_cli.render.listing import write_listing
    from tthc_cli.statements.registry import OfSources

    wanted = tuple(dict.fromkeys(formats or ["xlsx"]))
    for one in wanted:
        check_format(one, QUALITY_FORMATS)
    card, _ = asked.stored()
    kind = kind_of_list(QUALITY)
    assert isinstance(kind, OfSources)
    listing, _ = list_of_score(session.workspace, kind, card)
    folder = session.location(out, session.workspace.reports)
    window = "" if card.window == "calendar" else f"-{card.window}"
    files = [folder / f"tthc-quality-{card.period}{window}-{card.rulebook.id}.{one}" for one in wanted]
    for path in files:
        write_listing(path, listing, session.lang)
    if session.json:
        session.emit({"schema": 1, "files": [str(file) for file in files]})
    for file in files:
        session.show(str(file), whole=True)
    return Exit.DONE
