"""What a control office looks at in the morning: how many dossiers want something done, by unit, and the last days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tthc_cli.messages import Lang, say
from tthc_cli.results.listing import Listing, public_json
from tthc_cli.results.notes import note_text

SCHEMA = 1
MEASURES = (
    "due_today", "due_soon", "overdue", "overdue_no_letter", "newly_overdue", "letters_due", "waiting", "suspect",
    "petitions",
)  # fmt: skip
"""What is counted of each unit; the words are `today.measure.<key>`."""
OWED = ("overdue_no_letter", "letters_due", "due_today", "overdue", "petitions")
"""A unit that has any of these owes something today; units come in this order, those with most first."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnitToday:
    """What one unit (without those below it) has."""

    unit: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Today:
    """The morning paper."""

    as_of: str
    """ISO."""
    unit: str
    """Id of the unit that was asked for; "" = all."""
    unit_name: str
    units: tuple[UnitToday, ...]
    """Those that owe something, who owes most first."""
    total: Counts
    """Over all units asked for."""
    trend: tuple[tuple[str, int], ...]
    """(day, dossiers past due at its end), the oldest first; the last is the moment."""
    urgent: Listing
    """The dossiers behind `due_today`, `letters_due` and `overdue_no_letter`, the most urgent first."""
    notes: tuple[str, ...] = ()
    """What is missing, as `results.notes.note` writes it."""

    def note_lines(self, lang: Lang) -> list[str]:
        return [note_text(note, lang) for note in self.notes]


def measure_name(key: str, lang: Lang) -> str:
    return say(f"today.measure.{key}", lang)


def today_json(today: Today, lang: Lang) -> dict[str, Any]:
    """The documented object that `tthc today --json` prints."""
    return {
        "schema": SCHEMA,
        "as_of": today.as_of,
        "unit": today.unit or None,
        "total": dict(today.total),
        "units": [{"id": u.unit, "name": u.name, **u.counts} for u in today.units],
        "trend": [{"day": day, "overdue": overdue} for day, overdue in today.trend],
        "urgent": public_json(today.urgent, lang),
        "notes": today.note_lines(lang),
    }
