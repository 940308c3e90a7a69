"""The HTML of a scorecard: one self-contained page, or, of many units, an index and pages of units."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tthc_cli.messages import say
from tthc_cli.render.formats import NOTHING, day, plain, signed
from tthc_cli.render.view.form import FORM_PARTS
from tthc_cli.render.view.heads import HEAT_STEPS
from tthc_cli.render.view.over_time import axis_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from tthc_cli.messages import Lang
    from tthc_cli.render.html.page_split import UnitPage
    from tthc_cli.render.view.heads import Amount
    from tthc_cli.render.view.lost_lists import LostList
    from tthc_cli.render.view.model import CardView, Cell, UnitView

_TEMPLATES = Path(__file__).parent / "templates"
_RANKING_COLUMNS = (
    ("rank", "ascending"), ("code", "ascending"), ("unit", "ascending"), ("level", "ascending"),
    ("total", "descending"), ("assessed_max", "descending"), ("percent", "descending"), ("grade", "descending"),
)  # fmt: skip
_FIRST_ROWS = 200
"""Rows of the ranking that are laid out at first (also in scorecard.css and scorecard.js); a browser takes seconds to
lay out thousands."""
_SMALL_LEVEL = 50
"""Units of a level whose points an index shows one by one; of more, how many units stand on each step."""


def page_text(card: CardView) -> str:
    """Write everything on one page. Its content policy allows the one style and the one script that are in it, and
    nothing else."""
    hrefs = {unit.id: f"#{unit.anchor}" for unit in card.selected}
    return _Writer(card).overview(card.selected, hrefs)


@dataclass(frozen=True, slots=True)
class SplitCard:
    """A scorecard whose units are on pages of their own."""

    card: CardView
    pages: Sequence[UnitPage]

    def page_texts(self, index: str) -> Iterator[tuple[str, str]]:
        """(file name, HTML) of every page of units; `index`: the way from there to the index."""
        writer = _Writer(self.card)
        everywhere = {u.id: f"{page.file}#{u.anchor}" for page in self.pages for u in page.units}
        for number, page in enumerate(self.pages):
            before = self.pages[number - 1] if number else None
            after = self.pages[number + 1] if number + 1 < len(self.pages) else None
            yield page.file, writer.units(page, before, after, index, everywhere)

    def index_text(self, folder: str) -> str:
        """The index: overview, ranking of all units, how points are spread, links; `folder`: the way from there to the
        pages."""
        hrefs = {u.id: f"{folder}/{page.file}#{u.anchor}" for page in self.pages for u in page.units}
        return _Writer(self.card).overview((), hrefs, self.pages, folder)


class _Writer:
    """Writes pages of one card from the templates."""

    def __init__(self, card: CardView) -> None:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        lang: Lang = "vi" if card.lang == "vi" else "en"
        self.card = card
        self.environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            keep_trailing_newline=True,
        )
        style, ranking, tables = (
            (_TEMPLATES / name).read_text(encoding="utf-8") for name in ("scorecard.css", "scorecard.js", "tables.js")
        )
        self.script, self.unit_script = ranking + tables, tables
        self.environment.globals |= {
            "card": card,
            "say": partial(_say, lang),
            "nine": partial(_nine, lang),
            "day": partial(_day, lang),
            "plain": partial(plain, lang=lang),
            "form_parts": FORM_PARTS,
            "reasons": partial(_reasons, lang),
            "group_parts": partial(_group_parts, lang),
            "trend_parts": partial(_trend_parts, lang),
            "axis": axis_of,
            "share_text": partial(_share_text, lang),
            "level_of": {unit.id: level for level in card.levels for unit in level.units}.__getitem__,
            "beside": partial(_beside, lang),
            "lost_below": _lost_below(card).get,
            "lost_components": _lost_components,
            "heat_heads": [c for c in card.components if not c.analysis],
            "heat_bounds": list(pairwise(round(100 * i / HEAT_STEPS) for i in range(HEAT_STEPS + 1))),
            "style": Markup(style),
            "style_hash": _policy_hash(style),
        }

    def overview(
        self, shown: Sequence[UnitView], hrefs: Mapping[str, str], pages: Sequence[UnitPage] = (), folder: str = ""
    ) -> str:
        """The page about all units, with sections of those `shown`, or with links to `pages` of sections."""
        card = self.card
        return self._render(
            "scorecard.html.j2",
            root=card.root,
            missing=card.missing_here if card.focused else card.missing,
            over_time=[level for level in card.levels if level.grades_then],
            changed=any(u.change for u in card.units),
            ranking_columns=_RANKING_COLUMNS,
            first_rows=_FIRST_ROWS,
            script=Markup(self.script),
            script_hash=_policy_hash(self.script),
            shown=shown,
            hrefs=hrefs,
            pages=pages,
            folder=folder,
            small_levels=[level for level in card.levels if len(level.units) <= _SMALL_LEVEL],
            large_levels=[level for level in card.levels if len(level.units) > _SMALL_LEVEL],
        )

    def units(
        self, page: UnitPage, before: UnitPage | None, after: UnitPage | None, index: str, everywhere: Mapping[str, str]
    ) -> str:
        """One page of units; everywhere: the way to every unit."""
        hrefs = {**everywhere} | {unit.id: f"#{unit.anchor}" for unit in page.units}
        return self._render(
            "units.html.j2", page=page, before=before, after=after, index=index, hrefs=hrefs,
            script=Markup(self.unit_script), script_hash=_policy_hash(self.unit_script),
        )  # fmt: skip

    def _render(self, template: str, **fields: Any) -> str:
        return self.environment.get_template(template).render(**fields)


def _say(lang: Lang, key: str, **fields: object) -> str:
    return say(f"render.{key}", lang, **fields)


def _nine(lang: Lang, key: str, **fields: object) -> str:
    return say(f"nine.{key}", lang, **fields)


def _day(lang: Lang, moment: datetime) -> str:
    return day(moment.date().isoformat(), lang)


def _reasons(lang: Lang, cell: Cell) -> str:
    """Why a component lost points, most frequent first, and what else is out of the ordinary about it."""
    lost = cell.loss_reasons if cell.lost.value else ()
    parts = [_say(lang, "page.reason", reason=r.text, count=r.count) for r in lost]
    if cell.lost.value and not cell.denominator.value:
        parts.append(_say(lang, "page.lost_empty"))
    return "; ".join(part for part in (*parts, cell.remarks) if part)


def _group_parts(lang: Lang, unit: UnitView) -> str:
    return "; ".join(
        _say(lang, "page.groups_part", title=g.head.title, points=g.points, max=g.head.max) for g in unit.groups
    )


def _trend_parts(lang: Lang, unit: UnitView) -> str:
    return "; ".join(_say(lang, "page.trend_part", period=period, points=amount) for period, amount in unit.trend)


def _share_text(lang: Lang, cell: Cell) -> str:
    return f"{round((cell.share or 0) * 100)}%"


def _beside(lang: Lang, own: Amount, other: Amount) -> str:
    """How far an amount lies above or below another."""
    if own.value is None or other.value is None:
        return NOTHING
    return signed(Fraction(own.value) - Fraction(other.value), lang)


def _lost_below(card: CardView) -> dict[str, list[tuple[UnitView, int]]]:
    """By unit, those right below it that have lists of what lost points, with how many it is with all below them."""
    parents = {unit.id: unit.parent_id for unit in card.units}
    counts: Counter[str] = Counter()
    for unit, found in card.lost_lists.items():
        at, passed = unit, {""}
        while at not in passed:
            counts[at] += found.count
            passed.add(at)
            at = parents.get(at, "")
    out: dict[str, list[tuple[UnitView, int]]] = {}
    for one in card.units:
        if one.parent_id and counts[one.id]:
            out.setdefault(one.parent_id, []).append((one, counts[one.id]))
    return out


def _lost_components(unit: UnitView, found: LostList | None, below: Sequence[object] | None) -> frozenset[str]:
    """The components of which a list below tells the dossiers: all lost ones where units below have them."""
    if below:
        return frozenset(cell.head.id for cell in unit.losses)
    return frozenset(mark.component for mark in found.marks) if found else frozenset()


def _policy_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
