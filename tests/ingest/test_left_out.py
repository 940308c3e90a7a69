"""Files that cannot be used: the message says what the file is and what to do."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from docx import Document

from tests.ingest.conftest import GOOD, HEADINGS, Desk, dossiers
from tthc_cli.cli.app import run
from tthc_cli.errors import InputError
from tthc_cli.ingest import inspect_file
from tthc_cli.ingest.report import sentence


def told(desk: Desk, name: str, data: bytes) -> str:
    """What is said of one file; the other file of the folder is read all the same."""
    desk.put(name, data)
    desk.put("tot.csv", dossiers(GOOD))
    report = desk.run()
    assert report.accepted == 1
    (left,) = report.left_out
    return sentence(left.reason, left.fields, "vi")


def book() -> bytes:
    out = io.BytesIO()
    from openpyxl import Workbook

    made = Workbook()
    for row in (HEADINGS.split(","), GOOD.split(",")):
        made.worksheets[0].append(row)
    made.save(out)
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def odt() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return out.getvalue()


def old_office(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + stream.encode("utf-16-le").ljust(64, b"\0")


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.zip"])
def test_word_document(desk: Desk, name: str) -> None:
    assert "chép bảng sang Excel" in told(desk, name, word())


@pytest.mark.parametrize("data", [odt(), old_office("WordDocument"), rb"{\rtf1\ansi x}"], ids=["odt", "doc", "rtf"])
def test_other_documents(desk: Desk, data: bytes) -> None:
    assert "không phải bảng tính" in told(desk, "a.doc", data)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_workbook_of_which_the_end_is_missing(desk: Desk, share: float) -> None:
    whole = book()
    text = told(desk, "a.xlsx", whole[: int(len(whole) * share)])
    assert "chỉ có phần đầu" in text
    assert "ZIP" not in text


def test_archive_of_which_the_end_is_missing(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", dossiers(*[GOOD] * 50))
    assert "tệp nén ZIP hỏng hoặc chưa ghi xong" in told(desk, "a.zip", out.getvalue()[:-60])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 50, "giải nén"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "giải nén"),
        (b"\x1f\x8b\x08" + b"x" * 50, "giải nén"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "tệp ảnh"),
        (b"\xff\xd8\xff\xe0" + b"x" * 50, "tệp ảnh"),
        (b"%PDF-1.7 x", "tệp PDF"),
        (b"", "tệp trống"),
        (bytes(range(1, 256)) * 20, "không phải tệp bảng tính"),
        (old_office("EncryptedPackage"), "mật khẩu"),
        (old_office("Workbook"), "tệp hỏng"),
    ],
)
def test_what_else_people_send(desk: Desk, data: bytes, words: str) -> None:
    text = told(desk, "a.xls", data)
    assert words in text
    assert ";" in text, "what to do follows"


def test_folder_named_like_a_workbook(desk: Desk) -> None:
    desk.put("a.xlsx/b.csv", dossiers(GOOD))
    assert desk.run().accepted == 1
    with pytest.raises(InputError, match="a folder"):
        inspect_file(desk.exports / "a.xlsx", desk.workspace)


def test_links_that_lead_in_circles(desk: Desk) -> None:
    desk.put("a/b.csv", dossiers(GOOD))
    (desk.exports / "a" / "vòng").symlink_to(desk.exports)
    (desk.exports / "tự mình").symlink_to(desk.exports / "tự mình")
    report = desk.run()
    assert report.accepted == 1
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/tự mình", "ingest.left_unreadable")]


def test_folder_behind_a_link_is_read(desk: Desk) -> None:
    away = desk.workspace.root.parent / f"{desk.workspace.root.name}-away"
    away.mkdir()
    (away / "b.csv").write_text(dossiers(GOOD))
    desk.exports.mkdir()
    (desk.exports / "mạng").symlink_to(away)
    assert desk.run().accepted == 1


@pytest.mark.parametrize("named", [True, False])
def test_pipe_is_told_and_not_waited_for(desk: Desk, named: bool) -> None:
    desk.put("b.csv", dossiers(GOOD))
    pipe = desk.exports / "ống.csv"
    os.mkfifo(pipe)
    report = desk.run(*([pipe, desk.exports] if named else []))
    assert report.accepted == 1
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/ống.csv", "ingest.left_special")]


def test_file_and_folder_that_may_not_be_read(desk: Desk) -> None:
    """As root, who may read anything, by a process that gives its rights up."""
    desk.put("b.csv", dossiers(GOOD))
    desk.put("kín.csv", dossiers(GOOD)).chmod(0)
    desk.put("khóa/c.csv", dossiers(GOOD))
    (desk.exports / "khóa").chmod(0)
    for folder in desk.workspace.root.parents:
        if Path(tempfile.gettempdir()) in folder.parents:
            folder.chmod(0o755)
    desk.workspace.root.chmod(0o777)
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom tthc_cli.ingest import ingest\n"
        "import tthc_cli.ingest.run, filelock\nfrom tthc_cli.workspace import Settings, Workspace\n"
        "root = Path(sys.argv[1])\nos.geteuid() == 0 and os.setuid(65534)\n"
        "report = ingest([root / 'exports'], Workspace(root, Settings()))\n"
        "print(report.accepted, *sorted(f'{f.path}:{f.reason}' for f in report.left_out))\n"
    )
    try:
        command = [sys.executable, "-c", script, str(desk.workspace.root)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    finally:
        (desk.exports / "khóa").chmod(0o755)
    assert done.stdout.split() == [
        "1", "exports/khóa:ingest.left_unreadable", "exports/kín.csv:ingest.left_unreadable",
    ], done.stderr  # fmt: skip
    assert "kiểm tra quyền đọc" in sentence("ingest.left_unreadable", {"detail": "x"}, "vi")


def test_folder_without_files(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.exports.mkdir()
    assert run(["ingest", str(desk.exports), "--workspace", str(desk.workspace.root)]) == 1
    assert "Không có tệp nào để đọc" in capsys.readouterr().err


@pytest.mark.parametrize("creator", ["tthc", "tthc 0.1.0"])
def test_workbooks_of_tthc_itself_are_no_data(desk: Desk, creator: str) -> None:
    from openpyxl import load_workbook

    mine = load_workbook(io.BytesIO(book()))
    mine.properties.creator = creator
    out = io.BytesIO()
    mine.save(out)
    assert "do tthc lập" in told(desk, "phieu_diem.xlsx", out.getvalue())
