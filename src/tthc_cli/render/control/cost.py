"""The compliance cost in every shape: xlsx, docx and html to hand in, csv and json for programs, tables on screen."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from tthc_cli.render.text import clean
from tthc_cli.render.view.cost import WORDS, cost_tables, foot_lines, head_lines, title_of
from tthc_cli.results.control.cost import public_json
from tthc_cli.text import no_formula

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tthc_cli.messages import Lang
    from tthc_cli.results.control.cost import CostPaper


_NOT_ON_SCREEN = ("ground", "income", "services", "fee", "times")
_NARROW = 15


def cost_bytes(paper: CostPaper, shape: str, lang: Lang) -> bytes:
    """The paper in one of the shapes of forms. Same paper, same bytes."""
    if shape == "xlsx":
        from tthc_cli.render.excel.cost import cost_book

        return cost_book(paper, lang)
    if shape == "docx":
        from tthc_cli.render.word.cost import cost_document

        return cost_document(paper, lang)
    if shape == "html":
        from tthc_cli.render.html.cost import cost_page

        return cost_page(paper, lang).encode()
    if shape == "json":
        return (json.dumps(public_json(paper, lang), ensure_ascii=False, indent=1) + "\n").encode()
    return _csv_bytes(paper, lang)


def _csv_bytes(paper: CostPaper, lang: Lang) -> bytes:
    """The summary: figures in whole đồng, without separators."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    found = public_json(paper, lang)
    table = cost_tables(paper, lang)[-1]
    writer.writerow(table.heads)
    for number, one in enumerate(found["procedures"], 1):
        label = no_formula(clean(f"{one['code']} {one['name']}".strip()))
        writer.writerow([number, label, *(one["year"][k] for k in ("before", "after", "saving", "saving_percent"))])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def cost_view(paper: CostPaper, lang: Lang, width: int) -> RenderableType:
    """The tables for a terminal of so many columns; of all procedures only the summary."""
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    tables = cost_tables(paper, lang)
    parts: list[RenderableType] = [Text(title_of(paper, lang), style="bold"), *map(Text, head_lines(paper, lang))]
    for one in tables if len(paper.procedures) == 1 else tables[-1:]:
        table = Table(box=box.SIMPLE_HEAD, width=width, pad_edge=False, padding=(0, 1, 0, 0))
        shown = [at for at, name in enumerate(one.columns) if name not in _NOT_ON_SCREEN]
        for at in shown:
            words = one.columns[at] in WORDS
            wide = one.columns[at] in ("task", "procedure")
            table.add_column(
                one.heads[at], justify="left" if words else "right", ratio=3 if wide else None, overflow="fold",
                max_width=None if wide else _NARROW,
            )  # fmt: skip
        for depth, cells in one.rows:
            table.add_row(*(Text(cells[at]) for at in shown), style="" if depth == "line" else "bold")
        parts += [Text(one.title, style="bold"), table]
    return Group(*parts, *(Text(line, style="italic") for line in foot_lines(paper, lang)))
