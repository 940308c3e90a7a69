"""Which unit a text in an export means: a code, a name, another name, with or without the parent's name behind it.

Tried in this order, and the first that finds anything decides: the code (old or new form); the name; another name;
either without "UBND" before it; any of these without what stands behind " - " or a comma, which then must not name
a unit that never stood above. What is found is taken to the scored day: a unit
that ended passes to its successor, a unit that begins later is its predecessor if there is only one. A text that
means two units is matched to neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from tthc_cli.errors import nearest
from tthc_cli.text import fold, nfc, spelled
from tthc_cli.units.codes import unit_code
from tthc_cli.units.tree import UnitsOnDay, place_name

Reason = Literal["blank", "unknown", "ambiguous", "ended", "not_yet", "other_parent"]
_CLOSE_LOOK = 30
"""How many names are looked at closely to find the nearest."""
_SUFFIX = re.compile(r"\s*(?:\s[-–—]\s|,)\s*")
_ABOVE = re.compile(r"\s+(?=(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?)\s)", re.IGNORECASE)
"""Where the unit above is named without a mark before it."""
_CODE_BESIDE = re.compile(
    r"^[\[(]?(?P<head>[A-Z]\d\d(?:\.\d{2,3})*)[\])]?\s*[-–—:.]?\s+|\s*[-–—]?\s*[\[(](?P<tail>[A-Z]\d\d(?:\.\d{2,3})*)[\])]$"
)
_REMARK = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A text that means no unit. `reason` names the sentence `units.<reason>` in the catalogue."""

    name: str
    reason: Reason
    near: str = ""
    """The nearest known name or code; "" when nothing is near."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What each of some texts means."""

    indices: tuple[int, ...]
    """Index of the unit on the scored day, one a text; -1 = unmatched."""
    unmatched: tuple[Unmatched, ...]
    """The unmatched texts, each once, in order of first appearance; blank ones left out."""


def resolve(units: UnitsOnDay, names: Iterable[str]) -> Resolution:
    """The unit that each text of an export means on the day of `units`."""
    return _namer(units).resolve(tuple(names))


@lru_cache(maxsize=16)
def _namer(units: UnitsOnDay) -> Namer:
    return Namer(units)


class Namer:
    """Finds units by code and name on one day."""

    def __init__(self, units: UnitsOnDay) -> None:
        self.units = units
        self.names: dict[str, set[str]] = {}
        self.other_names: dict[str, set[str]] = {}
        self.places: dict[str, set[str]] = {}
        self.spelled: dict[str, set[str]] = {}
        for unit in units.tree.rows:
            self.names.setdefault(fold(unit.name), set()).add(unit.code)
            for other in unit.other_names:
                self.other_names.setdefault(fold(other), set()).add(unit.code)
            for name in (unit.name, *unit.other_names):
                self.places.setdefault(place_name(name), set()).add(unit.code)
                self.spelled.setdefault(spelling(name), set()).add(unit.code)

    def resolve(self, names: tuple[str, ...]) -> Resolution:
        """The unit of each text; equal texts are looked up once."""
        found = {name: self._find(name) for name in dict.fromkeys(names)}
        return Resolution(
            tuple(hit if isinstance(hit, int) else -1 for hit in (found[name] for name in names)),
            tuple(hit for hit in found.values() if isinstance(hit, Unmatched) and hit.reason != "blank"),
        )

    def _find(self, text: str) -> int | Unmatched:  # noqa: PLR0911
        name = nfc(text)
        if not name:
            return Unmatched(text, "blank")
        code = unit_code(name)
        if code is None and name in self.units.tree.by_code:
            code = name
        if code is not None:
            return self._by_code(text, code)
        reason: Reason = "unknown"
        for codes in self._tiers(name):
            hit = self._on_day(name, codes)
            if isinstance(hit, int):
                return hit
            reason = hit
            if hit == "ambiguous":
                break
        if reason != "unknown":
            return self._told(text, reason, codes)
        beside = _CODE_BESIDE.search(name)
        known = beside and (beside["head"] or beside["tail"])
        if beside and known in self.units.tree.by_code:
            return self._code_and_name(text, str(known), (name[: beside.start()] + name[beside.end() :]).strip())
        found = self._without_suffix(text, name)
        bare = _REMARK.sub("", name)
        if isinstance(found, Unmatched) and found.reason == "unknown" and bare and bare != name:
            again = self._find(bare)
            return again if isinstance(again, int) else Unmatched(text, again.reason, again.near)
        return found

    def _code_and_name(self, text: str, code: str, name: str) -> int | Unmatched:
        """A code with a name beside it: the code, unless the name is that of another unit."""
        by_code = self._by_code(text, code)
        by_name = self._find(name)
        if isinstance(by_code, int) and isinstance(by_name, int) and by_code != by_name:
            return Unmatched(text, "ambiguous", self._both([self.units.units[at].code for at in (by_code, by_name)]))
        return by_code

    def _told(self, text: str, reason: Reason, codes: Iterable[str]) -> Unmatched:
        return Unmatched(text, reason, self._both(codes) if reason == "ambiguous" else "")

    def _both(self, codes: Iterable[str]) -> str:
        """The units that a text may mean, each with its code."""
        return "; ".join(f"{self.units.tree.by_code[code][-1].name} ({code})" for code in sorted(codes))

    def _tiers(self, name: str) -> list[set[str]]:
        """The codes a name may mean, the surest first."""
        found = (
            self.names.get(fold(name)), self.other_names.get(fold(name)), self.places.get(place_name(name)),
        )  # fmt: skip
        return [codes for codes in found if codes]

    def _by_code(self, text: str, code: str) -> int | Unmatched:
        if code in self.units.tree.by_code:
            hit = self._on_day(code, {code})
            return hit if isinstance(hit, int) else Unmatched(text, hit)
        above = code
        while "." in above:
            above = above.rpartition(".")[0]
            if above in self.units.tree.by_code:
                return Unmatched(text, "unknown", above)
        return Unmatched(text, "unknown", nearest(code, list(self.units.tree.by_code)) or "")

    def _on_day(self, name: str, codes: Iterable[str]) -> int | Reason:
        """The one unit on the scored day that some codes lead to; if several, those spelled exactly so, accents too."""
        index, tree, day = self.units.index, self.units.tree, self.units.day
        valid = {code for code in codes if code in index}
        if len(valid) > 1:
            valid = valid & self.spelled.get(spelling(name), set()) or valid
        if valid:
            return index[valid.pop()] if len(valid) == 1 else "ambiguous"
        heirs = {heir for code in codes if (heir := tree.heir(code, day))}
        if not heirs:
            later = [code for code in codes if all(u.valid_from and u.valid_from > day for u in tree.by_code[code])]
            if not later:
                return "ended"
            heirs = {before for code in later for before in tree.predecessors(code, day)}
            if not heirs:
                return "not_yet"
        return index[heirs.pop()] if len(heirs) == 1 else "ambiguous"

    def _without_suffix(self, text: str, name: str) -> int | Unmatched:
        for cut in reversed(list(_SUFFIX.finditer(name))):
            tiers = self._tiers(name[: cut.start()])
            if not tiers:
                continue
            codes = tiers[0]
            for part in _SUFFIX.split(name[cut.end() :]):
                above = self.places.get(place_name(part), set())
                if above:
                    codes = {code for code in codes if self._ever_above(code) & above}
            if not codes:
                return Unmatched(text, "other_parent", self._nearest(name))
            hit = self._on_day(name[: cut.start()], codes)
            return hit if isinstance(hit, int) else self._told(text, hit, codes)
        for cut in reversed(list(_ABOVE.finditer(name))):
            above = self.places.get(place_name(name[cut.end() :]), set())
            codes = {c for tier in self._tiers(name[: cut.start()])[:1] for c in tier if self._ever_above(c) & above}
            if codes:
                hit = self._on_day(name[: cut.start()], codes)
                return hit if isinstance(hit, int) else self._told(text, hit, codes)
        return Unmatched(text, "unknown", self._nearest(name))

    def _ever_above(self, code: str) -> set[str]:
        """Every unit that stood above a code at any time, and what succeeded those."""
        seen: set[str] = set()
        waiting = [u.parent for u in self.units.tree.by_code[code]]
        while waiting:
            above = waiting.pop()
            if above is None or above in seen:
                continue
            seen.add(above)
            for row in self.units.tree.by_code[above]:
                waiting += [row.parent, row.successor]
        return seen

    def _nearest(self, name: str) -> str:
        """The known name most like an unknown one: of those that share most triples of letters, the closest."""
        known, places = self._triples
        shared = Counter(place for triple in _triples(name) for place in places.get(triple, ()))
        return nearest(name, [known[place] for place, _ in shared.most_common(_CLOSE_LOOK)]) or ""

    @cached_property
    def _triples(self) -> tuple[list[str], dict[str, list[int]]]:
        """The names of the day, and in which of them each triple of letters is."""
        known = [name for unit in self.units.units for name in (unit.name, *unit.other_names)]
        places: dict[str, list[int]] = {}
        for place, name in enumerate(known):
            for triple in _triples(name):
                places.setdefault(triple, []).append(place)
        return known, places


def spelling(name: str) -> str:
    """A name whose accents count, however it begins: "UBND xã Tân Hoà" is "Xã Tân Hòa", but not "Xã Tân Hóa"."""
    plain = place_name(name).split(" ")
    words = [spelled(word) for word in _WORD.findall(nfc(name))]
    own = [word for word in words if word][-_own(plain) :] if _own(plain) else words
    return " ".join([*plain[: len(plain) - _own(plain)], *own])


_WORD = re.compile(r"[^\W_]+")
_KINDS = (("thanh", "pho"), ("thi", "xa"), ("thi", "tran"), ("phuong",), ("quan",), ("huyen",), ("xa",), ("tinh",))


def _own(plain: list[str]) -> int:
    """How many words of a place's name stand behind the kind of place."""
    return next((len(plain) - len(kind) for kind in _KINDS if tuple(plain[: len(kind)]) == kind), len(plain))


def _triples(name: str) -> set[str]:
    folded = f" {fold(name)} "
    return {folded[i : i + 3] for i in range(len(folded) - 2)}
