"""Show what would happen to a file, and write nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tthc_cli.errors import InputError, Issue
from tthc_cli.ingest.cleaning.legacy_fonts import convert
from tthc_cli.ingest.cleaning.rows import numbered, shape
from tthc_cli.ingest.files import archive
from tthc_cli.ingest.files.failed import failed, of_storage
from tthc_cli.ingest.files.find import Found, kind_of, label_of
from tthc_cli.ingest.files.raw import RawSheet
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.ingest.layout.first_look import planned
from tthc_cli.ingest.layout.locate import Located
from tthc_cli.ingest.layout.match import Vocabulary, near_misses, vocabularies
from tthc_cli.ingest.layout.segments import segments
from tthc_cli.ingest.quoting import heading as heading_shown
from tthc_cli.ingest.report import FileReport
from tthc_cli.ingest.take_in import borrowed, is_cut_off, locate_in_any_font, open_sheets
from tthc_cli.private import masked
from tthc_cli.storage.strays import working_folder
from tthc_cli.workspace import Workspace

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A heading, the column it means ("" = none), and some of its values; none of a personal column's."""

    heading: str
    column: str
    type: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """What was found in a sheet."""

    sheet: str
    hidden: bool
    table: str
    heading_row: int
    """Number of the first heading row, from 1; 0 when no table was found."""
    first_row: int
    columns: tuple[ColumnView, ...] = ()
    added: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Column -> headings of the parts of an amount that are added up."""
    total: dict[str, str] = field(default_factory=dict)
    """Column -> heading of the total that stands beside its parts, and is taken where it is filled."""
    near: dict[str, str] = field(default_factory=dict)
    """Heading that was not understood -> the column it resembles."""
    rows: int = 0
    """Rows in the first block that was tried (up to 131,072)."""
    rejected: int = 0
    issues: tuple[Issue, ...] = ()
    """What is unusual about whole columns (row 0), and up to 20 problems of those rows."""
    note: str = ""
    note_fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileView:
    """What was found in a file (or a member of an archive)."""

    path: str
    kind: str
    sheets: tuple[SheetView, ...]
    reason: str = ""
    """Key of the message (`ingest.left_...`) that says why it cannot be read, or ""."""
    reason_fields: dict[str, str] = field(default_factory=dict)


def inspect_file(path: Path, workspace: Workspace) -> tuple[FileView, ...]:
    """What `ingest` would make of a file, from its first rows. Raises InputError when it does not exist."""
    if not path.is_file():
        raise InputError("not_a_file" if path.exists() else "no_path", path=str(path))
    words = vocabularies(workspace.settings.aliases)
    status = path.stat()
    if not os.access(path, os.R_OK):
        raise InputError("cannot_read", path=str(path), detail=os.strerror(errno.EACCES))
    outer = Found(path, label_of(path, workspace.root), status.st_size, status.st_mtime)
    with working_folder() as work:
        members = archive.unpack(outer, work) if kind_of(path) == "zip" else [outer]
        return tuple(_file(member, words, work) for member in members)


def _file(found: Found | FileReport, words: tuple[Vocabulary, ...], work: Path) -> FileView:
    if isinstance(found, FileReport):
        return FileView(found.path, "", (), found.reason, found.fields)
    kind = kind_of(found.path)
    try:
        sheets = tuple(_sheets(segments(open_sheets(found, work, kind), words), found.label, words))
    except UnreadableError as error:
        return FileView(found.label, kind, (), error.reason, {"detail": masked(error.detail)})
    except Exception as error:
        if of_storage(error):
            raise
        left = failed(found.label, error)
        return FileView(found.label, kind, (), left.reason, left.fields)
    return FileView(found.label, kind, sheets)


def _sheets(sheets: Iterable[RawSheet], path: str, words: tuple[Vocabulary, ...]) -> Iterator[SheetView]:
    before: tuple[str, Located] | None = None
    for sheet in sheets:
        located, _ = locate_in_any_font(sheet.head, words)
        if isinstance(located, Located):
            before = (sheet.name, located) if not sheet.hidden else before
            yield _sheet(sheet, path, located)
        elif found := borrowed(sheet, located, before if not sheet.hidden else None):
            yield replace(_sheet(sheet, path, found[0]), note=found[1], note_fields=found[2])
        else:
            yield SheetView(sheet.name, sheet.hidden, "", 0, 0, note=located.note, note_fields=located.fields)


def _sheet(sheet: RawSheet, path: str, located: Located) -> SheetView:
    match = located.match
    cut_off = is_cut_off(sheet, located)
    plan, jobs, told = planned(sheet, located, "", keep_personal=False)
    job = next(jobs, None)
    shaped = shape(plan, job()) if job is not None else None
    below = sheet.head[located.first : located.first + 20]
    columns = []
    for at, heading in enumerate(located.headings):
        name = match.columns.get(at, "")
        kind = match.table.column(name).type if name else ""
        values = dict.fromkeys(row[at] for row in below if at < len(row) and row[at].strip())
        if at in plan.fonts:
            values = dict.fromkeys(convert(value, plan.fonts[at]) for value in values)
        samples = () if kind in ("personal", "official") or not name else tuple(map(masked, list(values)[:SAMPLES]))
        if heading or name:
            shown = heading_shown(heading, match.mostly_known)
            columns.append(ColumnView(shown, name, kind, samples))
    issues: tuple[Issue, ...] = ()
    if shaped is not None:
        shaped = numbered(shaped, located.first)
        issues = tuple(
            Issue(i["code"], i["severity"], path, sheet.name, i["row"], i["column"], i["value"])
            for table in (*told, shaped.issues.slice(0, 20))
            for i in table.to_pylist()
        )
    return SheetView(
        sheet.name, sheet.hidden, match.table.name, located.heading + 1, located.first + 1, tuple(columns),
        {name: tuple(parts.values()) for name, parts in match.parts.items()},
        {name: located.headings[at] for name, parts in match.parts.items() if (at := plan.columns[name]) not in parts},
        near_misses(match), shaped.read if shaped else 0, shaped.rejected if shaped else 0, issues,
        note="ingest.note_hidden" if sheet.hidden else "ingest.left_cut_off" if cut_off else "",
    )  # fmt: skip
