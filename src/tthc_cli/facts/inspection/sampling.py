"""A random sample by strata that anybody can draw again from the recorded seed.

Strata are fields: the most frequent ones until they hold four fifths of the dossiers, three at least. The sample is
shared out in proportion (largest remainder), two a stratum at least. In a stratum the dossiers are taken whose rank is
lowest: SHA-256 of "seed", a line feed, and the dossier's code in UTF-8, equal ranks by code. No library's generator is
asked, so that the order of files, the machine and the version of anything change nothing; each dossier of a stratum is
as likely as any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from tthc_cli.text import vietnamese_order

SHARE = Fraction(4, 5)
"""The part of all dossiers that the fields drawn from must hold."""
FEWEST_STRATA = 3
FEWEST_EACH = 2


def chosen_strata(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The fields that are drawn from, the largest first; equal ones by name. sizes: field -> dossiers.

    >>> chosen_strata({"a": 50, "b": 30, "c": 15, "d": 5})
    ('a', 'b', 'c')
    """
    order = sorted((f for f, n in sizes.items() if n), key=lambda f: (-sizes[f], not f, vietnamese_order(f), f))
    whole, held = sum(sizes.values()), 0
    chosen: list[str] = []
    for name in order:
        if len(chosen) >= FEWEST_STRATA and held >= SHARE * whole:
            break
        chosen.append(name)
        held += sizes[name]
    return tuple(chosen)


def fewest(sizes: Sequence[int]) -> int:
    """The smallest sample that gives each stratum its fewest."""
    return sum(min(FEWEST_EACH, size) for size in sizes)


def allocation(sizes: Sequence[int], size: int) -> tuple[int, ...]:
    """How many are drawn of each stratum: in proportion by largest remainder (equal ones to the stratum named first),
    then raised to FEWEST_EACH at the cost of those most above their due. Needs `size >= fewest(sizes)`.

    >>> allocation([50, 30, 15], 19)
    (10, 6, 3)
    """
    whole = sum(sizes)
    if size >= whole:
        return tuple(sizes)
    dues = [Fraction(size * n, whole) for n in sizes]
    drawn = [int(due) for due in dues]
    order = sorted(range(len(sizes)), key=lambda at: (drawn[at] - dues[at], at))
    for at in order[: size - sum(drawn)]:
        drawn[at] += 1
    for at, n in enumerate(sizes):
        while drawn[at] < min(FEWEST_EACH, n):
            rich = [i for i, m in enumerate(sizes) if drawn[i] > min(FEWEST_EACH, m)]
            drawn[max(rich, key=lambda i: (drawn[i] - dues[i], -i))] -= 1
            drawn[at] += 1
    return tuple(drawn)


def rank(seed: str, dossier: str) -> bytes:
    """What a dossier is ordered by when it is drawn."""
    return hashlib.sha256(f"{seed}\n{dossier}".encode()).digest()


def drawn(seed: str, dossiers: Iterable[str], size: int) -> tuple[str, ...]:
    """So many dossiers without replacement, in order of their codes."""
    ranked = sorted((rank(seed, dossier), dossier) for dossier in dossiers)
    return tuple(sorted(dossier for _, dossier in ranked[:size]))


def frame_hash(frame: Mapping[str, str]) -> str:
    """A hash of what was drawn from. frame: dossier -> field."""
    lines = "".join(f"{dossier}\t{frame[dossier]}\n" for dossier in sorted(frame))
    return hashlib.sha256(lines.encode()).hexdigest()
