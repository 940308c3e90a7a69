"""The pages of one score about all its units: the map of grades, and the ranking of every level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.site.unit_page import Past, grade_text
from tthc_cli.render.site.writing import Writer
from tthc_cli.text import vietnamese_order

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.render.site.card import SiteCard, SiteUnit

ROWS = 500
"""Rows of one page of a ranking, or of trends."""
NAMED_TILES = 200
"""Of so many units of a level the tiles bear names; of more, letters alone, by the units that they are below."""
OTHER_TONES = 5
"""Grades beyond this have the colour of the last one."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit on the map."""

    href: str
    letters: str
    tone: str
    name: str
    text: str
    """Its result in words."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """The tiles of a level, or of one parent in it."""

    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class LevelMap:
    """A level on the map: how many units have which grade, and their tiles."""

    key: str
    title: str
    counts: tuple[tuple[str, str, str, int], ...]
    """(letters, grade, tone, units)."""
    named: bool
    parts: tuple[Tiles, ...]
    ranking: tuple[tuple[str, str], ...]
    """(file, from rank to rank) of its ranking."""


def level_maps(card: SiteCard) -> tuple[LevelMap, ...]:
    """The map of a card, level by level."""
    return tuple(_level(card, level, units) for level, units in card.levels().items())


def _level(card: SiteCard, level: str, units: Sequence[SiteUnit]) -> LevelMap:
    lang = card.lang
    counts = [
        (card.letters[key], card.grade_label(grade), tone_of(card, key), sum(u.grade == key for u in units))
        for key, grade in card.grades.items()
    ]
    counts.append(
        (formats.NOTHING, say("publish.map.none", lang), tone_of(card, None), sum(not u.grade for u in units))
    )
    named = len(units) <= NAMED_TILES
    title = say(f"render.level.{level}", lang)
    parts = [Tiles("", tuple(_tile(card, u) for u in units))] if named else _by_parent(card, units)
    ranking = tuple((file, label) for file, label, _ in slices(f"rank-{level}", units))
    return LevelMap(level, title, tuple(c for c in counts if c[3]), named, tuple(parts), ranking)


def _by_parent(card: SiteCard, units: Sequence[SiteUnit]) -> list[Tiles]:
    below: dict[str, list[SiteUnit]] = {}
    for unit in units:
        parent = card.by_id.get(unit.parent or "")
        below.setdefault(parent.name if parent else "", []).append(unit)
    return [
        Tiles(name, tuple(_tile(card, u) for u in sorted(below[name], key=lambda u: (vietnamese_order(u.name), u.id))))
        for name in sorted(below, key=vietnamese_order)
    ]


def _tile(card: SiteCard, unit: SiteUnit) -> Tile:
    letters = card.letters.get(unit.grade or "", formats.NOTHING)
    text = f"{grade_text(card, unit)}, {formats.fixed(unit.percent, card.lang)}"
    return Tile(f"{unit.anchor}.html", letters, tone_of(card, unit.grade), unit.name, text)


def tone_of(card: SiteCard, grade: str | None) -> str:
    """The class of a grade's colour."""
    return "tn" if grade is None else f"t{min(card.tones[grade], OTHER_TONES - 1)}"


def slices(stem: str, rows: Sequence[T]) -> list[tuple[str, str, Sequence[T]]]:
    """Long tables in pages: (file, "1–500", rows) of each.

    >>> [(file, label) for file, label, _ in slices("rank-xa", range(501))]
    [('rank-xa.html', '1–500'), ('rank-xa-2.html', '501–501')]
    """
    return [
        (f"{stem}.html" if not begin else f"{stem}-{begin // ROWS + 1}.html",
         f"{begin + 1}–{min(begin + ROWS, len(rows))}", rows[begin : begin + ROWS])
        for begin in range(0, len(rows), ROWS)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of a ranking."""

    rank: str
    href: str
    name: str
    parent: str
    total: str
    most: str
    percent: str
    letters: str
    grade: str
    tone: str
    change: str


def overview_pages(writer: Writer, card: SiteCard, past: Sequence[Past]) -> Iterator[tuple[str, bytes]]:
    """(path, page): the rankings, then the map that leads to them."""
    for level, units in card.levels().items():
        found = slices(f"rank-{level}", units)
        for file, label, part in found:
            path = f"{card.folder}/{file}"
            yield path, writer.page(
                "ranking.html.j2", path, card=card, level=say(f"render.level.{level}", card.lang), label=label,
                rows=[ranked(card, unit, past) for unit in part], pages=[(f, name) for f, name, _ in found], file=file,
                since=past[-1].period if past else "",
            )  # fmt: skip
    path = f"{card.folder}/index.html"
    yield path, writer.page("map.html.j2", path, card=card, levels=level_maps(card), facts=facts(card))


def ranked(card: SiteCard, unit: SiteUnit, past: Sequence[Past]) -> Ranked:
    lang: Lang = card.lang
    before = past[-1].units.get(unit.id) if past else None
    change = None
    if before is not None and before.percent is not None and unit.percent is not None:
        change = unit.percent - before.percent
    parent = card.by_id.get(unit.parent or "")
    return Ranked(
        formats.plain(unit.rank, lang), f"{unit.anchor}.html", unit.name, parent.name if parent else "",
        formats.fixed(unit.total, lang), formats.plain(unit.assessed_max, lang), formats.fixed(unit.percent, lang),
        card.letters.get(unit.grade or "", formats.NOTHING), grade_text(card, unit), tone_of(card, unit.grade),
        formats.signed(change, lang),
    )  # fmt: skip


def facts(card: SiteCard) -> tuple[tuple[str, str], ...]:
    """What a score is, for the head of its map."""
    lang, head = card.lang, card.stored.head
    start, end = formats.day(head["period_start"], lang), formats.day(head["period_end"], lang)
    style = say(f"render.window.{card.window}", lang)
    book = card.rulebook
    return (
        (say("render.head.window", lang), say("render.head.window_value", lang, start=start, end=end, style=style)),
        (say("render.head.as_of", lang), card.as_of_text),
        (say("render.head.rulebook", lang),
         say("render.head.rulebook_value", lang, title=card.title, id=book.id, revision=book.revision)),
        (say("render.head.cite", lang), book.cite),
        (say("render.head.version", lang), f"tthc {card.version}"),
    )  # fmt: skip
