"""What the data say of every check and red flag, against cases worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.inspection.office import AT, CASES, code, office
from tthc_cli.facts.moment import seconds_of
from tthc_cli.jobs.lists import asked_of
from tthc_cli.periods import parse_period
from tthc_cli.results.control.inspection import ANSWERS
from tthc_cli.rulebooks.inspection.reading import SHIPPED, inspection_rules
from tthc_cli.statements.inspection.frame import Frame, framed
from tthc_cli.workspace import find_workspace

RULES = inspection_rules(SHIPPED / "none")


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Frame:
    folder = office(tmp_path_factory.mktemp("answers"))
    asked, _ = asked_of(find_workspace(folder, folder), AT, "H98.01")
    period = parse_period("2024Q2")
    return framed(asked, RULES, seconds_of(period.start), seconds_of(period.end))


def test_all_cases_are_in_the_frame(frame: Frame) -> None:
    assert sorted(frame.dossiers) == [code(n) for n in range(1, len(CASES) + 1)]


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES, 1)), ids=[case["note"] for case in CASES])
def test_case(number: int, case: dict[str, Any], frame: Frame) -> None:
    at = frame.dossiers.index(code(number))
    assert {check: ANSWERS[frame.answers[check][at]] for check in case["says"]} == case["says"]
    assert sorted(frame.flags_of(at)) == sorted(case["flags"])


def test_every_check_that_data_can_answer_has_a_case() -> None:
    told = {check for case in CASES for check, said in case["says"].items() if said}
    assert told == {check.id for check in RULES.checks if check.about == "dossier" and check.data != "none"}


def test_every_flag_has_a_case() -> None:
    assert {flag for case in CASES for flag in case["flags"]} == set(RULES.weights("dossier"))


def test_a_dossier_missing_from_a_log_of_nearly_all_is_a_fault() -> None:
    frame = Frame(answers={"D7": [1, 1, 1, 1, 0]}, unlogged=[False, False, False, False, True])
    frame.miss_steps()
    assert frame.answers["D7"] == [1, 1, 1, 1, 2]
    few = Frame(answers={"D7": [1, 0, 0]}, unlogged=[False, True, True])
    few.miss_steps()
    assert few.answers["D7"] == [1, 0, 0]


def test_fields_that_differ_in_case_alone_are_one() -> None:
    frame = Frame(fields=["Đất đai", "đất đai", "Đất đai", "Hộ tịch"])
    frame.one_spelling()
    assert frame.fields == ["Đất đai", "Đất đai", "Đất đai", "Hộ tịch"]
