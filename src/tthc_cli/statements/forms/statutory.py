"""A statutory form filled in from its layout and what was counted: its rows, sums, checks, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.forms.layout import STEPS
from tthc_cli.results.form import OF_LEVEL, Figure, Form, FormCheck, FormColumn, FormRow, Kind
from tthc_cli.results.notes import note
from tthc_cli.text import vietnamese_order

if TYPE_CHECKING:
    from tthc_cli.forms.layout import Layout, LayoutColumn
    from tthc_cli.periods import Window
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.statements.forms.counts import Counted, Ints

LEVELS = ("tinh", "so", "huyen", "xa", "khac")
_LETTERS = "ABCDE"
_WORDS = {"status": "lists.status", "result": "forms.step_result"}


@dataclass(frozen=True)
class Filling:
    """What a form is filled in with."""

    layout: Layout
    period: Window
    as_of: str
    tree: ScoredTree
    units: frozenset[int]
    """Indexes of the units that have a line, in a form by unit."""
    unit: int
    """Index of the unit that reports; -1 = the whole tree."""
    now: Counted
    notes: tuple[str, ...] = ()
    """Of the subject, as `results.notes.note` writes them."""

    @property
    def reporter(self) -> int:
        return self.unit if self.unit >= 0 else self.tree.root


def filled(given: Filling) -> Form:
    """The form."""
    layout, period = given.layout, given.period
    start, end = period.start.date(), period.end.date()
    to = layout.addressee(end - timedelta(days=1))
    form = replace(
        blank_form(layout, given.as_of, start, end),
        period=period.id,
        window=period.style,
        unit=given.tree.ids[given.unit] if given.unit >= 0 else "",
        reporter=given.tree.names[given.reporter] if given.reporter >= 0 else "",
        addressee_vi=to.vi if to else "",
        addressee_en=to.en if to else "",
        due=_due(given, end - timedelta(days=1)),
        due_from_memory=layout.due_evidence == "memory",
    )
    return replace(
        form,
        rows=tuple(_rows(given, layout.rows, layout.columns)),
        checks=tuple(_checks(given)),
        notes=_notes(given),
        parts=tuple(_parts(given, form)),
    )


def blank_form(layout: Layout, as_of: str, start: date, end: date) -> Form:
    """A form without rows, of nobody yet."""
    return Form(
        code=layout.code,
        circular=layout.circular,
        title_vi=layout.title_vi,
        title_en=layout.title_en,
        period="",
        window="calendar",
        start=start,
        end=end,
        as_of=as_of,
        unit="",
        reporter="",
        addressee_vi="",
        addressee_en="",
        columns=_columns(layout.columns),
        rows=(),
        from_memory=layout.evidence == "memory",
        filled_by_vi=layout.filled_by_vi,
        filled_by_en=layout.filled_by_en,
    )


def _columns(columns: Sequence[LayoutColumn]) -> tuple[FormColumn, ...]:
    kinds: dict[str, Kind] = {"ordinal": "ordinal", "label": "label", "text": "text"}
    of_steps: dict[str, Kind] = {"word": "word", "moment": "moment"}
    return tuple(
        FormColumn(
            one.number, one.heads_vi, one.heads_en,
            of_steps[STEPS[one.of_step]] if one.of_step else kinds.get(one.source, "figure"), one.columns,
            _WORDS.get(one.of_step, ""),
        )
        for one in columns
    )  # fmt: skip


def figures_of(layout_columns: Sequence[LayoutColumn], names: Sequence[str], counts: Ints) -> tuple[Figure, ...]:
    """The figures of one row, by column; None where a person types one in, or a sum has nothing but such columns."""
    known: dict[int, int | None] = {}
    columns = {one.number: one for one in layout_columns if one.source not in ("ordinal", "label")}

    def value(number: int) -> int | None:
        if number not in known:
            column = columns[number]
            if column.source == "count":
                known[number] = sum(int(counts[names.index(name)]) for name in column.counts)
            else:
                parts = [part for n in column.columns if (part := value(n)) is not None]
                known[number] = sum(parts) if parts else None
        return known[number]

    return tuple(value(number) for number in columns)


def _summed(counted: Sequence[Ints], width: int) -> Ints:
    out: Ints = np.sum(counted, axis=0, dtype=np.int64) if counted else np.zeros(width, np.int64)
    return out


def _rows(given: Filling, rows: str, columns: Sequence[LayoutColumn], only: str = "") -> list[FormRow]:
    counted = given.now.by_procedure if "procedure" in rows else given.now.by_field
    names = given.now.names
    if only:
        counted = {key: row for key, row in counted.items() if row[names.index(only)]}
    lines = _Lines(given, columns, counted)
    total = FormRow("total", "", "", lines.figures(list(counted.values())))
    if rows == "unit":
        return [total, *lines.by_unit()]
    if rows == "branch":
        return [total, *lines.by_branch()]
    if rows == "procedure":
        return [total, *lines.named({key: [row] for key, row in counted.items()})]
    return [total, *lines.by_level()]


@dataclass(frozen=True)
class _Lines:
    """The lines of one table."""

    given: Filling
    columns: Sequence[LayoutColumn]
    counted: Mapping[tuple[int, str], Ints]

    def figures(self, counts: Sequence[Ints]) -> tuple[Figure, ...]:
        names = self.given.now.names
        return figures_of(self.columns, names, _summed(counts, len(names)))

    def by_level(self) -> list[FormRow]:
        by_level: dict[str, dict[tuple[int, str], list[Ints]]] = {}
        for key, counts in self.counted.items():
            by_level.setdefault(self.given.tree.levels[key[0]], {}).setdefault(key, []).append(counts)
        out: list[FormRow] = []
        levels = [level for level in LEVELS if level in by_level]
        for letter, level in zip(_LETTERS, levels, strict=False):
            every = [row for rows in by_level[level].values() for row in rows]
            out.append(FormRow("group", letter, level, self.figures(every)))
            out += self.named(by_level[level])
        return out

    def named(self, parts: Mapping[tuple[int, str], Sequence[Ints]]) -> list[FormRow]:
        """A line a name (of a field, or procedure), in Vietnamese order; what has none is last."""
        by_name: dict[str, list[Ints]] = {}
        for (_, name), counts in parts.items():
            by_name.setdefault(name, []).extend(counts)
        order = sorted(by_name, key=lambda name: (not name, vietnamese_order(name), name))
        return [FormRow("line", str(at), name, self.figures(by_name[name])) for at, name in enumerate(order, 1)]

    def by_unit(self) -> list[FormRow]:
        """A line a unit, without those below it; what belongs to no unit alone comes after them, by level."""
        by_unit: dict[int, list[Ints]] = {}
        for (unit, _), counts in self.counted.items():
            by_unit.setdefault(unit, []).append(counts)
        shown = sorted(self.given.units | {unit for unit in by_unit if unit >= 0})
        shown += sorted((unit for unit in by_unit if unit < 0), reverse=True)
        return [
            FormRow("line", str(at), self._name(unit), self.figures(by_unit.get(unit, [])))
            for at, unit in enumerate(shown, 1)
        ]

    def _name(self, unit: int) -> str:
        return self.given.tree.names[unit] if unit >= 0 else OF_LEVEL + LEVELS[-1 - unit]

    def by_branch(self) -> list[FormRow]:
        """The unit that reports, then each unit right below it with all below that."""
        parents, top = self.given.tree.parents, self.given.reporter
        by_branch: dict[int, list[Ints]] = {top: []} if top >= 0 else {}
        by_branch.update({at: [] for at in sorted(self.given.units) if parents[at] == top and at != top})
        for (unit, _), counts in self.counted.items():
            while unit != top and parents[unit] not in (top, -1):
                unit = parents[unit]
            by_branch.setdefault(unit, []).append(counts)
        names = self.given.tree.names
        return [FormRow("line", str(at), names[u], self.figures(by_branch[u])) for at, u in enumerate(by_branch, 1)]


def _parts(given: Filling, form: Form) -> list[Form]:
    return [
        replace(
            form, title_vi=part.title_vi, title_en=part.title_en, columns=_columns(part.columns),
            rows=tuple(_rows(given, part.rows, part.columns, part.only)),
        )
        for part in given.layout.parts
    ]  # fmt: skip


def _checks(given: Filling) -> list[FormCheck]:
    layout, counted = given.layout, given.now
    numbers = [one.number for one in layout.columns if one.source not in ("ordinal", "label")]
    total = _summed(list(counted.by_field.values()), len(counted.names))
    now = {n: int(v or 0) for n, v in zip(numbers, figures_of(layout.columns, counted.names, total), strict=True)}
    return [
        FormCheck(
            one.column, one.equals, one.previous, now[one.column],
            counted.before.get(one.column, 0) if one.previous else sum(now[n] for n in one.equals),
            counted.apart.get(one.column, ()),
        )
        for one in layout.checks
        if not one.previous or one.column in counted.before
    ]  # fmt: skip


def _notes(given: Filling) -> tuple[str, ...]:
    typed = (note("form_typed"),) if any(one.source in ("typed", "text") for one in given.layout.columns) else ()
    if not given.layout.needs:
        return typed
    seen = "form_as_of" if given.layout.subject == "dossiers" else "form_seen_at"
    return (note(seen, as_of=given.as_of), *given.notes, *typed)


def dossier_notes(layout: Layout, counted: Counted) -> tuple[str, ...]:
    """How a form of dossiers counts those that are told apart by its parameters."""
    out = [note("form_waiting")]
    if not counted.by_field:
        out.insert(0, note("form_no_dossiers"))
    rules = {"waiting": layout.waiting, "stopped": layout.stopped, "withdrawn": layout.withdrawn}
    out += [note(f"form_{name}_{rule}", count=counted.total(name)) for name, rule in rules.items()]
    if counted.left_out:
        out.append(note("form_left_out", count=counted.left_out))
    if counted.still_waiting:
        out.append(note("form_still_waiting", count=counted.still_waiting))
    return tuple(out)


def _due(given: Filling, last: date) -> date | None:
    level = given.tree.levels[given.reporter] if given.reporter >= 0 else "tinh"
    day = dict(given.layout.due).get(level)
    return date(last.year, last.month, day) if day and given.period.kind not in ("week", "days") else None
