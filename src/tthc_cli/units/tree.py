"""The units of a province over time: who stood below whom on a day, and which unit a name in an export means.

A unit has one row a period of validity (`MaDonVi`, `HieuLucTu`, `HieuLucDen`); what ended passes to its successor
(`DonViKeThua`). A quarter is scored with the tree of its last day.

Where the law is silent: a unit whose parent ended stands below the parent's successor if that is of a higher level
than the unit, else below the parent's own parent (a commune of an abolished district stands below the province, also
where a commune succeeded the district); a unit without a parent is a root of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from tthc_cli import schema
from tthc_cli.errors import InputError, RowPlace, nearest
from tthc_cli.text import fold, nfc, vietnamese_order
from tthc_cli.units.codes import unit_code
from tthc_cli.units.levels import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.warehouse import Warehouse

HEIGHT = {"tinh": 3, "so": 2, "huyen": 2, "xa": 1, "khac": 0}
DEFAULT_ROOT = "ALL"
"""Code of the root of an implicit tree when nothing says which province it is."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit during one period of validity (both days included; None = open)."""

    code: str
    name: str
    level: str
    """tinh, so, huyen, xa or khac."""
    parent: str | None = None
    other_names: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    """What it passes to; None also when it was divided."""
    place: RowPlace | None = None
    """Where the row was read, if that is known."""
    divided_into: tuple[str, ...] = ()
    """The units it was divided into, when there are several: no dossier tells to which of them it belongs."""
    offers_copies: bool = False
    """The table says that it should offer certified electronic copies (4.3)."""

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def _who(unit: Unit) -> dict[str, object]:
    """Fields of a sentence about one row."""
    return {"where": replace(unit.place, end=": ") if unit.place else "", "unit": unit.code, "name": unit.name}


class UnitTree:
    """All rows of the unit table, checked.

    Raises InputError that names the row when a parent or successor is unknown, when parents go round in a circle, when
    a unit ends before it begins, or when two rows of a unit are valid on one day.
    """

    def __init__(self, rows: Iterable[Unit]) -> None:
        self.rows = tuple(sorted(rows, key=lambda u: (u.code, u.valid_from or date.min)))
        self.by_code: dict[str, tuple[Unit, ...]] = {}
        for unit in self.rows:
            self.by_code[unit.code] = (*self.by_code.get(unit.code, ()), unit)
        self._before: dict[str, list[Unit]] = {}
        for unit in self.rows:
            if unit.successor is not None:
                self._before.setdefault(unit.successor, []).append(unit)
        self._check()

    def _check(self) -> None:
        for unit in self.rows:
            fields = _who(unit)
            if unit.valid_from and unit.valid_to and unit.valid_from > unit.valid_to:
                days = {"first": unit.valid_from, "last": unit.valid_to}
                raise InputError("unit_dates", **fields, **days)
            for kind, code in (
                ("unit_parent", unit.parent),
                ("unit_successor", unit.successor),
                *(("unit_successor", part) for part in unit.divided_into),
            ):
                if code is not None and code not in self.by_code:
                    near = nearest(code, list(self.by_code)) or "–"
                    raise InputError(kind, **fields, value=code, near=near)
            self._check_circle(unit, fields)
        for rows in self.by_code.values():
            for one, following in pairwise(rows):
                if (one.valid_to or date.max) >= (following.valid_from or date.min):
                    raise InputError("unit_overlap", **_who(following), other=one.place or one.name)

    def _check_circle(self, unit: Unit, fields: Mapping[str, object]) -> None:
        """Walk up the parents on the first day of this row."""
        day = unit.valid_from or date.min
        chain = [unit.code]
        row: Unit | None = unit
        while row is not None and row.parent is not None:
            chain.append(row.parent)
            if row.parent in chain[:-1]:
                raise InputError("unit_cycle", **fields, chain=" → ".join(chain))
            row = self.row_on(row.parent, day)

    def row_on(self, code: str, day: date) -> Unit | None:
        """The row of a code that is valid on a day."""
        return next((u for u in self.by_code.get(code, ()) if u.valid_on(day)), None)

    def heir(self, code: str, day: date) -> str | None:
        """The unit valid on a day that a code leads to: itself, else what succeeded it, else the unit above one that
        was divided; None when there is none."""
        seen: set[str] = set()
        current: str | None = code
        while current is not None and current not in seen:
            if self.row_on(current, day):
                return current
            seen.add(current)
            ended = [u for u in self.by_code[current] if (u.valid_to or date.max) < day]
            last = ended[-1] if ended else None
            current = None if last is None else last.parent if last.divided_into else last.successor
        return None

    def predecessors(self, code: str, day: date) -> tuple[str, ...]:
        """The units valid on a day that pass, sooner or later, to a unit which begins after it."""
        found: set[str] = set()
        seen = {code}
        waiting = [code]
        while waiting:
            for unit in self._before.get(waiting.pop(), ()):
                if unit.code not in seen:
                    seen.add(unit.code)
                    if unit.valid_on(day):
                        found.add(unit.code)
                    else:
                        waiting.append(unit.code)
        return tuple(sorted(found))

    def at(self, day: date) -> UnitsOnDay:
        """The tree as it stood on a day."""
        return UnitsOnDay(self, day)


class UnitsOnDay:
    """The units valid on one day, parents before children, siblings by level and then name.

    A unit's index is its place in `units`; `parents` holds the index of each unit's parent, -1 for a root.
    """

    def __init__(self, tree: UnitTree, day: date) -> None:
        self.tree = tree
        self.day = day
        valid = {u.code: u for u in tree.rows if u.valid_on(day)}
        above = {code: self._parent(unit) for code, unit in valid.items()}
        children: dict[str | None, list[str]] = {}
        for code, parent in above.items():
            children.setdefault(parent, []).append(code)
        order: list[str] = []
        waiting = self._sorted(children.get(None, []), valid)[::-1]
        while waiting:
            code = waiting.pop()
            order.append(code)
            waiting += self._sorted(children.get(code, []), valid)[::-1]
        if len(order) < len(valid):
            lost = sorted(set(valid) - set(order))
            raise InputError("unit_cycle", **_who(valid[lost[0]]), chain=" → ".join(lost))
        self.index: dict[str, int] = {code: i for i, code in enumerate(order)}
        self.units: tuple[Unit, ...] = tuple(valid[code] for code in order)
        self.parents: tuple[int, ...] = tuple(-1 if (p := above[code]) is None else self.index[p] for code in order)

    def _parent(self, unit: Unit) -> str | None:
        """The parent's code on the day: itself, its successor or sole predecessor of a higher level than the unit, else
        the nearest unit above."""
        above, seen = unit.parent, {unit.code}
        while above is not None and above not in seen:
            seen.add(above)
            heir = self.tree.heir(above, self.day)
            if heir is None and len(before := self.tree.predecessors(above, self.day)) == 1:
                heir = before[0]
            if heir is not None and heir != unit.code and (heir == above or self._stands_over(heir, unit)):
                return heir
            above = self.tree.by_code[above][-1].parent
        return None

    def _stands_over(self, code: str, unit: Unit) -> bool:
        row = self.tree.row_on(code, self.day)
        return row is not None and HEIGHT[row.level] > HEIGHT[unit.level]

    @staticmethod
    def _sorted(codes: list[str], valid: Mapping[str, Unit]) -> list[str]:
        return sorted(codes, key=lambda c: (LEVELS.index(valid[c].level), vietnamese_order(valid[c].name), c))

    def __len__(self) -> int:
        return len(self.units)

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(u.level for u in self.units)

    @cached_property
    def depths(self) -> tuple[int, ...]:
        """How many units stand above each: 0 for a root."""
        out: list[int] = []
        for parent in self.parents:
            out.append(0 if parent < 0 else out[parent] + 1)
        return tuple(out)

    def line(self, unit: int) -> Iterator[int]:
        """A unit and all above it, from below."""
        while unit >= 0:
            yield unit
            unit = self.parents[unit]

    @property
    def roots(self) -> tuple[int, ...]:
        return tuple(i for i, parent in enumerate(self.parents) if parent < 0)

    @property
    def province(self) -> int:
        """Index of the root of level tinh; -1 when there is none, or more than one."""
        hits = [i for i in self.roots if self.units[i].level == "tinh"]
        return hits[0] if len(hits) == 1 else -1


def stored_units(warehouse: Warehouse) -> UnitTree | None:
    """The tree from the unit table of a warehouse; None when it has none."""
    if not warehouse.has("units"):
        return None
    return load_units(warehouse.read("units"), {source.id: source.path for source in warehouse.sources})


def load_units(table: pa.Table, paths: Mapping[str, str] | None = None) -> UnitTree:
    """The tree from the stored table `schema.table("units")`. `paths` gives the file of each source id, for errors."""
    levels = {code: words[0] for code, words in schema.table("units").column("Cap").codes.items()}
    rows = []
    for row in table.to_pylist():
        source = str(row.get(schema.SOURCE) or "")
        heirs = tuple(code for part in re.split(r"[;,]", row["DonViKeThua"] or "") if (code := _code(part)))
        place = RowPlace((paths or {}).get(source, source), row.get(schema.SHEET) or "", row.get(schema.ROW) or 0)
        rows.append(
            Unit(
                code=_code(row["MaDonVi"]), name=nfc(row["TenDonVi"]), level=levels[row["Cap"]],
                parent=_code(row["DonViCha"]) or None,
                other_names=tuple(name for part in (row["TenKhac"] or "").split(";") if (name := nfc(part))),
                valid_from=row["HieuLucTu"], valid_to=row["HieuLucDen"],
                successor=heirs[0] if len(heirs) == 1 else None, divided_into=heirs if len(heirs) > 1 else (),
                place=place,
                offers_copies=row["CapBanSaoDienTu"] == 1,
            )
        )  # fmt: skip
    return UnitTree(rows)


def _code(text: str | None) -> str:
    return unit_code(text or "") or nfc(text or "")


_LEVEL_WORDS = (
    ("so", ("so", "ban", "thanh tra", "van phong")),
    ("huyen", ("huyen", "quan", "thi xa", "thanh pho")),
    ("xa", ("xa", "phuong", "thi tran", "dac khu")),
)


def place_name(name: str) -> str:
    """The folded name without "UBND" before it, kinds of places in full, numbers without zeros before them.

    >>> place_name("UBND xã Tân An"), place_name("UBND T.P Vân Đồn"), place_name("Q5"), place_name("P. 01")
    ('xa tan an', 'thanh pho van don', 'quan 5', 'phuong 1')
    """
    words = _ZEROS.sub("", _UBND.sub("", fold(name)))
    hit = _KIND.match(words)
    return f"{_KINDS[(hit[1] or hit[2]).replace(' ', '')]} {words[hit.end() :]}" if hit else words


_ZEROS = re.compile(r"\b0+(?=[1-9])")
_UBND = re.compile(r"^(?:ubnd|ub nd|u b n d|uy ban(?: nhan dan)?) ")
_KINDS = {
    "tp": "thanh pho",
    "p": "phuong",
    "q": "quan",
    "tx": "thi xa",
    "tt": "thi tran",
    "h": "huyen",
    "x": "xa",
    "t": "tinh",
}
_KIND = re.compile(r"(?:(t p|tp|t x|tx|t t|tt|[pqhxt]) (?=\S)|([pq])(?=\d))")


def guess_level(name: str) -> str:
    """The level that the first word of a unit's name tells ("UBND" left out): so, huyen, xa, else khac."""
    words = place_name(name)
    for level, starts in _LEVEL_WORDS:
        if any(words == start or words.startswith(start + " ") for start in starts):
            return level
    return "khac"


def implicit_tree(names: Iterable[str], province_code: str = "", province_name: str = "") -> UnitTree:
    """The tree when there is no unit table: every distinct name or code is a unit right below the province.

    Spellings that fold alike are one unit, named by the first in order. Without `province_code` the root takes the
    first part that all codes share ("H99"), else "ALL".
    """
    spellings: dict[str, list[str]] = {}
    for name in sorted({nfc(n) for n in names} - {""}):
        spellings.setdefault(unit_code(name) or fold(name) or name, []).append(name)
    codes = [code for code in spellings if unit_code(code)]
    heads = {code.split(".")[0] for code in codes}
    root_code = unit_code(province_code) or nfc(province_code) or (heads.pop() if len(heads) == 1 else DEFAULT_ROOT)
    root_name = nfc(province_name) or root_code
    others = []
    for key, (name, *more) in spellings.items():
        if key == root_code or fold(name) == fold(root_name):
            continue
        code = key if key in codes else name
        label = code if key in codes else name
        others.append(Unit(code, label, guess_level(name), root_code, tuple(more)))
    return UnitTree([Unit(root_code, root_name, "tinh"), *others])
