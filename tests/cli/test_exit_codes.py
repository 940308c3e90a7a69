"""Exit codes, for cron: 0 done, 1 rows rejected, 2 wrong usage, 3 stopped, 4 locked."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import put, taken_in, tthc

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
