"""Officials: typed codes, else keyed hashes of names; names nowhere, and nothing at all unless the workspace asks."""

from __future__ import annotations

import hashlib
import hmac
import stat
from collections.abc import Callable

import pytest

from tests.ingest.conftest import Desk
from tests.ingest.test_personal_scan import written
from tthc_cli.errors import InputError
from tthc_cli.ingest import forget_officials
from tthc_cli.units.officials import names_of, shown

HEAD = "MaHoSo,NguoiXuLy,ThoiDiemXuLy,PhongBanXuLy,TrangThai,MaCanBo"
STEPS = (
    "H99.22-230405-0001,Trần Bí Mật,05/04/2023 08:00,Một cửa,2,CB-01",
    "H99.22-230405-0001,Lê Kín Đáo,05/04/2023 09:00,Phòng,4,",
    "H99.22-230405-0002,LÊ  Kín đáo,05/04/2023 10:00,Phòng,4,",
    "H99.23-230405-0003,Lê Kín Đáo,05/04/2023 11:00,Phòng,4,",
)


def log(*steps: str, head: str = HEAD) -> str:
    return "\n".join([head, *(steps or STEPS)]) + "\n"


@pytest.fixture
def keeper(new_desk: Callable[..., Desk]) -> Desk:
    desk = new_desk("giu", officials={"keep": "code"})
    desk.put("tien_trinh.csv", log())
    return desk


def codes(desk: Desk, table: str = "process_log") -> list[str | None]:
    return [row["MaCanBo"] for row in sorted(desk.rows(table), key=lambda row: row["_row"])]


def test_nothing_is_kept_unless_asked(desk: Desk) -> None:
    desk.put("tien_trinh.csv", log())
    desk.run()
    assert codes(desk) == [None] * 4
    assert not (desk.workspace.root / "officials.key").exists()


def test_a_typed_code_stands_and_a_name_is_hashed_with_the_key(keeper: Desk) -> None:
    keeper.run()
    key = bytes.fromhex((keeper.workspace.root / "officials.key").read_text())
    told = hmac.new(key, "H99.22\x1flê kín đáo".encode(), hashlib.sha256).hexdigest()[:16]
    letters = "".join("ghijklmnopabcdef"[int(digit, 16)] for digit in told)
    first, second, third, elsewhere = codes(keeper)
    assert (first, second, third) == ("CB-01", f"cb~{letters}", f"cb~{letters}")
    assert elsewhere not in (None, second), "a name of another unit is another person"


def test_names_are_nowhere(keeper: Desk) -> None:
    keeper.put("sai.csv", log("H99.22-230405-0009,Trần Bí Mật,31/02/2023,Phòng,4,Lê Kín Đáo"))
    keeper.run()
    words = written(keeper).casefold()
    assert "cb-01" in words, "the search sees what is stored"
    assert not [name for name in ("bí mật", "kín đáo") if name in words]


def test_a_name_in_the_column_of_codes_is_hashed_and_told_of_without_it(keeper: Desk) -> None:
    keeper.put("tien_trinh.csv", log("H99.22-230405-0001,Lê Kín Đáo,05/04/2023 09:00,Phòng,4,Lê Kín Đáo"))
    keeper.run()
    assert codes(keeper)[0].startswith("cb~")
    assert [(i.code, i.value) for i in keeper.issues()] == [("official_name", "…")]


def test_slips_name_officials_by_code_only(keeper: Desk) -> None:
    keeper.put("phieu.csv", "MaPhieu,MaCanBo,TC7\nP1,CB-01,2\nP2,Lê Kín Đáo,1\n")
    keeper.run()
    assert codes(keeper, "slips") == ["CB-01", None]


def test_the_key_is_its_owners_and_made_once(keeper: Desk) -> None:
    keeper.run()
    path = keeper.workspace.root / "officials.key"
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keeper.put("them.csv", log("H99.22-230405-0004,Lê Kín Đáo,06/04/2023 09:00,Phòng,4,"))
    keeper.run()
    assert path.read_bytes() == before


def test_a_lost_key_is_told(keeper: Desk) -> None:
    keeper.run()
    (keeper.workspace.root / "officials.key").unlink()
    with pytest.raises(InputError, match="is gone"):
        keeper.run()


def test_a_key_that_others_may_read_is_refused(keeper: Desk) -> None:
    keeper.run()
    (keeper.workspace.root / "officials.key").chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        keeper.run()


def test_a_damaged_key_is_told(keeper: Desk) -> None:
    keeper.run()
    (keeper.workspace.root / "officials.key").write_text("xyz")
    with pytest.raises(InputError, match="is damaged"):
        keeper.run()


def test_forgetting_erases_codes_hashes_and_the_key(keeper: Desk) -> None:
    keeper.put("phieu.csv", "MaPhieu,MaCanBo,TC7\nP1,CB-01,2\n")
    keeper.put("cu.csv", log("H99.22-230405-0001,Trần Bí Mật,05/04/2023 08:00,Một cửa,2,CB-99"))
    keeper.run()
    assert forget_officials(keeper.workspace).officials_erased
    words = written(keeper)
    assert not [code for code in ("CB-01", "CB-99", "cb~") if code in words]
    assert codes(keeper, "slips") == [None]
    assert len(keeper.rows("process_log")) == 4, "the steps stay"
    assert not (keeper.workspace.root / "officials.key").exists()
    assert not forget_officials(keeper.workspace).officials_erased


def test_keeping_begins_with_files_taken_in_before(new_desk: Callable[..., Desk], keeper: Desk) -> None:
    plain = Desk(type(keeper.workspace)(keeper.workspace.root, type(keeper.workspace.settings)()))
    plain.run()
    assert keeper.run().new_sources == 1
    assert codes(keeper)[0] == "CB-01"


def test_names_of_the_operators_list_are_joined_when_printing(keeper: Desk) -> None:
    keeper.run()
    key = bytes.fromhex((keeper.workspace.root / "officials.key").read_text())
    own = keeper.workspace.root.parent / "can_bo.csv"
    own.write_text("MaCanBo;DonVi;HoTen\nCB-01;;Trần Bí Mật\n;H99.22;Lê Kín Đáo\n", "utf-8-sig")
    names = names_of(own, key)
    first, second, _, elsewhere = codes(keeper)
    assert shown(first or "", names) == "Trần Bí Mật (CB-01)"
    assert shown(second or "", names) == f"Lê Kín Đáo ({second})"
    assert shown(elsewhere or "", names) == elsewhere


@pytest.mark.parametrize("content", [b"Ten,Ma\n1,2\n", b"\xff\xfe\x00"])
def test_another_list_is_refused(keeper: Desk, content: bytes) -> None:
    own = keeper.put("can_bo.csv", content)
    with pytest.raises(InputError, match="MaCanBo, DonVi, HoTen"):
        names_of(own)
