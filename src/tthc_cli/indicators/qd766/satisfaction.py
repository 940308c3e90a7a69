"""Group 5, satisfaction: 5.3 dossiers without a cause of dissatisfaction; 5.1 and 5.2 judge petitions."""

from __future__ import annotations

import numpy as np

from tthc_cli.facts.yes_no import DossierIndicator, YesNoFacts
from tthc_cli.verdicts import OUTSIDE, Codes, first_match, no, yes


def judge_satisfied(facts: YesNoFacts) -> Codes:
    """5.3: dossiers received or handled in the period, less the overdue ones, less those with a petition or a
    dislike; each is counted once."""
    return first_match(
        facts.n,
        (~facts.handled, 0),
        (facts.overdue, 2),
        (facts.complained, 3),
        (np.ones(facts.n, np.bool_), 1),
    )


SATISFIED = DossierIndicator("5.3", (OUTSIDE, yes("satisfied"), no("overdue"), no("complained")), judge_satisfied)
