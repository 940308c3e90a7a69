"""An indicator more, counted in dossiers: one file, one block of a rulebook, two blocks of sentences, one case file."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.command import put
from tests.copied import append, program, python, tthc, tthc_json

TESTS = Path(__file__).parents[1]
INDICATOR = '''"""2.3: dossiers handled before the day they were due, of those received or handled in the period."""

from collections.abc import Sequence

from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators.subjects import DOSSIER, Indicator
from tthc_cli.verdicts import OUTSIDE, Case, no, unknown, yes

AHEAD = yes("ahead")
NOT_AHEAD = no("not_ahead")
DUE_UNKNOWN = unknown("due_unknown")


def judge_ahead(facts: YesNoFacts) -> Sequence[Case]:
    """2.3: achieved when finished before the due day."""
    return (
        OUTSIDE.where(~facts.handled),
        DUE_UNKNOWN.where(facts.due_unknown),
        AHEAD.where(facts.finished & facts.early),
        NOT_AHEAD.otherwise(),
    )


INDICATORS = (Indicator("2.3", (OUTSIDE, AHEAD, NOT_AHEAD, DUE_UNKNOWN), judge_ahead, DOSSIER),)
'''
PLAN = """
id = "song-van"
revision = 1
reading = "law"
extends = "qd766"
title_vi = "Kế hoạch của tỉnh Sông Vân"
title_en = "Plan of Sông Vân"
cite = "Kế hoạch 12/KH-UBND"
effective_from = 2023-01-01
total = 105

[[group]]
id = "2"
max = 25
cite = "Kế hoạch 12/KH-UBND"
"""
COMPONENT = """
[[component]]
id = "2.3"
group = "2"
title_vi = "Hồ sơ giải quyết trước hạn"
title_en = "Dossiers handled ahead of time"
max = 5
rule = "linear"
when_zero = "zero"
subject = "dossier"
numerator_vi = "Số hồ sơ xong trước ngày hẹn"
numerator_en = "Dossiers finished before the due day"
denominator_vi = "Số hồ sơ"
denominator_en = "Dossiers"
cite = "Kế hoạch 12/KH-UBND, Phụ lục, mục 2.3"
"""
SENTENCES = {
    "vi": '["2.3"]\noutside = "không thuộc kỳ"\nahead = "xong trước ngày hẹn"\n'
    'not_ahead = "không xong trước ngày hẹn"\ndue_unknown = "không rõ ngày hẹn"\n',
    "en": '["2.3"]\noutside = "not of the period"\nahead = "finished before the due day"\n'
    'not_ahead = "not finished before the due day"\ndue_unknown = "no due date is known"\n',
}
CASES = """
shared: dossier
cases:
- case: xong trước ngày hẹn
  dossier: {}
  expect: {"2.3": ahead}
- case: xong trong ngày hẹn
  dossier: {NgayKetThucXuLy: 2023-04-10 08:00}
  expect: {"2.3": not_ahead}
- case: không rõ ngày hẹn
  dossier: {NgayHenTra: null}
  expect: {"2.3": due_unknown}
- case: nhận sau kỳ
  dossier: {NgayTiepNhan: 2023-07-03 08:00, NgayHenTra: 2023-07-10 16:30, NgayKetThucXuLy: null, TrangThaiHoSo: 4}
  expect: {"2.3": outside}
"""
UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh Sông Vân,tinh,\nH99.02,Sở Công Thương,so,H99\n"
DOSSIERS = """MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo
H99.02-230403-0001,1.000001,03/04/2023 08:00,10/04/2023 16:30,07/04/2023 15:00,9
H99.02-230403-0002,1.000001,03/04/2023 08:00,10/04/2023 16:30,10/04/2023 08:00,9
H99.02-230403-0003,1.000001,03/04/2023 08:00,10/04/2023 16:30,,4
"""


def with_the_indicator(folder: Path) -> Path:
    """The copied package with the indicator and its sentences."""
    package = program(folder)
    (package / "indicators" / "qd766" / "ahead.py").write_text(INDICATOR, "utf-8")
    for lang, sentences in SENTENCES.items():
        append(package / "messages" / lang / "reasons.toml", sentences)
    return package


def test_it_is_scored_explained_and_listed(tmp_path: Path) -> None:
    with_the_indicator(tmp_path)
    put(tmp_path, units=UNITS, dossiers=DOSSIERS)
    (tmp_path / "rulebooks").mkdir()
    plan = tmp_path / "rulebooks" / "song-van.toml"
    plan.write_text(PLAN + COMPONENT, "utf-8")
    tthc(tmp_path, "rules", "check", str(plan))
    tthc(tmp_path, "ingest", "exports")
    scope = ("--quarter", "2023Q2", "--rulebook", "song-van")
    card = tthc_json(tmp_path, "score", *scope)
    found = next(c for c in card["components"] if (c["unit"], c["id"]) == ("H99.02", "2.3"))
    assert (found["numerator"], found["denominator"], found["points"]) == (1, 3, 1.67)  # 5 × 1/3
    (explained,) = tthc_json(tmp_path, "explain", "H99.02", "2.3", *scope)["components"]
    assert {r["reason"]: r["count"] for r in explained["reasons"]} == {"ahead": 1, "not_ahead": 2}
    assert "không xong trước ngày hẹn" in tthc(tmp_path, "explain", "H99.02", "2.3", *scope)
    listed = tthc_json(tmp_path, "list", "lost", *scope)
    names = [column["id"] for column in listed["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in listed["rows"]]
    lost = [row["dossier"] for row in rows if row["component"] == "2.3"]
    assert lost == ["H99.02-230403-0002", "H99.02-230403-0003"]
    assert [g["id"] for g in tthc_json(tmp_path, "whatif", "H99.02", *scope)["components"] if g["id"] == "2.3"] == [
        "2.3"
    ]


def test_the_tests_ask_for_its_cases_and_sentences(tmp_path: Path) -> None:
    package = with_the_indicator(tmp_path)
    shutil.copytree(TESTS, tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    cases = "tests/indicators/test_cases.py"
    asked = (
        f"{cases}::test_every_reason_has_a_case[2.3]",
        "tests/cli/test_messages.py::test_every_verdict_has_a_sentence",
    )
    ended = python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *asked)
    assert "1 failed, 1 passed" in ended.stdout, ended.stdout
    (tmp_path / "tests" / "cases" / "2.3_ahead.yaml").write_text(CASES, "utf-8")
    ended = python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", cases, "-k", "2.3 and ahead or 2.3_ahead")
    assert "4 passed" in ended.stdout, ended.stdout
    ended = python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *asked)
    assert "2 passed" in ended.stdout, ended.stdout
    sentences = package / "messages" / "vi" / "reasons.toml"
    sentences.write_text(sentences.read_text("utf-8").replace('ahead = "xong trước ngày hẹn"\n', "", 1), "utf-8")
    ended = python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", asked[1])
    assert "1 failed" in ended.stdout, ended.stdout
