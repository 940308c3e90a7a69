"""Scorecards for people and machines: a workbook, a page, a paper, data, a table in the terminal; all from one view of
the stored score.

Importing this package is cheap; each format loads its libraries when it is first used. Every file is seen whole or
not at all. Arguments that the writers share:

- `units`: ids that get a sheet or section of their own (None = all; an empty collection = summary only); the ranking
  always shows all units. Raises InputError for a unit the scorecard does not hold.
- `history`: scorecards of earlier periods, oldest first; the last one is what "change" is measured against.
- `lost`: the dossiers behind lost points; workbooks and pages list them.
- `letterhead`: who issues and signs.
- `papers`: what forms of the nine criteria are made from besides the card.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path
    from typing import Unpack

    from rich.console import RenderableType

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import CardView, Letterhead
    from tthc_cli.results.nine.papers import Papers
    from tthc_cli.results.scorecard import LostDossier, Scorecard
    from tthc_cli.storage.location import Location

FORMATS = ("xlsx", "html", "pdf", "docx", "json", "csv")
"""Formats of `write`, which are also the endings of the files."""


class Options(TypedDict, total=False):
    """What may be told to any writer."""

    units: Collection[str] | None
    history: Sequence[Scorecard]
    lost: Sequence[LostDossier]
    letterhead: Letterhead | None
    papers: Papers


def write(
    wanted: str,
    card: Scorecard,
    path: Location,
    lang: Lang,
    *,
    page_units: int | None = None,
    **options: Unpack[Options],
) -> None:
    """Write the scorecard in one of FORMATS; `page_units` is for HTML (see `write_html`)."""
    writers: dict[str, Callable[..., None]] = {
        "xlsx": write_xlsx, "html": partial(write_html, page_units=page_units), "pdf": write_pdf, "docx": write_docx,
        "json": write_json, "csv": write_csv,
    }  # fmt: skip
    writers[wanted](card, path, lang, **options)


def write_xlsx(card: Scorecard, path: Location, lang: Lang, **options: Unpack[Options]) -> None:
    """Write an Excel workbook; points, sums, totals and grades are formulas over the counts shown."""
    from tthc_cli.render.excel import workbook_bytes

    _save(path, workbook_bytes(_view(card, lang, options)))


def write_xlsx_per_unit(card: Scorecard, folder: Location, lang: Lang, **options: Unpack[Options]) -> list[Location]:
    """Write one workbook a unit for sending out; returns the files, named by period, rulebook and unit code."""
    from tthc_cli.render.excel import unit_workbooks

    files = []
    for unit, data in unit_workbooks(_view(card, lang, options)):
        path = folder / f"tthc-{card.period}-{card.place.replace('/', '-')}-{unit.anchor.removeprefix('u-')}.xlsx"
        _save(path, data)
        files.append(path)
    return files


def fill_template(card: Scorecard, template: Path, path: Location, lang: Lang, **options: Unpack[Options]) -> None:
    """Fill the named cells of a province's own workbook (`tthc_total`, `tthc_points_2_1`, `tthc_ranking`, ...), or the
    fields and content controls of its Word paper, which have the same names.

    Names without a unit mean the one unit in `units`, else the province. Raises InputError for a name that means
    nothing.
    """
    shown = _summary(card, lang, options)
    unit = shown.selected[0] if options.get("units") and shown.selected else shown.root or shown.units[0]
    if path.suffix == ".docx":
        from tthc_cli.render.word.template import filled_paper

        _save(path, filled_paper(shown, template, unit))
    else:
        from tthc_cli.render.excel.template import filled_template

        _save(path, filled_template(shown, template, unit))


def write_html(
    card: Scorecard, path: Location, lang: Lang, *, page_units: int | None = None, **options: Unpack[Options]
) -> None:
    """Write one self-contained HTML page: no network, no outside file, readable on paper; of many units, an index with
    pages of units in a folder beside it.

    `page_units`: units a page at most; None = as many as read well, 0 = all on one page.
    """
    from tthc_cli.render.html.page_set import write_pages

    write_pages(_listed(card, lang, options), path, page_units)


def write_pdf(card: Scorecard, path: Location, lang: Lang, **options: Unpack[Options]) -> None:
    """Print the HTML page to PDF with an installed browser; without one, set rankings and units by typst, where that is
    installed. Raises InputError when there is neither."""
    from tthc_cli import machine
    from tthc_cli.render.html.page import page_text
    from tthc_cli.render.pdf import pdf_bytes
    from tthc_cli.render.typeset import can_typeset, typeset

    shown = _summary(card, lang, options)
    by_browser = machine.find_browser() is not None or not can_typeset()
    _save(path, pdf_bytes(page_text(shown)) if by_browser else typeset(shown))


def write_docx(card: Scorecard, path: Location, lang: Lang, **options: Unpack[Options]) -> None:
    """Write the administrative report (layout of Nghị định 30/2020/NĐ-CP) for the office to edit."""
    from tthc_cli.render.word.paper import report_bytes

    _save(path, report_bytes(_summary(card, lang, options)))


def write_json(card: Scorecard, path: Location, lang: Lang, **options: Unpack[Options]) -> None:
    """Write everything as one JSON object (docs/open_data.md)."""
    from tthc_cli.render.data import json_text

    _save(path, json_text(card, _summary(card, lang, options)).encode("utf-8"))


def write_csv(card: Scorecard, path: Location, lang: Lang, **options: Unpack[Options]) -> None:
    """Write one CSV row a unit and component (docs/open_data.md)."""
    from tthc_cli.render.data import csv_text

    _save(path, csv_text(card, _summary(card, lang, options)).encode("utf-8"))


def ranking_table(card: Scorecard, lang: Lang, width: int = 100, history: Sequence[Scorecard] = ()) -> RenderableType:
    """The ranking as a renderable for a rich console, at most `width` columns wide; with the periods of `history` where
    they fit."""
    from tthc_cli.render.console import ranking
    from tthc_cli.render.view.building import build_view

    return ranking(build_view(card, lang, units=(), history=history), width)


def _view(card: Scorecard, lang: Lang, options: Options) -> CardView:
    from tthc_cli.render.view.building import build_view

    return build_view(card, lang, **options)


def _summary(card: Scorecard, lang: Lang, options: Options) -> CardView:
    """The view without the list of dossiers, which only workbooks hold."""
    return _view(card, lang, {**options, "lost": ()})


def _listed(card: Scorecard, lang: Lang, options: Options) -> CardView:
    """The view with what lost points, a list a unit."""
    from tthc_cli.render.view.building import build_view

    others: Options = {**options, "lost": ()}
    return build_view(card, lang, **others, listed=options.get("lost", ()))


def _save(path: Location, data: bytes) -> None:
    from tthc_cli.storage.location import write_atomic

    write_atomic(path, data)
