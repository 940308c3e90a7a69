"""Trends: the units of one evaluation in all stored periods of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.site.overview import slices, tone_of
from tthc_cli.render.site.unit_page import Line, Step, trend_line
from tthc_cli.render.site.writing import Writer
from tthc_cli.text import vietnamese_order
from tthc_cli.units.levels import LEVELS

if TYPE_CHECKING:
    from tthc_cli.render.site.card import SiteCard, SiteUnit


@dataclass(frozen=True, slots=True)
class TrendCell:
    """A unit in a period; `href` is "" where it was not there."""

    href: str
    percent: str
    letters: str
    tone: str


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A unit in all periods."""

    name: str
    cells: tuple[TrendCell, ...]


@dataclass(frozen=True, slots=True)
class TrendPages:
    """What the page of all trends says of one series."""

    title: str
    periods: tuple[str, ...]
    line: Line | None
    province: str
    """Of which unit the line is."""
    levels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """(level, (file, label) of its pages)."""


def trend_pages(
    writer: Writer, folder: str, title: str, cards: Sequence[SiteCard]
) -> tuple[list[tuple[str, bytes]], TrendPages]:
    """The pages of one series, and what leads to them. cards: oldest first; folder: "trends/qd766-quarter"."""
    newest = cards[-1]
    known: dict[str, SiteUnit] = {}
    for card in cards:
        known.update(card.by_id)
    pages, levels = [], []
    for level in sorted({u.level for u in known.values()}, key=lambda one: LEVELS.index(one) if one in LEVELS else 9):
        units = sorted((u for u in known.values() if u.level == level), key=lambda u: (vietnamese_order(u.name), u.id))
        found = slices(level, units)
        names = [(file, label) for file, label, _ in found]
        for file, label, part in found:
            path = f"{folder}/{file}"
            rows = [TrendRow(u.name, tuple(_cells(cards, u.id))) for u in part]
            pages.append((path, writer.page(
                "trend.html.j2", path, title=title, level=say(f"render.level.{level}", newest.lang), label=label,
                periods=[(card.period, f"../../{card.folder}/index.html") for card in cards], rows=rows, pages=names,
                file=file,
            )))  # fmt: skip
        levels.append((say(f"render.level.{level}", newest.lang), tuple((f"{folder}/{f}", name) for f, name in names)))
    return pages, _summary(title, cards, levels)


def _summary(
    title: str, cards: Sequence[SiteCard], levels: Sequence[tuple[str, tuple[tuple[str, str], ...]]]
) -> TrendPages:
    newest = cards[-1]
    root = newest.by_id.get(newest.province)
    steps = []
    for card in cards:
        unit = card.by_id.get(newest.province)
        percent = unit.percent if unit else None
        text = formats.fixed(percent, card.lang)
        steps.append(Step(card.period, "", text, "", None if percent is None else float(percent)))
    return TrendPages(
        title, tuple(f"{s.period}: {s.percent}" for s in steps), trend_line(steps), root.name if root else "",
        tuple(levels),
    )  # fmt: skip


def _cells(cards: Sequence[SiteCard], unit_id: str) -> Iterator[TrendCell]:
    for card in cards:
        unit = card.by_id.get(unit_id)
        if unit is None:
            yield TrendCell("", formats.NOTHING, "", "")
            continue
        letters = card.letters.get(unit.grade or "", "")
        yield TrendCell(
            f"../../{card.folder}/{unit.anchor}.html",
            formats.fixed(unit.percent, card.lang),
            letters,
            tone_of(card, unit.grade),
        )
