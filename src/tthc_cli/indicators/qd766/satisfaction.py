"""Group 5, satisfaction: 5.3 dossiers without a cause of dissatisfaction; 5.1 and 5.2 judge petitions."""

from __future__ import annotations

from collections.abc import Sequence

from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators.qd766.on_time import ON_TIME
from tthc_cli.indicators.subjects import DOSSIER, Indicator
from tthc_cli.verdicts import BY_SYSTEM, OUTSIDE, Case, no, unknown, yes

SATISFIED = yes("satisfied")
OVERDUE = no("overdue")
COMPLAINED = no("complained")
IN_TIME_UNTOLD = unknown("in_time_untold", BY_SYSTEM)
_UNKNOWN = tuple(r for r in ON_TIME.reasons if r.unknown)
_OVERDUE = tuple(r for r in ON_TIME.reasons if r.lost and not r.unknown)


def judge_satisfied(facts: YesNoFacts) -> Sequence[Case]:
    """5.3: dossiers received or handled in the period, less those overdue in 2.1, less those with a petition or a
    dislike; each is counted once. Where 2.1 cannot tell whether a dossier was in time, 5.3 cannot either."""
    in_time = ON_TIME.judge(facts)
    return (
        OUTSIDE.where(~facts.handled),
        OVERDUE.where(ON_TIME.among(in_time, *_OVERDUE)),
        COMPLAINED.where(facts.complained),
        IN_TIME_UNTOLD.where(ON_TIME.among(in_time, *_UNKNOWN)),
        SATISFIED.otherwise(),
    )


INDICATORS = (Indicator("5.3", (OUTSIDE, SATISFIED, OVERDUE, COMPLAINED, IN_TIME_UNTOLD), judge_satisfied, DOSSIER),)
