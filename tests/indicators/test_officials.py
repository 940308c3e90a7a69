"""Scores of officials by hand: a log as large as the dossiers, a step a dossier; and two officials in one dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import scored, taken_in, tthc

UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh Sông Vân,tinh,\nH99.02,Sở Công Thương,so,H99\n"
HEAD = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,SoLanBoSung\n"
LOG = "MaHoSo,ThoiDiemXuLy,PhongBanXuLy,TrangThai,NgayBatDau,NgayKetThucTheoQuyDinh,MaCanBo\n"
KINDS = {
    # xong trước ngày hẹn, bước xong trước ngày hạn, không bổ sung: 2, 2, 2, 2, 2
    "early": ("05/04/2023 09:00", "0"),
    # xong trong ngày hẹn, bước xong trong ngày hạn, bổ sung một lần: 1, 1, 1, không có điểm, 1
    "due": ("10/04/2023 09:00", "1"),
    # trễ, bước trễ, bổ sung hai lần: 0, 0, 0, không có điểm, 0
    "late": ("12/04/2023 09:00", "2"),
}
SEATS = {"CB-1": {"early": 100}, "CB-2": {"due": 100}, "CB-3": {"early": 50, "late": 50}}
BY_HAND = {
    # 5 × 2,0; bốn chỉ số 1,0 (chỉ số 4 không có điểm); 1,0 × 4 + 2,0 (chỉ số 4 chỉ có 50 hồ sơ không bổ sung)
    "H99.02/CB-1": (10.0, 10.0, "all_tasks", False),
    "H99.02/CB-2": (4.0, 8.0, "most_tasks", True),
    "H99.02/CB-3": (6.0, 10.0, "all_tasks", False),
}
MARKS = {
    "c1": {"2": 150, "1": 100, "0": 50}, "c2": {"2": 150, "1": 100, "0": 50}, "c3": {"2": 150, "1": 100, "0": 50},
    "c4": {"2": 150, "1": 0, "0": 0}, "c7": {"2": 150, "1": 100, "0": 50},
}  # fmt: skip


def step_a_dossier() -> tuple[str, str]:
    dossiers, steps = [HEAD], [LOG]
    for official, kinds in SEATS.items():
        for kind, count in kinds.items():
            done, requests = KINDS[kind]
            for _ in range(count):
                code = f"H99.02-230403-{len(dossiers):04d}"
                dossiers.append(f"{code},1.1,03/04/2023 08:00,10/04/2023 16:30,{done},9,{requests}\n")
                steps.append(f"{code},{done},Phòng,9,03/04/2023 08:00,10/04/2023 17:00,{official}\n")
    return "".join(dossiers), "".join(steps)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a_step_a_dossier")
    (folder / "tthc.toml").write_text('[officials]\nkeep = "code"\n', "utf-8")
    dossiers, steps = step_a_dossier()
    assert dossiers.count("\n") == steps.count("\n") == 301
    return taken_in(folder, units=UNITS, ho_so=dossiers, tien_trinh=steps)


def marks(card: dict[str, Any], subject: str) -> dict[str, dict[str, int]]:
    found = next(s for s in card["subjects"] if s["id"] == subject)
    return {c["id"]: c["marks"] for c in found["criteria"] if c["id"] in MARKS}


def test_officials_of_a_log_as_large_as_the_dossiers(office: Path) -> None:
    card = scored(office, "2023Q2", "--subjects", "officials")
    found = {s["id"]: (s["total"], s["reachable"], s["grade"], s["provisional"]) for s in card["subjects"]}
    assert found == BY_HAND


@pytest.mark.parametrize("subject", ["H99.02", "H99"])
def test_a_unit_has_the_marks_of_all_its_officials(office: Path, subject: str) -> None:
    """Each dossier has one official here, so that their marks are the unit's, added up."""
    units = scored(office, "2023Q2", "--evaluation", "nine-criteria")
    assert marks(units, subject) == MARKS
    card = scored(office, "2023Q2", "--subjects", "officials")
    summed = {c: {m: sum(marks(card, who)[c][m] for who in BY_HAND) for m in "210"} for c in MARKS}
    assert summed == MARKS


def test_two_officials_in_one_dossier(tmp_path: Path) -> None:
    """Xong sớm, một hồ sơ: điểm 1, 3, 4, 7 của cả hai là 2. Bước của CB-1 sớm: 2; của CB-2 trễ: 0; CB-3 không ghi hạn
    của bước: không có điểm 2. Một bước không ghi ai làm thì không của ai."""
    (tmp_path / "tthc.toml").write_text('[officials]\nkeep = "code"\n', "utf-8")
    code = "H99.02-230403-0001"
    steps = (
        f"{code},03/04/2023 09:00,Một cửa,2,03/04/2023 08:00,04/04/2023 17:00,CB-1\n"
        f"{code},05/04/2023 09:00,Phòng,4,03/04/2023 09:00,04/04/2023 17:00,CB-2\n"
        f"{code},05/04/2023 10:00,Phòng,4,05/04/2023 09:00,,CB-3\n"
        f"{code},06/04/2023 10:00,Phòng,9,05/04/2023 09:00,05/04/2023 17:00,\n"
    )
    dossier = f"{code},1.1,03/04/2023 08:00,10/04/2023 16:30,06/04/2023 10:00,9,0\n"
    taken_in(tmp_path, units=UNITS, ho_so=HEAD + dossier, tien_trinh=LOG + steps)
    card = scored(tmp_path, "2023Q2", "--subjects", "officials")
    means = {s["id"]: {c["id"]: c["mean"] for c in s["criteria"]} for s in card["subjects"]}
    both = {"c1": 2.0, "c3": 2.0, "c4": 2.0, "c7": 2.0}
    own = {"H99.02/CB-1": 2.0, "H99.02/CB-2": 0.0, "H99.02/CB-3": None}
    assert means == {who: {**both, "c2": mark} for who, mark in own.items()}
    unit = scored(tmp_path, "2023Q2", "--evaluation", "nine-criteria")
    assert marks(unit, "H99.02")["c2"] == {"0": 1, "1": 0, "2": 0}, "the lowest of all its steps"


def test_the_order_of_the_log_changes_nothing(office: Path, tmp_path: Path) -> None:
    dossiers, steps = step_a_dossier()
    head, *rows = steps.splitlines(keepends=True)
    (tmp_path / "tthc.toml").write_text('[officials]\nkeep = "code"\n', "utf-8")
    halves = {"log_b": head + "".join(rows[150:][::-1]), "log_a": head + "".join(rows[:150][::-1])}
    taken_in(tmp_path, units=UNITS, ho_so=dossiers, **halves)
    asked = ("--subjects", "officials")
    assert scored(tmp_path, "2023Q2", *asked)["subjects"] == scored(office, "2023Q2", *asked)["subjects"]
    assert tthc("list", "officials", "--quarter", "2023Q2", "--workspace", tmp_path).code == 0
