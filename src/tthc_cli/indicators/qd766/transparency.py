"""Group 1, transparency: 1.4 judges dossiers; 1.1, 1.2 judge procedures announced, 1.3 procedures published."""

from __future__ import annotations

from collections.abc import Sequence

from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators.subjects import DOSSIER, Indicator
from tthc_cli.verdicts import BY_SYSTEM, OUTSIDE, Case, no, untold, yes

SYNCHRONISED = yes("synchronised")
NOT_SYNCHRONISED = no("not_synchronised", BY_SYSTEM)
SYNC_UNTOLD = untold("sync_untold", BY_SYSTEM)


def judge_synchronised(facts: YesNoFacts) -> Sequence[Case]:
    """1.4: dossiers received in the period; achieved when synchronised to the national portal (DaDongBo)."""
    return (
        OUTSIDE.where(~facts.received),
        SYNCHRONISED.where(facts.synchronised),
        SYNC_UNTOLD.where(~facts.told("DaDongBo")),
        NOT_SYNCHRONISED.otherwise(),
    )


INDICATORS = (Indicator("1.4", (OUTSIDE, SYNCHRONISED, NOT_SYNCHRONISED, SYNC_UNTOLD), judge_synchronised, DOSSIER),)
