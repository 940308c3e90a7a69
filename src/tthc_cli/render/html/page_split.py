"""Which units share a page where a scorecard has too many for one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from tthc_cli.text import vietnamese_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tthc_cli.render.view.model import CardView, UnitView


@dataclass(frozen=True, slots=True)
class UnitPage:
    """The units of one page, and what it is called."""

    file: str
    """"units-01.html"."""
    label: str
    units: tuple[UnitView, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Units that belong together: a level, the units below one parent, or a part of these."""

    level: str
    parent: str
    units: tuple[UnitView, ...]
    whole_level: bool = False
    part: bool = False
    """One of several slices."""

    def joins(self, other: _Block) -> bool:
        """Whether both may stand on one page: whole levels, or whole parents of one level."""
        if self.part or other.part or self.whole_level != other.whole_level:
            return False
        return self.whole_level or self.level == other.level


def unit_pages(card: CardView, most: int) -> tuple[UnitPage, ...]:
    """The selected units on pages of at most `most` (at least 1).

    A level that fits a page stays together, and small levels share one; a larger level is cut between the units
    that others belong to, and where one of these has too many, into slices of equal length. Within a page units are in
    the order of their names.
    """
    pages: list[list[_Block]] = []
    for block in _blocks(card.selected, most):
        last = pages[-1] if pages else []
        if last and last[-1].joins(block) and sum(len(b.units) for b in last) + len(block.units) <= most:
            last.append(block)
        else:
            pages.append([block])
    digits = max(2, len(str(len(pages))))
    return tuple(
        UnitPage(f"units-{number:0{digits}}.html", _label(blocks), tuple(u for b in blocks for u in b.units))
        for number, blocks in enumerate(pages, 1)
    )


def _blocks(units: Sequence[UnitView], most: int) -> Iterator[_Block]:
    for _, of_level in groupby(units, key=lambda unit: unit.level):
        level = sorted(of_level, key=lambda unit: unit.name_order)
        label = level[0].level_label
        if len(level) <= most:
            yield _Block(label, "", tuple(level), whole_level=True)
            continue
        by_parent = sorted(level, key=lambda unit: (vietnamese_order(unit.parent), unit.parent))
        parents = [(parent, tuple(below)) for parent, below in groupby(by_parent, key=lambda unit: unit.parent)]
        for parent, below in parents:
            shown = (parent or label) if len(parents) > 1 else ""
            slices = -(-len(below) // most)
            edges = [len(below) * i // slices for i in range(slices + 1)]
            for begin, end in pairwise(edges):
                yield _Block(label, shown, below[begin:end], part=slices > 1)


def _label(blocks: Sequence[_Block]) -> str:
    """The levels; or the level and the first and last parent; or these and the first and last unit."""
    first, last = blocks[0], blocks[-1]
    if first.whole_level:
        return "; ".join(block.level for block in blocks)
    names = []
    if first.parent:
        names.append(first.parent if first is last else f"{first.parent} – {last.parent}")
    if first.part:
        names.append(f"{first.units[0].name} – {first.units[-1].name}")
    return f"{first.level}: {', '.join(names)}"
