"""Every reason that no source tells of says who can still put it right; what is earned or left out says nothing."""

from __future__ import annotations

from tthc_cli.indicators.registry import INDICATORS
from tthc_cli.indicators.subjects import Indicator
from tthc_cli.verdicts import BY_OFFICE_WORK, BY_UNIT, BY_WORK, NEVER

COMPONENTS = [i for i in INDICATORS if isinstance(i, Indicator) and i.component]


def _mend(component: str) -> dict[str, object]:
    found = next(i for i in COMPONENTS if i.id == component)
    return {r.key: r.mend for r in found.reasons}


def test_what_no_source_tells_can_be_put_right_by_somebody() -> None:
    unknown = [(i.id, r) for i in COMPONENTS for r in i.reasons if r.unknown]
    assert unknown
    assert [(at, r.key) for at, r in unknown if not r.mend.by] == []


def test_only_what_loses_or_is_unknown_can_be_put_right() -> None:
    told = [(i.id, r.key) for i in COMPONENTS for r in i.reasons if r.mend != NEVER and not (r.lost or r.unknown)]
    assert told == []


def test_what_happened_stays() -> None:
    on_time = _mend("2.1")
    assert on_time["late"] == on_time["open_overdue"] == on_time["too_many_supplements"] == NEVER
    assert _mend("3.6")["not_paid_online"] == NEVER


def test_a_result_is_attached_by_the_unit_and_a_service_is_put_online_by_the_office() -> None:
    assert _mend("4.1")["no_electronic_result"] == BY_UNIT
    assert _mend("3.1")["not_online"] == BY_OFFICE_WORK
    assert _mend("3.2")["unused_online"] == BY_WORK
    assert _mend("3.3")["not_online"] == NEVER


def test_work_to_come_is_no_use_once_the_period_is_over() -> None:
    assert BY_WORK.when(running=True) == BY_WORK
    assert BY_WORK.when(running=False) == NEVER
    assert BY_UNIT.when(running=False) == BY_UNIT
