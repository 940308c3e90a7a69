"""Marks that somebody gave: tests/cases/marks_given.yaml, and what no order of files or rows changes."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml

from tests.ingest.conftest import Desk
from tthc_cli.facts.marks.findings import carried, findings, unknown_checks
from tthc_cli.facts.marks.findings import of_dossiers as findings_of_dossiers
from tthc_cli.facts.marks.known import known_marks
from tthc_cli.facts.marks.model import CRITERIA, Known, Mark, Subject, Window
from tthc_cli.facts.marks.slips import of_dossiers, of_window, undated
from tthc_cli.facts.marks.typed import above_most
from tthc_cli.facts.nine.marking import standing_marks
from tthc_cli.periods import parse_period
from tthc_cli.schema import key_hash
from tthc_cli.workspace import Settings, Workspace

WHOLE = yaml.safe_load((Path(__file__).parents[1] / "cases" / "marks_given.yaml").read_text("utf-8"))
CHECKS = {check: tuple(mark) for check, mark in WHOLE["checks"].items()}
NUMBERS = range(1, 12)
SOURCES = dict.fromkeys(CRITERIA, ("typed", "inspection", "slip", "derived"))
SLIPS = ",".join(["MaPhieu,MaHoSo,MaCanBo,DonVi,NgayDanhGia", *(f"TC{i}" for i in NUMBERS)])
TYPED = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,NguoiCham,LyDoTru"
FINDINGS = "MaPhatHien,DonVi,MaHoSo,MaKiemTra,NgayPhatHien"
Given = dict[tuple[Subject, str], Known]


def slip_line(slip: list[Any]) -> str:
    *who, marks = slip
    return ",".join(map(str, [*who, *(marks.get(i, "") for i in NUMBERS)]))


def office(folder: Path) -> Desk:
    folder.mkdir(exist_ok=True)
    return Desk(Workspace(folder, Settings.model_validate({"officials": {"keep": "code"}})))


def given(desk: Desk, window: Any = "calendar") -> Given:
    """What is known of units, officials and, by their codes, dossiers."""
    tables = [desk.warehouse.read(name) for name in ("slips", "findings", "typed_figures")]
    period = parse_period("2023Q2", window)
    return known_marks(*tables, period, CHECKS) | given_dossiers(*tables[:2], period)


def given_dossiers(slips: Any, found: Any, period: Any) -> Given:
    codes = sorted({str(c) for table in (slips, found) for c in table["MaHoSo"].to_pylist() if c})
    named = dict(zip(key_hash(pa.array(codes, pa.string())).tolist(), codes, strict=True))
    told = {
        "slip": of_dossiers(of_window(slips, Window.of(period)), CRITERIA),
        "inspection": findings_of_dossiers(findings(found), period, CHECKS, CRITERIA),
    }
    stands, inspected = standing_marks(SOURCES, told)
    out: Given = {}
    for (criterion, mark), hashes in stands.items():
        for key in hashes.tolist():
            by_finding = key in inspected.get(criterion, np.zeros(0)).tolist()
            counts = (int(mark == 0), int(mark == 1), int(mark == 2))
            one = Mark("finding" if by_finding else "slip", counts)
            out[Subject("dossier", named[key]), criterion] = Known((one,))
    return dict(sorted(out.items()))


def put(desk: Desk, case: dict[str, Any]) -> None:
    typed = [f"{unit},2023Q2,{','.join(map(str, more))}" for unit, *more in case.get("typed", [])]
    found = [",".join(map(str, finding)) for finding in case.get("findings", [])]
    lines = [slip_line(slip) for slip in case.get("slips", [])]
    for name, head, rows in (("p", SLIPS, lines), ("n", TYPED, typed), ("k", FINDINGS, found)):
        if rows:
            desk.put(f"{name}.csv", "\n".join([head, *rows]) + "\n")
    desk.run()


@pytest.mark.parametrize("case", WHOLE["cases"], ids=lambda case: case["case"])
def test_the_mark_that_stands(tmp_path: Path, case: dict[str, Any]) -> None:
    desk = office(tmp_path)
    put(desk, case)
    found = []
    for (subject, criterion), known in given(desk, case.get("window", "calendar")).items():
        mark = known.standing
        found.append([*subject, criterion, mark and mark.source, mark and mark.value])
    wanted = [[*one[:4], None if one[4] is None else Fraction(one[4])] for one in case["expect"]]
    assert sorted(found, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize(
    ("own", "appraised", "reason", "told"),
    [(2, 1, "", True), (2, 1, "Chưa công khai đủ", False), (1, 1, "", False)],
)
def test_a_difference_without_a_reason_is_told(
    tmp_path: Path, own: int, appraised: int, reason: str, told: bool
) -> None:
    desk = office(tmp_path)
    put(desk, {"typed": [["H99.22", "c6", own, 2, "Tự chấm", ""], ["H99.22", "c6", appraised, 2, "Thẩm định", reason]]})
    (known,) = given(desk).values()
    assert known.unexplained is told
    assert [mark.source for mark in known.marks] == ["appraised", "self"], "both stand side by side"


def test_every_source_is_told(tmp_path: Path) -> None:
    desk = office(tmp_path)
    put(desk, {
        "slips": [["P1", "", "", "H99.22", "2023-05-10 08:00", {6: 2}]],
        "findings": [["KT1", "H99.22", "", "U4", "2023-05-02"], ["KT2", "H99.22", "", "u4", "2023-05-03"]],
    })  # fmt: skip
    (known,) = given(desk).values()
    assert [(mark.source, mark.counts, mark.told_by) for mark in known.marks] == [
        ("finding", (1, 0, 0), ("KT1", "KT2")), ("slip", (0, 0, 1), ()),
    ]  # fmt: skip


def test_a_slip_without_a_day_counts_with_its_dossier_and_before_those_with_one(tmp_path: Path) -> None:
    desk = office(tmp_path)
    put(desk, {"slips": [["P9", "H99.22-230405-0001", "", "H99.22", "", {7: 2, 3: 1}],
                         ["P1", "H99.22-230405-0001", "", "H99.22", "2023-05-02 08:00", {7: 0}]]})  # fmt: skip
    one = Subject("dossier", "H99.22-230405-0001")
    assert {key: known.marks[0].value for key, known in given(desk).items()} == {(one, "c3"): 1, (one, "c7"): 0}
    assert undated(desk.warehouse.read("slips")) == 0


def test_a_slip_without_a_day_of_a_unit_is_in_no_period_and_is_counted(tmp_path: Path) -> None:
    desk = office(tmp_path)
    put(desk, {"slips": [["P1", "", "", "H99.22", "", {7: 2}]]})
    assert given(desk) == {}
    assert undated(desk.warehouse.read("slips")) == 1


def test_more_points_than_there_are_is_no_mark_and_is_told(tmp_path: Path) -> None:
    desk = office(tmp_path)
    put(desk, {"typed": [["H99.22", "c6", 3, 2, "Thẩm định", ""]]})
    assert given(desk) == {}
    assert above_most(desk.warehouse.read("typed_figures"), parse_period("2023Q2")) == [("H99.22", "c6")]


FOUND = """MaPhatHien,DonVi,MaKiemTra,NgayPhatHien,HanKhacPhuc,NgayKhacPhuc,TrangThai
KT1,H99.22,U4,10/02/2023,30/04/2023,,Chưa khắc phục
KT2,H99.22,U4,10/02/2023,30/04/2023,20/04/2023,Đã khắc phục
KT3,H99.22,U4,10/02/2023,30/04/2023,20/03/2023,Đã khắc phục
KT4,H99.22,U1,10/05/2023,30/06/2023,,Chưa khắc phục
KT5,H99.22,U4,10/02/2023,30/04/2023,,Rút lại
KT6,H99.22,U4,10/02/2023,30/04/2023,,Đã khắc phục
"""


def test_faults_of_the_quarter_before_are_carried_until_put_right(tmp_path: Path) -> None:
    """Circular 01/2018 Art. 15(4)b: KT1 is still open, KT2 was put right within the quarter; KT3 and KT6 before it, KT4
    is of the quarter itself, KT5 was withdrawn."""
    desk = office(tmp_path)
    desk.put("kiem_tra.csv", FOUND)
    desk.run()
    every = findings(desk.warehouse.read("findings"))
    period = parse_period("2023Q2")
    assert [one.id for one in carried(every, period)] == ["KT1", "KT2"]
    assert unknown_checks(every, period, CHECKS) == ["U1"]


def test_findings_of_dossiers_take_the_place_of_slips_in_columns(tmp_path: Path) -> None:
    """By slips dossiers 1, 2 and 3 have 2, 2 and 0 by criterion 3; dossier 2 has a finding of mark 0, dossier 4 one of
    mark 1. Criterion 1 is left as it is."""
    one, two, three, four = codes = [f"H99.22-230405-000{i}" for i in (1, 2, 3, 4)]
    hashes = dict(zip(codes, key_hash(pa.array(codes)), strict=True))

    def held(*dossiers: str) -> list[int]:
        return sorted(int(hashes[dossier]) for dossier in dossiers)

    slips = {
        ("c3", 2): np.array(held(one, two), np.uint64), ("c3", 0): np.array(held(three), np.uint64),
        ("c1", 2): np.array(held(two), np.uint64),
    }  # fmt: skip
    desk = office(tmp_path)
    put(desk, {"findings": [["KT1", "H99.22", two, "D12", "2023-05-02"], ["KT2", "H99.22", four, "D4", "2023-05-02"]]})
    found = findings_of_dossiers(
        findings(desk.warehouse.read("findings")), parse_period("2023Q2"), CHECKS, ("c1", "c3")
    )  # fmt: skip
    stands, inspected = standing_marks(
        {"c1": ("slip",), "c3": ("typed", "inspection", "slip")}, {"slip": slips, "inspection": found}
    )  # fmt: skip
    assert {key: value.tolist() for key, value in stands.items()} == {
        ("c3", 2): held(one), ("c3", 0): held(two, three), ("c3", 1): held(four), ("c1", 2): held(two),
    }  # fmt: skip
    assert {key: value.tolist() for key, value in inspected.items()} == {"c3": held(two, four)}


def test_order_and_split_of_files_change_nothing(tmp_path: Path) -> None:
    chance = random.Random(61)
    rows = [
        slip_line([f"P{i:03}", f"H99.22-230405-{i % 40:04}" if i % 3 else "", f"CB-{i % 4}" if i % 2 else "", "H99.22",
                   f"2023-0{3 + i % 5}-1{i % 10} 08:0{i % 7}", {1 + i % 11: i % 3, 7: (i // 3) % 3}])
        for i in range(150)
    ]  # fmt: skip
    results = []
    for parts in (1, 1, 4):
        desk = office(tmp_path / f"{len(results)}")
        chance.shuffle(rows)
        for part in range(parts):
            desk.put(f"p{part}.csv", "\n".join([SLIPS, *rows[part::parts]]) + "\n")
        desk.run()
        results.append(list(given(desk).items()))
    assert len(results[0]) > 60
    assert results[0] == results[1] == results[2]


def test_one_more_mark_of_2_never_lowers_a_criterion(tmp_path: Path) -> None:
    slips = [[f"P{i}", "", "CB-01", "H99.22", f"2023-04-1{i} 08:00", {7: mark}] for i, mark in enumerate((0, 1, 2, 1))]
    values: list[Fraction] = []
    for more in range(3):
        desk = office(tmp_path / str(more))
        extra = [[f"T{i}", "", "CB-01", "H99.22", "2023-05-02 08:00", {7: 2}] for i in range(more)]
        put(desk, {"slips": [*slips, *extra]})
        (known,) = given(desk).values()
        assert known.standing is not None
        values.append(known.standing.value)
    assert values == [Fraction(4, 4), Fraction(6, 5), Fraction(8, 6)]
