"""The page of a statutory form: one table, no script, to read and to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.render import formats
from tthc_cli.render.form import head_lines
from tthc_cli.render.view.heading_tree import depth_of, head_cells

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.form import Form

_TEMPLATES = Path(__file__).parent / "templates"


def form_page(form: Form, lang: Lang) -> str:
    """The whole page, self-contained."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    heads = [column.heads(lang) for column in form.columns]
    cells = head_cells(heads)
    rows = []
    for row in form.rows:
        figures = iter(row.figures)
        own = {"ordinal": row.ordinal, "label": form.label(row, lang)}
        cells_of = [(c.kind, own[c.kind] if c.kind in own else _shown(next(figures), lang)) for c in form.columns]
        rows.append((row.depth, cells_of))
    return environment.get_template("statutory.html.j2").render(
        lang=lang,
        title=form.title(lang),
        head=head_lines(form, lang),
        heading_rows=[[c for c in cells if c.row == row] for row in range(depth_of(heads))],
        numbers=[c.number for c in form.columns],
        rows=rows,
        notes=form.note_lines(lang),
    )


def _shown(value: int | None, lang: Lang) -> str:
    return "" if value is None else formats.plain(value, lang)
