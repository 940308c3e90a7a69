"""What form II.06 (Thông tư 01/2020/TT-VPCP) shows, as frozen data: by unit, by level and field, by unit and field."""

from __future__ import annotations

from dataclasses import dataclass

FORM_PARTS = (
    "inflow", "online", "direct", "carried", "done", "early", "on_time", "late", "open", "open_within", "open_past",
)  # fmt: skip
"""Columns (3) to (13) of the form: inflow = online + direct + carried over; done = early + on time + late;
open = within + past due."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of form II.06: counts in the order of `FORM_PARTS`."""

    unit_id: str
    name: str
    level: str
    counts: tuple[int, ...]

    @property
    def numbers(self) -> tuple[tuple[str, int], ...]:
        return tuple(zip(FORM_PARTS, self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of procedures in form II.06: counts in the order of `FORM_PARTS`."""

    field: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FormSection:
    """The part of form II.06 by field that is about one level; each dossier counts where it was handled."""

    letter: str
    level: str
    """tinh (the province's own offices and departments), huyen, xa or khac."""
    label: str
    counts: tuple[int, ...]
    """The sum of the lines."""
    lines: tuple[FieldLine, ...]
    """In Vietnamese order; what has no known field is last."""


@dataclass(frozen=True, slots=True)
class UnitFields:
    """Form II.06 of one unit, everything below it included, by field."""

    unit_id: str
    name: str
    level: str
    counts: tuple[int, ...]
    """The sum of the lines: the unit's line in the form by unit."""
    lines: tuple[FieldLine, ...]
