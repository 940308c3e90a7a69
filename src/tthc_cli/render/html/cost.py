"""The page of the compliance cost: its tables, no script, to read and to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.render.view.cost import WORDS, cost_tables, foot_lines, head_lines, title_of

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.control.cost import CostPaper

_TEMPLATES = Path(__file__).parent / "templates"


def cost_page(paper: CostPaper, lang: Lang) -> str:
    """The whole page, self-contained."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("cost.html.j2").render(
        lang=lang, title=title_of(paper, lang), head=head_lines(paper, lang), tables=cost_tables(paper, lang),
        words=WORDS, notes=foot_lines(paper, lang),
    )  # fmt: skip
