"""The follow-up book: persons are in it only where the workspace keeps them, and then in a file for its owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.command import taken_in, tthc
from tests.statements.at_a_moment import MORE_UNITS

HOSO = """MaHoSo,DonViXuLy,NgayTiepNhan,NgayHenTra,ChuHoSo,SoDienThoai,DiaChi
H98.01-240304-0001,H98.01,04/03/2024 08:00,20/03/2024 16:30,Người Một,0900000001,Thôn Mẫu
"""


@pytest.fixture(params=[True, False], ids=["kept", "not_kept"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, bool]:
    kept = str(request.param).lower()
    (tmp_path / "tthc.toml").write_text(f"[personal]\nkeep_for_letters = {kept}\n", encoding="utf-8")
    return taken_in(tmp_path, units=MORE_UNITS, hoso=HOSO), request.param


def test_persons_are_in_a_restricted_file_or_nowhere(office: tuple[Path, bool]) -> None:
    folder, kept = office
    options = ("--month", "2024-03", "--as-of", "2024-03-31", "--workspace", folder)
    assert tthc("list", "follow-up", *options, "--format", "csv").code == 0
    file = folder / "reports" / "follow-up-2024-03-31.csv"
    text = file.read_text("utf-8-sig")
    assert [word in text for word in ("Người Một", "0900000001 · Thôn Mẫu")] == [kept] * 2
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == (0 if kept else 0o044)
    for shown in (tthc("list", "follow-up", *options), tthc("list", "follow-up", *options, "--json")):
        assert (shown.code, "Người Một" in shown.out, "0900000001" in shown.out) == (0, False, False)
