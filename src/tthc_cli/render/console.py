"""The ranking for a terminal: fits the width, grades by word and colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.bars import sparkline

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import CardView, LevelView, UnitView

_COLOURS = ("bold green", "green", "yellow", "dark_orange", "bold red")
_WITH_CODES, _WITH_GROUPS, _WIDEST = 76, 124, 150
"""From these widths on, codes and the points of the groups have room beside the name; wider is no table."""
_LONGEST_CODE, _LONGEST_NAME = 0.12, 90
"""Share of the width that codes take at most; letters of a name."""

_LEAST_NAME = 30
"""Columns that are left for names, or the periods before are not shown."""
_SPAN = 10
"""Points on 100: totals that differ by less do not fill the height of a sparkline."""


def trend_line(unit: UnitView, *, last: bool = True) -> str:
    """The totals on 100 of the stored periods, with the first and the last as numbers; "" for a single one."""
    if len(unit.trend) < 2:
        return ""
    points = [amount for _, amount in unit.trend]
    line = f"{points[0]} {sparkline([float(p.value or 0) for p in points], _SPAN)}"
    return f"{line} {points[-1]}" if last else line


def ranking(card: CardView, width: int) -> RenderableType:
    """Build a title, one table a level, and what was not assessed, no wider than `width` columns. Names that do not fit
    go on to a second line; very long ones lose their middle."""
    from rich.console import Group
    from rich.text import Text

    lang: Lang = "vi" if card.lang == "vi" else "en"
    facts = dict(card.facts)
    lines: list[RenderableType] = [Text(f"{card.short_title} – {card.period}", style="bold")]
    for key in ("rulebook", "as_of"):
        label = say(f"render.head.{key}", lang)
        lines.append(Text(f"{label}: {facts[label]}"))
    if card.standing:
        lines += [Text(""), Text(card.standing, style="bold")]
    for level in card.levels:
        lines += [Text(""), _table(card, level, min(width, _WIDEST), lang)]
    if card.missing:
        ids = list(dict.fromkeys(m.head.id for m in card.missing))
        lines.append(Text(f"{say('render.text.not_assessed_somewhere', lang)}: {', '.join(ids)}", style="italic"))
    return Group(*lines)


def _grade_width(card: CardView) -> int:
    """Columns of the grade, the same for every level."""
    return max(14, *(len(unit.grade_label) + 1 for unit in card.units))


def _code_width(card: CardView, width: int) -> int:
    return max(min(max(len(unit.id) for unit in card.units), int(width * _LONGEST_CODE)), 9)


def _table(card: CardView, level: LevelView, width: int, lang: Lang) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(level.label), title_justify="left", box=box.SIMPLE_HEAD, width=width, pad_edge=False,
        padding=(0, 1, 0, 0),
    )  # fmt: skip
    codes = width >= _WITH_CODES
    table.add_column(say("render.column.rank", lang), justify="right", no_wrap=True, min_width=4)
    if codes:
        table.add_column(say("render.column.code", lang), overflow="fold", width=_code_width(card, width))
    table.add_column(say("render.column.unit", lang), overflow="fold", ratio=1)
    if width >= _WITH_GROUPS:
        for group in card.groups:
            table.add_column(group.id, justify="right", no_wrap=True)
    table.add_column(say("render.column.total", lang), justify="right", no_wrap=True, min_width=9)
    trends = _trends(card, width)
    if trends:
        table.add_column(say("render.column.periods", lang), no_wrap=True, min_width=max(map(len, trends.values())))
    table.add_column(say("render.column.percent", lang), justify="right", no_wrap=True)
    table.add_column(say("render.column.grade", lang), no_wrap=True, min_width=_grade_width(card))
    for unit in level.units:
        colour = _COLOURS[min(unit.grade.tone, len(_COLOURS) - 1)] if unit.grade else ""
        total = f"{unit.total}/{unit.assessed_max}" if unit.total.value is not None else unit.total.text
        mark = "*" if unit.provisional and unit.grade else ""
        row = [Text(unit.rank.text), *([Text(unit.id)] if codes else []), Text(shortened(unit.name, _LONGEST_NAME))]
        if width >= _WITH_GROUPS:
            row += [Text(g.points.text) for g in unit.groups]
        row += [Text(total), *([Text(trends[unit.id])] if trends else [])]
        table.add_row(*row, Text(unit.percent.text), Text(unit.grade_label + mark, style=colour))
    if any(u.provisional and u.grade for u in level.units):
        table.caption = Text(f"* {say('render.text.provisional', lang)}")
        table.caption_justify = "left"
    return table


def _trends(card: CardView, width: int) -> dict[str, str]:
    """By unit, the periods before, which the column of this one follows; empty where there are none, or no room."""
    found = {unit.id: trend_line(unit, last=False) for unit in card.units}
    needed = max(map(len, found.values()), default=0)
    others = 26 + _code_width(card, width) + 1 + _grade_width(card)  # 26: rank, total, percent
    others += 7 * len(card.groups) if width >= _WITH_GROUPS else 0
    return found if needed and width - others - needed - 1 >= _LEAST_NAME else {}


def shortened(name: str, letters: int) -> str:
    """A name of at most so many letters: where it is longer, words of its middle are left out, so that what sets it
    apart at either end stays.

    >>> shortened("Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh An Giang", 40)
    'Ban Quản lý Khu kinh tế … tỉnh An Giang'
    """
    if len(name) <= letters:
        return name
    room = letters - 3
    head = name[: room * 2 // 3 + 1].rpartition(" ")[0] or name[: room * 2 // 3]
    tail = name[-(room - len(head)) - 1 :].partition(" ")[2] or name[len(head) - room :]
    return f"{head} … {tail}"
