"""The page of a list: one table, no script, to read and to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.render import formats
from tthc_cli.render.view.listing import cell_text

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.listing import Listing

_TEMPLATES = Path(__file__).parent / "templates"


def list_page(listing: Listing, lang: Lang) -> str:
    """The whole page, self-contained."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    rows = [
        [cell_text(value, column, lang) for value, column in zip(row, listing.columns, strict=True)]
        for row in listing.worded(lang)
    ]
    return environment.get_template("list.html.j2").render(
        lang=lang,
        title=listing.title(lang),
        about=listing.about(lang, formats.day(listing.as_of, lang)),
        columns=list(zip(listing.columns, listing.headings(lang), strict=True)),
        rows=rows,
        totals=[(name, formats.plain(round(value), lang)) for name, value in listing.total_lines(lang)],
        notes=listing.note_lines(lang),
    )
