"""The draft of a unit table: one row a unit that the data show, for a person to correct."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tthc_cli.statements.unit_table.binding import Bound, bind, is_sure
from tthc_cli.statements.unit_table.evidence import Evidence
from tthc_cli.statements.unit_table.spellings import (
    PROPER,
    Group,
    grouped,
    short_for,
    without_province,
)
from tthc_cli.text import fold
from tthc_cli.units.codes import is_unit_code, unit_code
from tthc_cli.units.names import Namer, spelling
from tthc_cli.units.tree import DEFAULT_ROOT, Unit, UnitTree, place_name

SURE = ("high", "medium", "low", "kept")
"""How sure a row is; kept: it stands in the unit table as it is."""
CHECKS = (
    "other_province", "shared_counter", "stray", "no_code", "no_name", "root_name", "level", "parent", "same_name",
    "successor", "names", "one_source", "no_dossiers",
)  # fmt: skip
"""What is to be looked at first, the gravest first."""
_LOW = frozenset({"other_province", "shared_counter", "stray", "no_code", "no_name", "level", "parent"})
_FEW, _FEW_OF_ALL = 20, 0.001
_BEHIND = re.compile(r"\s*(?:\s[-–—]\s|,)\s*")
"""What stands between a name and that of the unit above."""


@dataclass(frozen=True)
class Row:
    """One row of the draft."""

    unit: Unit
    successors: tuple[str, ...] = ()
    dossiers: int = 0
    sure: str = "high"
    checks: tuple[str, ...] = ()

    @property
    def heirs(self) -> tuple[str, ...]:
        """Codes of the units that it passes to."""
        own = (self.unit.successor,) if self.unit.successor else self.unit.divided_into
        return self.successors or own

    @property
    def check(self) -> str:
        """The first thing to look at; "" where there is none."""
        return next((key for key in CHECKS if key in self.checks), "")

    def doubted(self, *checks: str) -> Row:
        """The row with more to look at, and as sure as that leaves it."""
        found = {*self.checks, *checks}
        sure = self.sure if self.sure == "kept" else "low" if found & _LOW else "medium" if found else self.sure
        return replace(self, checks=tuple(key for key in CHECKS if key in found), sure=sure)


@dataclass(frozen=True)
class Draft:
    """The rows, parents before children, and what no row stands for."""

    rows: tuple[Row, ...]
    unmatched: int = 0
    """Dossiers that name no unit, and bear no code of one."""
    dossiers: int = 0


@dataclass
class Drafting:
    """A draft in the making."""

    evidence: Evidence
    known: UnitTree | None
    province: tuple[str, str]
    """Its code and name from the settings."""
    day: date
    """The last that the data tell of: the tree of a table that is there is seen on it."""
    groups: dict[str, Group] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    checks: dict[str, set[str]] = field(default_factory=dict)
    bound: dict[str, Bound] = field(default_factory=dict)
    of_kept: dict[str, str] = field(default_factory=dict)
    """Group of names -> the unit of the table whose code its dossiers bear."""
    by_place: dict[str, list[str]] = field(default_factory=dict)
    """Names without "UBND" -> codes of the units that bear them."""

    def made(self) -> Draft:
        """The whole of it: units with a code, what stands above them, names without a code, then how sure each is."""
        if self.known is not None:
            self.units = {row.code: row for row in self.known.rows if row.valid_on(self.day)}
        seen: Counter[str] = Counter()
        for (_, text), count in (*self.evidence.dossiers.items(), *self.evidence.linked.items()):
            seen[text] += count
        self.groups = grouped({name: seen[name] for name in self.evidence.names})
        codes = frozenset(code for code in self.evidence.codes if self.known is None or code not in self.known.by_code)
        bound = bind(self.evidence, self.groups, self.evidence.codes)
        self.bound = {code: one for code, one in bound.items() if code in codes}
        root = self._root(codes)
        kept = [one for code, one in bound.items() if code in self.units and code != root]
        self.of_kept = {key: one.code for one in kept for key in (one.main, *one.aliases) if key}
        above = {c for c in _above(codes) if c.startswith(f"{root}.") and not (self.known and c in self.known.by_code)}
        for code in sorted({*codes, *above} - set(self.units), key=lambda c: (c.count("."), c)):
            self._coded(code, root)
        self._without_code(root)
        return self._judged(root)

    def _root(self, codes: Iterable[str]) -> str:
        """The code of the province, which gets a row if it has none."""
        if self.known is not None:
            tops = [u.code for u in self.units.values() if u.level == "tinh"]
            if tops:
                return tops[0]
        heads: Counter[str] = Counter()
        for (code, text), count in self.evidence.dossiers.items():
            heads[(unit_code(text) or code).partition(".")[0]] += count
        for code in codes:
            heads[code.partition(".")[0]] += 1
        heads.pop("", None)
        told = unit_code(self.province[0]) or self.province[0]
        root = told or (max(sorted(heads), key=lambda head: heads[head]) if heads else DEFAULT_ROOT)
        behind = Counter(province for name in self.evidence.names if (province := without_province(name)[1]))
        own = [g for g in self.groups.values() if g.level == "tinh"]
        main = max(own, key=lambda g: g.spellings.total()) if own else None
        name = self.province[1] or (main.best if main and len(place_name(main.best).split()) > 1 else "")
        if not name and behind:
            name = f"UBND {max(sorted(behind), key=lambda p: behind[p])}"
        others = {n for g in own for n in g.spellings} | set(behind)
        self.units[root] = Unit(root, name or root, "tinh", None, tuple(sorted(others - {name})))
        self.checks[root] = set() if name else {"root_name"}
        for group in own:
            self.groups.pop(group.key)
        return root

    def _coded(self, code: str, root: str) -> None:
        """A row for a code, named as the data name it."""
        one = self.bound.get(code, Bound(code))
        main = self.groups.get(one.main or "")
        checks: set[str] = set()
        above = _nearest_above(code, self.units, root)
        if code.partition(".")[0] != root.partition(".")[0]:
            checks.add("other_province")
        if one.shared_counter:
            checks.add("shared_counter")
        elif main is None:
            checks.add("no_name")
        elif not is_sure(one):
            checks.add("one_source")
        level = main.level if main else "khac"
        if level not in PROPER:
            level = self._level_of_code(code, above, named=main is not None)
            checks.add("level")
        others = [n for key in one.aliases if key in self.groups for n in self.groups[key].spellings]
        names = (*(main.others if main else ()), *sorted(others))
        self.units[code] = Unit(code, main.best if main else code, level, above, _listable(names))
        self.checks[code] = checks

    def _level_of_code(self, code: str, above: str, *, named: bool) -> str:
        """The level that a place in the codes suggests: below a district a commune, with codes below it a district."""
        over = self.units[above].level
        if named:
            return "khac"
        if any(other.startswith(f"{code}.") for other in self.evidence.codes):
            return "huyen"
        return "xa" if over == "huyen" else "so" if over == "tinh" else "khac"

    def _without_code(self, root: str) -> None:
        """Names that no row answers to yet: another name of one that does, else a row of their own."""
        named = [one for code, one in self.bound.items() if code != root]
        used = {key for one in named for key in (one.main, *one.aliases) if key}
        left = [g for key, g in self.groups.items() if key not in used]
        namer = Namer(UnitTree(self._all()).at(self.day))
        for unit in self.units.values():
            self.by_place.setdefault(place_name(unit.name), []).append(unit.code)
        fresh: dict[str, str] = {}
        for group in sorted(left, key=lambda g: (g.level != "huyen", len(g.best), g.best)):
            strangers = [n for n in sorted(group.spellings) if namer.resolve((n,)).indices[0] < 0]
            home = (fresh.get(spelling(_BEHIND.split(group.best)[0])) or self._meant(group)) if strangers else None
            if home is not None:
                unit = self.units[home]
                self.units[home] = replace(unit, other_names=_listable((*unit.other_names, *strangers)))
                self.checks.setdefault(home, set()).add("names")
            elif strangers:
                fresh[group.key] = self._nameless(group, root)

    def _all(self) -> list[Unit]:
        return [*self.units.values(), *self._of_other_days()]

    def _of_other_days(self) -> list[Unit]:
        return [row for row in self.known.rows if not row.valid_on(self.day)] if self.known else []

    def _meant(self, group: Group) -> str | None:
        """The one unit that a name is short for, or is but for the province behind it; else the unit of the table whose
        code its dossiers bear."""
        bare = without_province(group.best)[0]
        same = self.by_place.get(place_name(bare)) or self.by_place.get(short_for(bare, self.by_place) or "", [])
        return same[0] if len(same) == 1 else self.of_kept.get(group.key)

    def _nameless(self, group: Group, root: str) -> str:
        """A row for a name without a code: the name stands for the code until a person knows better. Returns it."""
        above = self._over(group, root)
        level = group.level
        checks = {"no_code"} | (set() if level in PROPER else {"level"})
        if level == "xa" and above == root and any(u.level == "huyen" for u in self.units.values()):
            checks.add("parent")
        code = group.best
        self.units[code] = Unit(code, group.best, level, above, _listable(group.others))
        self.by_place.setdefault(place_name(group.best), []).append(code)
        self.checks[code] = checks
        return code

    def _over(self, group: Group, root: str) -> str:
        """The unit above a name: the district named behind it, or in the sheets or files that most of its dossiers
        came in."""
        if group.level not in ("xa", "khac"):
            return root
        districts = {place_name(u.name): u.code for u in self.units.values() if u.level == "huyen"}
        texts = Counter(dict.fromkeys(group.spellings, 1_000_000_000))
        for (_, text), places in self.evidence.places.items():
            if text in group.spellings:
                texts.update(places)
        votes: Counter[str] = Counter()
        for text, count in texts.items():
            said = f" {place_name(text)} "
            for place, code in districts.items():
                if f" {place} " in said:
                    votes[code] += count
        return max(sorted(votes), key=lambda code: votes[code]) if votes else root

    def _judged(self, root: str) -> Draft:
        """The rows in the order of the tree, with the dossiers behind each, and how sure they are."""
        day = UnitTree(self._all()).at(self.day)
        counted, unmatched = _dossiers_by_unit(Namer(day), self.evidence)
        listed = self._listed()
        whole = sum(self.evidence.dossiers.values())
        twins = Counter((fold(u.name), u.parent) for u in day.units)
        told = {code for code in self.bound if code in listed}
        busy = {
            day.units[above].code for at, unit in enumerate(day.units) if counted[unit.code] for above in day.line(at)
        }
        rows = []
        for unit in day.units:
            row = Row(unit, dossiers=counted[unit.code], sure="high" if unit.code in self.checks else "kept")
            checks = set(self.checks.get(unit.code, ()))
            few = row.dossiers <= max(_FEW, _FEW_OF_ALL * whole)
            if unit.code in self.bound and few and unit.code not in listed and len(told) * 2 > len(self.bound):
                checks.add("stray")
            if unit.code not in busy and unit.code != root:
                checks.add("no_dossiers")
            if twins[fold(unit.name), unit.parent] > 1:
                checks.add("same_name")
            rows.append(row.doubted(*checks))
        others = [Row(unit, sure="kept") for unit in self._of_other_days()]
        return Draft((*rows, *others), unmatched, whole)

    def _listed(self) -> set[str]:
        """Codes that a table other than that of dossiers names, by code or by the name that is theirs."""
        names = set(self.evidence.listed)
        found = {code for text in names if (code := unit_code(text))}
        for code, one in self.bound.items():
            main = self.groups.get(one.main or "")
            if main is not None and names & set(main.spellings):
                found.add(code)
        return found


def draft(evidence: Evidence, known: UnitTree | None, province: tuple[str, str], day: date) -> Draft:
    """The draft from what was seen up to a day, on top of the units of a table where there is one. `province`: its code
    and name, "" where the settings tell none."""
    return Drafting(evidence, known, province, day).made()


def _dossiers_by_unit(namer: Namer, evidence: Evidence) -> tuple[Counter[str], int]:
    """Dossiers of each unit, by the name, else by the code in MaHoSo; and those of none."""
    found: Counter[str] = Counter()
    lost = 0
    for (code, text), count in evidence.dossiers.items():
        at = next((i for t in (text, code) if t and (i := namer.resolve((t,)).indices[0]) >= 0), -1)
        if at < 0:
            lost += count
        else:
            found[namer.units.units[at].code] += count
    return found, lost


def _above(codes: Iterable[str]) -> Iterator[str]:
    """Every code that stands above some codes."""
    for code in codes:
        parts = code.split(".") if is_unit_code(code) else []
        yield from (".".join(parts[:length]) for length in range(1, len(parts)))


def _nearest_above(code: str, units: Mapping[str, Unit], root: str) -> str:
    parts = code.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if (above := ".".join(parts[:length])) in units:
            return above
    return root


def _listable(names: Sequence[str]) -> tuple[str, ...]:
    """Names that a cell parted by ";" can hold."""
    return tuple(dict.fromkeys(name for name in names if ";" not in name))
