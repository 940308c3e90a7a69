"""Write a stored score for people and machines; nothing is computed again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tthc_cli import render
from tthc_cli.errors import InputError
from tthc_cli.jobs.lists import lost_of
from tthc_cli.jobs.scoring import LOST_KEPT
from tthc_cli.periods import Period, parse_period
from tthc_cli.storage import stored_scores
from tthc_cli.text import file_part
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.render import Options
    from tthc_cli.results.scorecard import LostDossier, Scorecard
    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace

HISTORY = 7
"""Earlier periods shown in trends."""


def earlier_cards(workspace: Workspace, card: Scorecard, period: Period) -> list[Scorecard]:
    """Totals of the stored scorecards of the periods before, under the same rulebook, oldest first, up to the first one
    missing."""
    found: list[Scorecard] = []
    while len(found) < HISTORY:
        period = period.previous()
        if not stored_scores.is_stored(workspace.scores, period.id, card.place, period.style):
            break
        found.insert(
            0, stored_scores.load(workspace.scores, period.id, card.place, period.style, only=stored_scores.TOTALS)
        )
    return found


def render_options(
    workspace: Workspace, card: Scorecard, units: Sequence[str] | None, formats: Collection[str]
) -> Options:
    """What every writer is told besides the card: units, earlier periods, letterhead; workbooks and pages also list
    the lost dossiers. Raises InputError for a unit that there is not."""
    from tthc_cli.jobs.papers import papers_of
    from tthc_cli.render.view.model import Letterhead

    period = parse_period(card.period, "nd09" if card.window == "nd09" else "calendar")
    chosen = None if units is None else [named_unit(card.units, u).id for u in units]
    return {
        "units": chosen,
        "history": earlier_cards(workspace, card, period),
        "lost": _lost(workspace, card) if {"xlsx", "html"} & set(formats) else (),
        "letterhead": Letterhead(**workspace.settings.letterhead.model_dump()),
        "papers": papers_of(workspace, card, chosen, formats),
    }


def _lost(workspace: Workspace, card: Scorecard) -> Sequence[LostDossier]:
    """What a workbook lists; of divisions and officials nothing where there is too much, or the data have changed:
    `tthc explain` lists what one of them lost."""
    if card.subjects != "units" and sum(r.count for r in card.reasons if r.loses) > LOST_KEPT:
        return ()
    try:
        return lost_of(workspace, card)
    except InputError as error:
        if card.subjects == "units" or error.code not in ("score_outdated", "no_warehouse"):
            raise
        return ()


def report_name(card: Scorecard, units: Collection[str] | None = None) -> str:
    """The name of a report's file, without its ending."""
    window = "" if card.window == "calendar" else f"-{card.window}"
    chosen = f"-{'-'.join(map(file_part, units))}" if units else ""
    return f"tthc-{card.period}{window}-{card.place.replace('/', '-')}{chosen}"


def report(
    workspace: Workspace,
    card: Scorecard,
    formats: Sequence[str],
    lang: Lang = "vi",
    *,
    folder: Location | None = None,
    units: Sequence[str] | None = None,
    page_units: int | None = None,
) -> list[Location]:
    """Write a score in some of `render.FORMATS`; returns the files (of HTML in pages, the index).

    `units`: codes or names that get a sheet or section of their own; `page_units`: units on one HTML page. Raises
    InputError for a unit that there is not, or where a browser is needed and missing.
    """
    options = render_options(workspace, card, units, formats)
    files = []
    for one in formats:
        path = (folder or workspace.reports) / f"{report_name(card, options.get('units'))}.{one}"
        render.write(one, card, path, lang, page_units=page_units if one == "html" else None, **options)
        files.append(path)
    return files
