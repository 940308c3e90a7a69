"""Which name belongs to which code, and what speaks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tthc_cli.statements.unit_table.evidence import Evidence, Pairs
from tthc_cli.statements.unit_table.spellings import PROPER, Group
from tthc_cli.text import fold
from tthc_cli.units.codes import unit_code
from tthc_cli.units.names import spelling
from tthc_cli.units.tree import place_name

Kind = Literal["dossiers", "linked", "agency", "file"]
_MOST, _HALF, _SOME = 0.6, 0.5, 0.2
_SURE = 0.9


@dataclass(slots=True)
class Bound:
    """A code and the names that are its own."""

    code: str
    main: str | None = None
    """Key of the group of its name."""
    aliases: list[str] = field(default_factory=list)
    kinds: set[Kind] = field(default_factory=set)
    """What speaks for the name."""
    share: float = 0.0
    """Of the dossiers of the code that bear a name, those that bear this one."""
    shared_counter: bool = False
    """Dossiers of many units bear this code."""


def bind(evidence: Evidence, groups: Mapping[str, Group], codes: frozenset[str]) -> dict[str, Bound]:
    """The names of every code. Names that go with no code are in none of them."""
    named = _by_group(evidence.dossiers, groups)
    total: Counter[str] = Counter()
    for votes in named.values():
        total.update(votes)
    bound = {code: _by_dossiers(code, named.get(code, Counter()), total, groups) for code in sorted(codes)}
    votes_by_kind: dict[Kind, dict[str, Counter[str]]] = {
        "linked": _by_group(evidence.linked, groups),
        "agency": _by_group(evidence.agencies, groups),
        "file": _by_file(evidence, groups),
    }
    taken = {one.main for one in bound.values() if one.main}
    claims = sorted(
        ((len(kinds), share, code, key, kinds) for code in bound for key, share, kinds in _claims(code, votes_by_kind)),
        key=lambda claim: (-claim[0], -claim[1], claim[2], claim[3]),
    )
    for _, share, code, key, kinds in claims:
        one = bound[code]
        if one.main == key:
            one.kinds |= kinds
        elif one.main is None and not one.shared_counter and key not in taken:
            one.main, one.share = key, share
            one.kinds |= kinds
            taken.add(key)
    return bound


def _by_group(pairs: Pairs, groups: Mapping[str, Group]) -> dict[str, Counter[str]]:
    """Code -> groups of names with how many speak for each."""
    home = {name: key for key, group in groups.items() for name in group.spellings}
    found: dict[str, Counter[str]] = {}
    for (code, text), count in pairs.items():
        if text and unit_code(text) is None:
            key = home.get(text) or spelling(text)
            if key in groups:
                found.setdefault(code, Counter())[key] += count
    return found


def _by_dossiers(code: str, votes: Counter[str], total: Counter[str], groups: Mapping[str, Group]) -> Bound:
    """What the dossiers of a code say: a name is its own where most dossiers of that name bear the code, or where half
    of the code's bear the name, as of two communes of one name."""
    one = Bound(code)
    whole = votes.total()
    own = [
        key
        for key, count in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        if count >= _MOST * total[key] or (count >= _SOME * total[key] and count >= _HALF * whole)
    ]
    proper = [key for key in own if groups[key].level in PROPER]
    units = sum(votes[key] for key in proper)
    if proper and votes[proper[0]] < _HALF * units:
        one.shared_counter = True
        return one
    one.main = next(iter(proper or own), None)
    if one.main is not None:
        one.kinds.add("dossiers")
        one.share = votes[one.main] / (units or whole)
        one.aliases = [k for k in own if k != one.main and (k not in proper or votes[k] < _SOME * whole)]
    return one


def _by_file(evidence: Evidence, groups: Mapping[str, Group]) -> dict[str, Counter[str]]:
    """Code -> the names that stand in the names of the files and sheets its dossiers came in."""
    words = {key: f" {place_name(group.best)} " for key, group in groups.items() if " " in place_name(group.best)}
    of_code: dict[str, Counter[str]] = {}
    for (code, _), places in evidence.places.items():
        of_code.setdefault(code, Counter()).update(places)
    found: dict[str, Counter[str]] = {}
    for code, places in of_code.items():
        for place, count in places.items():
            said = f" {fold(place)} "
            keys = sorted((key for key, text in words.items() if text in said), key=lambda key: (-len(words[key]), key))
            if keys:
                found.setdefault(code, Counter())[keys[0]] += count
    return found


def _claims(code: str, by_kind: Mapping[Kind, Mapping[str, Counter[str]]]) -> Iterator[tuple[str, float, set[Kind]]]:
    """(group, share, kinds of evidence) of the names that most of one kind of evidence gives a code."""
    kinds: dict[str, set[Kind]] = {}
    shares: dict[str, float] = {}
    for kind, votes in by_kind.items():
        whole = votes.get(code, Counter()).total()
        for key, count in votes.get(code, Counter()).items():
            if count >= _HALF * whole:
                kinds.setdefault(key, set()).add(kind)
                shares[key] = max(shares.get(key, 0.0), count / whole)
    for key in sorted(kinds):
        yield key, shares[key], kinds[key]


def is_sure(one: Bound) -> bool:
    """Whether a name is beyond doubt: the code's own dossiers bear it nearly all, or two kinds of evidence agree."""
    return len(one.kinds) > 1 or ("dossiers" in one.kinds and one.share >= _SURE)
