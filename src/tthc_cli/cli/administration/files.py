"""`tthc inspect-file`, `schema`, `sources` and `forget`: what the files are, before and after they are taken in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli import schema
from tthc_cli.cli import completion
from tthc_cli.cli.session import Session, command, fitted_table, h, plain_table
from tthc_cli.errors import Exit, UsageError, nearest

if TYPE_CHECKING:
    from tthc_cli.errors import Issue
    from tthc_cli.ingest.preview import SheetView
    from tthc_cli.ingest.sources import ForgetReport


def _table(session: Session, *columns: tuple[str, str]) -> Any:
    return plain_table(*((session.say(f"files.{key}"), justify) for key, justify in columns))


def _label(session: Session, name: str) -> str:
    spec = schema.table(name)
    return spec.label_vi if session.lang == "vi" else spec.label_en


def _show_sheet(session: Session, path: str, sheet: SheetView) -> None:
    from tthc_cli.ingest.report import sentence

    say = session.say
    hidden = say("files.hidden") if sheet.hidden else ""
    session.show(f"{path} › {sheet.sheet or '–'}{hidden}", whole=True)
    if sheet.table:
        session.show(
            say("files.range", table=_label(session, sheet.table), heading=sheet.heading_row, first=sheet.first_row)
        )
    if sheet.note:
        session.show(sentence(sheet.note, sheet.note_fields, session.lang))
    if sheet.columns:
        table = _table(session, ("heading", "left"), ("column", "left"), ("type", "left"), ("samples", "left"))
        for c in sheet.columns:
            meaning = c.column or (say("files.near", column=sheet.near[c.heading]) if c.heading in sheet.near else "–")
            samples = say("files.dropped") if c.type in ("personal", "official") else "; ".join(c.samples)
            table.add_row(c.heading, meaning, c.type, samples)
        session.show(table)
    for name, parts in sheet.added.items():
        total = sheet.total.get(name)
        said = "files.added_up" if total is None else "files.added_up_beside_total"
        column = schema.headed(name, session.lang)
        session.show(say(said, column=column, parts=" + ".join(f'"{p}"' for p in parts), total=total or ""))
    if sheet.table:
        session.show(say("files.tried", rows=sheet.rows, rejected=sheet.rejected))
    for issue in sheet.issues:
        session.show(f"  {_told(session, issue)}", whole=True)


def _told(session: Session, issue: Issue) -> str:
    """A problem: row (none of a whole sheet), column unless the sentence names it, what to do."""
    message, heading = issue.message(session.lang), issue.heading(session.lang)
    row = session.say("files.row", row=issue.row) if issue.row else ""
    where = " › ".join(part for part in (row, "" if heading in message else heading) if part)
    return f"{where}{': ' if where else ''}{message}. {issue.next_step(session.lang)}"


@command("inspect-file", purpose="administration")
def inspect_one(
    session: Session, path: Annotated[Path, typer.Argument(help=h("inspect_path"), metavar=h("file_metavar"))]
) -> Exit:
    from tthc_cli.ingest import inspect_file
    from tthc_cli.ingest.report import sentence

    found = inspect_file(path, session.workspace)
    if session.json:
        session.emit({"schema": 1, "files": [asdict(f) for f in found]})
    for file in found:
        if file.reason:
            session.show(f"{file.path}: {sentence(file.reason, file.reason_fields, session.lang)}")
        for sheet in file.sheets:
            _show_sheet(session, file.path, sheet)
    usable = any(sheet.table for file in found for sheet in file.sheets)
    return Exit.DONE if usable else Exit.STOPPED


@command("schema", purpose="administration")
def show_schema(
    session: Session,
    name: Annotated[
        str | None, typer.Argument(help=h("schema_table"), metavar=h("table_metavar"), autocompletion=completion.tables)
    ] = None,
) -> Exit:
    from tthc_cli.ingest import describe_tables

    say = session.say
    tables = describe_tables(session.workspace, session.lang)
    names = [t.name for t in tables]
    if name is not None and name not in names:
        raise UsageError("unknown_table", value=name, nearest=nearest(name, names) or "–", known=", ".join(names))
    shown = [t for t in tables if name in (None, t.name)]
    if session.json:
        session.emit({"schema": 1, "tables": [asdict(t) for t in shown]})
    for view in shown:
        session.show(f"{view.name} – {view.label}")
        if name is None:
            continue
        session.show(session.say("files.recognised", sets=" · ".join(" + ".join(s) for s in view.signature)))
        table = _table(session, ("column", "left"), ("meaning", "left"), ("type", "left"), ("headings", "left"))
        for c in view.columns:
            parts = say("files.parts", parts=" + ".join(c.parts)) if c.parts else ""
            codes = parts or "; ".join(f"{code} = {' / '.join(words[:2])}" for code, words in c.codes.items())
            required = session.say("files.required") if c.required else ""
            table.add_row(c.name, c.meaning + (f"\n{codes}" if codes else ""), c.type + required, "; ".join(c.headings))
        session.show(table)
    if name is None:
        session.note(session.say("files.schema_more"))
    return Exit.DONE


@command("sources", purpose="administration")
def sources(session: Session) -> Exit:
    from tthc_cli.ingest import list_earlier, list_sources
    from tthc_cli.render.formats import day

    found, earlier = list_sources(session.workspace), list_earlier(session.workspace)
    if session.json:
        session.emit({"schema": 1, "sources": [asdict(s) for s in found], "earlier": [asdict(e) for e in earlier]})
    if not found:
        session.show(session.say("files.no_sources"))
        return Exit.DONE
    heads = {"id": 0, "file": 1, "exported_at": 0, "rows_read": 0, "accepted": 0, "superseded": 0, "rejected": 0}
    left = ("id", "file", "exported_at")
    columns = ((session.say(f"files.{key}"), "left" if key in left else "right", heads[key]) for key in heads)
    table = fitted_table(session.out.width, *columns)
    for source in found:
        sheets = [s for s in source.sheets if s.table]
        counts = (sum(getattr(s, k) for s in sheets) for k in ("rows_read", "accepted", "superseded", "rejected"))
        labels = ", ".join(dict.fromkeys(_label(session, s.table) for s in sheets))
        moment = day(source.exported_at, session.lang)
        dropped = sum(s.dropped for s in sheets)
        told = "\n" + session.say("files.dropped_rows", count=dropped) if dropped else ""
        table.add_row(source.id, f"{source.path}\n{labels}{told}", moment, *map(str, counts))
    session.show(table)
    for one in earlier:
        session.show(session.say("files.earlier_versions", **asdict(one)), whole=True)
    return Exit.DONE


@command("forget", purpose="administration", logged=True, locks=True)
def forget(
    session: Session,
    source: Annotated[
        str | None,
        typer.Argument(help=h("forget_source"), metavar=h("source_metavar"), autocompletion=completion.sources),
    ] = None,
    personal: Annotated[bool, typer.Option("--personal", help=h("forget_personal"))] = False,
    officials: Annotated[bool, typer.Option("--officials", help=h("forget_officials"))] = False,
) -> Exit:
    from tthc_cli.ingest import forget_personal, forget_source
    from tthc_cli.jobs.officials import forget as forget_officials

    if (source is not None) + personal + officials != 1:
        raise UsageError("forget_what")
    erase = forget_officials if officials else forget_personal
    with session.hold():
        report = erase(session.workspace) if source is None else forget_source(source, session.workspace)
    if session.json:
        session.emit({"schema": 1, **asdict(report)})
    kind = "officials" if officials else "personal" if personal else ""
    session.log(" ".join(_forgotten(session.for_log, report, kind)))
    for line in _forgotten(session, report, kind):
        session.show(line, whole=True)
    return Exit.DONE


def _forgotten(session: Session, report: ForgetReport, kind: str) -> list[str]:
    lines = []
    if kind == "personal":
        lines.append(session.say("files.personal_erased" if report.personal_erased else "files.no_personal"))
    if kind == "officials":
        counts = {"scores": report.scores_erased, "papers": report.papers_erased}
        erased = "files.officials_erased" if report.officials_erased else "files.no_officials"
        lines.append(session.say(erased, **counts))
    lines += [session.say("files.forgotten", path=taken.path, id=taken.id) for taken in report.sources]
    if report.sources:
        lines.append(session.say("files.forgotten_rows", removed=report.removed, restored=report.restored))
    return lines
