"""What `tthc ingest` prints: a table by sheet, remarks, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tthc_cli import schema
from tthc_cli.errors import Exit
from tthc_cli.private import MASK
from tthc_cli.text import fold

if TYPE_CHECKING:
    from rich.table import Table

    from tthc_cli.cli.session import Session
    from tthc_cli.ingest import IngestReport

COUNTS = ("rows_read", "accepted", "superseded", "rejected", "warnings")


_NUMBERING = frozenset({"stt", "tt", "so thu tu", ""})
"""Headings of the column that numbers the rows; nobody misses it."""


_NAMED = 20
"""Unused headings named; of a sheet of 300 columns the rest is counted."""


def ingest_exit(report: IngestReport) -> Exit:
    """1 when rows were rejected or left unread, a file could not be used, or there was none; 3 when no file at all
    could be used."""
    if report.left_out and not report.sheets and not report.unchanged:
        return Exit.STOPPED
    nothing = not (report.sheets or report.unchanged)
    unread = any(sheet.left_unread for sheet in report.sheets)
    return Exit.ROWS_REJECTED if report.rejected or report.left_out or unread or nothing else Exit.DONE


def ingest_json(report: IngestReport) -> dict[str, Any]:
    """The report as a JSON object."""
    return {
        "schema": 1,
        **{name: getattr(report, name) for name in COUNTS},
        "dropped": report.dropped,
        "sources": {"new": report.new_sources, "all": report.all_sources},
        "issues": {"path": str(report.issues_path) if report.issues_path else None, "counts": report.issue_counts},
        "sheets": [asdict(s) for s in report.sheets],
        "left_out": [asdict(f) for f in report.left_out],
        "unchanged": [f.path for f in report.unchanged],
    }


def ingest_table(session: Session, report: IngestReport) -> Table:
    """What came in, by file and sheet, with a total."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=bool(report.sheets))
    table.add_column(session.say("cli.file"), session.say("cli.total"), overflow="fold")
    table.add_column(session.say("cli.table"), overflow="fold")
    for name in COUNTS:
        table.add_column(session.say(f"cli.{name}"), f"{getattr(report, name)}", justify="right", no_wrap=True)
    several = {s.path for s in report.sheets if sum(s.path == o.path for o in report.sheets) > 1}
    for sheet in report.sheets:
        if not sheet.table:
            continue
        spec = schema.table(sheet.table)
        label = spec.label_vi if session.lang == "vi" else spec.label_en
        name = sheet.path.rpartition("/")[2]
        path = f"{name} › {sheet.sheet}" if sheet.path in several else name
        table.add_row(path, label, *(str(getattr(sheet, name)) for name in COUNTS))
    return table


def unusable(session: Session, report: IngestReport) -> list[str]:
    """For the log: which files (with the error, where the reader failed) and sheets could not be used as a whole, or
    that there were none."""
    from tthc_cli.ingest.files.failed import FAILED

    told = []
    if report.left_out:
        names = ", ".join(
            f"{file.path} ({file.fields['detail']})" if file.reason == FAILED else file.path
            for file in report.left_out[:_NAMED]
        )
        told.append(session.say("cli.left_out", count=len(report.left_out), names=names))
    if unread := [sheet for sheet in report.sheets if sheet.left_unread]:
        names = ", ".join(f"{sheet.path} › {sheet.sheet}" for sheet in unread[:_NAMED])
        told.append(session.say("cli.left_unread", count=len(unread), names=names))
    return told if told or report.sheets or report.unchanged else [session.say("cli.no_files")]


def _officials_left(session: Session) -> bool:
    from tthc_cli.ingest.storing.publish import stored
    from tthc_cli.jobs.officials import left_over

    return left_over(session.workspace, stored(session.workspace.warehouse))


def ingest_notes(session: Session, report: IngestReport) -> Iterator[str]:
    """Remarks on what was left out, already there, or needs a look."""
    from tthc_cli.ingest.report import sentence

    for sheet in report.sheets:
        place = " › ".join(part for part in (sheet.path, sheet.sheet) if part)
        if sheet.note:
            yield f"{place}: {sentence(sheet.note, sheet.note_fields, session.lang)}"
        ignored = [heading for heading in sheet.ignored_headings if fold(heading) not in _NUMBERING]
        if unnamed := sheet.ignored_headings.count(MASK):
            ignored.append(f"{MASK} ({unnamed})")
        if sheet.table and ignored:
            more = session.say("cli.ignored_more", count=len(ignored) - _NAMED) if len(ignored) > _NAMED else ""
            yield session.say("cli.ignored", path=place, headings="; ".join(ignored[:_NAMED]) + more)
        if sheet.table and sheet.rows_read == sheet.superseded > 0:
            yield session.say("cli.all_superseded", path=place, rows=sheet.rows_read)
    for file in report.left_out:
        yield f"{file.path}: {sentence(file.reason, file.fields, session.lang)}"
    if not (report.sheets or report.left_out or report.unchanged):
        yield session.say("cli.no_files")
    if report.unchanged:
        yield session.say("cli.unchanged", count=len(report.unchanged))
    if report.dropped:
        yield session.say("cli.no_longer_kept", count=report.dropped)
    if _officials_left(session):
        yield session.say("files.officials_left")
    if report.issues_path is not None:
        total = sum(report.issue_counts.values())
        yield session.say("cli.issues", count=total, path=str(report.issues_path))
