"""A list in every form: csv and xlsx to filter, html to read and print, json for programs, a table on a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from tthc_cli.errors import UsageError
from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.render.view.listing import cell_text
from tthc_cli.results.listing import Cell, Listing, public_json
from tthc_cli.storage.location import Location, write_atomic
from tthc_cli.text import no_formula

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tthc_cli.messages import Lang

_MADE, _DRAFTED = "tthc", "nháp: tthc"
"""Who made a workbook: of the first `tthc ingest` knows that it holds no data."""
_NOTES_WIDE = 120
FILE_FORMATS = ("xlsx", "csv", "html", "json")


def write_listing(path: Location, listing: Listing, lang: Lang) -> None:
    """Write a list; the ending of `path` chooses the form. Same list, same bytes.

    Raises UsageError for an ending that is no form of a list.
    """
    wanted = PurePath(path.name).suffix.lower().removeprefix(".")
    if wanted not in FILE_FORMATS:
        raise UsageError("listing_form", path=str(path))
    write_atomic(path, listing_bytes(listing, wanted, lang), 0o600 if listing.private else 0o644)


def write_listings(path: Location, listings: Sequence[Listing], lang: Lang) -> None:
    """Write a workbook of several lists, a sheet each."""
    write_atomic(path, _xlsx_bytes(listings, lang))


def listing_bytes(listing: Listing, form: str, lang: Lang) -> bytes:
    """A list in one of FILE_FORMATS."""
    if form == "csv":
        return _csv_bytes(listing, lang)
    if form == "xlsx":
        return _xlsx_bytes([listing], lang)
    if form == "json":
        return (json.dumps(public_json(listing, lang), ensure_ascii=False, indent=1) + "\n").encode()
    from tthc_cli.render.html.listing import list_page

    return list_page(listing, lang).encode()


def _csv_bytes(listing: Listing, lang: Lang) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(listing.headings(lang))
    for row in listing.worded(lang):
        writer.writerow([_csv_value(c) for c in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def _csv_value(value: Cell) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return no_formula(clean(value)) if isinstance(value, str) else value


def _xlsx_bytes(listings: Sequence[Listing], lang: Lang) -> bytes:
    from tthc_cli.office.listing import ListSheet, list_book

    sheets = []
    for listing in listings:
        plain = [[clean(c) if isinstance(c, str) else c for c in row] for row in listing.worded(lang)]
        sheets.append(ListSheet(clean(listing.title(lang))[:31], listing.headings(lang), plain))
    first = listings[0]
    if len(listings) == 1 and not first.is_data and first.notes:
        lines = [first.about(lang, formats.day(first.as_of, lang))]
        lines += [f"{name}: {formats.plain(_exact(value), lang)}" for name, value in first.total_lines(lang)]
        lines += first.note_lines(lang)
        title = say("lists.notes_sheet", lang)
        sheets.append(ListSheet(title, [clean(first.title(lang))], [[clean(line)] for line in lines], _NOTES_WIDE))
    creator = _DRAFTED if first.is_data else _MADE
    return list_book(sheets, first.as_of, lang, creator=creator)


def listing_table(listing: Listing, lang: Lang, width: int, most: int) -> RenderableType:
    """The first rows of a list for a terminal of so many columns, its totals and notes below."""
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, width=width, pad_edge=False, padding=(0, 1, 0, 0))
    headings = listing.headings(lang)
    shown = [at for at, column in enumerate(listing.columns) if column.on_screen]
    for at in shown:
        column = listing.columns[at]
        right = column.type in ("count", "number")
        table.add_column(
            headings[at], justify="right" if right else "left", ratio=column.share or None, no_wrap=not column.share,
            overflow="fold",
        )  # fmt: skip
    for row in listing.only(listing.rows[:most]).worded(lang):
        table.add_row(*(Text(cell_text(row[at], listing.columns[at], lang)) for at in shown))
    parts: list[RenderableType] = [
        Text(listing.title(lang), style="bold"),
        Text(listing.about(lang, formats.day(listing.as_of, lang))),
        table,
    ]
    parts += [Text(f"{name}: {formats.plain(_exact(value), lang)}") for name, value in listing.total_lines(lang)]
    parts += [Text(line, style="italic") for line in listing.note_lines(lang)]
    return Group(*parts)


def _exact(value: int | float) -> int:
    return round(value)
