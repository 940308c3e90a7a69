"""Why an open dossier may be past due, proposed from data: a proposal, which a cause typed in overrides.

The first that holds, in this order: the cause typed in; its clock stands still now for a fee or a supplement; an outage
between its receipt and its due time; another agency held the step that overran most, or has it now; the step that
overran most; the regulation, where all steps kept their own time and the dossier is late none the less; else not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.standing import FEE, SUPPLEMENT, clock_stopped_by
from tthc_cli.facts.late.steps import step_due

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.late.known import Known
    from tthc_cli.facts.late.steps import StepsAt
    from tthc_cli.verdicts import Mask


def causes(facts: DossierFacts, steps: StepsAt, foreign: Mask, known: Known) -> list[str]:
    """The cause of each dossier, a key of `lists.cause`.

    foreign: of each step, whether its division is another agency than the one in charge."""
    n = facts.n
    stopped = clock_stopped_by(facts)
    longest, last = steps.longest_overrun(n), steps.last(n)
    agency = np.append(foreign, False)
    timed = np.zeros(n, np.bool_)
    timed[steps.rows.dossier[steps.rows.due != NAT]] = True
    due = np.append(step_due(steps.rows.due), NAT)[last]
    kept = timed & (longest < 0) & (due != NAT) & (due > facts.due_moved)
    found = np.select(
        [
            stopped == FEE,
            stopped == SUPPLEMENT,
            known.outage_between(facts.received_at, np.minimum(facts.due_moved, facts.judged_at)),
            (longest >= 0) & agency[longest],
            (last >= 0) & agency[last] & steps_stand(steps, n),
            longest >= 0,
            kept,
        ],
        ["fee", "supplement", "outage", "other_agency", "other_agency", "step", "regulation"],
        "unknown",
    )
    typed = known.causes_of(facts)
    return [said or proposed for said, proposed in zip(typed, found.tolist(), strict=True)]


def steps_stand(steps: StepsAt, n: int) -> Mask:
    """Whether each dossier stands at a step that it is known not to have left."""
    out = np.zeros(n, np.bool_)
    out[steps.rows.dossier[steps.standing]] = True
    return out
