"""How the clock of a dossier runs, where the law leaves a choice: parameters of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np


@dataclass(frozen=True)
class ClockRules:
    """The choices of one rulebook on one day."""

    supplements_overdue: int = 2
    """Supplement requests from which a dossier counts as overdue; 0 = never."""
    working_waits: bool = True
    """Waiting moves the due time by the working time waited; else it is taken off in calendar time."""
    restarts: bool = False
    """Once the dossier is complete, the time limit is counted again from the start."""
    appointment_counts: bool = False
    """The new appointment given with a supplement request counts as due."""
    boundary_free_from: int = 0
    """Seconds: boundary-free dossiers received since then start when the competent agency receives them."""

    @classmethod
    def of(cls, parameters: Mapping[str, Decimal | str]) -> ClockRules:
        since = np.datetime64(str(parameters["boundary_free_from"]), "s")
        return cls(
            supplements_overdue=int(parameters["supplements_overdue"]),
            working_waits=parameters["waiting_clock"] == "working",
            restarts=parameters["supplement"] == "restart",
            appointment_counts=parameters["new_appointment"] == "counts",
            boundary_free_from=int(since.astype(np.int64)),
        )
