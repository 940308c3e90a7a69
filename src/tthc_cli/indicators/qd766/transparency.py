"""Group 1, transparency: 1.4 judges dossiers; 1.1, 1.2 judge procedures announced, 1.3 procedures published."""

from __future__ import annotations

import numpy as np

from tthc_cli.facts.yes_no import DossierIndicator, YesNoFacts
from tthc_cli.verdicts import OUTSIDE, Codes, first_match, no, untold, yes


def judge_synchronised(facts: YesNoFacts) -> Codes:
    """1.4: dossiers received in the period; achieved when synchronised to the national portal (DaDongBo)."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (facts.synchronised, 1),
        (~facts.told("DaDongBo"), 3),
        (np.ones(facts.n, np.bool_), 2),
    )


SYNCHRONISED = DossierIndicator(
    "1.4", (OUTSIDE, yes("synchronised"), no("not_synchronised"), untold("sync_untold")), judge_synchronised
)
