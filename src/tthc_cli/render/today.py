"""The morning paper on a terminal, and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import Lang, say
from tthc_cli.render import formats
from tthc_cli.render.bars import sparkline
from tthc_cli.render.text import clean
from tthc_cli.results.today import MEASURES, Today, measure_name

if TYPE_CHECKING:
    from rich.console import RenderableType

SHOWN_UNITS = 15
"""On a terminal."""
_ACROSS = 2


def about(today: Today, lang: Lang) -> str:
    """Whose day it is, and when."""
    who = f"{today.unit} {clean(today.unit_name)}".strip() or say("today.of_all", lang)
    return say("today.as_of", lang, who=who, as_of=formats.day(today.as_of, lang))


def trend_text(today: Today, lang: Lang) -> str:
    """The trend in words, which a chart never is without."""
    (first_day, first), (last_day, last) = today.trend[0], today.trend[-1]
    most, least = (pick(count for _, count in today.trend) for pick in (max, min))
    days = {"first_day": formats.day(first_day, lang), "last_day": formats.day(last_day, lang)}
    counts = {"first": first, "last": last, "most": most, "least": least}
    return say("today.trend_told", lang, **days, **{k: formats.plain(v, lang) for k, v in counts.items()})


def today_screen(today: Today, lang: Lang, width: int) -> RenderableType:
    """One screen: totals, units, trend, the most urgent dossiers, what is missing."""
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = [
        Text(say("today.title", lang), style="bold"), Text(about(today, lang)), _totals(today, lang), Text(),
        Text(say("today.units", lang), style="bold"),
    ]  # fmt: skip
    parts += [_units(today, lang, width)] if today.units else [Text(say("today.nothing", lang))]
    if len(today.units) > SHOWN_UNITS:
        parts.append(Text(say("today.more_units", lang, count=len(today.units) - SHOWN_UNITS)))
    parts += [
        Text(), Text(say("today.trend", lang), style="bold"),
        Text(f"{sparkline([count for _, count in today.trend])}  {trend_text(today, lang)}"),
    ]  # fmt: skip
    parts += [Text(line, style="italic") for line in today.note_lines(lang)]
    return Group(*parts)


def _totals(today: Today, lang: Lang) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    for _ in range(_ACROSS):
        table.add_column(justify="right", style="bold")
        table.add_column()
    cells = [(formats.plain(today.total[key], lang), f"{measure_name(key, lang)}  ") for key in MEASURES]
    rows = -(-len(cells) // _ACROSS)
    for row in range(rows):
        table.add_row(*(text for cell in cells[row::rows] for text in cell))
    return table


def _units(today: Today, lang: Lang, width: int) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, width=width, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(say("today.unit", lang), ratio=1, no_wrap=True, overflow="ellipsis")
    keys = [key for key in MEASURES if any(unit.counts[key] for unit in today.units)]
    for key in keys:
        head = say(f"today.short.{key}", lang)
        table.add_column(head, justify="right", max_width=max(6, *map(len, head.split())))
    for unit in today.units[:SHOWN_UNITS]:
        counts = [formats.plain(unit.counts[key], lang) if unit.counts[key] else "·" for key in keys]
        table.add_row(Text(f"{clean(unit.unit)} {clean(unit.name)}"), *counts)
    return table
