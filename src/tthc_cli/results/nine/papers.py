"""What the forms of the nine criteria are made from besides the scorecard that is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.results.nine.taken import TakenDossier

if TYPE_CHECKING:
    from tthc_cli.errors import TthcError
    from tthc_cli.results.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Papers:
    """Empty where only Decision 766 is reported and nothing else is stored."""

    taken: tuple[TakenDossier, ...] = ()
    """Dossiers of officials, a line of form 01-ĐGHL each."""
    left_out: int = 0
    """How many officials have no form, because there are too many lines."""
    missing: TthcError | None = None
    """Why there is no form at all."""
    other: Scorecard | None = None
    """The score of the same period and units by the other law."""


NO_PAPERS = Papers()
