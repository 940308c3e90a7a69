"""A statutory form filled in from its layout and what was counted: rows by level and field or by unit, sums, checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.forms.layout import COUNTS
from tthc_cli.results.form import Figure, Form, FormCheck, FormColumn, FormRow
from tthc_cli.results.notes import note
from tthc_cli.text import vietnamese_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.forms.layout import Layout
    from tthc_cli.periods import Period
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.statements.form_counts import Counted, Ints

LEVELS = ("tinh", "so", "huyen", "xa", "khac")
_LETTERS = "ABCDE"


@dataclass(frozen=True)
class Filling:
    """What a form is filled in with."""

    layout: Layout
    period: Period
    as_of: str
    tree: ScoredTree
    units: frozenset[int]
    """Indexes of the units that have a line, in a form by unit."""
    unit: int
    """Index of the unit that reports; -1 = the whole tree."""
    now: Counted
    before: Counted
    """Of the period before, as it stood at its end."""


def filled(given: Filling) -> Form:
    """The form."""
    layout, period = given.layout, given.period
    start, end = period.start.date(), period.end.date()
    to = layout.addressee(end - timedelta(days=1))
    reporter = given.unit if given.unit >= 0 else given.tree.root
    return Form(
        code=layout.code,
        circular=layout.circular,
        title_vi=layout.title_vi,
        title_en=layout.title_en,
        period=period.id,
        window=period.style,
        start=start,
        end=end,
        as_of=given.as_of,
        unit=given.tree.ids[given.unit] if given.unit >= 0 else "",
        reporter=given.tree.names[reporter] if reporter >= 0 else "",
        addressee_vi=to.vi if to else "",
        addressee_en=to.en if to else "",
        columns=_columns(layout),
        rows=tuple(_rows(given)),
        checks=tuple(_checks(given)),
        notes=_notes(given),
        from_memory=layout.evidence == "memory",
        due=_due(given, reporter, end - timedelta(days=1)),
    )


def _columns(layout: Layout) -> tuple[FormColumn, ...]:
    return tuple(
        FormColumn(
            one.number, one.heads_vi, one.heads_en,
            "ordinal" if one.source == "ordinal" else "label" if one.source == "label" else "figure", one.columns,
        )
        for one in layout.columns
    )  # fmt: skip


def figures_of(layout: Layout, counts: Ints) -> tuple[Figure, ...]:
    """The figures of one row, by column; None where a person types one in, or a sum has nothing but such columns."""
    known: dict[int, Figure] = {}
    columns = {one.number: one for one in layout.columns if one.source in ("count", "sum", "typed")}

    def value(number: int) -> Figure:
        if number not in known:
            column = columns[number]
            if column.source == "count":
                known[number] = sum(int(counts[COUNTS.index(name)]) for name in column.counts)
            else:
                parts = [part for n in column.columns if (part := value(n)) is not None]
                known[number] = sum(parts) if parts else None
        return known[number]

    return tuple(value(number) for number in columns)


def _summed(counted: Sequence[Ints]) -> Ints:
    out: Ints = np.sum(counted, axis=0, dtype=np.int64) if counted else np.zeros(len(COUNTS), np.int64)
    return out


def _rows(given: Filling) -> list[FormRow]:
    lines = _unit_lines(given) if given.layout.rows == "unit" else _field_lines(given)
    total = figures_of(given.layout, _summed(list(given.now.values())))
    return [FormRow("total", "", "", total), *lines]


def _field_lines(given: Filling) -> list[FormRow]:
    by_level: dict[str, dict[str, list[Ints]]] = {}
    for (unit, field), counts in given.now.items():
        by_level.setdefault(given.tree.levels[unit], {}).setdefault(field, []).append(counts)
    out: list[FormRow] = []
    levels = [level for level in LEVELS if level in by_level]
    for letter, level in zip(_LETTERS, levels, strict=False):
        fields = {name: _summed(parts) for name, parts in by_level[level].items()}
        out.append(FormRow("group", letter, level, figures_of(given.layout, _summed(list(fields.values())))))
        order = sorted(fields, key=lambda name: (not name, vietnamese_order(name), name))
        out += [
            FormRow("line", str(at), name, figures_of(given.layout, fields[name])) for at, name in enumerate(order, 1)
        ]
    return out


def _unit_lines(given: Filling) -> list[FormRow]:
    by_unit: dict[int, list[Ints]] = {}
    for (unit, _), counts in given.now.items():
        by_unit.setdefault(unit, []).append(counts)
    shown = sorted(given.units | set(by_unit))
    return [
        FormRow("line", str(at), given.tree.names[unit], figures_of(given.layout, _summed(by_unit.get(unit, []))))
        for at, unit in enumerate(shown, 1)
    ]


def _checks(given: Filling) -> list[FormCheck]:
    layout = given.layout
    numbers = [one.number for one in layout.columns if one.source in ("count", "sum", "typed")]
    now, before = (
        dict(zip(numbers, figures_of(layout, _summed(list(counted.values()))), strict=True))
        for counted in (given.now, given.before)
    )
    return [
        FormCheck(
            one.column, one.equals, one.previous, now[one.column] or 0,
            (before[one.previous] or 0) if one.previous else sum(now[n] or 0 for n in one.equals),
        )
        for one in layout.checks
    ]  # fmt: skip


def _notes(given: Filling) -> tuple[str, ...]:
    if not any(one.source == "count" for one in given.layout.columns):
        return (note("form_typed"),)
    out = [note("form_as_of", as_of=given.as_of.replace("T", " ")), note("form_waiting")]
    gone = int(_summed(list(given.now.values()))[COUNTS.index("withdrawn")])
    out.append(note(f"form_withdrawn_{given.layout.withdrawn}", count=gone))
    if any(one.source == "typed" for one in given.layout.columns):
        out.append(note("form_typed"))
    return tuple(out)


def _due(given: Filling, reporter: int, last: date) -> date | None:
    level = given.tree.levels[reporter] if reporter >= 0 else "tinh"
    day = dict(given.layout.due).get(level)
    return date(last.year, last.month, day) if day else None
