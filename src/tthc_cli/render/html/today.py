"""The morning paper as one page: no script, to read and to print on two sheets of A4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.render.today import about, trend_text
from tthc_cli.render.view.listing import cell_text
from tthc_cli.results.today import MEASURES, measure_name

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.today import Today

_TEMPLATES = Path(__file__).parent / "templates"
SHOWN_UNITS = 40
_SHOWN = ("unit", "dossier", "procedure", "due", "overdue_days", "letter", "division")
"""Columns of the urgent dossiers that a page has room for."""
_WIDTH, _HEIGHT = 720.0, 110.0


def today_page(today: Today, lang: Lang) -> str:
    """The whole page, self-contained."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    listed = today.urgent
    every = len(listed.rows) + listed.more
    return environment.get_template("today.html.j2").render(
        lang=lang,
        say=lambda key, **fields: say(f"today.{key}", lang, **fields),
        about=about(today, lang),
        totals=[(measure_name(key, lang), formats.plain(today.total[key], lang), key) for key in MEASURES],
        heads=[say(f"today.short.{key}", lang) for key in MEASURES],
        units=[
            (clean(unit.unit), clean(unit.name), [_count(unit.counts[key], lang) for key in MEASURES])
            for unit in today.units[:SHOWN_UNITS]
        ],
        more_units=max(0, len(today.units) - SHOWN_UNITS),
        bars=_bars(today, lang),
        trend=trend_text(today, lang),
        columns=[(listed.columns[at], listed.headings(lang)[at]) for at in _places(today)],
        rows=[[cell_text(row[at], listed.columns[at], lang) for at in _places(today)] for row in listed.worded(lang)],
        urgent_more=say("today.urgent_more", lang, shown=len(listed.rows), all=formats.plain(every, lang)),
        notes=today.note_lines(lang),
    )


def _count(count: int, lang: Lang) -> str:
    return formats.plain(count, lang) if count else "·"


def _places(today: Today) -> list[int]:
    found = (today.urgent.place(name) for name in _SHOWN)
    return [at for at in found if at is not None]


def _bars(today: Today, lang: Lang) -> list[tuple[str, str, str, str, str, str]]:
    """(x, y, width, height, title, count) of the bar of each day."""
    most = max((count for _, count in today.trend), default=0) or 1
    step = _WIDTH / len(today.trend)
    bars = []
    for at, (day, count) in enumerate(today.trend):
        height = _HEIGHT * count / most
        place = (at * step + 1, 14 + _HEIGHT - height, step - 2, height)
        title = f"{formats.day(day, lang)}: {formats.plain(count, lang)}"
        x, y, width, tall = (f"{value:.1f}" for value in place)
        bars.append((x, y, width, tall, title, formats.plain(count, lang)))
    return bars
