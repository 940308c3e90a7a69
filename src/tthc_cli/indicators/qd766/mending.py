"""Whether what lost points can still be put right, how, and by whom.

`never`: what happened stays (late, paid in cash). `data`: sent again with what was missing or wrong, as long as data
can be sent. `work`: by work to come, while the period runs. Where one reason holds both what can and what cannot be put
right, the less hopeful stands, so that nothing is promised that cannot be had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MendKind = Literal["never", "data", "work"]
MendBy = Literal["", "unit", "system", "catalogue", "office"]
"""The unit that handles; who keeps the one-stop-shop system; who keeps the catalogue of procedures; the office that
announces procedures."""


@dataclass(frozen=True, slots=True)
class Mend:
    kind: MendKind
    by: MendBy = ""


NEVER = Mend("never")
_SYSTEM = Mend("data", "system")
_UNIT = Mend("data", "unit")
_CATALOGUE = Mend("data", "catalogue")
_WORK = Mend("work", "unit")

MENDING: dict[tuple[str, str], Mend] = {
    ("1.1", "announced_late"): NEVER,
    ("1.1", "effective_date_untold"): Mend("data", "office"),
    ("1.2", "published_late"): NEVER,
    ("1.2", "not_published"): NEVER,
    ("1.3", "parts_missing"): _CATALOGUE,
    ("1.4", "not_synchronised"): _SYSTEM,
    ("1.4", "sync_untold"): _SYSTEM,
    ("2.1", "late"): NEVER,
    ("2.1", "open_overdue"): NEVER,
    ("2.1", "too_many_supplements"): NEVER,
    ("2.1", "no_due_date"): _SYSTEM,
    ("2.1", "finished_without_date"): _SYSTEM,
    ("2.1", "within_new_appointment"): NEVER,
    ("3.1", "not_online"): Mend("work", "office"),
    ("3.1", "level_untold"): _CATALOGUE,
    ("3.2", "unused_online"): _WORK,
    ("3.2", "channel_untold"): _SYSTEM,
    ("3.3", "not_online"): NEVER,
    ("3.3", "no_electronic_result"): _UNIT,
    ("3.3", "channel_blank"): _SYSTEM,
    ("3.3", "channel_unknown"): _SYSTEM,
    ("3.3", "channel_untold"): _SYSTEM,
    ("3.3", "result_untold"): _SYSTEM,
    ("3.4", "no_fee_data"): _WORK,
    ("3.4", "fee_untold"): _SYSTEM,
    ("3.5", "never_paid_online"): _WORK,
    ("3.5", "payment_untold"): _SYSTEM,
    ("3.6", "not_paid_online"): NEVER,
    ("3.6", "payment_untold"): _SYSTEM,
    ("4.1", "no_electronic_result"): _UNIT,
    ("4.1", "result_untold"): _SYSTEM,
    ("4.2", "not_attached"): _UNIT,
    ("4.2", "no_electronic_result"): _UNIT,
    ("4.2", "attachment_untold"): _SYSTEM,
    ("4.2", "result_untold"): _SYSTEM,
    ("4.3", "issued_none"): _WORK,
    ("4.4", "not_reused"): NEVER,
    ("4.4", "reuse_untold"): _SYSTEM,
    ("4.5", "not_shared"): _SYSTEM,
    ("4.5", "store_untold"): _SYSTEM,
    ("4.6", "no_population_data"): NEVER,
    ("4.6", "population_untold"): _SYSTEM,
    ("4.7", "no_population_data"): _WORK,
    ("4.7", "population_untold"): _SYSTEM,
    ("5.1", "handled_late"): NEVER,
    ("5.1", "open_overdue"): NEVER,
    ("5.1", "refused_late"): NEVER,
    ("5.1", "supplement_asked_late"): NEVER,
    ("5.1", "published_late"): NEVER,
    ("5.2", "disliked"): NEVER,
    ("5.2", "raised_again"): NEVER,
    ("5.2", "overdue"): NEVER,
    ("5.3", "overdue"): NEVER,
    ("5.3", "complained"): NEVER,
    ("5.3", "in_time_untold"): _SYSTEM,
}
"""Every reason of a component that loses points, or of which no source tells."""


def mend(component: str, reason: str, running: bool) -> Mend:
    """What can be done about a reason; work to come is no use once the period is over.

    >>> mend("3.2", "unused_online", running=False).kind
    'never'
    """
    found = MENDING.get((component, reason), NEVER)
    return NEVER if found.kind == "work" and not running else found
