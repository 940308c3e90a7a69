"""Words, codes and headings in the spellings of real exports; every expected value is worked by hand."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tthc_cli.ingest.cleaning.clean import clean
from tthc_cli.ingest.cleaning.clean_codes import dossier, procedure, unit
from tthc_cli.ingest.cleaning.nothing import unguarded
from tthc_cli.ingest.layout.match import Vocabulary
from tthc_cli.schema import table


@pytest.mark.parametrize(
    "text",
    [
        '="H99.22-230405-0017"', '=("H99.22-230405-0017")', "'H99.22-230405-0017", "H99.22‑230405‑0017",
        "H99.22−230405－0017", "H99.22\u00ad-230405-0017", "h99.22 — 230405 — 0017", "Ｈ９９．２２-230405-００１７",
        "H99.22-230405-\u200b0017\u00a0", "000.00.22.h99–230405–0017",
    ],
)  # fmt: skip
def test_one_dossier_code(text: str) -> None:
    assert dossier(text) == "H99.22-230405-0017"


def test_a_serial_with_a_prefix_stays() -> None:
    assert dossier("H99.16.022-260405-AB0017") == "H99.16.022-260405-AB0017"


@pytest.mark.parametrize(
    "text",
    ["1.001234.000.00.00.H99.02", "1.001234.H99", "TTHC 1.001234", "1.001234 - Cấp giấy phép", "1.001234: Cấp 2 bản",
     '="1.001234"', "１.００１２３４", "1.001234.000.00.00.H99.02 "],
)  # fmt: skip
def test_national_part_of_a_procedure(text: str) -> None:
    assert procedure(text) == "1.001234"


def test_unit_code_full_width() -> None:
    assert unit("ｈ99．22") == "H99.22"


@pytest.mark.parametrize("text", ["NULL", "(null)", "\\N", "#N/A", "n/a", "--", "–", ".", "None", "nan", "Chưa có"])
@pytest.mark.parametrize("column", ["DonViXuLy", "NgayHenTra", "TrangThaiHoSo", "KenhThucHien", "Gia", "MaTTHC"])
def test_words_for_nothing(column: str, text: str) -> None:
    cleaned = clean(table("dossiers").column(column), pa.array([text], pa.string()), "dossiers")
    assert (cleaned.array.to_pylist(), cleaned.faults) == ([None], ())


@pytest.mark.parametrize(
    ("text", "code"),
    [("Ðã trả kết quả", 10), ("Ɖang xử lý", 4), ("Thụ lý", 4), ("Chờ phê duyệt", 4), ("denied", 3), ("Đã hủy", 8),
     ("Đã giải quyết trễ hạn", 9), ("Đang xử lý trước hạn", 4), ("Đã trả kết quả (đúng hạn)", 10),
     ("Cấp phép", None), ("Đã xóa", None)],
)  # fmt: skip
def test_status(text: str, code: int | None) -> None:
    cleaned = clean(table("dossiers").column("TrangThaiHoSo"), pa.array([text], pa.string()), "dossiers")
    assert cleaned.array.to_pylist() == [code]


@pytest.mark.parametrize(("text", "code"), [("Mức độ 4", 2), ("VNPost", 3), ("Tại quầy", 1), ("bồ câu", 0), ("", None)])
def test_channel(text: str, code: int | None) -> None:
    cleaned = clean(table("dossiers").column("KenhThucHien"), pa.array([text or None], pa.string()), "dossiers")
    assert cleaned.array.to_pylist() == [code]


@pytest.mark.parametrize(
    ("heading", "column"),
    [("Ngày tiếp nhận (dd/MM/yyyy)", "NgayTiepNhan"), ("(1) Mã hồ sơ", "MaHoSo"), ("2. Mã hồ sơ *", "MaHoSo"),
     ("Mã hồ sơ, số hồ sơ", "MaHoSo"), ("Mã hồ sơ/Số biên nhận", "MaHoSo"), ("Lệ phí (nghìn đồng)", None),
     ("Mã hồ sơ/Trạng thái", None), ("Ngày tiếp nhận (UTC)", None), ("Ðơn vị xử lý:", "DonViXuLy")],
)  # fmt: skip
def test_heading(heading: str, column: str | None) -> None:
    found = Vocabulary(table("dossiers"), {}).look_up(heading)
    assert (found and found[0]) == column


def test_the_plain_heading_beats_the_one_with_a_remark() -> None:
    match = Vocabulary(table("dossiers"), {}).match(["Mã hồ sơ", "Ngày tiếp nhận (BCCI)", "Ngày tiếp nhận"])
    assert match.columns == {0: "MaHoSo", 2: "NgayTiepNhan"}
    assert match.spare == (1,)


def test_a_quote_inside_a_guard() -> None:
    assert unguarded('="Sở ""A"" B"') == 'Sở "A" B'
