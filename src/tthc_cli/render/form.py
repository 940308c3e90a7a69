"""A statutory form in every shape: xlsx, docx and html to hand in, csv and json for programs, a table on a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.results.form import Figure, Form, FormColumn, FormRow, public_json
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


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?")


def head_lines(form: Form, lang: Lang) -> list[str]:
    """What stands above the table."""
    return form.head_lines(lang, lambda text: formats.day(text, lang) if _MOMENT.fullmatch(text) else text)


def cells_of(form: Form, row: FormRow, lang: Lang) -> list[tuple[FormColumn, Figure]]:
    """The cells of a row beside their columns: numbers as they are, all else as text; None where a person types."""
    figures = iter(row.figures)
    own = {"ordinal": row.ordinal, "label": form.label(row, lang)}
    return [(c, own[c.kind] if c.kind in own else _told(c, next(figures), lang)) for c in form.columns]


def _told(column: FormColumn, value: Figure, lang: Lang) -> Figure:
    if isinstance(value, str) and value:
        if column.kind == "moment":
            return formats.day(value, lang)
        return say(f"{column.words}.{value}", lang) if column.kind == "word" else value
    return value


def shown(value: Figure, lang: Lang, typed: str = "") -> str:
    """A cell as people read it."""
    if value is None:
        return typed
    return value if isinstance(value, str) else formats.plain(value, lang)


def _csv_bytes(form: Form, lang: Lang) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for at, part in enumerate((form, *form.parts)):
        if at:
            writer.writerows([[], [part.title(lang)]])
        writer.writerow([f"({c.number}) " + " / ".join(c.heads(lang)) for c in part.columns])
        for row in part.rows:
            cells = (cell for _, cell in cells_of(part, row, lang))
            writer.writerow([no_formula(clean(cell)) if isinstance(cell, str) else cell for cell in cells])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def form_table(form: Form, lang: Lang, width: int) -> RenderableType:
    """A form for a terminal of so many columns: figures below the numbers of their columns, which are told below."""
    from rich.console import Group
    from rich.text import Text

    return Group(
        Text(form.title(lang), style="bold"),
        *(Text(line) for line in head_lines(form, lang)),
        *_table(form, lang, width),
        *(line for part in form.parts for line in (Text(part.title(lang), "bold"), *_table(part, lang, width))),
        *(Text(line, style="italic") for line in form.closing_lines(lang)),
    )


def _table(form: Form, lang: Lang, width: int) -> list[RenderableType]:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, width=width, pad_edge=False, padding=(0, 1, 0, 0))
    columns = [c for c in form.columns if c.kind != "text"]  # for handwriting
    for column in columns:
        names = column.kind in ("label", "word")
        table.add_column(
            f"({column.number})", justify="right" if column.kind in ("ordinal", "figure") else "left",
            ratio=1 if names else None, no_wrap=not names, overflow="fold",
        )  # fmt: skip
    for row in form.rows:
        cells = [shown(cell, lang, "…") for c, cell in cells_of(form, row, lang) if c.kind != "text"]
        table.add_row(*(Text(cell) for cell in cells), style="" if row.depth == "line" else "bold")
    return [table, *(Text(f"({c.number}) {' › '.join(c.heads(lang))}") for c in columns)]
