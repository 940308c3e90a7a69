"""How one unit is spelled: names that mean the same brought together, the best of them, abbreviations, levels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tthc_cli.text import fold, nfc
from tthc_cli.units.names import spelling
from tthc_cli.units.tree import guess_level, place_name

PROPER = ("tinh", "so", "huyen", "xa")
"""Levels that a name tells; what has another name may be a part of a unit."""
_OF_PROVINCE = re.compile(r"[\s,–-]+(?P<province>tỉnh\s+\S.*)$", re.IGNORECASE)
_CAPITALS = re.compile(r"[A-ZĐ]{2}")
_SHORT_LETTERS = 9
"""Letters of an abbreviation, at most."""


@dataclass(slots=True)
class Group:
    """Spellings of one name, with how often each was seen."""

    key: str
    spellings: Counter[str] = field(default_factory=Counter)

    @property
    def best(self) -> str:
        """The spelling for people: kinds of places in full, with "UBND", not in capitals, the most frequent."""
        return min(self.spellings, key=lambda name: (*_plainness(name), -self.spellings[name], name))

    @property
    def level(self) -> str:
        return level_told(self.best)

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.spellings) - {self.best}))


def _plainness(name: str) -> tuple[bool, bool, bool, bool]:
    """What makes a spelling worse than another, the worst first."""
    place, folded = place_name(name), fold(name)
    full = folded.endswith(place)
    of_people = folded.startswith("ubnd ") or guess_level(name) == "so"
    return name.isascii() and not place.isdigit(), not full, name.isupper(), not of_people


def level_told(name: str) -> str:
    """The level that a name tells: tinh, so, huyen, xa, else khac.

    >>> level_told("UBND tỉnh Sông Vân"), level_told("Văn phòng UBND tỉnh"), level_told("Chi cục Thủy lợi")
    ('tinh', 'so', 'khac')
    """
    place = place_name(name)
    return "tinh" if place == "tinh" or place.startswith("tinh ") else guess_level(name)


def grouped(names: Mapping[str, int]) -> dict[str, Group]:
    """The names (with how often each was seen) by what they spell; one without accents goes to the only one that has
    them."""
    groups: dict[str, Group] = {}
    for name, count in sorted(names.items()):
        key = spelling(name)
        groups.setdefault(key, Group(key)).spellings[nfc(name)] += count
    by_place: dict[str, list[str]] = {}
    for key, group in groups.items():
        by_place.setdefault(place_name(group.best), []).append(key)
    for keys in by_place.values():
        plain = [key for key in keys if all(name.isascii() for name in groups[key].spellings)]
        accented = [key for key in keys if key not in plain]
        if plain and len(accented) == 1:
            for key in plain:
                groups[accented[0]].spellings.update(groups.pop(key).spellings)
    return groups


def without_province(name: str) -> tuple[str, str]:
    """A name and the province that stands behind it, "" where none does.

    >>> without_province("Sở Công Thương tỉnh Sông Vân"), without_province("Văn phòng UBND tỉnh")
    (('Sở Công Thương', 'tỉnh Sông Vân'), ('Văn phòng UBND tỉnh', ''))
    """
    hit = _OF_PROVINCE.search(name)
    if hit is None or fold(name[: hit.start()]) in ("", "ubnd", "uy ban nhan dan", "van phong ubnd"):
        return name, ""
    return name[: hit.start()], hit["province"]


def short_for(short: str, names: Iterable[str]) -> str | None:
    """The one name that another is short for; None when there is none, or more than one.

    >>> short_for("Sở LĐ-TB&XH", ["Sở Lao động - Thương binh và Xã hội", "Sở Lao động"])
    'Sở Lao động - Thương binh và Xã hội'
    """
    if not _CAPITALS.search(nfc(short).removeprefix("UBND")):
        return None
    kind, _, rest = place_name(short).partition(" ")
    letters = rest.replace(" ", "")
    if not letters or len(letters) > _SHORT_LETTERS:
        return None
    hits = [name for name in names if _initials(name, kind) in ((letters), letters.replace("va", ""))]
    return hits[0] if len(hits) == 1 else None


def _initials(name: str, kind: str) -> str | None:
    """The first letters of a name's words, the kind of unit and "và" left out; None of one word, or of another kind."""
    first, _, rest = place_name(name).partition(" ")
    words = [word for word in rest.split() if word != "va"]
    return "".join(word[0] for word in words) if first == kind and len(words) > 1 else None
