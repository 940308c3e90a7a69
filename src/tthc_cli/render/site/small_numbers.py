"""Small numbers of slips and petitions are kept back, together with whatever would give them away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli import schema

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.results.scorecard import RulebookInfo

SMALL = 5
"""Numbers from 1 up to, not including, this one are small."""
Pair = tuple[str, str]
"""Unit and component."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is kept back: (unit, component) pairs."""

    figures: frozenset[Pair] = frozenset()
    """Numerator, denominator and share."""
    reasons: frozenset[Pair] = frozenset()
    """Counts by reason; wherever the figures are hidden, too."""


def hidden_numbers(
    rulebook: RulebookInfo, units: Sequence[tuple[str, str | None]], components: pa.Table, counts: pa.Table
) -> Hidden:
    """What to keep back of a score.

    units: (id, parent). A component that counts petitions is hidden where it, what it lost or a reason is small; one in
    which slips or petitions are reasons shows no counts by reason where such a reason is small. Where a single unit
    below a parent is hidden, the smallest other one is too, else the parent: a difference would tell.
    """
    words = schema.word_file("small_numbers")
    whole = {c.id for c in rulebook.components if c.subject in words["subjects"]}
    named = {key: set(found) for key, found in words["reasons"].items()}
    small = _small_figures(components, whole) | _small_reasons(counts, whole, named)
    sizes = _sizes(components, {component for _, component in small})
    found: set[Pair] = set()
    for component in {component for _, component in small}:
        own = {unit for unit, one in small if one == component}
        found |= {(unit, component) for unit in _with_others(own, units, sizes[component])}
    return Hidden(frozenset(pair for pair in found if pair[1] in whole), frozenset(found))


def _small(number: Fraction | int) -> bool:
    return 0 < number < SMALL


def _small_figures(components: pa.Table, whole: Collection[str]) -> set[Pair]:
    found = set()
    for unit, component, numerator, denominator in _figures(components, whole):
        if denominator is not None and (_small(denominator) or _small(numerator) or _small(denominator - numerator)):
            found.add((unit, component))
    return found


def _small_reasons(counts: pa.Table, whole: Collection[str], named: Mapping[str, Collection[str]]) -> set[Pair]:
    import pyarrow as pa
    import pyarrow.compute as pc

    asked = pa.array(sorted({*whole, *named}), pa.string())
    near = pc.and_(pc.less(counts["count"], SMALL), pc.greater(counts["count"], 0))
    rows = counts.filter(pc.and_(near, pc.and_(counts["in_denominator"], pc.is_in(counts["component"], asked))))
    columns = (rows[name].to_pylist() for name in ("unit", "component", "reason"))
    return {(u, c) for u, c, reason in zip(*columns, strict=True) if c in whole or reason in named[c]}


def _figures(components: pa.Table, asked: Collection[str]) -> list[tuple[str, str, Fraction, Fraction | None]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = components.filter(pc.is_in(components["id"], pa.array(sorted(asked), pa.string())))
    columns = (rows[name].to_pylist() for name in ("unit", "id", "numerator", "denominator"))
    return [
        (unit, component, Fraction(numerator or 0), None if denominator is None else Fraction(denominator))
        for unit, component, numerator, denominator in zip(*columns, strict=True)
    ]


def _sizes(components: pa.Table, asked: Collection[str]) -> dict[str, dict[str, Fraction]]:
    """Component -> unit -> denominator, where there is one."""
    sizes: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for unit, component, _, denominator in _figures(components, asked):
        if denominator:
            sizes[component][unit] = denominator
    return sizes


def _with_others(
    own: Collection[str], units: Sequence[tuple[str, str | None]], sizes: Mapping[str, Fraction]
) -> set[str]:
    """The units hidden for themselves, and those that would give one of them away."""
    below: dict[str, list[str]] = defaultdict(list)
    parents = {unit: parent for unit, parent in units if parent}
    for unit, parent in parents.items():
        below[parent].append(unit)
    hidden = set(own)
    for parent in sorted(below, key=lambda unit: (-_depth(unit, parents), unit)):
        ours = [unit for unit in below[parent] if unit in hidden]
        if len(ours) != 1:
            continue
        others = [unit for unit in below[parent] if unit not in hidden and unit in sizes]
        hidden.add(min(others, key=lambda unit: (sizes[unit], unit)) if others else parent)
    return hidden


def _depth(unit: str, parents: Mapping[str, str]) -> int:
    depth, seen = 0, {unit}
    while (above := parents.get(unit)) is not None and above not in seen:
        unit, depth = above, depth + 1
        seen.add(unit)
    return depth
