"""Every reason that loses points says whether it can still be put right, and nothing else does."""

from __future__ import annotations

from tthc_cli.indicators.qd766 import announcements, copies, petitions
from tthc_cli.indicators.qd766.mending import MENDING
from tthc_cli.indicators.qd766.procedures import PROCEDURE_INDICATORS
from tthc_cli.indicators.registry import DOSSIER_INDICATORS


def test_every_losing_or_unknown_reason_and_no_other() -> None:
    judged = {
        "1.1": announcements.ANNOUNCED_REASONS,
        "1.2": announcements.PUBLISHED_REASONS,
        "4.3": copies.REASONS,
        "5.1": petitions.IN_TIME_REASONS,
        "5.2": petitions.SATISFIED_REASONS,
        **{i.id: i.reasons for i in PROCEDURE_INDICATORS},
        **{i.id: i.reasons for i in DOSSIER_INDICATORS if i.id.replace(".", "").isdigit()},
    }
    losing = {
        (component, r.key)
        for component, reasons in judged.items()
        for r in reasons
        if r.unknown or (r.in_denominator and not r.in_numerator)
    }
    assert losing == set(MENDING)


def test_who_can_put_it_right_is_told_unless_nobody_can() -> None:
    assert all((m.kind == "never") == (m.by == "") for m in MENDING.values())
