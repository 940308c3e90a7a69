"""The page of a statutory form: one table, no script, to read and to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_cli.messages import say
from tthc_cli.render.form import cells_of, head_lines, shown
from tthc_cli.render.view.bands import banded
from tthc_cli.render.view.heading_tree import depth_of, head_cells

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.form import Form

_TEMPLATES = Path(__file__).parent / "templates"


def form_page(form: Form, lang: Lang) -> str:
    """The whole page, self-contained."""
    form = banded(form)
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("statutory.html.j2").render(
        lang=lang,
        title=form.title(lang),
        head=head_lines(form, lang),
        tables=[_table(one, lang, at) for at, one in enumerate((form, *form.parts))],
        notes=form.closing_lines(lang),
        sign=say("forms.sign", lang),
    )


def _table(form: Form, lang: Lang, at: int) -> dict[str, Any]:
    heads = [column.heads(lang) for column in form.columns]
    cells = head_cells(heads)
    return {
        "title": form.title(lang) if at else "",
        "heading_rows": [[c for c in cells if c.row == row] for row in range(depth_of(heads))],
        "numbers": [c.number for c in form.columns],
        "rows": [
            (row.depth, [(c.kind, shown(cell, lang)) for c, cell in cells_of(form, row, lang)]) for row in form.rows
        ],
    }
