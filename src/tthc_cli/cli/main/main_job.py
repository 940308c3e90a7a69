"""The main job: init, ingest, score, report, and run, which does the three in one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli import clock
from tthc_cli.cli.choosing import Asked, AsOfOption, chosen_rulebook, parse_moment, period_command
from tthc_cli.cli.main.ingest_output import (
    ingest_exit,
    ingest_json,
    ingest_notes,
    ingest_table,
    unusable,
)
from tthc_cli.cli.main.report import FILE_FORMATS, OutOption, check_format, show_ranking
from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit, UsageError
from tthc_cli.private import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from tthc_cli.counting.dossier_pass import Engine
    from tthc_cli.ingest import IngestReport
    from tthc_cli.jobs.choose import Chosen
    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, SubjectKind
    from tthc_cli.storage.location import Location


PathsArgument = Annotated[list[Path], typer.Argument(help=h("paths"), metavar=h("paths_metavar"), show_default=False)]
FormatsOption = Annotated[
    list[str] | None, typer.Option("--format", help=h("format_many"), metavar="|".join(FILE_FORMATS))
]
EngineOption = Annotated[str, typer.Option("--engine", help=h("engine"), metavar="local|dask")]
SchedulerOption = Annotated[str | None, typer.Option("--scheduler", help=h("scheduler"), metavar="tcp://HOST:PORT")]
GradeAnywayOption = Annotated[bool, typer.Option("--grade-anyway", help=h("grade_anyway"))]
QUIET_DAYS = 3
"""Days without any event at the end of a period from which it is asked whether the extract is older."""


def do_ingest(session: Session, paths: list[Path]) -> IngestReport:
    from tthc_cli.jobs.ingesting import ingest

    with session.progress(session.say("cli.reading")) as tell:
        return ingest(session.workspace, paths, progress=tell)


def judged_moment(session: Session, period: Period, as_of: str | None, latest: datetime | None) -> datetime | None:
    """When the extract was made: as told; for a period that is not over, its latest event; else not known.

    Where the data end well before the moment at which open dossiers are judged, that is said.
    """
    from datetime import timedelta

    if as_of is not None:
        return parse_moment(as_of)
    now = clock.now()
    if now < period.start:
        raise UsageError("future_period", period=period.id, start=period.start.date())
    if now < period.end:
        return None if latest is None else min(now.replace(microsecond=0), latest)
    if latest is not None and latest < period.end - timedelta(days=QUIET_DAYS):
        fields = {"latest": latest, "end": period.last_day}
        session.note(session.say("cli.data_end_early", **_days(session, fields)))
    return None


def out_of_date(session: Session, period: Period) -> list[str]:
    """What a run says when every event in the files of dossiers is older than the period.

    Exports have stopped coming, and the scorecard is one of old open dossiers alone."""
    from tthc_cli.scoring.run import latest_event
    from tthc_cli.storage.warehouse import open_warehouse

    latest = latest_event(open_warehouse(session.workspace.warehouse).sources)
    if latest is None or latest >= period.start:
        return []
    return [session.say("cli.out_of_date", **_days(session, {"latest": latest, "start": period.start}))]


def _days(session: Session, fields: Mapping[str, date]) -> dict[str, str]:
    """Days and moments as the reader writes them."""
    from tthc_cli.render.formats import day

    return {name: day(when.isoformat(), session.lang) for name, when in fields.items()}


def chosen_engine(engine: str, scheduler: str | None) -> Engine | None:
    """Where dossiers are counted: on this machine (None), or on a Dask cluster."""
    if engine == "local" and scheduler is None:
        return None
    if engine != "dask":
        raise UsageError("unknown_engine", value=engine)
    if scheduler is None:
        raise UsageError("which_scheduler")
    from tthc_cli.counting.cluster import on_cluster

    return on_cluster(scheduler)


def do_score(
    session: Session,
    period: Period,
    rulebook: RulebookInfo,
    as_of: str | None,
    engine: Engine | None = None,
    grade_anyway: bool = False,
    subjects: SubjectKind | None = None,
) -> Scorecard:
    """Score and store, and say what is to be known of the score."""
    from tthc_cli.jobs.scoring import score

    moment = _moment(session, period, as_of)
    with session.progress(session.say("cli.counting")) as tell:
        card = score(
            session.workspace, period, rulebook, as_of=moment, engine=engine, grade_anyway=grade_anyway,
            progress=lambda done, total: tell("", done, total), subjects=subjects,
        )  # fmt: skip
    _say_notes(session, [card])
    return card


def do_score_all(
    session: Session,
    period: Period,
    chosen: Chosen,
    as_of: str | None,
    engine: Engine | None = None,
    grade_anyway: bool = False,
) -> tuple[Scorecard, ...]:
    """Score by the rulebook of every evaluation, and store; say what is to be known of the scores, and which evaluation
    is left out."""
    from tthc_cli.jobs.scoring import score_all

    moment = _moment(session, period, as_of)
    with session.progress(session.say("cli.counting")) as tell:
        cards = score_all(
            session.workspace, period, chosen.rulebooks, as_of=moment, engine=engine, grade_anyway=grade_anyway,
            progress=lambda done, total: tell("", done, total),
        )  # fmt: skip
    _say_notes(session, cards)
    for why in chosen.missing:
        session.note(why.message(session.lang))
    return cards


def _moment(session: Session, period: Period, as_of: str | None) -> datetime | None:
    from tthc_cli.scoring.run import latest_event
    from tthc_cli.storage.warehouse import open_warehouse

    return judged_moment(session, period, as_of, latest_event(open_warehouse(session.workspace.warehouse).sources))


def _say_notes(session: Session, cards: Sequence[Scorecard]) -> None:
    """The notes of some scores; what several say is said once."""
    from tthc_cli.results.notes import note_text

    for written in dict.fromkeys(note for card in cards for note in card.notes):
        session.note(note_text(written, session.lang))


@command("init", purpose="main", settled=False)
def init(
    session: Session,
    folder: Annotated[Path, typer.Argument(help=h("init_folder"), metavar=h("folder"))] = Path(),
) -> Exit:
    from tthc_cli.workspace import create_workspace

    created = create_workspace(folder, session.lang)
    if session.json:
        session.emit({"schema": 1, "workspace": str(created.resolve())})
    session.note(session.say("cli.workspace_made", path=str(created.resolve())))
    return Exit.DONE


def _ingest_summary(session: Session, report: IngestReport) -> str:
    counts = {name: getattr(report, name) for name in ("accepted", "superseded", "rejected")}
    return session.say("cli.ingest_summary", files=report.new_sources, read=report.rows_read, **counts)


@command("ingest", purpose="main", logged=True, locks=True)
def ingest(session: Session, paths: PathsArgument) -> Exit:
    session.record.facts["paths"] = [label(str(path.absolute())) for path in paths]
    with session.hold():
        report = do_ingest(session, paths)
    session.log("; ".join([_ingest_summary(session.for_log, report), *unusable(session.for_log, report)]))
    session.record.add_ingest(report)
    if session.json:
        session.emit(ingest_json(report))
    if report.sheets:
        session.show(ingest_table(session, report))
    for line in ingest_notes(session, report):
        session.note(line)
    return ingest_exit(report)


@period_command("score", purpose="main", logged=True, locks=True, every=True)
def score(
    session: Session,
    asked: Asked,
    as_of: AsOfOption = None,
    engine: EngineOption = "local",
    scheduler: SchedulerOption = None,
    grade_anyway: GradeAnywayOption = False,
    own: Annotated[bool, typer.Option("--self", help=h("score_self"))] = False,
    unit: Annotated[list[str] | None, typer.Option("--unit", help=h("self_unit"), metavar=h("unit_metavar"))] = None,
    wanted: Annotated[list[str] | None, typer.Option("--format", help=h("self_format"), metavar="xlsx|docx")] = None,
    out: OutOption = None,
) -> Exit:
    period = asked.required_period()
    if own:
        if engine != "local" or scheduler or grade_anyway:
            raise UsageError("self_alone")
        return _self(session, asked, period, as_of, (unit, wanted, out))
    if unit or wanted or out:
        raise UsageError("self_only")
    every = asked.rulebooks_for(period)
    if every is None and asked.rulebook and len(asked.rulebook) > 1:
        return _score_both(session, period, asked.rulebook, as_of, grade_anyway)
    book = None if every else asked.rulebook_for(period)
    counted_by = chosen_engine(engine, scheduler)
    with session.hold():
        if every is not None:
            cards = do_score_all(session, period, every, as_of, counted_by, grade_anyway)
        elif book is not None:
            cards = (do_score(session, period, book, as_of, counted_by, grade_anyway, asked.subjects_by(book)),)
    _tell(session, cards, period, every is not None and every.several)
    if not any(note.startswith("no_dossiers_in_period") for note in cards[0].notes):
        for line in out_of_date(session, period):
            session.note(line)
    return Exit.DONE


def _tell(session: Session, cards: Sequence[Scorecard], period: Period, several: bool) -> None:
    """What was scored: in the log, the record of the run, and on the terminal or as JSON."""
    for card in cards:
        fields = {"period": card.period, "rulebook": card.rulebook.id, "units": len(card.units)}
        session.log(session.for_log.say("cli.score_summary", **fields))
    session.record.facts.update(_facts(cards))
    if session.json:
        session.emit({"schema": 1, "scores": [_json(c) for c in cards]} if several else _json(cards[0]))
    elif not session.quiet:
        for number, card in enumerate(cards):
            if number:
                session.show("")
            show_ranking(session, card, period)


def _facts(cards: Sequence[Scorecard]) -> dict[str, object]:
    """What the record of a run says of its scores."""
    books = [card.rulebook.id for card in cards]
    more = {"also": books[1:]} if books[1:] else {}
    return {"period": cards[0].period, "rulebook": books[0], "units": len(cards[0].units), **more}


def _self(
    session: Session,
    asked: Asked,
    period: Period,
    as_of: str | None,
    papers: tuple[list[str] | None, list[str] | None, str | None],
) -> Exit:
    from tthc_cli.cli.main.self_assessing import self_period, write_papers
    from tthc_cli.scoring.run import latest_event
    from tthc_cli.storage.warehouse import open_warehouse

    latest = latest_event(open_warehouse(session.workspace.warehouse).sources)
    moment = judged_moment(session, self_period(asked, period), as_of, latest)
    return write_papers(session, asked, moment, *papers)


def _json(card: Scorecard) -> dict[str, Any]:
    """The score as programs read it; of the nine criteria with the marks of each subject."""
    from tthc_cli.answers.marked import marked_json
    from tthc_cli.results.scorecard import public_json

    return public_json(card) | ({} if card.rulebook.evaluation == "qd766" else marked_json(card))


def _score_both(session: Session, period: Period, rulebooks: list[str], as_of: str | None, grade_anyway: bool) -> Exit:
    """Score by two rulebooks and show the difference per unit; the first named stays the latest score."""
    from tthc_cli.answers.compare import compare, comparison_json
    from tthc_cli.cli.questions.comparison_output import show_comparison

    if len(rulebooks) > 2:
        raise UsageError("many_rulebooks", count=len(rulebooks))
    first, second = (chosen_rulebook(session, period, None, one) for one in rulebooks)
    if first.id == second.id:
        raise UsageError("same_rulebook", id=first.id)
    if first.evaluation != second.evaluation:
        raise UsageError("two_evaluations", first=first.id, second=second.id)
    with session.hold():
        after = do_score(session, period, second, as_of, grade_anyway=grade_anyway)
        before = do_score(session, period, first, as_of, grade_anyway=grade_anyway)
    found = compare(before, after)
    if session.json:
        scores = [_json(before), _json(after)]
        session.emit({"schema": 1, "scores": scores, "difference": comparison_json(found, found.units)})
    show_comparison(session, found)
    return Exit.DONE


@period_command("run", purpose="main", logged=True, locks=True, every=True)
def run(
    session: Session,
    asked: Asked,
    paths: PathsArgument,
    as_of: AsOfOption = None,
    wanted: FormatsOption = None,
    out: OutOption = None,
    grade_anyway: GradeAnywayOption = False,
    notify: Annotated[bool, typer.Option("--notify", help=h("notify"))] = False,
) -> Exit:
    from tthc_cli.cli.telling import make_ready, remember_score
    from tthc_cli.jobs.reporting import report
    from tthc_cli.jobs.running import FORMATS
    from tthc_cli.results.scorecard import place_of

    if notify:
        make_ready(session)
    formats = wanted or list(FORMATS)
    for one in formats:
        check_format(one)
    period = asked.required_period()
    every = asked.rulebooks_for(period)
    book = every.rulebooks[0] if every else asked.rulebook_for(period)
    subjects = None if every else asked.subjects_by(book)
    folder = session.location(out, session.workspace.reports)
    session.record.facts.update(
        paths=[label(str(path.absolute())) for path in paths], period=period.id, rulebook=book.id
    )
    with session.hold():
        remember_score(session, period, place_of(book.id, subjects or "units"))
        came_in = do_ingest(session, paths)
        session.record.add_ingest(came_in)
        if every is not None:
            cards = do_score_all(session, period, every, as_of, grade_anyway=grade_anyway)
        else:
            cards = (do_score(session, period, book, as_of, grade_anyway=grade_anyway, subjects=subjects),)
        session.record.after = card = cards[0]
        files = [f for one in cards for f in report(session.workspace, one, formats, session.lang, folder=folder)]
    log = session.for_log
    session.log(
        "; ".join([_run_summary(log, came_in, cards, files), *unusable(log, came_in), *out_of_date(log, period)])
    )
    session.record.add_ingest(came_in)
    session.record.facts.update(**_facts(cards), reports=[str(f) for f in files])
    for line in (*ingest_notes(session, came_in), *out_of_date(session, period)):
        session.note(line)
    if session.json:
        session.emit(
            {"schema": 1, "ingest": ingest_json(came_in), "period": card.period, "files": [str(f) for f in files]}
        )
    session.show(_run_summary(session, came_in, cards, files), whole=True)
    wrong = [*unusable(session, came_in), *out_of_date(session, period)]
    return max(ingest_exit(came_in), Exit.ROWS_REJECTED) if wrong else ingest_exit(came_in)


def _run_summary(session: Session, came_in: IngestReport, cards: Sequence[Scorecard], files: list[Location]) -> str:
    return session.say(
        "cli.run_summary",
        period=cards[0].period,
        rulebook=", ".join(card.rulebook.id for card in cards),
        read=came_in.rows_read,
        accepted=came_in.accepted,
        superseded=came_in.superseded,
        rejected=came_in.rejected,
        units=len(cards[0].units),
        files=", ".join(str(f) for f in files),
    )
