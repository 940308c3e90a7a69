"""The hand-worked cases of tests/cases, named after their indicators; every reason of every indicator has one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.indicators.dossiers import CODE, context, dossier_table, judge, marking
from tests.indicators.worked import CASES, cases_in, check, files_of, reasons_in
from tthc_cli.facts.context import ClockRules
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.indicators.registry import INDICATORS
from tthc_cli.rulebooks import by_id

FILES = [(indicator.id, file) for indicator in INDICATORS for file in files_of(indicator.id)]
NUMBERED = {file for file in CASES.rglob("*.yaml") if re.match(r"\d|I|c\d", file.relative_to(CASES).parts[0])}


def rules(changes: dict[str, Any]) -> ClockRules:
    """The law reading, with some parameters changed."""
    law = by_id("qd766")
    told = {p.id: p.value for p in law.parameters}
    assert changes.keys() <= told.keys()
    return ClockRules.of(told | changes)


def marks(changes: dict[str, Any]) -> dict[str, Any]:
    """The parameters of the nine criteria, some of them changed."""
    told = {p.id: p.value for p in by_id("tt01-2018").parameters}
    assert changes.keys() <= told.keys()
    return told | changes


def check_dossier(case: dict[str, Any], dossier: dict[str, Any]) -> None:
    """What indicators say of one dossier."""
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
            log=[(code, *step) for step in case.get("log", ())],
            rules=rules(case.get("rules", {})),
            marking=marking(
                case.get("slip", {}),
                case.get("finding", {}),
                case.get("conduct", False),
                marks(case.get("marks", {})),
                code,
            ),
        ),
    )
    assert {i: judge(i, facts)[0] for i in case["expect"]} == case["expect"]


@pytest.mark.parametrize("document", [case for _, file in FILES for case in cases_in(file)])
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    case = document["case"]
    if "dossier" in case:
        check_dossier(case, document.get("usual", {}) | case["dossier"])
    else:
        check(document, tmp_path)


def test_every_file_is_named_after_an_indicator() -> None:
    assert NUMBERED - {file for _, file in FILES} == set()


@pytest.mark.parametrize("indicator", [i for i in INDICATORS if i.reasons], ids=lambda i: i.id)
def test_every_reason_has_a_case(indicator: Any) -> None:
    found = {reason for file in files_of(indicator.id) for reason in reasons_in(file, indicator.id)}
    assert {reason.key for reason in indicator.reasons} - found == set()
