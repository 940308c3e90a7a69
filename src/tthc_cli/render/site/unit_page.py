"""The page of one unit in one score: result, change, trend, components with the reasons why points were lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tthc_cli.messages import Lang, say
from tthc_cli.render import formats
from tthc_cli.render.site.writing import KEPT, Writer, fixed, plain, said, share
from tthc_cli.render.view.building import MEAN_TIME

if TYPE_CHECKING:
    from tthc_cli.render.site.card import Figure, SiteCard, SiteUnit
    from tthc_cli.results.scorecard import ComponentInfo


class PastUnit(NamedTuple):
    """A unit in an earlier period: thousands are kept, of each no more than is shown."""

    anchor: str
    percent: Decimal | None
    rank: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """What a score of an earlier period said of the units."""

    folder: str
    period: str
    units: dict[str, PastUnit]


@dataclass(frozen=True, slots=True)
class Row:
    """A component on the page."""

    id: str
    title: str
    numerator: str
    denominator: str
    ratio: str
    points: str
    max: str
    why: str


@dataclass(frozen=True, slots=True)
class Block:
    """A group of components on the page."""

    title: str
    points: str
    max: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A period of the trend."""

    period: str
    href: str
    percent: str
    letter: str
    height: float | None


class UnitPages:
    """Writes the pages of the units of one card."""

    def __init__(self, writer: Writer, card: SiteCard, past: Sequence[Past], workbooks: bool) -> None:
        self.writer, self.card, self.past, self.workbooks = writer, card, past, workbooks
        self.lang: Lang = card.lang
        self.ranked: dict[str, int] = {}
        for unit in card.units:
            self.ranked[unit.level] = self.ranked.get(unit.level, 0) + (unit.rank is not None)

    def pages(self, begin: int, end: int) -> Iterator[tuple[str, bytes]]:
        """(path, page) of the units from `begin` up to `end`."""
        for unit, points, figures in self.card.details(begin, end):
            path = f"{self.card.folder}/{unit.anchor}.html"
            yield path, self._page(path, unit, points, figures)

    def _page(self, path: str, unit: SiteUnit, points: dict[str, str | None], figures: list[Figure]) -> bytes:
        card = self.card
        parent = card.by_id.get(unit.parent or "")
        trend = self.trend(unit)
        return self.writer.page(
            "unit.html.j2", path, card=card, unit=unit, parent=parent, blocks=self.blocks(points, figures),
            trend=trend, line=trend_line(trend), change=self.change(unit), grade=grade_text(card, unit),
            rank=say("render.text.unranked", self.lang) if unit.rank is None
            else say("render.text.rank_of", self.lang, rank=unit.rank, of=self.ranked[unit.level]),
            provisional=say("render.text.provisional_why", self.lang, max=formats.plain(unit.assessed_max, self.lang))
            if unit.provisional else "",
            total=formats.fixed(unit.total, self.lang), percent=formats.fixed(unit.percent, self.lang),
            most=formats.plain(unit.assessed_max, self.lang), workbook=self.workbooks,
            masked=any(f.reasons_hidden for f in figures), level=say(f"render.level.{unit.level}", self.lang),
        )  # fmt: skip

    def blocks(self, points: dict[str, str | None], figures: list[Figure]) -> list[Block]:
        """The components by group."""
        card, lang = self.card, self.lang
        by_group: dict[str, list[Row]] = {}
        for found in figures:
            info = card.components.get(found.id)
            if info is not None:
                by_group.setdefault(info.group, []).append(self.row(info, found))
        return [
            Block(
                f"{group.id}. {card.both(group.title_vi, group.title_en)}", fixed(points.get(group.id), lang),
                plain(str(group.max), lang), tuple(by_group.get(group.id, ())),
            )
            for group in card.rulebook.groups
        ]  # fmt: skip

    def row(self, info: ComponentInfo, found: Figure) -> Row:
        """A component, with the reasons why it lost points."""
        lang = self.lang
        kept = said(lang, "unit.kept")
        mean = info.id == MEAN_TIME or bool(info.sources)
        points = fixed(found.points, lang) if found.status == "scored" else say(f"render.status.{found.status}", lang)
        return Row(
            id=found.id,
            title=self.card.both(info.title_vi, info.title_en),
            numerator=kept if found.hidden else plain(found.numerator, lang),
            denominator=kept if found.hidden else plain(found.denominator, lang),
            ratio=kept if found.hidden else share(found.numerator, found.denominator, lang, mean),
            points=points,
            max=plain(found.max, lang) if info.max else formats.NOTHING,
            why="" if found.points == found.max and info.max else why_lost(found, lang),
        )

    def trend(self, unit: SiteUnit) -> list[Step]:
        """The unit in the periods before and in this one, oldest first; [] where there is one only."""
        top = "../" * (self.card.folder.count("/") + 1)
        found = [(past.period, f"{top}{past.folder}/", past.units[unit.id]) for past in self.past
                 if unit.id in past.units]  # fmt: skip
        if not found:
            return []
        now = PastUnit(unit.anchor, unit.percent, unit.rank, unit.grade)
        return [
            Step(
                period, f"{way}{one.anchor}.html" if way else "", formats.fixed(one.percent, self.lang),
                self.card.letters.get(one.grade or "", formats.NOTHING),
                None if one.percent is None else float(one.percent),
            )
            for period, way, one in [*found, (self.card.period, "", now)]
        ]  # fmt: skip

    def change(self, unit: SiteUnit) -> str:
        """How it did against the period before, in words; "" where there is none."""
        before = self.past[-1].units.get(unit.id) if self.past else None
        if before is None or before.percent is None or unit.percent is None:
            return ""
        points = formats.signed(unit.percent - before.percent, self.lang)
        text = say("publish.unit.change", self.lang, points=points, period=self.past[-1].period)
        if before.rank is None or unit.rank is None:
            return text
        places = before.rank - unit.rank
        way = say(
            f"render.text.{'same' if not places else 'up' if places > 0 else 'down'}", self.lang, count=abs(places)
        )
        return say("publish.unit.change_rank", self.lang, change=text, rank=way)


def grade_text(card: SiteCard, unit: SiteUnit) -> str:
    """The grade, or what stands for it."""
    if unit.grade is not None:
        return card.grade_label(card.grades[unit.grade])
    return say("render.text.no_grade" if unit.total is None else "render.text.ungraded", card.lang)


def why_lost(found: Figure, lang: Lang) -> str:
    """The reasons that are in the denominator and not in the numerator, with their counts."""
    parts = [reason_text(found.id, key, count, lang) for key, earned, count in found.reasons if not earned]
    if found.reasons_hidden:
        parts.append(said(lang, "unit.reasons_kept"))
    if found.untold and not found.hidden:
        parts.append(say("render.text.untold_subjects", lang, count=found.untold))
    return "; ".join(parts)


@lru_cache(maxsize=KEPT)
def reason_text(component: str, key: str, count: int, lang: Lang) -> str:
    text = say(f"reasons.{component}.{key}", lang)
    return say("render.page.reason", lang, reason=text, count=formats.plain(count, lang))


@dataclass(frozen=True, slots=True)
class Line:
    """A trend as a line in a box of 300 by 60."""

    points: str
    label: str


def trend_line(trend: Sequence[Step]) -> Line | None:
    """The line of a trend of two periods or more that have points."""
    known = [(place, step) for place, step in enumerate(trend) if step.height is not None]
    if len(known) < 2:
        return None
    step = 290 / (len(trend) - 1)
    points = " ".join(f"{5 + place * step:.0f},{55 - (one.height or 0) / 2:.0f}" for place, one in known)
    return Line(points, "; ".join(f"{one.period} {one.percent}" for _, one in known))
