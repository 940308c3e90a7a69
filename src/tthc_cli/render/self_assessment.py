"""The paper of a unit's self-assessment: its workbook, or a Word document, from the one view of the scorecard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.view.building import build_view

if TYPE_CHECKING:
    from datetime import date

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import CardView, Letterhead, UnitView
    from tthc_cli.results.scorecard import Scorecard


class Due(Protocol):
    """When it is to be handed in, and who says so."""

    @property
    def day(self) -> date: ...
    @property
    def cite(self) -> str: ...


def window_line(card: Scorecard, lang: Lang) -> str:
    """From which day to which the period runs."""
    days = {name: formats.day(getattr(card, f"period_{name}"), lang) for name in ("start", "end")}
    return say(f"selfassess.window_{card.window}", lang, **days)


def due_line(due: Due | None, lang: Lang) -> str:
    """When it is due; "" where nothing says so."""
    return "" if due is None else say("selfassess.due", lang, day=formats.day(due.day.isoformat(), lang), cite=due.cite)


def paper_bytes(card: Scorecard, unit: str, due: Due | None, letterhead: Letterhead, form: str, lang: Lang) -> bytes:
    """The paper of one unit as "xlsx" or "docx". letterhead: of the office, which stands above the unit."""
    view = _view(build_view(card, lang, units=[unit], letterhead=letterhead), lang)
    (own,) = view.selected
    issued = replace(letterhead, superior=letterhead.agency or view.province, agency=own.name)
    view = replace(view, letterhead=replace(issued, signer_title="", signer_name=""))
    told = tuple(line for line in (window_line(card, lang), due_line(due, lang)) if line)
    if form == "docx":
        from tthc_cli.render.word.self_assessment import self_assessment_bytes

        return self_assessment_bytes(view, told)
    from tthc_cli.render.excel import unit_workbooks

    dated = replace(view, period=f"{view.period}. {' '.join(told)}")
    return next(data for _, data in unit_workbooks(dated))


def _view(view: CardView, lang: Lang) -> CardView:
    """The view under the title of a self-assessment, without a place in a ranking that it cannot know."""
    title = say("selfassess.title", lang)
    units = tuple(_unranked(unit) for unit in view.selected)
    return replace(view, title=title, short_title=title, selected=units)


def _unranked(unit: UnitView) -> UnitView:
    return replace(unit, rank_text="–")
