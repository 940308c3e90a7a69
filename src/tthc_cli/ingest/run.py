"""One ingest run: read what is new, merge it into the warehouse, publish, list the issues."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tthc_cli import machine
from tthc_cli.errors import InputError
from tthc_cli.ingest.files import archive
from tthc_cli.ingest.files.failed import failed, of_storage
from tthc_cli.ingest.files.find import Found, kind_of, sha256_of, walk
from tthc_cli.ingest.files.read_ahead import read_ahead
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.ingest.issues import ISSUES, SCHEMA, all_issues, keyed, write_csv
from tthc_cli.ingest.issues_book import write_book
from tthc_cli.ingest.layout.match import vocabularies
from tthc_cli.ingest.report import FileReport, IngestReport, SheetReport
from tthc_cli.ingest.sender_books import write_books
from tthc_cli.ingest.senders import senders_of
from tthc_cli.ingest.storing import forget, officials, personal
from tthc_cli.ingest.storing.merge import Merger, Outcome
from tthc_cli.ingest.storing.publish import erased, finish_erasing, publish, publish_file, stored
from tthc_cli.ingest.storing.spool import Spool
from tthc_cli.ingest.storing.versions import fold, versions_of
from tthc_cli.ingest.take_in import Means, Taken, take_in
from tthc_cli.schema import table, table_names
from tthc_cli.storage.warehouse import Partition, SheetRecord, SourceRecord, Warehouse
from tthc_cli.workspace import SETTINGS_FILE, Workspace

ISSUES_FILE = "issues.csv"
ISSUES_BOOK = "issues.xlsx"

_OF_SOURCES = {errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.EISDIR, errno.ENXIO}
"""Errors that come of reading a file, not of writing what was read."""

READING = 3
"""Goes up when the program comes to read some cell otherwise than before, so that files taken in before are read again
when they are met."""

Progress = Callable[[str, int, int], None]


def recipe_of(workspace: Workspace, key: bytes | None = None) -> str:
    """A hash of all that the reading of a file depends on besides the file; `key`: that of officials, if any."""
    from dataclasses import asdict

    described = {name: asdict(table(name)) for name in table_names()}
    letters = ["letters"] if workspace.settings.personal.keep_for_letters else []
    kept = [] if key is None else ["officials", hashlib.sha256(key).hexdigest()[:12]]
    aliases = workspace.settings.model_dump(mode="json")["aliases"]
    text = json.dumps([READING, described, aliases, *letters, *kept], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(slots=True)
class _Known:
    """The files that are in the warehouse, or come in by this run."""

    paths: dict[str, str]
    """sha256 -> path."""
    sizes: set[int]
    """Only a file of one of these sizes can be among them."""


@dataclass(slots=True)
class _Gathered:
    taken: list[Taken] = field(default_factory=list)
    left_out: list[FileReport] = field(default_factory=list)
    unchanged: list[FileReport] = field(default_factory=list)


def run(paths: Sequence[Path], workspace: Workspace, progress: Progress | None) -> IngestReport:
    """See `ingest.ingest`."""
    before = stored(workspace.warehouse)
    work = workspace.work
    try:
        personal.open_work(workspace)
        finish_forgetting(workspace, before)
        return _run(paths, workspace, before, work, progress)
    except OSError as error:
        where = str(error.filename or workspace.warehouse)
        raise InputError("cannot_write", path=where, detail=error) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def finish_forgetting(workspace: Workspace, warehouse: Warehouse) -> None:
    """Do what a `forget` that died left undone: delete its files, and list the issues without it."""
    if finish_erasing(warehouse):
        clear_away(workspace, warehouse)


def clear_away(workspace: Workspace, warehouse: Warehouse) -> None:
    """After a `forget`: drop its personal data and the kept counts, which hold names of its units; list the issues
    without it."""
    personal.forget_all_but(workspace, {source.id for source in warehouse.sources})
    write_issues(workspace, warehouse)
    shutil.rmtree(workspace.counts, ignore_errors=True)
    erased(warehouse)


def _run(
    paths: Sequence[Path], workspace: Workspace, before: Warehouse, work: Path, progress: Progress | None
) -> IngestReport:
    own = (
        workspace.warehouse, workspace.scores, workspace.reports, workspace.log_file.parent, workspace.rulebooks,
        workspace.root / SETTINGS_FILE, workspace.root / ISSUES_FILE, workspace.root / ISSUES_BOOK,
        personal.personal_file(workspace), officials.key_file(workspace), officials.names_file(workspace),
        workspace.issues,
    )  # fmt: skip
    found = list(walk(paths, workspace.root, [p for p in own if isinstance(p, Path)]))
    files = [f for f in found if isinstance(f, Found)]
    key = officials.key_of(workspace, before)
    recipe = recipe_of(workspace, key)
    spool = Spool(work / "spool")
    gathered = _read(files, before, recipe, workspace, spool, work, progress, key)
    gathered.left_out += [f for f in found if isinstance(f, FileReport)]
    spool.settle()
    replaced = _replaced(before, gathered.taken, recipe)
    if not gathered.taken and not replaced:
        return _report(before, gathered, workspace)
    current = forget.without(before, replaced, work) if replaced else before
    for one in gathered.taken:
        _follow_older_versions(one, current)
    after, sheets, dropped = _merge(current, gathered.taken, recipe, spool, work)
    if replaced:
        personal.forget_sources(workspace, replaced)
    if workspace.settings.personal.keep_for_letters:
        exported = {t.id: t.exported.get("dossiers", 0) for t in gathered.taken}
        personal.keep(workspace, (rows for t in gathered.taken for rows in t.personal), exported)
    publish(after, before)
    return _report(after, gathered, workspace, sheets, dropped)


def _read(
    files: Sequence[Found], before: Warehouse, recipe: str, workspace: Workspace, spool: Spool, work: Path,
    progress: Progress | None, key: bytes | None,
) -> _Gathered:  # fmt: skip
    gathered = _Gathered()
    known = _Known(
        {s.sha256: s.path for s in before.sources if s.recipe == recipe},
        {s.size for s in before.sources if s.recipe == recipe},
    )
    threads = max(1, min(os.cpu_count() or 1, 8))
    with read_ahead(threads) as ahead:
        means = Means(
            vocabularies(workspace.settings.aliases), spool, work, threads,
            workspace.settings.personal.keep_for_letters, key, ahead.sheets,
        )  # fmt: skip
        _each(ahead.each(files, known.sizes), len(files), known, means, gathered, progress)
    return gathered


def _each(
    files: Iterable[Found], count: int, known: _Known, means: Means, gathered: _Gathered, progress: Progress | None
) -> None:
    for number, outer in enumerate(files, 1):
        if progress is not None:
            progress(outer.label, number, count)
        try:
            members = archive.unpack(outer, means.work) if kind_of(outer.path) == "zip" else [outer]
            for found in members:
                if isinstance(found, FileReport):
                    gathered.left_out.append(found)
                    continue
                _one(found, known, means, gathered)
        except UnreadableError as error:
            gathered.left_out.append(FileReport(outer.label, error.reason, {"detail": error.detail}))
        except FileNotFoundError:
            gathered.left_out.append(FileReport(outer.label, "ingest.left_gone"))
        except Exception as error:
            gathered.left_out.append(_unread(outer, error))


def _unread(outer: Found, error: Exception) -> FileReport:
    """Why a file was not read, when that comes of the file; any other error is raised again."""
    if not of_storage(error):
        return failed(outer.label, error)
    if not isinstance(error, OSError) or error.filename not in (None, str(outer.path), outer.path):
        raise error
    if machine.held_open(error, outer.path):
        return FileReport(outer.label, "ingest.left_held_open")
    if error.errno not in _OF_SOURCES:
        raise error
    return FileReport(outer.label, "ingest.left_unreadable", {"detail": error.strerror or ""})


def _one(found: Found, known: _Known, means: Means, gathered: _Gathered) -> None:
    sha256 = sha256_of(found.path) if found.size in known.sizes else ""
    if sha256 in known.paths:
        same = known.paths[sha256]
        reason = "ingest.unchanged" if same == found.label else "ingest.unchanged_other_name"
        gathered.unchanged.append(FileReport(found.label, reason, {"other": same}))
        return
    try:
        taken = take_in(found, sha256, means)
    except UnreadableError as error:
        gathered.left_out.append(FileReport(found.label, error.reason, {"detail": error.detail}))
        return
    except Exception as error:
        if of_storage(error):
            raise
        gathered.left_out.append(failed(found.label, error))
        return
    if _changed(found):
        means.spool.drop(taken.spooled)
        gathered.left_out.append(FileReport(found.label, "ingest.left_being_written"))
        return
    known.paths[taken.sha256] = found.label
    known.sizes.add(found.size)
    if taken.usable:
        gathered.taken.append(taken)
    else:
        note = next((s for s in taken.sheets if s.note != "ingest.note_hidden"), None) or next(iter(taken.sheets), None)
        fields = dict(note.note_fields) if note else {}
        gathered.left_out.append(FileReport(found.label, note.note if note else "ingest.left_empty", fields))


def _changed(found: Found) -> bool:
    """Whether the file was written to since it was found."""
    status = found.path.stat()
    return status.st_size != found.size or (status.st_mtime != found.modified and " › " not in found.label)


def _replaced(before: Warehouse, taken: Sequence[Taken], recipe: str) -> set[str]:
    """Sources whose rows are taken out first: read again by a new recipe, or a hand-kept file in a new version."""
    ids = {t.id for t in taken}
    paths = {t.found.label for t in taken}
    out = {s.id for s in before.sources if s.id in ids and s.recipe != recipe}
    for source in before.sources:
        tables = {s.table for s in source.sheets if s.table}
        if source.path in paths and source.id not in ids and all(table(t).hand_kept for t in tables):
            out.add(source.id)
    return out


def _follow_older_versions(taken: Taken, current: Warehouse) -> None:
    """A file that takes the place of an older one under the same path counts as exported after it, even when a
    correction has made its latest event earlier."""
    changed = _iso(int(taken.found.modified))
    older = [
        _seconds(source.exported_at)
        for source in current.sources
        if source.path == taken.found.label and source.id != taken.id and source.modified_at <= changed
        if all(sheet.table and not table(sheet.table).hand_kept for sheet in source.sheets)
    ]
    for name in [n for n in taken.exported if not table(n).hand_kept] if older else ():
        taken.exported[name] = max(taken.exported[name], max(older) + 1)


def _merge(
    current: Warehouse, taken: Sequence[Taken], recipe: str, spool: Spool, work: Path
) -> tuple[Warehouse, tuple[SheetReport, ...], int]:
    """(the warehouse after, what came of the new sheets, superseded rows that are no longer kept)"""
    drafts = [_source(t, recipe) for t in taken]
    sources = (*current.sources, *drafts)
    exported = {(t.id, name): when for t in taken for name, when in t.exported.items()}
    outcome = Outcome(dict(current.tables))
    Merger(current, work, versions_of(sources), exported).merge(spool, outcome)
    outcome.tables[ISSUES] = _store_issues(current, taken, outcome, work)
    counted = [
        replace(source, sheets=tuple(_account(source, sheet, outcome) for sheet in source.sheets)) for source in sources
    ]
    listed, earlier = fold(counted, current.earlier)
    after = Warehouse(current.root, {n: p for n, p in sorted(outcome.tables.items()) if p}, listed, earlier)
    done = {(s.id, sheet.sheet, sheet.table): sheet for s in counted for sheet in s.sheets}
    reports = []
    for one in taken:
        for sheet in one.sheets:
            account = done.get((one.id, sheet.sheet, sheet.table))
            if account is None or not sheet.table:
                reports.append(sheet)
            else:
                reports.append(
                    replace(sheet, accepted=account.accepted, superseded=account.superseded, warnings=account.warnings)
                )
    return after, tuple(reports), outcome.dropped.total()


def _source(taken: Taken, recipe: str) -> SourceRecord:
    exported = max(taken.exported.values(), default=0)
    return SourceRecord(
        taken.id, taken.found.label, taken.sha256, taken.found.size, _iso(exported),
        tuple(SheetRecord(s.sheet, s.table, s.rows_read, 0, 0, s.rejected) for s in taken.sheets if s.table),
        dict(sorted(taken.columns.items())), _iso(int(taken.found.modified)), recipe,
    )  # fmt: skip


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()


def _seconds(iso: str) -> int:
    return int(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp())


def _account(source: SourceRecord, sheet: SheetRecord, outcome: Outcome) -> SheetRecord:
    warnings = outcome.warnings.get((source.id, sheet.sheet), sheet.warnings)
    return replace(outcome.account(source.id, sheet), warnings=warnings)


def _store_issues(current: Warehouse, taken: Sequence[Taken], outcome: Outcome, work: Path) -> tuple[Partition, ...]:
    newer = {t.found.label for t in taken}
    outdated = {s.id for s in current.sources if s.path in newer}
    parts = {p.month: p for p in current.tables.get(ISSUES, ()) if p.month not in outdated}
    for one in taken:
        tables = list(one.issues)
        for (source, name), rows in sorted(outcome.repeated.items()):
            if source == one.id:
                key = table(name).key[0]
                found = sorted(set(rows))
                tables.append(
                    pa.table(
                        [pa.array(["repeated_in_file"] * len(found)), pa.array(["warning"] * len(found)),
                         pa.array([s for s, _, _ in found]), pa.array([r for _, r, _ in found], pa.int32()),
                         pa.array([key] * len(found)), pa.array([k for _, _, k in found])],
                        schema=SCHEMA,
                    )
                )  # fmt: skip
        if not tables:
            continue
        whole = pa.concat_tables([keyed(t) for t in tables])
        whole = whole.sort_by([(n, "ascending") for n in ("sheet", "row", "column", "code")]).combine_chunks()
        warned = whole.filter(pa.compute.equal(whole.column("severity"), "warning"))
        for sheet, row in set(zip(warned.column("sheet").to_pylist(), warned.column("row").to_pylist(), strict=True)):
            if row:
                outcome.warnings[(one.id, sheet)] += 1
        temporary = work / f"issues-{one.id}.parquet"
        pq.write_table(whole, temporary, compression="zstd", write_page_checksum=True)
        parts[one.id] = publish_file(current.root, ISSUES, one.id, temporary, len(whole))
    return tuple(parts[k] for k in sorted(parts))


def write_issues(workspace: Workspace, warehouse: Warehouse) -> Counter[str]:
    """Write issues.csv, issues.xlsx and the books by sender for all current sources, in the workspace's language;
    issues by code are returned."""
    counts = write_csv(workspace.root / ISSUES_FILE, all_issues(warehouse), workspace.lang)
    write_book(workspace.root / ISSUES_BOOK, all_issues(warehouse), workspace.lang)
    write_books(workspace.issues, all_issues(warehouse), _senders(workspace, warehouse), workspace.lang)
    return counts


def _senders(workspace: Workspace, warehouse: Warehouse) -> dict[str, str]:
    """Path of a source -> its sender; the dossiers of those that have issues are looked into."""
    faulty = {part.month for part in warehouse.partitions(ISSUES) if part.rows}
    found = senders_of(warehouse, workspace.settings.senders, faulty)
    return {source.path: found[source.id] for source in warehouse.sources}


def _report(
    after: Warehouse, gathered: _Gathered, workspace: Workspace, sheets: tuple[SheetReport, ...] = (),
    dropped: int = 0,
) -> IngestReport:  # fmt: skip
    path = workspace.root / ISSUES_FILE
    counts = write_issues(workspace, after)
    return IngestReport(
        sheets, tuple(gathered.left_out), tuple(gathered.unchanged), path if counts else None,
        dict(sorted(counts.items())), len(gathered.taken), len(after.sources), dropped,
    )  # fmt: skip
