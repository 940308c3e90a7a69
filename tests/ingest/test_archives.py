"""Damage in an archive: the member that has it stays out by name, the others come in."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tthc_cli.ingest.report import sentence

OTHER = GOOD.replace("0001", "0002")
ROWS = [f"H99-230405-{i:05d},1.001234,05/04/2023,10/04/2023,,4" for i in range(2_000)]
MEMBER = "ingest.left_zip_member"


def packed(method: int = zipfile.ZIP_DEFLATED, rows: list[str] = ROWS, first: str = "a.csv") -> bytearray:
    """A member to be damaged, and one more with one dossier."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(first, dossiers(*rows), method)
        archive.writestr("b.csv", dossiers(OTHER), zipfile.ZIP_STORED)
    return bytearray(out.getvalue())


def told(desk: Desk, data: bytes) -> list[tuple[str, str]]:
    """What is left out; beside the archive lies another file, which always comes in."""
    desk.put("x.zip", bytes(data))
    desk.put("y.csv", dossiers(GOOD))
    report = desk.run()
    assert GOOD.split(",")[0] in {row["MaHoSo"] for row in desk.rows()}
    assert all(sentence(f.reason, f.fields, lang) for f in report.left_out for lang in ("vi", "en"))
    return [(f.path.removeprefix("exports/x.zip"), f.reason) for f in report.left_out]


def directory(data: bytearray, number: int = 0) -> int:
    """Where the entry of a member in the central directory begins."""
    at = -1
    for _ in range(number + 1):
        at = data.index(b"PK\1\2", at + 1)
    return at


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("place", [0.02, 0.5, 0.98])
def test_bits_of_a_member_flipped(desk: Desk, method: int, place: float) -> None:
    data = packed(method)
    start, end = 30 + len("a.csv"), data.index(b"PK\3\4", 4)
    data[start + int((end - start) * place)] ^= 0x10
    assert told(desk, data) == [(" › a.csv", MEMBER)]
    assert len(desk.rows()) == 2


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_member_cut_short(desk: Desk, method: int) -> None:
    data = packed(method)
    at = directory(data)
    size = struct.unpack_from("<I", data, at + 20)[0]
    struct.pack_into("<I", data, at + 20, size // 2)
    assert told(desk, data) == [(" › a.csv", MEMBER)]


@pytest.mark.parametrize(
    ("offset", "format_", "value"),
    [
        (16, "<I", 12345),
        (20, "<I", 3),
        (24, "<I", 100),
        (24, "<I", 0xFFFFFFF0),
        (42, "<I", 17),
        (42, "<I", 0x7FFFFFFF),
    ],
    ids=["checksum", "packed_size", "size_too_small", "size_too_large", "place", "place_beyond_the_end"],
)
def test_entry_of_the_directory_that_lies(desk: Desk, offset: int, format_: str, value: int) -> None:
    data = packed()
    struct.pack_into(format_, data, directory(data) + offset, value)
    assert told(desk, data) == [(" › a.csv", MEMBER)]


@pytest.mark.parametrize("method", [9, 14 + 6, 93, 98])
def test_method_that_is_not_read(desk: Desk, method: int) -> None:
    data = packed()
    struct.pack_into("<H", data, 8, method)
    struct.pack_into("<H", data, directory(data) + 10, method)
    assert told(desk, data) == [(" › a.csv", "ingest.left_zip_method")]


@pytest.mark.parametrize("hidden", [b".", b"~$", b"__MACOSX", b"/"])
def test_name_damaged_into_one_that_is_passed_over(desk: Desk, hidden: bytes) -> None:
    name = "thang mot.csv"
    data = packed(first=name)
    at = directory(data) + 46 + (len(name) - 1 if hidden == b"/" else 0)
    data[at : at + len(hidden)] = hidden
    [(path, reason)] = told(desk, data)
    assert (reason, path.startswith(" › ")) == (MEMBER, True)


def test_members_that_are_passed_over_need_no_word(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in (".x", "~$a.xlsx", "__MACOSX/._a.csv", "thư mục/"):
            archive.writestr(name, "")
        archive.writestr("a.csv", dossiers(OTHER))
    assert told(desk, out.getvalue()) == []
    assert len(desk.rows()) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:-60],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"PK\1\2", b"PK\1\3", 1),
        lambda data: data[:-12] + bytes([0x00, 0x00]) + data[-10:],
        lambda data: data[: -22 + 8] + b"\1\0\1\0" + data[-22 + 12 :],
    ],
    ids=["byte", "end", "half", "entry", "counts_none", "counts_one_less"],
)
def test_archive_whose_directory_is_damaged(desk: Desk, damage: Callable[[bytes], bytes]) -> None:
    assert told(desk, damage(bytes(packed()))) == [("", "ingest.left_zip_damaged")]
    assert len(desk.rows()) == 1


def test_directory_of_which_one_entry_is_lost(desk: Desk) -> None:
    data = packed()
    end = directory(data, 1)
    start = directory(data)
    del data[start:end]
    struct.pack_into(
        "<I", data, len(data) - 22 + 12, struct.unpack_from("<I", data, len(data) - 22 + 12)[0] - end + start
    )
    assert told(desk, data) == [("", "ingest.left_zip_damaged")]


def test_two_members_of_one_name(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", dossiers(OTHER))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", dossiers(OTHER.replace("0002", "0003")))
    assert told(desk, out.getvalue()) == []
    assert len(desk.rows()) == 3
    assert [s.path for s in desk.warehouse.sources] == [
        "exports/x.zip › a.csv",
        "exports/x.zip › a.csv (2)",
        "exports/y.csv",
    ]


@pytest.mark.parametrize(
    "name", ["a\\b\\c.csv", "/etc/c.csv", "../../c.csv", "C:\\c.csv", "con.csv\x07", "x." + "y" * 300]
)
def test_names_lead_nowhere(desk: Desk, name: str) -> None:
    assert told(desk, packed(rows=[OTHER.replace("0002", "0003")], first=name)) == []
    assert len(desk.rows()) == 3
    assert {p.name for p in desk.workspace.root.iterdir()} <= {
        "exports",
        "warehouse",
        "issues.csv",
        "issues.xlsx",
        "issues",
    }


def test_encrypted_member(desk: Desk) -> None:
    data = packed()
    data[6] |= 1
    data[directory(data) + 8] |= 1
    assert told(desk, data) == [(" › a.csv", "ingest.left_locked")]
    assert len(desk.rows()) == 2


def test_workbook_whose_kind_is_in_a_damaged_member(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet" * 9, zipfile.ZIP_LZMA)
        archive.writestr("content.xml", "<x/>")
    data = bytearray(out.getvalue())
    data[40:60] = bytes(20)
    assert (" › mimetype", MEMBER) in told(desk, data)
