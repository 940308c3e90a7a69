"""The main job: init, ingest, score, report, and run, which does the three in one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.ingest_output import ingest_exit, ingest_json, ingest_notes, ingest_table
from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit, InputError, UsageError

if TYPE_CHECKING:
    from tthc_cli.ingest import IngestReport
    from tthc_cli.periods import Period
    from tthc_cli.scorecard import RulebookInfo, Scorecard

FORMATS = ("xlsx", "html")

PathsArgument = Annotated[list[Path], typer.Argument(help=h("paths"), metavar=h("paths_metavar"), show_default=False)]
MonthOption = Annotated[str | None, typer.Option("--month", help=h("month"), metavar="2023-06")]
QuarterOption = Annotated[str | None, typer.Option("--quarter", help=h("quarter"), metavar="2023Q2")]
HalfOption = Annotated[str | None, typer.Option("--half", help=h("half"), metavar="2023H1")]
YearOption = Annotated[str | None, typer.Option("--year", help=h("year"), metavar="2023")]
ReadingOption = Annotated[str | None, typer.Option("--reading", help=h("reading"), metavar="law|portal")]
RulebookOption = Annotated[list[str] | None, typer.Option("--rulebook", help=h("rulebook"), metavar="ID")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help=h("as_of"), metavar="2023-06-30T17:00")]
FormatOption = Annotated[str, typer.Option("--format", help=h("format"), metavar="|".join(FORMATS))]
UnitOption = Annotated[list[str] | None, typer.Option("--unit", help=h("unit"), metavar=h("unit_metavar"))]
OutOption = Annotated[Path | None, typer.Option("--out", help=h("out"), metavar=h("folder"))]

LOST_KEPT = 50_000
"""Lost dossiers stored with a score; with more of them, `tthc explain UNIT --out` lists those of a unit."""


def chosen_period(
    session: Session, month: str | None, quarter: str | None, half: str | None, year: str | None
) -> Period | None:
    """The period that the options name; None when none is given. Raises UsageError when several are."""
    from tthc_cli.periods import PeriodKind, parse_period

    given: list[tuple[PeriodKind, str]] = []
    if month:
        given.append(("month", month))
    if quarter:
        given.append(("quarter", quarter))
    if half:
        given.append(("half", half))
    if year:
        given.append(("year", year))
    if len(given) > 1:
        raise UsageError("several_periods")
    if not given:
        return None
    kind, text = given[0]
    return parse_period(text, session.workspace.settings.scoring.window, kind)


def required_period(session: Session, *options: str | None) -> Period:
    period = chosen_period(session, *options)
    if period is None:
        raise UsageError("no_period")
    return period


def chosen_rulebook(session: Session, period: Period, reading: str | None, rulebook: str | None) -> RulebookInfo:
    """The rulebook asked for, else the one in force for the reading on the last day of the period."""
    from tthc_cli import rulebooks

    folder = session.workspace.rulebooks
    if rulebook is not None:
        return rulebooks.by_id(rulebook, folder)
    wanted = reading or session.workspace.settings.scoring.reading
    if wanted not in ("law", "portal"):
        raise UsageError("unknown_reading", value=wanted)
    return rulebooks.choose(wanted, period.last_day.date(), folder)


def stored_card(
    session: Session,
    month: str | None,
    quarter: str | None,
    half: str | None,
    year: str | None,
    reading: str | None = None,
    rulebook: list[str] | None = None,
) -> tuple[Scorecard, Period]:
    """The stored scorecard that the options name; with no period, the one scored last."""
    from tthc_cli import scorestore
    from tthc_cli.periods import parse_period

    scores = session.workspace.scores
    period = chosen_period(session, month, quarter, half, year)
    if period is None:
        if reading or rulebook:
            raise UsageError("no_period")
        which, book = scorestore.latest(scores)
        period = parse_period(which, session.workspace.settings.scoring.window)
    else:
        book = chosen_rulebook(session, period, reading, rulebook[0] if rulebook else None).id
    return scorestore.load(scores, period.id, book), period


def do_ingest(session: Session, paths: list[Path]) -> IngestReport:
    from tthc_cli.ingest import ingest

    with session.progress(session.say("cli.reading")) as tell:
        return ingest(paths, session.workspace, tell)


def do_score(session: Session, period: Period, rulebook: RulebookInfo, as_of: str | None) -> Scorecard:
    """Score and store, with the subjects that lost points."""
    from datetime import datetime

    from tthc_cli import scorestore
    from tthc_cli.indicators.explain import Explainer
    from tthc_cli.indicators.score import score_period
    from tthc_cli.warehouse import open_warehouse

    try:
        moment = None if as_of is None else datetime.fromisoformat(as_of)
    except ValueError:
        raise UsageError("bad_as_of", value=as_of) from None
    workspace = session.workspace
    with session.progress(session.say("cli.counting")) as tell:
        scored = score_period(
            open_warehouse(workspace.warehouse),
            period,
            rulebook,
            workspace.settings,
            as_of=moment,
            progress=lambda done, total: tell("", done, total),
        )
    scorestore.save(scored.card, workspace.scores, Explainer(scored).everything_lost(LOST_KEPT))
    return scored.card


def do_report(session: Session, card: Scorecard, wanted: str, units: list[str] | None, out: Path | None) -> Path:
    """Render a stored score to a file; returns the file."""
    from tthc_cli import render
    from tthc_cli.errors import nearest

    known = [u.id for u in card.units]
    for unit in units or ():
        if unit not in known:
            raise InputError("unknown_unit", unit=unit, nearest=nearest(unit, known) or "–")
    folder = out or session.workspace.reports
    name = f"tthc-{card.period}-{card.rulebook.id}" + (f"-{'-'.join(units)}" if units else "")
    path = folder / f"{name}.{wanted}"
    writer = render.write_xlsx if wanted == "xlsx" else render.write_html
    writer(card, path, session.lang, units=units)
    return path


def _check_format(wanted: str) -> None:
    if wanted not in FORMATS:
        raise UsageError("unknown_format", value=wanted, known=", ".join(FORMATS))


def log_line(session: Session, text: str) -> None:
    """Add one line, with the time, to the workspace's log file."""
    from datetime import datetime

    path = session.workspace.log_file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"{datetime.now():%Y-%m-%dT%H:%M:%S} {text}\n")


@command("init")
def init(
    session: Session,
    folder: Annotated[Path, typer.Argument(help=h("init_folder"), metavar=h("folder"))] = Path(),
) -> Exit:
    from tthc_cli.workspace import create_workspace

    created = create_workspace(folder, session.lang)
    session.note(session.say("cli.workspace_made", path=str(created)))
    return Exit.DONE


@command("ingest")
def ingest(session: Session, paths: PathsArgument) -> Exit:
    with session.workspace.lock():
        report = do_ingest(session, paths)
    if session.json:
        session.emit(ingest_json(report))
    session.show(ingest_table(session, report))
    for line in ingest_notes(session, report):
        session.note(line)
    return ingest_exit(report)


@command("score")
def score(
    session: Session,
    month: MonthOption = None,
    quarter: QuarterOption = None,
    half: HalfOption = None,
    year: YearOption = None,
    reading: ReadingOption = None,
    rulebook: Annotated[list[str] | None, typer.Option("--rulebook", help=h("rulebook_twice"), metavar="ID")] = None,
    as_of: AsOfOption = None,
) -> Exit:
    from tthc_cli.render import ranking_table
    from tthc_cli.scorecard import public_json

    period = required_period(session, month, quarter, half, year)
    if rulebook and len(rulebook) > 1:
        return _score_both(session, period, rulebook, as_of)
    book = chosen_rulebook(session, period, reading, rulebook[0] if rulebook else None)
    with session.workspace.lock():
        card = do_score(session, period, book, as_of)
    if session.json:
        session.emit(public_json(card))
    session.show(ranking_table(card, session.lang, min(session.out.width, 100)))
    return Exit.DONE


def _score_both(session: Session, period: Period, rulebooks: list[str], as_of: str | None) -> Exit:
    """Score by two rulebooks and show the difference per unit; the first named stays the latest score."""
    from tthc_cli.cli.comparison_output import show_comparison
    from tthc_cli.comparison import compare, comparison_json
    from tthc_cli.scorecard import public_json

    if len(rulebooks) > 2:
        raise UsageError("many_rulebooks", count=len(rulebooks))
    first, second = (chosen_rulebook(session, period, None, one) for one in rulebooks)
    if first.id == second.id:
        raise UsageError("same_rulebook", id=first.id)
    with session.workspace.lock():
        after = do_score(session, period, second, as_of)
        before = do_score(session, period, first, as_of)
    found = compare(before, after)
    if session.json:
        scores = [public_json(before), public_json(after)]
        session.emit({"schema": 1, "scores": scores, "difference": comparison_json(found, found.units)})
    show_comparison(session, found)
    return Exit.DONE


@command("report")
def report(
    session: Session,
    wanted: FormatOption = "xlsx",
    month: MonthOption = None,
    quarter: QuarterOption = None,
    half: HalfOption = None,
    year: YearOption = None,
    reading: ReadingOption = None,
    rulebook: RulebookOption = None,
    unit: UnitOption = None,
    out: OutOption = None,
) -> Exit:

    _check_format(wanted)
    card, _ = stored_card(session, month, quarter, half, year, reading, rulebook)
    path = do_report(session, card, wanted, unit, out)
    if session.json:
        session.emit({"path": str(path)})
    session.show(str(path))
    return Exit.DONE


@command("run")
def run(
    session: Session,
    paths: PathsArgument,
    month: MonthOption = None,
    quarter: QuarterOption = None,
    half: HalfOption = None,
    year: YearOption = None,
    reading: ReadingOption = None,
    rulebook: RulebookOption = None,
    as_of: AsOfOption = None,
    wanted: Annotated[list[str] | None, typer.Option("--format", help=h("format_many"), metavar="xlsx|html")] = None,
    out: OutOption = None,
) -> Exit:
    formats = wanted or list(FORMATS)
    for one in formats:
        _check_format(one)
    period = required_period(session, month, quarter, half, year)
    book = chosen_rulebook(session, period, reading, rulebook[0] if rulebook else None)
    with session.workspace.lock():
        came_in = do_ingest(session, paths)
        card = do_score(session, period, book, as_of)
        files = [do_report(session, card, one, None, out) for one in formats]
    summary = session.say(
        "cli.run_summary",
        period=card.period,
        rulebook=book.id,
        read=came_in.rows_read,
        accepted=came_in.accepted,
        superseded=came_in.superseded,
        rejected=came_in.rejected,
        units=len(card.units),
        files=", ".join(str(f) for f in files),
    )
    log_line(session, summary)
    if session.json:
        session.emit({"ingest": ingest_json(came_in), "period": card.period, "files": [str(f) for f in files]})
    session.show(summary)
    return ingest_exit(came_in)
