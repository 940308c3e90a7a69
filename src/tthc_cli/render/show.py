"""The last score of a unit on one screen: standing, groups, what to do first, the periods before; of the whole province
the heads of its rankings too."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.messages import Lang, say
from tthc_cli.render.bars import bar
from tthc_cli.render.console import trend_line
from tthc_cli.results.rounding import half_up
from tthc_cli.results.scorecard import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from tthc_cli.render.view.heads import Amount
    from tthc_cli.render.view.model import CardView, Cell, LevelView, UnitView
    from tthc_cli.results.scorecard import Scorecard

FIRST = 3
"""Components told as what to do first, and units at the head of a ranking."""
REASONS = 2
_BAR, _WIDEST = 20, 100
_STEPS_OF_COLOUR = ((0.8, "green"), (0.6, "yellow"), (0.0, "red"))


def unit_screen(card: CardView, unit: UnitView, asking: Sequence[tuple[str, str]], width: int) -> RenderableType:
    """The screen of a unit. asking: (command, what it tells), to ask more."""
    from rich.console import Group
    from rich.text import Text

    lang: Lang = "vi" if card.lang == "vi" else "en"
    facts = dict(card.facts)
    seen = facts[say("render.head.as_of", lang)]
    lines: list[RenderableType] = [
        Text(f"{unit.name} ({unit.label})", style="bold"),
        Text(say("show.seen", lang, period=card.period, as_of=seen)),
    ]
    if card.standing:
        lines.append(Text(card.standing, style="bold"))
    lines += [Text(""), *(Text(line) for line in _standing(card, unit, lang)), Text(""), _groups(unit, lang, width)]
    lines += _first(unit, lang)
    lines += [Text(""), Text(say("show.more", lang), style="bold"), _asking(asking)]
    return Group(*lines)


def _standing(card: CardView, unit: UnitView, lang: Lang) -> Iterator[str]:
    """Total, grade and rank; against the level; against the period before; over time."""
    if unit.total.value is None:
        yield say("show.no_total", lang)
        return
    key = "total" if unit.assessed_max.value == 100 else "total_on_100"
    total = say(f"show.{key}", lang, total=unit.total, max=unit.assessed_max, percent=unit.percent)
    grade = unit.grade_label + (f" ({say('render.text.provisional', lang).lower()})" if unit.provisional else "")
    rank = _rank(card, unit, lang)
    yield " · ".join(part for part in (total, grade, rank) if part)
    if unit.ungraded_text:
        yield unit.ungraded_text
    if unit.change and unit.change.points.value is not None:
        parts = {"period": unit.change.period, "points": unit.change.points, "rank": unit.change.rank_text}
        placed = unit.change.rank.value is not None and rank
        yield say("show.change" if placed else "show.change_points", lang, **parts)
    if trend := trend_line(unit):
        yield say("show.trend", lang, trend=trend, first=unit.trend[0][0], last=unit.trend[-1][0])


def _rank(card: CardView, unit: UnitView, lang: Lang) -> str:
    """The place among those of its level; "" where it is alone, or has none."""
    level = next(level for level in card.levels if level.key == unit.level)
    if unit.rank.value is None or len(level.units) == 1:
        return ""
    return say("show.rank", lang, rank=unit.rank_text, level=level.label, median=level.median or "–")


def _groups(unit: UnitView, lang: Lang, width: int) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, width=min(width, _WIDEST), pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(say("show.group", lang), ratio=1, overflow="fold")
    table.add_column("", no_wrap=True)
    table.add_column(say("show.points", lang), justify="right", no_wrap=True)
    table.add_column("%", justify="right", no_wrap=True)
    for group in unit.groups:
        name = f"{group.head.id} {group.head.title}"
        if group.points.value is None or not group.counted.value:
            table.add_row(Text(name), Text("·" * _BAR), Text(say("show.none", lang)), Text("–"))
            continue
        exact = Fraction(group.points.value) / Fraction(group.counted.value or 1)
        share = float(exact)
        colour = next(colour for least, colour in _STEPS_OF_COLOUR if share >= least)
        points = f"{group.points}/{group.counted}"
        table.add_row(
            Text(name), Text(bar(share, _BAR), style=colour), Text(points), Text(f"{half_up(exact * 100, 0)}")
        )
    return table


def _first(unit: UnitView, lang: Lang) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    if unit.losses:
        yield Text(say("show.first", lang), style="bold")
    elif unit.total.value is not None:
        yield Text(say("show.nothing_lost", lang))
    for cell in unit.losses[:FIRST]:
        yield Padding(Text(_lost(cell, lang)), (0, 0, 0, 2))
        if why := "; ".join(f"{r.text} ({r.count})" for r in cell.loss_reasons[:REASONS]):
            yield Padding(Text(why, style="dim"), (0, 0, 0, 6))


def _lost(cell: Cell, lang: Lang) -> str:
    return say("show.lost", lang, id=cell.head.id, title=cell.head.title, lost=cell.lost, max=cell.max)


def _asking(asking: Sequence[tuple[str, str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for command, tells in asking:
        table.add_row(Text(f"  {command}"), Text(tells))
    return table


def heads_of_rankings(card: CardView, width: int) -> RenderableType:
    """The first units of every level that is ranked, the last one, and how many stand between."""
    from rich.console import Group
    from rich.text import Text

    lang: Lang = "vi" if card.lang == "vi" else "en"
    parts: list[RenderableType] = []
    for level in card.levels:
        if sum(unit.rank.value is not None for unit in level.units) > 1:
            parts += [Text(""), Text(_about(level, lang), style="bold"), _head(level, width)]
    if parts and any(unit.provisional and unit.grade for unit in card.units):
        parts.append(Text(f"* {say('render.text.provisional', lang)}"))
    return Group(*parts)


def _about(level: LevelView, lang: Lang) -> str:
    counts = ", ".join(f"{grade.label} {count}" for grade, count in level.grade_counts if count)
    key = "level" if counts else "level_ungraded"
    return say(f"show.{key}", lang, level=level.label, count=len(level.units), grades=counts)


def _head(level: LevelView, width: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    ranked = [unit for unit in level.units if unit.rank.value is not None]
    table = Table(box=None, show_header=False, width=min(width, _WIDEST), pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True, min_width=4)
    table.add_column(ratio=1, overflow="fold")
    for justify in ("right", "left", "left"):
        table.add_column(justify=justify, no_wrap=True)
    shown = [*ranked[:FIRST], *ranked[FIRST:][-1:]]
    for unit in shown:
        if unit is shown[-1] and len(ranked) > FIRST + 1:
            table.add_row("…")
        grade = unit.grade_label + ("*" if unit.provisional and unit.grade else "")
        name = Text(f"{unit.name} ({unit.label})")
        table.add_row(unit.rank.text, name, Text(unit.percent.text), Text(grade), Text(trend_line(unit)))
    return table


def shown_json(unit: UnitView, cards: Sequence[Scorecard]) -> dict[str, Any]:
    """What `tthc show --json` says of a unit (docs/interfaces.md). cards: earlier ones, oldest first, and this one."""
    card, scored = cards[-1], unit.total.value is not None
    own = next(u for u in card.units if u.id == unit.id)
    then = ((c.period, next((u.percent for u in c.units if u.id == unit.id), None)) for c in cards)
    return {
        "id": own.id, "name": own.name, "level": own.level, "total": number(own.total),
        "assessed_max": number(own.assessed_max), "percent": number(own.percent), "provisional": own.provisional,
        "grade": own.grade, "rank": own.rank,
        "change": {"percent": _number(unit.change.points), "rank": _number(unit.change.rank)} if unit.change else None,
        "groups": [{"id": g.head.id, "points": _number(g.points), "max": _number(g.counted)} for g in unit.groups],
        "first": [
            {
                "id": cell.head.id, "lost": _number(cell.lost), "max": _number(cell.max),
                "reasons": _reasons(card, unit.id, cell.head.id),
            }
            for cell in (unit.losses[:FIRST] if scored else ())
        ],
        "periods": [{"period": period, "percent": number(value)} for period, value in then if value is not None],
    }  # fmt: skip


def _reasons(card: Scorecard, unit: str, component: str) -> list[dict[str, Any]]:
    """What cost points, most frequent first, as the screen tells it."""
    own = [r for r in card.reasons if (r.unit, r.component) == (unit, component) and r.loses and r.count]
    return [{"reason": r.reason, "count": r.count} for r in sorted(own, key=lambda r: (-r.count, r.reason))]


def _number(amount: Amount) -> int | float | None:
    return amount.value if isinstance(amount.value, int) else number(amount.value)
