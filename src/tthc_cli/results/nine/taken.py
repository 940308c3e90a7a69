"""A dossier as one of those who took part in it has it: its marks, and the row it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakenDossier:
    """One dossier of one division or official."""

    subject: str
    """Id of the division or official in the scorecard."""
    dossier: str
    """MaHoSo."""
    procedure: str
    received: str
    due: str
    finished: str
    """ISO moments; "" when there is none."""
    overdue_hours: float | None
    source: str
    sheet: str
    row: int
    reasons: Mapping[str, str]
    """Criterion -> key of the reason, of those that say something of it."""
    marks: Mapping[str, int]
    """Criterion -> its mark; of those without one nothing. Criterion 6 is the mark of a slip alone."""
    answer: int | None = None
    """What its last slip says of the whole: 0 dissatisfied, 1 satisfied, 2 very satisfied; None = nothing."""
