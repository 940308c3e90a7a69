"""How many dossiers a way touches: one that is lost in two components is put right once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tthc_cli.results.scorecard import LostDossier

Bound = Literal["exact", "upper"]


@dataclass(frozen=True, slots=True)
class Cover:
    """The distinct subjects that serve so many places in several components."""

    distinct: int
    bound: Bound
    """upper: there may be fewer, because not every overlap is known or the choice need not be the best."""


def cover(counts: Mapping[str, int], lost: Iterable[LostDossier]) -> Cover:
    """The fewest dossiers found that serve `counts` (component -> dossiers to put right). lost: those to choose from.

    >>> cover({"2.1": 2}, ())
    Cover(distinct=2, bound='exact')
    """
    needed = {component: count for component, count in counts.items() if count}
    total = sum(needed.values())
    if len(needed) < 2:
        return Cover(total, "exact")
    places: dict[str, set[str]] = {}
    for one in lost:
        if one.component in needed:
            places.setdefault(one.dossier, set()).add(one.component)
    kinds = Counter(frozenset(components) for components in places.values())
    told = Counter(component for components in places.values() for component in components)
    if any(told[component] < count for component, count in needed.items()):
        return Cover(total, "upper")
    at_least = max(needed.values()) if any(len(kind) > 1 for kind in kinds) else total
    distinct = _greedy(needed, kinds)
    return Cover(distinct, "exact" if distinct == at_least or len(needed) == 2 else "upper")


def _greedy(counts: Mapping[str, int], kinds: Counter[frozenset[str]]) -> int:
    """Those that serve the most components at once first. The best choice for two components."""
    needed, left, chosen = dict(counts), dict(kinds), 0
    while needed:
        kind = max((k for k, n in left.items() if n), key=lambda k: (len(k & needed.keys()), -len(k), sorted(k)))
        serves = kind & needed.keys()
        taken = min(left[kind], *(needed[component] for component in serves))
        left[kind] -= taken
        chosen += taken
        needed = {c: n - taken * (c in serves) for c, n in needed.items() if n > taken * (c in serves)}
    return chosen
