"""Exit codes, for cron: 0 done, 1 rows rejected, 2 wrong usage, 3 stopped, 4 locked."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import put, taken_in, tthc
from tthc_cli.cli.endings import ended_by

UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh Sông Vân,tinh,\nH99.02,Sở Công Thương,so,H99\n"
HEADINGS = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,DonViXuLy\n"
GOOD = "H99.02-230403-0001,1.001234,03/04/2023 08:00,10/04/2023 16:30,07/04/2023 15:00,9,H99.02\n"
BAD_DATE = "H99.02-230403-0002,1.001234,31/02/2023 08:00,10/04/2023 16:30,,4,H99.02\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the command line run in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def province(folder: Path) -> Path:
    return taken_in(folder, units=UNITS, ho_so=HEADINGS + GOOD)


def test_done(folder: Path) -> None:
    put(folder, units=UNITS, ho_so=HEADINGS + GOOD)
    assert [tthc("ingest", "exports/").code, tthc("score", "--quarter", "2023Q2").code] == [0, 0]
    assert tthc("report", "--format", "html").code == 0
    assert list((folder / "reports").glob("*.html"))


def test_rows_rejected(folder: Path) -> None:
    put(folder, units=UNITS, ho_so=HEADINGS + GOOD + BAD_DATE)
    ended = tthc("ingest", "exports/")
    assert ended.code == 1
    assert "issues.csv" in ended.out + ended.err
    issues = (folder / "issues.csv").read_text(encoding="utf-8-sig")
    assert "31/02/2023 08:00" in issues
    assert "ho_so.csv" in issues
    assert "NgayTiepNhan" in issues


def test_run_tells_of_rejected_rows_too(folder: Path) -> None:
    put(folder, units=UNITS, ho_so=HEADINGS + GOOD + BAD_DATE)
    assert tthc("run", "exports/", "--quarter", "2023Q2", "--quiet").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("score",),
        ("score", "--quarter", "2023-06"),
        ("score", "--quarter", "2023Q5"),
        ("score", "--month", "2023-13"),
        ("score", "--quarter", "2023Q2", "--month", "2023-06"),
        ("score", "--quarter", "2023Q2", "--reading", "gospel"),
        ("score", "--quarter", "2023Q2", "--as-of", "yesterday"),
        ("score", "--quarter"),
        ("score", "--quartre", "2023Q2"),
        ("scroe", "--quarter", "2023Q2"),
        ("ingest",),
        ("report", "--format", "pptx"),
        ("score", "--quarter", "2023Q2", "--lang", "fr"),
        ("explain",),
        ("compare", "2023Q1"),
        ("compare", "spring", "2023Q2"),
        (),
    ],
    ids=" ".join,
)
def test_wrong_usage(province: Path, arguments: tuple[str, ...]) -> None:
    ended = tthc(*arguments)
    assert ended.code == 2
    assert ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "--quarter", "2023Q2"),
        ("report", "--quarter", "2023Q2"),
        ("report",),
        ("explain", "H99.02"),
        ("whatif", "H99.02"),
        ("compare", "2023Q1", "2023Q2"),
        ("ingest", "nowhere/"),
        ("score", "--quarter", "2023Q2", "--workspace", "nowhere"),
        ("score", "--quarter", "2023Q2", "--rulebook", "qd767"),
        ("score", "--quarter", "2020Q1"),
    ],
    ids=" ".join,
)
def test_stopped_on_a_missing_thing(folder: Path, arguments: tuple[str, ...]) -> None:
    ended = tthc(*arguments)
    assert (ended.code, ended.out) == (3, "")
    assert "Traceback" not in ended.err
    assert len(ended.err) > 20


@pytest.mark.parametrize("arguments", [("report", "--unit", "H99.2"), ("whatif", "H99.2")], ids=" ".join)
def test_stopped_on_an_unknown_unit_names_the_nearest(province: Path, arguments: tuple[str, ...]) -> None:
    tthc("score", "--quarter", "2023Q2", "--quiet")
    ended = tthc(*arguments)
    assert ended.code == 3
    assert "H99.02" in ended.err


def test_stopped_on_settings_that_make_no_sense(folder: Path) -> None:
    (folder / "tthc.toml").write_text('[scoring]\nreading = "gospel"\n', encoding="utf-8")
    ended = tthc("score", "--quarter", "2023Q2")
    assert ended.code == 3
    assert "scoring.reading" in ended.err


def test_stopped_on_a_half_written_settings_file(folder: Path) -> None:
    (folder / "tthc.toml").write_text("[scoring\n", encoding="utf-8")
    assert tthc("score", "--quarter", "2023Q2").code == 3


HOLD = """
import sys, time
from pathlib import Path
from tthc_cli.workspace import find_workspace
with find_workspace(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(
    "arguments",
    [("ingest", "exports/"), ("score", "--quarter", "2023Q2"), ("run", "exports/", "--quarter", "2023Q2")],
    ids=" ".join,
)
def test_another_run_holds_the_folder(province: Path, arguments: tuple[str, ...]) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(province)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        began = time.monotonic()
        ended = tthc(*arguments)
        took = time.monotonic() - began
        holder.terminate()
    assert (ended.code, ended.out) == (4, "")
    assert took < 5
    assert tthc(*arguments).code == 0


def test_reading_needs_no_lock(province: Path) -> None:
    tthc("score", "--quarter", "2023Q2", "--quiet")
    with subprocess.Popen([sys.executable, "-c", HOLD, str(province)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        codes = [tthc("report", "--format", "html").code, tthc("explain", "H99.02", "2.1").code]
        holder.terminate()
    assert codes == [0, 0]


def test_a_run_whose_exports_stopped_coming_says_so_and_ends_with_1(folder: Path) -> None:
    put(folder, units=UNITS, ho_so=HEADINGS + GOOD)
    ended = tthc("run", "exports/", "--quarter", "2024Q2", "--format", "csv")
    assert ended.code == 1, ended.err
    assert "trước ngày đầu kỳ 01/04/2024" in " ".join(ended.err.split())
    assert "trước ngày đầu kỳ 01/04/2024" in (folder / "logs" / "tthc.log").read_text(encoding="utf-8")


def test_a_run_over_an_empty_folder_ends_with_1_and_a_line_in_the_log(folder: Path) -> None:
    put(folder, units=UNITS, ho_so=HEADINGS + GOOD)
    assert tthc("ingest", "exports/").code == 0
    (folder / "empty").mkdir()
    ended = tthc("run", "empty/", "--quarter", "2023Q2", "--format", "csv", "--quiet")
    assert ended.code == 1
    assert "Không có tệp nào để đọc" in (folder / "logs" / "tthc.log").read_text(encoding="utf-8")


def test_a_run_names_in_the_log_the_file_it_could_not_use(folder: Path) -> None:
    put(folder, units=UNITS, ho_so=HEADINGS + GOOD)
    (folder / "exports" / "anh.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    ended = tthc("run", "exports/", "--quarter", "2023Q2", "--format", "csv", "--quiet")
    assert ended.code == 1
    assert "1 tệp không dùng được: exports/anh.jpg" in (folder / "logs" / "tthc.log").read_text(encoding="utf-8")


def test_a_file_none_of_whose_rows_stand_is_told_with_what_to_do(folder: Path) -> None:
    later = GOOD.replace("0001", "0002").replace("07/04/2023", "08/04/2023")
    put(folder, units=UNITS, ho_so=HEADINGS + GOOD + later)
    assert tthc("ingest", "exports/").code == 0
    put(folder, dinh_chinh=HEADINGS + GOOD.replace("07/04/2023", "06/04/2023"))
    ended = tthc("ingest", "exports/")
    assert "cả 1 dòng đã có dòng mới hơn" in " ".join(ended.err.split())
    assert "tthc forget" in ended.err


def test_of_very_many_unused_columns_twenty_are_named(folder: Path) -> None:
    spare = [f"Cột phụ {number}" for number in range(1, 31)]
    wide = HEADINGS.strip() + "," + ",".join(spare) + "\n" + GOOD.strip() + "," * len(spare) + "\n"
    put(folder, units=UNITS, ho_so=wide)
    told = " ".join(tthc("ingest", "exports/").err.split())
    assert "Cột phụ 20; … và 10 cột nữa" in told
    assert "Cột phụ 21" not in told


def test_why_the_system_refused_is_said_in_vietnamese(province: Path) -> None:
    assert tthc("score", "--quarter", "2023Q2", "--quiet").code == 0
    (province / "reports").write_text("", encoding="utf-8")
    ended = tthc("report", "--format", "csv")
    assert ended.code == 3
    assert "đã có tệp hoặc thư mục cùng tên" in ended.err or "không phải là thư mục" in ended.err


@pytest.mark.parametrize(("path", "said"), [("/srv/x", "Lỗi: /srv/x: ổ đĩa đã đầy."), (None, "Lỗi: ổ đĩa đã đầy.")])
def test_a_full_disk_is_said_with_the_place_or_without(path: str | None, said: str) -> None:
    full = OSError(28, "No space left on device", path) if path else OSError(28, "No space left on device")
    assert ended_by(full, "vi").startswith(said)


def test_a_period_without_its_option_is_told_how_it_is_written(province: Path) -> None:
    ended = tthc("score", "2023Q2")
    assert ended.code == 2
    assert "thừa tham số: 2023Q2. Kỳ ghi sau --month, --quarter, --half hoặc --year" in ended.err
    assert "thừa tham số: gì đó\n" in tthc("sources", "gì đó").err


def test_several_formats_in_one_command(province: Path) -> None:
    tthc("score", "--quarter", "2023Q2", "--quiet")
    ended = tthc("report", "--format", "csv", "--format", "json", "--format", "csv")
    assert [Path(line).suffix for line in ended.out.split()] == [".csv", ".json"]
    assert {p.suffix for p in (province / "reports").iterdir()} >= {".csv", ".json"}
    assert tthc("report", "--format", "csv", "--format", "word").code == 2
    assert tthc("report", "--format", "csv", "--page-units", "5").code == 2


def test_a_faulty_unit_table_is_told_by_its_row(folder: Path) -> None:
    taken_in(folder, units=UNITS + "H99.03,Sở Tư pháp,so,H98\n", ho_so=HEADINGS + GOOD)
    ended = tthc("score", "--quarter", "2023Q2")
    assert ended.code == 3
    assert "exports/units.csv › dòng 4: đơn vị H99.03 (Sở Tư pháp): không có đơn vị cha" in ended.err


def test_sources_of_an_empty_workspace(folder: Path) -> None:
    ended = tthc("sources")
    assert (ended.code, ended.out) == (0, "Kho chưa có tệp nào. Chạy `tthc ingest THƯ_MỤC` trước.\n")


def test_help_pages_have_no_english_words_of_the_library(folder: Path) -> None:
    page = tthc("score", "--help").out
    assert "[mặc định: local]" in page
    assert "default" not in page


def test_a_file_that_cannot_be_written_is_called_by_its_name(province: Path) -> None:
    tthc("score", "--quarter", "2023Q2", "--quiet")
    (province / "mat_diem.csv").mkdir()
    ended = tthc("explain", "H99.02", "2.1", "--out", "mat_diem.csv")
    assert ended.code == 3
    assert ended.err.startswith("Lỗi: mat_diem.csv: là thư mục, không phải tệp.")


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("mau.xlsx", "không có tệp hoặc thư mục này"), ("exports/units.csv", "không phải tệp mẫu .xlsx"),
        ("mau.doc", "không phải tệp mẫu .xlsx"),
    ],
)  # fmt: skip
def test_a_template_that_is_no_workbook_is_told(province: Path, template: str, why: str) -> None:
    tthc("score", "--quarter", "2023Q2", "--quiet")
    ended = tthc("report", "--template", template)
    assert ended.code == 3
    assert why in ended.err
    assert ended.err.startswith(f"Lỗi: {template}: ")


def test_a_rulebook_file_that_is_not_there_is_told_in_vietnamese(folder: Path) -> None:
    ended = tthc("rules", "check", "khong_co.toml")
    assert ended.code == 3
    assert "không đọc được tệp (không có tệp hoặc thư mục này)" in ended.out
