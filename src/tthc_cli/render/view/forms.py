"""Form II.06 in the view: by unit, by level and field, and by unit and field, all from the stored counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from tthc_cli.messages import Lang
from tthc_cli.render.text import clean
from tthc_cli.render.view.form import FORM_PARTS, FieldLine, FormLine, FormSection, UnitFields
from tthc_cli.render.view.wording import Wording
from tthc_cli.results.beside import FORM, FieldCount, form_columns
from tthc_cli.results.scorecard import Scorecard
from tthc_cli.text import vietnamese_order

_SUMS = {
    "inflow": ("online", "direct", "carried"),
    "done": ("early", "on_time", "late"),
    "open": ("open_within", "open_past"),
}
_SECTION = {"tinh": "tinh", "so": "tinh", "huyen": "huyen", "xa": "xa"}
"""Level of a unit -> section of the form; any other is "khac"."""
SECTIONS = ("tinh", "huyen", "xa", "khac")
_COUNTED = tuple(part for part in FORM_PARTS if part not in _SUMS)
_counts_of = attrgetter(*_COUNTED)


def _parts(by: Mapping[str, int]) -> tuple[int, ...]:
    """The columns of the form, sums included."""
    return tuple(sum(by.get(counted, 0) for counted in _SUMS.get(part, (part,))) for part in FORM_PARTS)


def _added(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))


class Forms(Wording):
    """Puts form II.06 of a stored card into words."""

    def __init__(self, card: Scorecard, lang: Lang) -> None:
        super().__init__(card, lang)
        self.units = {u.id: u for u in card.units}
        self.fields = sorted(
            {f.field for f in card.beside.fields}, key=lambda name: (not name, vietnamese_order(name), name)
        )

    def by_unit(self) -> tuple[FormLine, ...]:
        """One line a unit, everything below it included; units without a dossier are left out."""
        counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for reason in self.card.reasons:
            if reason.component == FORM:
                for column in form_columns(reason.reason):
                    counted[reason.unit][column] += reason.count
        return tuple(
            FormLine(clean(u.id), self.names[u.id], self.say(f"level.{u.level}"), _parts(counted[u.id]))
            for u in self.card.units
            if u.id in counted
        )

    def sections(self) -> tuple[FormSection, ...]:
        """The form by level and field."""
        by_level: dict[str, list[FieldCount]] = defaultdict(list)
        for one in self.card.beside.fields:
            by_level[_SECTION.get(self.units[one.unit].level, "khac")].append(one)
        found: list[FormSection] = []
        for level in SECTIONS:
            if level in by_level:
                lines, label = self._lines(by_level[level]), self.say(f"form.level_{level}")
                total = _added(line.counts for line in lines)
                found.append(FormSection("ABCD"[len(found)], level, label, total, lines))
        return tuple(found)

    def by_unit_and_field(self) -> tuple[UnitFields, ...]:
        """The form of every unit, with everything below it, by field."""
        within: dict[str, list[FieldCount]] = {unit: [] for unit in self.units}
        for one in self.card.beside.fields:
            unit: str | None = one.unit
            while unit is not None:
                within[unit].append(one)
                unit = self.units[unit].parent
        return tuple(self._unit(unit, counts) for unit, counts in within.items() if counts)

    def _unit(self, unit: str, counts: Sequence[FieldCount]) -> UnitFields:
        lines = self._lines(counts)
        level = self.say(f"level.{self.units[unit].level}")
        return UnitFields(clean(unit), self.names[unit], level, _added(line.counts for line in lines), lines)

    def _lines(self, counts: Sequence[FieldCount]) -> tuple[FieldLine, ...]:
        """Counts of one or several units, field by field."""
        by_field: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        for one in counts:
            by_field[one.field].append(_counts_of(one))
        unknown = self.say("form.unknown_field")
        return tuple(
            FieldLine(clean(field) or unknown, _parts(dict(zip(_COUNTED, _added(by_field[field]), strict=True))))
            for field in self.fields
            if field in by_field
        )
