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
    "waiting_clock": ("2.1", "5.3"),
    "supplement": ("2.1", "5.3"),
    "new_appointment": ("2.1", "5.3"),
    "boundary_free_from": ("2.1", "5.3"),
    "petition_refuse_days": ("5.1", "5.2"),
    "petition_supplement_days": ("5.1", "5.2"),
    "petition_handle_days": ("5.1", "5.2"),
    "petition_publish_days": ("5.1", "5.2"),
}
"""Parameter id -> the components that cannot be counted without it."""

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "waiting_clock": ("working", "calendar"),
    "supplement": ("subtract", "restart"),
    "new_appointment": ("informs", "counts"),
}
"""Parameters whose value is a word, and the words it may be."""

DAYS: Final = frozenset({"boundary_free_from"})
"""Parameters whose value is a day; all others are whole numbers."""

READINGS: Final = ("law", "portal")
EVALUATIONS: Final = ("qd766", "nine-criteria")
"""Which law is assessed by: Decision 766, or the nine criteria of Decree 61 for units, divisions and officials."""
GRADED_ON: Final = ("percent", "total")
"""What grades are taken on: the total in hundredths of the maximum that counts, or the total itself."""
DEFAULTS: Final = {"evaluation": "qd766", "places": 2, "graded_on": "percent"}
"""What a rulebook means that does not say."""
