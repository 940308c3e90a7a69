"""Criteria 1, 2, 3, 4 and 7: the marks of dossiers (Thông tư 01/2018/TT-VPCP, Điều 13).

A dossier is marked once, in the period in which it was finished. The mark of an inspection, else of a slip, stands
instead of what the dossier, the process log and petitions tell; what nothing tells of has no mark, and is in no
denominator.
"""

from __future__ import annotations

from collections.abc import Sequence

from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators.subjects import DOSSIER, Indicator
from tthc_cli.verdicts import BY_SYSTEM, NEVER, OUTSIDE, Case, Mend, Reason, left_out, no, untold, yes

NINE_CRITERIA = "nine-criteria"


def mark(key: str, earned: int, mend: Mend = NEVER) -> Reason:
    """A subject that gets a mark."""
    return Reason(key, counted=True, earned=earned, mend=mend)


FINDING = tuple(mark(f"finding_{points}", points) for points in (2, 1, 0))
SLIP = tuple(mark(f"slip_{points}", points) for points in (2, 1, 0))
SHORTER = mark("shorter", 2)
EQUAL = mark("equal", 1)
LONGER = mark("longer", 0)
OPEN_OVERDUE = tuple(mark(f"open_overdue_{points}", points) for points in (2, 1, 0))
NO_DUE_DATE = untold("no_due_date", BY_SYSTEM)
FINISHED_WITHOUT_DATE = untold("finished_without_date", BY_SYSTEM)
NO_STEP_DUE = untold("no_step_due", BY_SYSTEM)
NO_CONTACT = mark("no_contact", 2)
ONE_CONTACT = mark("one_contact", 1)
MORE_CONTACTS = mark("more_contacts", 0)
OWN_FAULT = tuple(mark(f"own_fault_{points}", points) for points in (2, 1, 0))
OWN_FAULT_UNMARKED = left_out("own_fault_unmarked")
BY_OWN_FAULT = (*OWN_FAULT, OWN_FAULT_UNMARKED)
GIVEN = (*FINDING, *SLIP)
NO_SLIP = left_out("no_slip")
SUPPLEMENTS_UNTOLD = untold("supplements_untold", BY_SYSTEM)
NO_AGENCY = mark("no_agency", 2)
EARLY_UNCOMPLAINED = mark("early_uncomplained", 2)
IN_TIME_UNCOMPLAINED = mark("in_time_uncomplained", 1)
CONDUCT = mark("conduct", 0)
LATE_UNCOMPLAINED = tuple(mark(f"late_uncomplained_{points}", points) for points in (2, 1, 0))
LATE_UNMARKED = left_out("late_unmarked")


def source_of(reason: str) -> str:
    """Where a mark comes from, as rulebooks name it.

    >>> source_of("slip_2"), source_of("finding_0"), source_of("shorter")
    ('slip', 'inspection', 'derived')
    """
    return "slip" if reason.startswith("slip_") else "inspection" if reason.startswith("finding_") else "derived"


def _given(facts: YesNoFacts, criterion: str) -> tuple[Case, ...]:
    """What inspections and slips give, before all else."""
    inspected = facts.inspected(criterion)
    found = (r.where(facts.completed & inspected & facts.given(criterion, r.earned)) for r in FINDING)
    return (*found, *(r.where(facts.completed & facts.given(criterion, r.earned)) for r in SLIP))


def judge_time(facts: YesNoFacts) -> Sequence[Case]:
    """Criterion 1: total handling time against the legal time: shorter 2, equal 1, longer 0. Finished on a day before
    the due day is shorter, on it by the due time equal; procedures timed in hours compare by the minute."""
    overdue = facts.handled & ~facts.finished & ~facts.finished_untimed & ~facts.due_unknown & ~facts.took_no_longer
    overdue &= ~facts.ended_waiting
    return (
        *_given(facts, "c1"),
        FINISHED_WITHOUT_DATE.where(facts.finished_untimed & facts.handled),
        *(r.where(overdue & facts.ruled("c1_open_overdue", str(r.earned))) for r in OPEN_OVERDUE),
        OUTSIDE.where(~facts.completed),
        NO_DUE_DATE.where(facts.due_unknown),
        SHORTER.where(facts.took_less),
        EQUAL.where(facts.took_no_longer),
        LONGER.otherwise(),
    )


def judge_steps(facts: YesNoFacts) -> Sequence[Case]:
    """Criterion 2: the time of each agency taking part against its allowance: every step sooner 2, none late 1, any
    late 0; steps without a due time tell nothing."""
    return (
        *_given(facts, "c2"),
        OUTSIDE.where(~facts.completed),
        NO_STEP_DUE.where(~facts.steps_due),
        SHORTER.where(facts.steps_took_less),
        EQUAL.where(facts.steps_took_no_longer),
        LONGER.otherwise(),
    )


def judge_contacts(facts: YesNoFacts) -> Sequence[Case]:
    """Criterion 3: contacts with the reception point to complete the dossier: none 2, one 1, more 0, unless that is
    the applicant's own fault: then what the rulebook says. Without a slip, each supplement request is one."""
    excused = facts.supplement_asked_again & facts.supplements_excused
    return (
        *_given(facts, "c3"),
        OUTSIDE.where(~facts.completed),
        NO_SLIP.where(facts.ruled("c3_without_slip", "none")),
        *(r.where(excused & facts.ruled("c3_own_fault", str(r.earned))) for r in OWN_FAULT),
        OWN_FAULT_UNMARKED.where(excused),
        MORE_CONTACTS.where(facts.supplement_asked_again),
        ONE_CONTACT.where(facts.supplement_asked),
        NO_CONTACT.where(facts.logged | facts.told("SoLanBoSung", "NgayBoSung")),
        SUPPLEMENTS_UNTOLD.otherwise(),
    )


def judge_agencies(facts: YesNoFacts) -> Sequence[Case]:
    """Criterion 4: agencies to contact to complete the dossier. Only slips tell; a dossier of which nothing more was
    asked needed none, 2."""
    return (
        *_given(facts, "c4"),
        OUTSIDE.where(~facts.completed),
        NO_SLIP.where(facts.ruled("c4_without_slip", "none") | facts.supplement_asked),
        NO_AGENCY.where(facts.logged | facts.told("SoLanBoSung", "NgayBoSung")),
        SUPPLEMENTS_UNTOLD.otherwise(),
    )


def judge_attitude(facts: YesNoFacts) -> Sequence[Case]:
    """Criterion 7: returned early and no petition about conduct 2, in time and none 1, such a petition 0; returned late
    and no petition: what the rulebook says."""
    late = ~facts.took_no_longer
    return (
        *_given(facts, "c7"),
        OUTSIDE.where(~facts.completed),
        CONDUCT.where(facts.conduct_complained),
        NO_DUE_DATE.where(facts.due_unknown),
        EARLY_UNCOMPLAINED.where(facts.took_less),
        IN_TIME_UNCOMPLAINED.where(facts.took_no_longer),
        *(r.where(late & facts.ruled("c7_late_without_petition", str(r.earned))) for r in LATE_UNCOMPLAINED),
        LATE_UNMARKED.otherwise(),
    )


def judge_publication_slips(facts: YesNoFacts) -> Sequence[Case]:
    """Measure behind criterion 6: what inspections and slips of dossiers say of publication."""
    return _given(facts, "c6")


ONLINE_DONE = yes("online_done")
ONLINE_LATE = no("online_late")
ONLINE_OVERDUE = no("online_overdue")


def judge_online(facts: YesNoFacts) -> Sequence[Case]:
    """Measure behind criterion 9: dossiers submitted online that were finished late, or are open past due."""
    overdue = ~facts.took_no_longer & ~facts.due_unknown
    return (
        OUTSIDE.where(~facts.handled | ~facts.online | facts.finished_untimed | facts.ended_waiting),
        ONLINE_LATE.where(facts.finished & overdue),
        ONLINE_OVERDUE.where(overdue),
        ONLINE_DONE.otherwise(),
    )


TIME = Indicator(
    "c1",
    (OUTSIDE, SHORTER, EQUAL, LONGER, *GIVEN, *OPEN_OVERDUE, NO_DUE_DATE, FINISHED_WITHOUT_DATE),
    judge_time,
    DOSSIER,
    evaluation=NINE_CRITERIA,
)  # fmt: skip
STEPS = Indicator(
    "c2",
    (OUTSIDE, SHORTER, EQUAL, LONGER, *GIVEN, NO_STEP_DUE),
    judge_steps,
    DOSSIER,
    evaluation=NINE_CRITERIA,
)
CONTACTS = Indicator(
    "c3",
    (
        OUTSIDE,
        NO_CONTACT,
        ONE_CONTACT,
        MORE_CONTACTS,
        *OWN_FAULT,
        OWN_FAULT_UNMARKED,
        *GIVEN,
        NO_SLIP,
        SUPPLEMENTS_UNTOLD,
    ),
    judge_contacts,
    DOSSIER,
    evaluation=NINE_CRITERIA,
)
AGENCIES = Indicator(
    "c4",
    (OUTSIDE, NO_AGENCY, *GIVEN, NO_SLIP, SUPPLEMENTS_UNTOLD),
    judge_agencies,
    DOSSIER,
    evaluation=NINE_CRITERIA,
)
ATTITUDE = Indicator(
    "c7",
    (
        OUTSIDE,
        EARLY_UNCOMPLAINED,
        IN_TIME_UNCOMPLAINED,
        CONDUCT,
        *LATE_UNCOMPLAINED,
        LATE_UNMARKED,
        *FINDING,
        *SLIP,
        NO_DUE_DATE,
    ),
    judge_attitude,
    DOSSIER,
    evaluation=NINE_CRITERIA,
)
ONLINE = Indicator(
    "c9:kinds",
    (OUTSIDE, ONLINE_DONE, ONLINE_LATE, ONLINE_OVERDUE),
    judge_online,
    DOSSIER,
    measure=True,
    evaluation=NINE_CRITERIA,
)
PUBLICATION_SLIPS = Indicator(
    "c6:given", (OUTSIDE, *GIVEN), judge_publication_slips, DOSSIER, measure=True, evaluation=NINE_CRITERIA
)
INDICATORS = (TIME, STEPS, CONTACTS, AGENCIES, ATTITUDE, PUBLICATION_SLIPS, ONLINE)
