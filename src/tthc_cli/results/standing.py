"""What the grades of a scorecard are worth, where that is to be said: its notes tell it."""

from __future__ import annotations

from collections.abc import Iterable

WITHHELD = ("no_unit_table", "few_matched")
"""Reasons for having no grade that hold for every unit of a scorecard: the units are not known well enough."""
UNGRADED, GRADED_ANYWAY = "ungraded_", "graded_anyway_"
"""How the note begins that tells of one of WITHHELD: no unit is graded, or all are, because that was asked for."""


def standing(notes: Iterable[str]) -> tuple[str, ...]:
    """Of the notes of a scorecard the one that says that it has no grades, or has them all the same."""
    about = {beginning + reason for beginning in (UNGRADED, GRADED_ANYWAY) for reason in WITHHELD}
    return tuple(note for note in notes if note.partition("|")[0] in about)


def told_anyway(notes: Iterable[str]) -> dict[str, str]:
    """What JSON says of a scorecard that was graded all the same; nothing of others."""
    keys = (note.partition("|")[0] for note in notes)
    reason = next((key.removeprefix(GRADED_ANYWAY) for key in keys if key.startswith(GRADED_ANYWAY)), "")
    return {"graded_anyway": reason} if reason else {}
