"""Workbooks read several at a time, text read in pieces: neither shows in what is stored and told."""

from __future__ import annotations

import io
import os
import random
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.ingest.conftest import HEADINGS, Desk
from tthc_cli.ingest.files.books import read_sheet, workbook_process
from tthc_cli.ingest.files.raw import GridSheet


def books(desk: Desk) -> None:
    """Nine workbooks of two sheets, the fifth of them damaged; each tells of the same dossier and one of its own."""
    for number in range(9):
        rows = [
            [f"H99-230405-{i:04d}", "1.001234", "05/04/2023", "10/04/2023", f"0{i % 9 + 1}/05/2023", "9"]
            for i in (0, number + 1)
        ]
        sheets = {f"Sheet {i}": [HEADINGS.split(","), row] for i, row in enumerate(rows)}
        path = desk.put_xlsx(f"{number}.xlsx", sheets)
        if number == 4:
            path.write_bytes(path.read_bytes()[:-600])
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))


def test_workbooks_are_told_in_order_of_their_names(desk: Desk) -> None:
    books(desk)
    seen: list[tuple[str, int, int]] = []
    from tthc_cli.ingest import ingest

    report = ingest([desk.exports], desk.workspace, lambda path, number, of: seen.append((path, number, of)))
    names = [f"exports/{number}.xlsx" for number in range(9)]
    assert seen == [(name, number, 9) for number, name in enumerate(names, 1)]
    assert [(s.path, s.sheet) for s in report.sheets] == [
        (name, sheet) for name in names if name != "exports/4.xlsx" for sheet in ("Sheet 0", "Sheet 1")
    ]
    assert [f.path for f in report.left_out] == ["exports/4.xlsx"]
    assert report.rows_read == 16
    assert report.accepted == 9, "one dossier that all tell of, and one each"


def test_whichever_is_read_first_the_bytes_are_the_same(
    new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, shaken = new_desk("plain"), new_desk("shaken")
    books(plain)
    plain.run()
    for path in sorted(plain.exports.iterdir()):
        os.utime(shaken.put(path.name, path.read_bytes()), ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    real, chance = read_sheet.sheets, random.Random(7)

    def late(path: Path) -> Iterator[GridSheet]:
        time.sleep(chance.uniform(0, 0.05))
        yield from real(path)

    monkeypatch.setattr(read_sheet, "sheets", late)
    shaken.run()
    assert shaken.files() == plain.files()


def test_workbook_too_large_to_be_held_is_read_a_sheet_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_cli.ingest.files.read_ahead.SMALL", 1)
    books(desk)
    report = desk.run()
    assert report.accepted == 9
    assert [f.path for f in report.left_out] == ["exports/4.xlsx"]


def long_text(odd: bytes) -> bytes:
    """Enough rows that the odd one lies behind all that is looked at to tell the encoding."""
    rows = [f"H99-230405-{i:05d},Thủ tục số {i % 50},05/04/2023,10/04/2023".encode() for i in range(40_000)]
    rows[39_000] = b"H99-230405-39000," + odd + b",05/04/2023,10/04/2023"
    return b"MaHoSo,TenTTHC,NgayTiepNhan,NgayHenTra\n" + b"\n".join(rows) + b"\n"


@pytest.mark.parametrize(
    ("odd", "stored"),
    [
        (b"Th\xff t\xe1c", "Thÿ tác"),
        ("Thủ tục số 7".encode().replace("ủ".encode(), b"u\xcc\x89"), "Thủ tục số 7"),
    ],
    ids=["Windows-1258", "marks apart from letters"],
)
def test_odd_text_far_into_a_file(desk: Desk, odd: bytes, stored: str) -> None:
    desk.put("a.csv", long_text(odd))
    report = desk.run()
    assert report.accepted == 40_000
    found = {row["MaHoSo"]: row["TenTTHC"] for row in desk.rows()}
    assert found["H99-230405-39000"] == stored
    assert found["H99-230405-38999"] == "Thủ tục số 49"


def book(code: str) -> bytes:
    out = io.BytesIO()
    workbook = Workbook()
    for row in (HEADINGS.split(","), [code, "1.001234", "05/04/2023", "10/04/2023", "07/04/2023", "9"]):
        workbook.worksheets[0].append(row)
    workbook.save(out)
    return out.getvalue()


def test_workbooks_of_several_archives_are_told_apart(desk: Desk) -> None:
    codes = [f"H99-230405-{number:04d}" for number in range(3)]
    for code in codes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("hoso.xlsx", book(code))
        desk.put(f"{code}.zip", out.getvalue())
    report = desk.run()
    assert sorted(row["MaHoSo"] for row in desk.rows()) == codes
    assert report.accepted == 3


def test_workbook_replaced_under_its_name_is_read_again_by_the_same_process(desk: Desk) -> None:
    codes = ["H99-230405-0001", "H99-230405-0002"]
    for code in codes:
        (desk.exports / "hoso.xlsx").unlink(missing_ok=True)
        desk.put("hoso.xlsx", book(code))
        desk.run()
    assert sorted(row["MaHoSo"] for row in desk.rows()) == codes


def test_modules_in_the_current_folder_are_not_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "pyarrow.py", "fastexcel.py"):
        (desk.workspace.root / name).write_text("raise SystemExit(1)")
    monkeypatch.chdir(desk.workspace.root)
    monkeypatch.setattr(workbook_process, "_idle", [])
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    desk.put("hoso.xlsx", book("H99-230405-0001"))
    assert desk.run().accepted == 1


def test_a_process_that_no_longer_answers_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.put_xlsx("a.xlsx", {"Sheet": [["x"]]})
    child = workbook_process.Child()
    monkeypatch.setattr(workbook_process, "PATIENCE", 0.2)
    os.kill(child._process.pid, signal.SIGSTOP)
    with pytest.raises(EOFError):
        child.ask({"ask": "names", "file": str(path), "kind": "xlsx"})
    assert not child.alive
