"""What the code can count: the ids and parameters that a rulebook may speak of without `subject = "typed"`."""

from __future__ import annotations

from typing import Final

TYPED: Final = "typed"
"""Subject of a component that is known from hand-typed figures alone."""

COMPONENTS: Final[dict[str, str]] = {
    "1.1": "decision", "1.2": "decision", "1.3": "procedure", "1.4": "dossier",
    "2.1": "dossier", "2.2": "dossier",
    "3.1": "procedure", "3.2": "procedure", "3.3": "dossier", "3.4": "procedure", "3.5": "procedure", "3.6": "dossier",
    "4.1": "dossier", "4.2": "dossier", "4.3": "unit", "4.4": "dossier", "4.5": "dossier", "4.6": "dossier",
    "4.7": "procedure",
    "5.1": "petition", "5.2": "petition", "5.3": "dossier",
}  # fmt: skip
"""Component id -> what is counted."""

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
