"""Take in one file: open it by what it is, read every sheet, and hand typed rows to the spool."""

from __future__ import annotations

import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from tthc_cli import private, schema
from tthc_cli.clock import local_seconds
from tthc_cli.ingest.cleaning.legacy_fonts import Font, convert
from tthc_cli.ingest.cleaning.rows import DAYS, FIRST_DAY, Shaped, numbered, shape
from tthc_cli.ingest.files.books import read_sheet
from tthc_cli.ingest.files.find import SPREADSHEETS, FileKind, Found, kind_of, sha256_of
from tthc_cli.ingest.files.pages import read_html
from tthc_cli.ingest.files.raw import Block, GridSheet, RawSheet
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.ingest.files.texts import encoding
from tthc_cli.ingest.files.texts.ending import text_end
from tthc_cli.ingest.files.texts.read_csv import CsvSheet
from tthc_cli.ingest.issues import one_issue
from tthc_cli.ingest.layout.carried_headings import carried
from tthc_cli.ingest.layout.first_look import planned, uncalculated_of
from tthc_cli.ingest.layout.locate import AMBIGUOUS, Located, NotLocated, locate
from tthc_cli.ingest.layout.match import Vocabulary, near_fields
from tthc_cli.ingest.layout.segments import segments
from tthc_cli.ingest.quoting import heading
from tthc_cli.ingest.report import SheetReport
from tthc_cli.ingest.storing import personal
from tthc_cli.ingest.storing.exported import in_lines, made_time, told_time
from tthc_cli.ingest.storing.spool import Spool
from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.messages import Lang, say

Books = Callable[[Path], Iterable[RawSheet]]
"""Opens a workbook."""


@dataclass(slots=True)
class Taken:
    """What one file gave."""

    id: str
    """The beginning of `sha256`, once the file has been read; while it is read, a name of its own."""
    found: Found
    sha256: str
    spooled: str
    """The name under which its rows came to the spool."""
    sheets: list[SheetReport] = field(default_factory=list)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exported: dict[str, int] = field(default_factory=dict)
    """Table -> seconds since 1970."""
    issues: list[pa.Table] = field(default_factory=list)
    personal: list[pa.Table] = field(default_factory=list)
    headings: tuple[str, Located] | None = None
    """The sheet whose headings were found last, and these."""

    @property
    def usable(self) -> bool:
        return any(s.table for s in self.sheets)


def open_sheets(
    found: Found, work: Path, kind: FileKind | None = None, books: Books = read_sheet.sheets
) -> Iterable[RawSheet]:
    """The sheets of a file. Raises UnreadableError when nothing can be read from it."""
    kind = kind or kind_of(found.path)
    if kind in SPREADSHEETS:
        return books(found.path)
    if kind == "html":
        return read_html.sheets(found.path)
    if kind == "text":
        return [_text_sheet(found.path, work)]
    raise UnreadableError(f"ingest.left_{kind}", "")


def _text_sheet(path: Path, work: Path) -> CsvSheet:
    found = encoding.detect(path)
    if found in ("utf-8", "utf-8-sig"):
        with path.open("rb") as stream:
            start = stream.read(65_536)
        if (b"\n" in start or b"\r" not in start) and text_end(path)[0] == path.stat().st_size:
            return CsvSheet(path)
    work.mkdir(parents=True, exist_ok=True)
    copy = work / f"{private.name(path.stem)[:40]}-{threading.get_ident()}-utf8.txt"
    mixed = encoding.to_utf8(path, found, copy)
    end, padded = text_end(copy)
    os.truncate(copy, end)
    sheet = CsvSheet(copy)
    sheet.mixed, sheet.padded = mixed, padded
    return sheet


@dataclass(frozen=True, slots=True)
class Means:
    """What the reading of every file of a run shares."""

    vocabularies: Sequence[Vocabulary]
    spool: Spool
    work: Path
    threads: int
    keep_personal: bool = False
    officials: bytes | None = None
    books: Books = read_sheet.sheets


def take_in(found: Found, sha256: str, means: Means) -> Taken:
    """Read a file; its rows go to the spool, the account of its sheets into the answer.

    `sha256`: "" when it is not known yet; then it is found while the file is read.
    """
    name = means.spool.begin()
    taken = Taken(name, found, sha256, name)
    try:
        _take_in(taken, means)
    except BaseException:
        means.spool.drop(taken.spooled)
        raise
    return taken


def _take_in(taken: Taken, means: Means) -> None:
    found = taken.found
    latest: dict[str, int] = {}
    told: dict[str, int] = {}
    days: dict[str, np.ndarray] = {}
    sheet = None
    for sheet in segments(open_sheets(found, means.work, books=means.books), means.vocabularies):
        report = _sheet(sheet, taken, means, latest, days, told)
        if report is not None:
            taken.sheets.append(report)
    if not taken.sha256:
        taken.sha256 = (
            sheet.sha256() if isinstance(sheet, CsvSheet) and sheet.path == found.path else sha256_of(found.path)
        )
    means.spool.name(taken.id, taken.sha256[:12])
    taken.id = taken.sha256[:12]
    taken.personal = [personal.from_source(rows, taken.id) for rows in taken.personal]
    made = made_time(sheet.made) if isinstance(sheet, GridSheet) else 0
    for table in {s.table for s in taken.sheets if s.table}:
        if not schema.table(table).hand_kept:
            exported, stray = export_time(days[table], latest[table])
            taken.exported[table] = told_time(found, told[table], made, exported)
            if stray:
                taken.issues.append(_stray_issue(table, stray, exported))
        else:
            taken.exported[table] = local_seconds(found.modified)


def _sheet(
    sheet: RawSheet, taken: Taken, means: Means, latest: dict[str, int], days: dict[str, np.ndarray],
    told: dict[str, int],
) -> SheetReport | None:  # fmt: skip
    head = sheet.head
    path = taken.found.label
    if not any(cell.strip() for row in head for cell in row):
        return None
    if sheet.hidden:
        return SheetReport(path, sheet.name, "", note="ingest.note_hidden")
    located, font = locate_in_any_font(head, means.vocabularies)
    note, note_fields = "", dict[str, str]()
    if isinstance(located, NotLocated):
        found = borrowed(sheet, located, taken.headings)
        if found is None:
            left = rows_left(sheet)
            if not left and sheet.name in _guides():
                return SheetReport(path, sheet.name, "", note="ingest.note_guide")
            return SheetReport(path, sheet.name, "", note=located.note, note_fields=located.fields, rows_left=left)
        located, note, note_fields = found
    else:
        taken.headings = sheet.name, located
    spec = located.match.table
    if is_cut_off(sheet, located):
        raise UnreadableError("ingest.left_cut_off", "")
    totals: Counter[str] = Counter()
    latest.setdefault(spec.name, 0)
    days.setdefault(spec.name, np.zeros(DAYS, np.int64))
    told[spec.name] = max(told.get(spec.name, 0), in_lines(head[: located.heading]))
    plan, jobs, issues = planned(sheet, located, taken.id, means.keep_personal, means.officials, path)
    taken.issues += issues
    if font is not None:
        taken.issues.append(one_issue("legacy_headings", "warning", sheet.name, located.heading + 1, "", font))
    uncalculated = sum(count for _, count, _ in uncalculated_of(sheet, located))
    base = located.first
    for counted in in_order(jobs, lambda block: shape(plan, block), means.threads):
        shaped = numbered(counted, base)
        base += shaped.advance
        _spool(means.spool, spec.name, shaped)
        totals.update(read=shaped.read, rejected=shaped.rejected, skipped=shaped.skipped)
        days[spec.name] += shaped.event_days
        latest[spec.name] = max(latest[spec.name], shaped.latest)
        told[spec.name] = max(told[spec.name], shaped.told)
        if shaped.personal is not None:
            taken.personal.append(shaped.personal)
        if len(shaped.issues):
            taken.issues.append(shaped.issues)
    had = set(taken.columns.get(spec.name, ()))
    taken.columns[spec.name] = tuple(c.name for c in spec.stored if c.name in plan.columns or c.name in had)
    near = near_fields(located.match)
    if near and not note:
        note, note_fields = "ingest.note_unused_near", near
    spare = (located.headings[at] for at in located.match.spare)
    unused = tuple(heading(text, located.match.mostly_known) for text in (*located.match.ignored, *spare))
    return SheetReport(
        path, sheet.name, spec.name, rows_read=totals["read"], rejected=totals["rejected"],
        note=note, note_fields=note_fields, ignored_headings=unused,
        lines_skipped=totals["skipped"], uncalculated=uncalculated,
    )  # fmt: skip


def is_cut_off(sheet: RawSheet, located: Located) -> bool:
    """Whether the sheet is a text that ends in the middle of a row."""
    if not isinstance(sheet, CsvSheet):
        return False
    return sheet.cut_off(located.first, sheet.width_below(located.first, located.headings))


def borrowed(
    sheet: RawSheet, why: NotLocated, before: tuple[str, Located] | None
) -> tuple[Located, str, dict[str, str]] | None:
    """The headings of the sheet before, where they hold for one without; with the note that says so."""
    located = carried(sheet.head, why.note, before[1]) if before and isinstance(sheet, GridSheet) else None
    return (located, "ingest.note_carried", {"sheet": before[0] or "-"}) if before and located else None


def _guides() -> list[str]:
    """Names of sheets of our own workbooks that say how to fill them in."""
    languages: tuple[Lang, ...] = ("vi", "en")
    return [say("inspection.sheet.guide", lang) for lang in languages]


_TABLE_LIKE = 3
"""Filled cells from which a row of a sheet without headings may be one of data."""


def rows_left(sheet: RawSheet) -> int:
    """How many rows of a sheet that is left out may be data."""
    if not isinstance(sheet, GridSheet) or not sheet.columns:
        return 0
    filled = np.sum([vector(c.is_valid()) for c in sheet.columns], axis=0)
    return int(np.count_nonzero(filled >= _TABLE_LIKE))


def locate_in_any_font(
    head: list[list[str]], vocabularies: Sequence[Vocabulary]
) -> tuple[Located | NotLocated, Font | None]:
    """The table of a sheet, and the legacy font of its headings, if they are in one.

    Headings that are known, but mean one column twice, are in no font: another reading would only lose a column."""
    located = locate(head, vocabularies)
    fonts: tuple[Font, ...] = ("TCVN3", "VNI")
    known = isinstance(located, Located) or located.note in AMBIGUOUS
    if known or all(cell.isascii() for row in head for cell in row):
        return located, None
    for font in fonts:
        again = locate([[convert(cell, font) for cell in row] for row in head], vocabularies)
        if isinstance(again, Located):
            return again, font
    return located, None


def in_order(jobs: Iterator[Callable[[], Block]], work: Callable[[Block], Shaped], threads: int) -> Iterator[Shaped]:
    """Do the jobs on several threads, a few ahead, and give the results in order."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Shaped]] = deque()
        try:
            for job in jobs:
                waiting.append(pool.submit(lambda job=job: work(job())))  # type: ignore[misc]
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _spool(spool: Spool, table: str, shaped: Shaped) -> None:
    for month, at in shaped.months:
        spool.add(table, month, shaped.rows if at is None else shaped.rows.take(arrow(at)))


def export_time(days: np.ndarray, latest: int) -> tuple[int, int]:
    """(when a file was exported: its latest event, in seconds since 1970; how many events were left out as strays).

    Dates more than a year after all others, at most one in a hundred, are typing errors such as 2032 for 2023: they
    do not make the file newer than it is. Then the end of the last day before them is taken.
    """
    filled = np.flatnonzero(days)
    total = int(days.sum())
    if total == 0:
        return 0, 0
    stray = 0
    for i in range(len(filled) - 1, 0, -1):
        stray_here = int(days[filled[i:]].sum())
        if total < 5 or stray_here > max(1, total // 100):
            break
        if filled[i] - filled[i - 1] > 366:
            stray = stray_here
            last = int(filled[i - 1])
    return (latest, 0) if not stray else ((last + FIRST_DAY) * 86_400 + 86_399, stray)


def _stray_issue(table: str, stray: int, exported: int) -> pa.Table:
    day = f"{np.datetime64(exported, 's').item():%d/%m/%Y}"
    return one_issue("far_future", "warning", "", 0, table, f"{stray} > {day}")
