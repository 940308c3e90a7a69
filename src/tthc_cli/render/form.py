"""A statutory form in every shape: xlsx, docx and html to hand in, csv and json for programs, a table on a terminal."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.results.form import Form, public_json
from tthc_cli.text import no_formula

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tthc_cli.messages import Lang

FILE_FORMATS = ("xlsx", "docx", "html", "json", "csv")


def form_bytes(form: Form, shape: str, lang: Lang) -> bytes:
    """A form in one of FILE_FORMATS. Same form, same bytes."""
    if shape == "xlsx":
        from tthc_cli.render.excel.statutory import form_book

        return form_book(form, lang)
    if shape == "docx":
        from tthc_cli.render.word.statutory import form_document

        return form_document(form, lang)
    if shape == "html":
        from tthc_cli.render.html.statutory import form_page

        return form_page(form, lang).encode()
    if shape == "json":
        return (json.dumps(public_json(form, lang), ensure_ascii=False, indent=1) + "\n").encode()
    return _csv_bytes(form, lang)


def head_lines(form: Form, lang: Lang) -> list[str]:
    """What stands above the table."""
    first, last = (formats.day(day.isoformat(), lang) for day in (form.start, form.last_day))
    return form.head_lines(lang, first, last)


def _csv_bytes(form: Form, lang: Lang) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([f"({c.number}) " + " / ".join(c.heads(lang)) for c in form.columns])
    for row in form.rows:
        figures = iter(row.figures)
        cells = {"ordinal": row.ordinal, "label": no_formula(clean(form.label(row, lang)))}
        writer.writerow([cells[c.kind] if c.kind in cells else next(figures) for c in form.columns])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def form_table(form: Form, lang: Lang, width: int) -> RenderableType:
    """A form for a terminal of so many columns: figures below the numbers of their columns, which are told below."""
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, width=width, pad_edge=False, padding=(0, 1, 0, 0))
    for column in form.columns:
        label = column.kind == "label"
        table.add_column(
            f"({column.number})", justify="left" if label else "right", ratio=1 if label else None,
            no_wrap=not label, overflow="fold",
        )  # fmt: skip
    for row in form.rows:
        figures = iter(row.figures)
        cells = {"ordinal": row.ordinal, "label": form.label(row, lang)}
        shown = [
            cells[c.kind] if c.kind in cells else formats.plain(value, lang) if (value := next(figures)) is not None
            else "…" for c in form.columns
        ]  # fmt: skip
        table.add_row(*(Text(cell) for cell in shown), style="" if row.depth == "line" else "bold")
    return Group(
        Text(form.title(lang), style="bold"),
        *(Text(line) for line in head_lines(form, lang)),
        table,
        *(Text(f"({c.number}) {' › '.join(c.heads(lang))}") for c in form.columns),
        *(Text(line, style="italic") for line in form.note_lines(lang)),
    )
