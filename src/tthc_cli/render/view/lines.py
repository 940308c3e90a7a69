"""Lines of the lists and tables beside the scores, with their text for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tthc_cli.render.view.heads import Amount, ComponentHead


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A component that could not be assessed for some units."""

    head: ComponentHead
    units: Amount
    units_text: str
    names: str
    why: str

    @property
    def who(self) -> str:
        """The units by name where they are few, else how many."""
        few = self.names and int(self.units.value or 0) <= 3
        return self.names if few else self.units_text


@dataclass(frozen=True, slots=True)
class SourceLine:
    file: str
    sha256: str
    tables: str
    rows_read: Amount
    accepted: Amount
    superseded: Amount
    rejected: Amount
    exported: str
    """When it was exported, as the reader writes it; "" where nothing tells."""


@dataclass(frozen=True, slots=True)
class UnmatchedLine:
    name: str
    dossiers: Amount
    nearest: str


@dataclass(frozen=True, slots=True)
class LostLine:
    """A dossier that cost points."""

    unit_id: str
    unit: str
    component: str
    title: str
    dossier: str
    procedure: str
    received: datetime | None
    due: datetime | None
    finished: datetime | None
    reason: str
    place: str
    """File › sheet › row."""


@dataclass(frozen=True, slots=True)
class TimeLine:
    """How long one procedure takes at one unit, in the procedure's own unit of time."""

    unit_id: str
    unit: str
    procedure: str
    name: str
    time_unit: str
    finished: int
    mean: float
    median: float
    percentile_90: float
    statutory: float | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """Steps of the process log that one division of a unit did, and how many were late."""

    unit_id: str
    unit: str
    division: str
    steps: int
    late: int
