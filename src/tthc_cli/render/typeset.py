"""The scorecard as a PDF without a browser, set by typst (an extra: `pip install "tthc-cli[pdf]"`): the rankings, and a
page a unit. The fonts are typst's own, so that every machine makes the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_cli.messages import say

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import CardView, Cell, GroupCell, LevelView, UnitView

_REASONS = 2
"""Told of a component that lost points."""
_SOURCE = Path(__file__).with_name("scorecard.typ")


def can_typeset() -> bool:
    """Whether the extra is installed."""
    from importlib.util import find_spec

    return find_spec("typst") is not None


def typeset(card: CardView) -> bytes:
    """The bytes of the PDF, the same from the same card."""
    import typst

    data = json.dumps(_document(card), ensure_ascii=False)
    pdf = typst.compile(_SOURCE.read_bytes(), format="pdf", sys_inputs={"data": data}, ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return pdf


def _document(card: CardView) -> dict[str, Any]:
    lang: Lang = "vi" if card.lang == "vi" else "en"
    as_of = dict(card.facts)[say("render.head.as_of", lang)]

    def heads(*keys: str) -> list[str]:
        return [say(f"render.column.{key}", lang) if key else "" for key in keys]

    return {
        "lang": card.lang,
        "title": f"{card.title} – {card.province}" if card.province else card.title,
        "author": f"tthc {card.version}",
        "footer": card.footer,
        "seen": say("show.seen", lang, period=card.period, as_of=as_of),
        "standing": card.told_standing,
        "starred": say("render.paper.provisional", lang) if any(u.provisional for u in card.units) else "",
        "ranking_heads": heads("rank", "code", "unit", "total", "percent", "grade"),
        "rankings": [] if card.focused else [_ranking(level) for level in card.levels],
        "groups": {"title": say("render.section.groups", lang), "heads": heads("group", "", "points", "assessed_max")},
        "components": {
            "title": say("show.components", lang),
            "heads": [
                "",
                *heads("component"),
                say("show.counts", lang),
                *heads("points"),
                say("show.why", lang),
            ],
        },
        "units": [_unit(unit, lang) for unit in card.selected if unit.totalled],
    }


def _ranking(level: LevelView) -> dict[str, Any]:
    rows = [[u.rank.text, u.label, u.name, _total(u), u.percent.text, _grade(u)] for u in level.units]
    return {"title": level.label, "rows": rows}


def _total(unit: UnitView) -> str:
    return unit.total.text if unit.total.value is None else f"{unit.total}/{unit.assessed_max}"


def _grade(unit: UnitView) -> str:
    return unit.grade_label + ("*" if unit.provisional and unit.grade else "")


def _unit(unit: UnitView, lang: Lang) -> dict[str, Any]:
    said = [text for text in (unit.ungraded_text, unit.provisional_text) if text]
    if unit.change and unit.change.points.value is not None:
        parts = {"period": unit.change.period, "points": unit.change.points, "rank": unit.change.rank_text}
        said.append(say("show.change" if unit.parent_id else "show.change_points", lang, **parts))
    return {
        "name": f"{unit.name} ({unit.label})",
        "percent": unit.percent.text,
        "grade": unit.grade_label,
        "rank": f"{unit.level_label}: {unit.rank_text}" if unit.parent_id else "",
        "said": said,
        "groups": [
            {"title": g.head.title, "share": _share(g), "points": g.points.text, "max": g.counted.text}
            for g in unit.groups
        ],
        "components": [_component(cell) for cell in unit.cells],
    }


def _share(group: GroupCell) -> float:
    return float(group.points.value or 0) / float(group.counted.value) if group.counted.value else 0


def _component(cell: Cell) -> list[str]:
    counted = cell.numerator.value is not None and not cell.head.analysis
    counts = f"{cell.numerator}/{cell.denominator}" if counted else cell.ratio.text
    points = f"{cell.points}/{cell.max}" if cell.status == "scored" else cell.status_label
    why = "; ".join(f"{reason.text} ({reason.count})" for reason in cell.loss_reasons[:_REASONS])
    return [cell.head.id, cell.head.title, counts, points, why or cell.note]
