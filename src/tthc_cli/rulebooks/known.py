"""What a rulebook may speak of besides the components that `indicators.registry` knows: parameters and readings."""

from __future__ import annotations

from typing import Final

TYPED: Final = "typed"
"""Subject of a component that is known from hand-typed figures alone."""

PARAMETERS: Final[dict[str, tuple[str, ...]]] = {
    "announce_days_province": ("1.1",),
    "announce_days_ministry": ("1.1",),
    "publish_days_province": ("1.2",),
    "publish_days_ministry": ("1.2",),
    "published_parts": ("1.3",),
    "authority_months": ("1.3", "3.1", "3.2", "3.4", "4.7"),
    "supplements_overdue": ("2.1", "5.3"),
    "waiting_clock": ("2.1", "5.3", "c1", "c7"),
    "supplement": ("2.1", "5.3", "c1", "c7"),
    "new_appointment": ("2.1", "5.3"),
    "boundary_free_from": ("2.1", "5.3", "c1", "c7"),
    "petition_refuse_days": ("5.1", "5.2", "c8"),
    "petition_supplement_days": ("5.1", "5.2", "c8"),
    "petition_handle_days": ("5.1", "5.2", "c8"),
    "petition_publish_days": ("5.1", "5.2", "c8"),
    "c1_open_overdue": ("c1",),
    "c3_without_slip": ("c3",),
    "c3_own_fault": ("c3",),
    "c4_without_slip": ("c4",),
    "c5_share_province": ("c5",),
    "c5_share_district": ("c5",),
    "c5_share_commune": ("c5",),
    "c6_without_posting": ("c6",),
    "c7_late_without_petition": ("c7",),
    "c8_prolonged": ("c8",),
    "c8_share": ("c8",),
    "c9_procedures": ("c9",),
    "c9_share_two": ("c9",),
    "c9_share_one": ("c9",),
    "c9_share_without_procedures": ("c9",),
    "c9_late": ("c9",),
}
"""Parameter id -> the components that cannot be counted without it."""

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "waiting_clock": ("working", "calendar"),
    "supplement": ("subtract", "restart"),
    "new_appointment": ("informs", "counts"),
    "c3_without_slip": ("derive", "none"),
    "c4_without_slip": ("derive", "none"),
    "c6_without_posting": ("none", "not_posted"),
    "c8_prolonged": ("either", "overdue", "raised_again"),
    "c9_late": ("zero", "ignore"),
}
"""Parameters whose value is a word, and the words it may be."""

DAYS: Final = frozenset({"boundary_free_from"})
"""Parameters whose value is a day; all others are whole numbers."""

MARKS: Final = frozenset({"c1_open_overdue", "c3_own_fault", "c7_late_without_petition", "c9_share_without_procedures"})
"""Parameters whose value is a mark, or that there is none (NO_MARK)."""
NO_MARK: Final = "none"
FULL_MARK: Final = 2

READINGS: Final = ("law", "portal")
EVALUATIONS: Final = ("qd766", "nine-criteria")
"""Which law is assessed by: Decision 766, or the nine criteria of Decree 61 for units, divisions and officials."""
SUBJECTS: Final = ("units", "divisions", "officials")
"""Whom a rulebook may assess."""
SOURCES: Final = ("typed", "inspection", "slip", "derived")
"""Where marks may come from: typed by who appraises; found by an inspection; given on a slip; derived from dossiers,
process log, petitions and catalogue."""
CHOSEN: Final = ("in_force", "by_name")
"""Whether a rulebook is taken when it is in force, or only when it is asked for."""
GRADED_ON: Final = ("percent", "total")
"""What grades are taken on: the total in hundredths of the maximum that counts, or the total itself."""
DEFAULTS: Final = {"evaluation": "qd766", "places": 2, "graded_on": "percent"}
"""What a rulebook means that does not say."""
