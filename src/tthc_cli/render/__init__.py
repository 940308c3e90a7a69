"""Scorecards for people: a workbook, a page, a table in the terminal; all from one view of the stored score.

Importing this package is cheap; each format loads its libraries when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from tthc_cli.messages import Lang
    from tthc_cli.scorecard import Scorecard

__all__ = ["ranking_table", "write_html", "write_xlsx"]


def write_xlsx(
    card: Scorecard,
    path: Path,
    lang: Lang,
    *,
    units: Collection[str] | None = None,
    history: Sequence[Scorecard] = (),
) -> None:
    """Write the scorecard as an Excel workbook; points, sums, totals and grades are formulas over the counts shown.

    `units`: ids that get a sheet of their own (None = all; an empty collection = summary only).
    `history`: scorecards of earlier periods, oldest first. The file is seen whole or not at all.
    Raises InputError for a unit the scorecard does not hold, OSError when the file cannot be written.
    """
    from tthc_cli.render.building import build_view
    from tthc_cli.render.excel import workbook_bytes
    from tthc_cli.warehouse import write_atomic

    write_atomic(path, workbook_bytes(build_view(card, lang, units=units, history=history)))


def write_html(
    card: Scorecard,
    path: Path,
    lang: Lang,
    *,
    units: Collection[str] | None = None,
    history: Sequence[Scorecard] = (),
) -> None:
    """Write the scorecard as one self-contained HTML page: no network, no outside file, readable on paper.

    Arguments and errors as for `write_xlsx`; units without a section of their own still stand in the ranking.
    """
    from tthc_cli.render.building import build_view
    from tthc_cli.render.page import page_text
    from tthc_cli.warehouse import write_atomic

    write_atomic(path, page_text(build_view(card, lang, units=units, history=history)).encode("utf-8"))


def ranking_table(card: Scorecard, lang: Lang, width: int = 100) -> RenderableType:
    """The ranking as a renderable for a rich console, at most `width` columns wide."""
    from tthc_cli.render.building import build_view
    from tthc_cli.render.console import ranking

    return ranking(build_view(card, lang, units=()), width)
