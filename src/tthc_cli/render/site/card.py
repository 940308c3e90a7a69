"""One stored score as the site shows it: its units as records, the rest as columns that are taken a few units at a
time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any

from tthc_cli.messages import Lang, say
from tthc_cli.render import formats
from tthc_cli.render.site.small_numbers import Hidden, hidden_numbers
from tthc_cli.render.text import clean
from tthc_cli.render.view.building import anchors_of
from tthc_cli.results.notes import note_text
from tthc_cli.results.scorecard import UNMATCHED_ID, GradeBand
from tthc_cli.results.standing import standing
from tthc_cli.units.levels import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.score_tables import StoredCard

_UNIT_COLUMNS = (
    "id", "name", "level", "parent", "total", "assessed_max", "provisional", "percent", "grade", "rank",
    "ungraded_reason",
)  # fmt: skip
_FIGURES = (
    "unit", "id", "numerator", "denominator", "points", "max", "status", "basis", "unknown", "untold",
)  # fmt: skip
_AT_ONCE = 100
"""Units whose rows are taken from the columns at a time."""
_REASONS = ("unit", "component", "reason", "in_numerator", "count")


@dataclass(frozen=True, slots=True)
class SiteUnit:
    """A unit in one score."""

    id: str
    name: str
    anchor: str
    """The name of its page, without the ending."""
    level: str
    parent: str | None
    total: Decimal | None
    assessed_max: Decimal
    provisional: bool
    percent: Decimal | None
    grade: str | None
    rank: int | None
    ungraded_reason: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A component of a unit, as stored; `hidden`: numbers are kept back."""

    id: str
    numerator: str | None
    denominator: str | None
    points: str | None
    max: str
    status: str
    basis: str
    unknown: int
    untold: int
    reasons: tuple[tuple[str, bool, int], ...]
    """(key, in the numerator, count), most frequent first."""
    hidden: bool
    reasons_hidden: bool


def site_units(table: pa.Table, lang: Lang) -> tuple[SiteUnit, ...]:
    """The units of a score, in its order."""
    columns = [table[name].to_pylist() for name in _UNIT_COLUMNS]
    labels = {}
    for unit_id in columns[0]:
        code = clean(unit_id)
        labels[unit_id] = code if any(char.isalnum() for char in code) else "chua-khop"
    anchors = anchors_of(labels)
    units = []
    for unit_id, name, level, parent, total, most, provisional, percent, grade, rank, why in zip(*columns, strict=True):
        called = say("units.unmatched", lang) if unit_id == UNMATCHED_ID else clean(name)
        # Equal texts are one object: the same units come in every period.
        words = (intern(unit_id), intern(called), intern(anchors[unit_id]), intern(level), parent and intern(parent))
        units.append(
            SiteUnit(
                *words, _decimal(total), _decimal(most) or Decimal(0), provisional, _decimal(percent),
                grade and intern(grade), rank, intern(why),
            )
        )  # fmt: skip
    return tuple(units)


@lru_cache(maxsize=4096)
def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _coded(table: pa.Table) -> pa.Table:
    """A table with every text held once."""
    import pyarrow as pa

    for place, column in enumerate(table.columns):
        if pa.types.is_string(column.type):
            table = table.set_column(place, table.column_names[place], column.combine_chunks().dictionary_encode())
    return table


def decoded(table: pa.Table) -> pa.Table:
    """A coded table with plain texts."""
    import pyarrow as pa

    for place, column in enumerate(table.columns):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(place, table.column_names[place], column.cast(pa.string()))
    return table


class _ByUnit:
    """The rows of a table, found by unit."""

    def __init__(self, table: pa.Table, ids: Sequence[str]) -> None:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        units = table[table.column_names[0]].cast(pa.string())
        codes = pc.index_in(units, value_set=pa.array(ids, pa.string())).to_numpy()
        self.order = np.argsort(codes, kind="stable").astype(np.int32)
        self.starts = np.searchsorted(codes[self.order], np.arange(len(ids) + 1))
        self.table = table

    def of(self, begin: int, end: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of each unit from `begin` up to `end`, without the unit's id."""
        first = self.starts[begin]
        part = self.table.take(self.order[first : self.starts[end]])
        rows = list(zip(*(column.to_pylist() for column in part.columns[1:]), strict=True))
        for number in range(begin, end):
            yield rows[self.starts[number] - first : self.starts[number + 1] - first]


class SiteCard:
    """A stored score, in one language, with small numbers kept back or not."""

    def __init__(self, stored: StoredCard, lang: Lang, mask_small: bool) -> None:
        self.stored, self.lang, self.mask_small = stored, lang, mask_small
        self.rulebook = stored.rulebook
        self.folder = stored.folder
        head = stored.head
        self.period_id: str = head["period"]
        self.period = formats.period_name(self.period_id, lang)
        self.window: str = head["window"]
        self.as_of: str = head["as_of"]
        self.as_of_text = formats.day(self.as_of, lang)
        self.province: str = head["province"]
        self.version: str = head["version"]
        self.title = self.both(self.rulebook.title_vi, self.rulebook.title_en)
        self.standing = " ".join(clean(note_text(note, lang)) for note in standing(head["notes"]))
        self.units = site_units(stored.table("units", _UNIT_COLUMNS), lang)
        self.by_id: Mapping[str, SiteUnit] = {unit.id: unit for unit in self.units}
        self.components = {c.id: c for c in self.rulebook.components}
        self.grades: Mapping[str, GradeBand] = {g.key: g for g in self.rulebook.grades}
        self.tones = {g.key: tone for tone, g in enumerate(self.rulebook.grades)}
        self.letters = letters_of([self.grade_label(g) for g in self.rulebook.grades], list(self.grades))

    def both(self, vi: str, en: str) -> str:
        return clean(vi if self.lang == "vi" else en)

    def grade_label(self, grade: GradeBand) -> str:
        return self.both(grade.label_vi, grade.label_en)

    @cached_property
    def figures(self) -> pa.Table:
        return _coded(self.stored.table("components", _FIGURES))

    @cached_property
    def counts(self) -> pa.Table:
        """Counts by reason of what is in the denominators."""
        import pyarrow.compute as pc

        table = _coded(self.stored.table("counts", (*_REASONS, "in_denominator")))
        return table.filter(pc.and_(table["in_denominator"], pc.greater(table["count"], 0)))

    @cached_property
    def hidden(self) -> Hidden:
        if not self.mask_small:
            return Hidden()
        parents = [(unit.id, unit.parent) for unit in self.units]
        return hidden_numbers(self.rulebook, parents, decoded(self.figures), decoded(self.counts))

    @cached_property
    def _rows(self) -> tuple[_ByUnit, _ByUnit, _ByUnit]:
        import pyarrow as pa

        ids = [unit.id for unit in self.units]
        counts = self.counts.select(_REASONS)
        found = _ByUnit(self.figures, ids), _ByUnit(counts, ids), _ByUnit(_coded(self.stored.table("groups")), ids)
        pa.default_memory_pool().release_unused()
        return found

    def details(self, begin: int, end: int) -> Iterator[tuple[SiteUnit, dict[str, str | None], list[Figure]]]:
        """Units from `begin` up to `end`, with their points by group and their components in the rulebook's order."""
        for first in range(begin, end, _AT_ONCE):
            yield from self._details(first, min(first + _AT_ONCE, end))

    def _details(self, begin: int, end: int) -> Iterator[tuple[SiteUnit, dict[str, str | None], list[Figure]]]:
        figures, counts, groups = (table.of(begin, end) for table in self._rows)
        for unit, found, counted, points in zip(self.units[begin:end], figures, counts, groups, strict=True):
            reasons: dict[str, list[tuple[str, bool, int]]] = {}
            for component, reason, in_numerator, count in counted:
                reasons.setdefault(component, []).append((reason, in_numerator, count))
            yield unit, dict(points), [self._figure(unit.id, row, reasons) for row in found]

    def _figure(self, unit: str, row: tuple[Any, ...], reasons: dict[str, list[tuple[str, bool, int]]]) -> Figure:
        counted = sorted(reasons.get(row[0], ()), key=lambda one: (-one[2], one[0]))
        hidden, reasons_hidden = (unit, row[0]) in self.hidden.figures, (unit, row[0]) in self.hidden.reasons
        component, numerator, denominator, points, most, status, basis, unknown, untold = row
        if hidden:
            numerator = denominator = None
        shown = () if reasons_hidden else tuple(counted)
        return Figure(
            component, numerator, denominator, points, most, status, basis, unknown, untold, shown, hidden,
            reasons_hidden,
        )  # fmt: skip

    def levels(self) -> dict[str, tuple[SiteUnit, ...]]:
        """The units by level, from the top."""
        order = sorted({u.level for u in self.units}, key=lambda level: LEVELS.index(level) if level in LEVELS else 9)
        return {level: tuple(u for u in self.units if u.level == level) for level in order}


def letters_of(labels: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """Grade -> the letters that stand for it on a tile: the initials of its label, more of it where two would be alike.

    >>> letters_of(["Xuất sắc", "Tốt", "Trung bình"], ["excellent", "good", "average"])
    {'excellent': 'XS', 'good': 'T', 'average': 'TB'}
    """
    found: dict[str, str] = {}
    for key, label in zip(keys, labels, strict=True):
        letters = "".join(word[0] for word in label.split()).upper()
        wider = iter(range(2, len(label)))
        while letters in found.values():
            letters = label[: next(wider, len(label))] if len(letters) < len(label) else f"{letters}*"
        found[key] = letters
    return found
