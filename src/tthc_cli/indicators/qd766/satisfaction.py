"""Group 5, satisfaction: 5.3 dossiers without a cause of dissatisfaction; 5.1 and 5.2 judge petitions."""

from __future__ import annotations

import numpy as np

from tthc_cli.facts.columns import by_index
from tthc_cli.facts.yes_no import DossierIndicator, YesNoFacts
from tthc_cli.indicators.qd766.on_time import ON_TIME_REASONS, judge_on_time
from tthc_cli.verdicts import OUTSIDE, Codes, first_match, no, unknown, yes

SATISFIED_REASONS = (OUTSIDE, yes("satisfied"), no("overdue"), no("complained"), unknown("in_time_untold"))
_UNKNOWN = np.array([r.unknown for r in ON_TIME_REASONS])
_OVERDUE = np.array([r.in_denominator and not r.in_numerator and not r.unknown for r in ON_TIME_REASONS])


def judge_satisfied(facts: YesNoFacts) -> Codes:
    """5.3: dossiers received or handled in the period, less those overdue in 2.1, less those with a petition or a
    dislike; each is counted once. Where 2.1 cannot tell whether a dossier was in time, 5.3 cannot either."""
    code = {r.key: i for i, r in enumerate(SATISFIED_REASONS)}
    in_time = judge_on_time(facts)
    return first_match(
        facts.n,
        (~facts.handled, 0),
        (by_index(_OVERDUE, in_time), code["overdue"]),
        (facts.complained, code["complained"]),
        (by_index(_UNKNOWN, in_time), code["in_time_untold"]),
        (np.ones(facts.n, np.bool_), code["satisfied"]),
    )


SATISFIED = DossierIndicator("5.3", SATISFIED_REASONS, judge_satisfied)
