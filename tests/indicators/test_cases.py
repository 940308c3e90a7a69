"""The hand-worked cases of tests/cases: what every indicator says of one dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.indicators.dossiers import CODE, context, dossier_table, judge
from tthc_cli.facts.clock_rules import ClockRules
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.rulebooks import by_id

CASES = Path(__file__).parent.parent / "cases"
USUAL = {
    "NgayTiepNhan": "2023-04-03 08:00",
    "NgayHenTra": "2023-04-10 16:30",
    "NgayKetThucXuLy": "2023-04-07 15:00",
    "TrangThaiHoSo": 9,
}


def cases(name: str) -> list[Any]:
    found = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(c, id=c["case"]) for c in found]


def rules(changes: dict[str, Any]) -> ClockRules:
    """The law reading, with some parameters changed."""
    law = by_id("qd766")
    told = {p.id: p.value for p in law.parameters}
    assert changes.keys() <= told.keys()
    return ClockRules.of(told | changes)


def check(case: dict[str, Any], dossier: dict[str, Any]) -> None:
    code = "H99.01-230403-0000"
    procedure = {"MaTTHC": CODE, "TenTTHC": "Thủ tục mẫu"} | case.get("procedure", {})
    facts = DossierFacts(
        dossier_table([dossier]),
        context(
            *case.get("period", ("2023-04-01", "2023-07-01")),
            as_of=case.get("as_of"),
            procedures=[procedure],
            absent=case.get("absent", ()),
            complained=[code] if case.get("complained") else [],
            log=[(code, at, status) for at, status in case.get("log", ())],
            rules=rules(case.get("rules", {})),
        ),
    )
    assert {i: judge(i, facts)[0] for i in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", cases("on_time.yaml"))
def test_on_time(case: dict[str, Any]) -> None:
    check(case, case["dossier"])


@pytest.mark.parametrize("case", cases("process_log.yaml"))
def test_process_log(case: dict[str, Any]) -> None:
    check(case, case["dossier"])


@pytest.mark.parametrize("case", cases("clock_choices.yaml"))
def test_clock_choices(case: dict[str, Any]) -> None:
    check(case, case["dossier"])


@pytest.mark.parametrize("case", cases("dossier_components.yaml"))
def test_dossier_components(case: dict[str, Any]) -> None:
    check(case, USUAL | case["dossier"])
