"""The morning paper of a small office on Wednesday 10 April 2024, 8:00; every count worked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import taken_in, tthc

AT = "2024-04-10T08:00"
UNITS = """MaDonVi,TenDonVi,Cap,DonViCha
H98,UBND tỉnh Thử,tinh,
H98.01,Sở Một,so,H98
H98.20,UBND huyện Hai,huyen,H98
"""
# 1 hạn hôm nay; 2 hạn mai; 3 hạn 16/4 (quá 3 ngày làm việc: 11, 12, 15); 4 hạn 15/4; 5 quá hạn từ chiều qua;
# 6 quá hạn, có văn bản đúng lúc; 7 xong muộn (trễ từ 1/4 đến 5/4); 8 chờ bổ sung.
_HEAD = "MaHoSo,TenTTHC,DonViXuLy,ChuHoSo,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,SoLanBoSung,NgayBoSung"
DOSSIERS = f"""{_HEAD}
H98.01-240401-0001,Cấp phép,H98.01,Trần Bí Mật,01/04/2024 08:00,10/04/2024 16:30,,4,0,
H98.01-240401-0002,Cấp phép,H98.01,Trần Bí Mật,01/04/2024 08:00,11/04/2024 16:30,,4,0,
H98.01-240401-0003,Cấp phép,H98.01,Trần Bí Mật,01/04/2024 08:00,16/04/2024 16:30,,4,0,
H98.01-240401-0004,Cấp phép,H98.01,Trần Bí Mật,01/04/2024 08:00,15/04/2024 16:30,,4,0,
H98.20-240401-0005,Khai sinh,H98.20,Trần Bí Mật,01/04/2024 08:00,09/04/2024 16:30,,4,0,
H98.01-240325-0006,Cấp phép,H98.01,Trần Bí Mật,25/03/2024 08:00,01/04/2024 16:30,,4,0,
H98.01-240325-0007,Cấp phép,H98.01,Trần Bí Mật,25/03/2024 08:00,01/04/2024 10:00,05/04/2024 10:00,10,0,
H98.01-240401-0008,Cấp phép,H98.01,Trần Bí Mật,01/04/2024 08:00,12/04/2024 16:30,,5,1,08/04/2024 10:00
"""
LETTERS = """MaHoSo,SoVanBan,NgayBanHanh,NgayHenTraCu,NgayHenTraMoi
H98.01-240325-0006,5/XL,29/03/2024,01/04/2024 16:30,12/04/2024 16:30
"""
# 15 ngày làm việc từ 20/3 là 10/4; từ 1/4 là 23/4 (nghỉ giỗ Tổ 18/4).
PETITIONS = """MaPAKN,DonViXuLy,NgayGui,NgayChuyen,NgayXuLyXong
P1,H98.20,19/03/2024 08:00,20/03/2024 09:00,
P2,H98.20,31/03/2024 08:00,01/04/2024 09:00,
"""
NONE = dict.fromkeys(
    ("due_today", "due_soon", "overdue", "overdue_no_letter", "newly_overdue", "letters_due", "waiting", "suspect",
     "petitions"), 0,
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("today")
    (folder / "tthc.toml").write_text("", encoding="utf-8")
    return taken_in(folder, units=UNITS, hoso=DOSSIERS, so_xin_loi=LETTERS, phan_anh=PETITIONS)


def told(office: Path, *options: str) -> dict[str, Any]:
    ended = tthc("today", "--as-of", AT, "--workspace", office, "--json", *options)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def test_what_each_unit_owes(office: Path) -> None:
    # Văn bản phải gửi chậm nhất một ngày trước hạn: hồ sơ 1 (chậm rồi), hồ sơ 2 (hôm nay).
    department = {**NONE, "due_today": 1, "due_soon": 2, "overdue": 1, "letters_due": 2, "waiting": 1}
    district = {**NONE, "overdue": 1, "overdue_no_letter": 1, "newly_overdue": 1, "petitions": 1}
    assert told(office)["units"] == [
        {"id": "H98.20", "name": "UBND huyện Hai", **district},
        {"id": "H98.01", "name": "Sở Một", **department},
    ]


def test_totals_are_of_all_units(office: Path) -> None:
    assert told(office)["total"] == {
        **NONE, "due_today": 1, "due_soon": 2, "overdue": 2, "overdue_no_letter": 1, "newly_overdue": 1,
        "letters_due": 2, "waiting": 1, "petitions": 1,
    }  # fmt: skip


def test_how_many_were_past_due_on_each_of_thirty_days(office: Path) -> None:
    trend = {one["day"]: one["overdue"] for one in told(office)["trend"]}
    assert (len(trend), min(trend), max(trend)) == (30, "2024-03-12", "2024-04-10")
    april = [trend[f"2024-04-{day:02}"] for day in range(1, 11)]
    assert april == [2, 2, 2, 2, 1, 1, 1, 1, 2, 2]
    assert sum(trend.values()) == sum(april)


def test_the_urgent_come_in_order_of_urgency(office: Path) -> None:
    urgent = told(office)["urgent"]
    place = [column["id"] for column in urgent["columns"]].index("dossier")
    assert [row[place][-4:] for row in urgent["rows"]] == ["0005", "0001", "0002"]


def test_one_unit_only(office: Path) -> None:
    found = told(office, "--unit", "Sở Một")
    assert (found["unit"], [unit["id"] for unit in found["units"]]) == ("H98.01", ["H98.01"])
    assert (found["total"]["overdue"], found["total"]["petitions"]) == (1, 0)


def test_the_page_is_whole_by_itself_and_names_nobody(office: Path, tmp_path: Path) -> None:
    run = ("today", "--as-of", AT, "--workspace", office, "--format", "html", "--out", tmp_path)
    assert tthc(*run).code == 0
    page = (tmp_path / "today-2024-04-10.html").read_bytes()
    text = page.decode()
    assert "H98.20-240401-0005" in text and "<svg" in text
    assert "Bí Mật" not in text and "http" not in text.replace("http-equiv", "")
    assert tthc(*run).code == 0
    assert (tmp_path / "today-2024-04-10.html").read_bytes() == page


def test_the_screen_names_units_and_what_is_missing(office: Path) -> None:
    ended = tthc("today", "--as-of", AT, "--workspace", office)
    assert "UBND huyện Hai" in ended.out and "Quá hạn, chưa có văn bản xin lỗi" in ended.out
    assert "Không có tiến trình xử lý" in ended.out and "sổ văn bản xin lỗi (bảng apologies)" not in ended.out


def test_without_a_rulebook_in_force_petitions_have_no_limit(office: Path) -> None:
    ended = tthc("today", "--as-of", "2022-01-01", "--workspace", office, "--json")
    assert (ended.code, ended.json["total"]["petitions"]) == (0, 0)
    assert any("chưa có bộ quy tắc nào có hiệu lực" in line for line in ended.json["notes"])


def test_nothing_stored_is_told(tmp_path: Path) -> None:
    (tmp_path / "tthc.toml").touch()
    ended = tthc("today", "--workspace", tmp_path)
    assert ended.code == 3 and "tthc ingest" in ended.err
