"""Personal words planted everywhere in files and in their names come out nowhere: not in a file, not on the screen."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.command import tthc
from tests.ingest.test_personal_scan import texts_of
from tthc_cli import errors, private
from tthc_cli.cli import session
from tthc_cli.ingest import preview, quoting, report
from tthc_cli.ingest.cleaning import clean_codes
from tthc_cli.schema import TableSpec, all_tables

SECRETS = (
    "0912345678", "0987 654 321", "(024) 3825-1234", "+84 913.222.333", "001099012345", "079 085 067890",
    "nguyenvanan@gmail.com", "số 12 ngõ 34 đường Láng", "Số 5 Trần Kín, phường 7",
)  # fmt: skip
PERSON = "Trần Bí Mật"
SOUGHT = (
    "0912345678", "987 654 321", "3825-1234", "913.222.333", "001099012345", "085 067890", "nguyenvanan", "ngõ 34",
    "Trần Kín", "Bí Mật",
)  # fmt: skip
DONE = """MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo
H99.30-230403-0001,1.001234,03/04/2023 08:00,10/04/2023 16:30,05/04/2023 09:00,9
"""
STEPS = f"""MaHoSo,NguoiXuLy,ThoiDiemXuLy,PhongBanXuLy,TrangThai,MaCanBo
H99.30-230403-0001,{PERSON},03/04/2023 09:00,Phòng A,2,
H99.30-230403-0001,{PERSON} 0912345678,05/04/2023 09:00,Phòng A,9,CB-01
"""
USUAL = {
    "timestamp": "05/04/2023 08:00", "date": "05/04/2023", "amount": "1.200.000", "count": "3", "decimal": "4,5",
    "flag": "1", "presence": "x", "enum": "1", "personal": "", "official": "CB-01", "text": "H99.22",
    "category": "H99.22",
}  # fmt: skip


def usual_row(spec: TableSpec, number: int) -> dict[str, str]:
    row = {c.name: USUAL[c.type] for c in spec.columns}
    special = {
        "dossier": f"H99.22.16-230405-{number:04d}", "procedure": "1.001234", "period": "2023Q2", "indicator": "1.1",
    }  # fmt: skip
    row |= {c.name: special[c.normalise] for c in spec.columns if c.normalise in special}
    return row | {k: f"{k}{number}" for k in spec.key if row[k] == "H99.22"}


def planted_rows(spec: TableSpec) -> Iterator[list[str]]:
    """Each secret in each column of a row that is usual but for it; a person's name only where no name is data."""
    number = 0
    for column in spec.columns:
        free = column.type in ("text", "category")
        for secret in SECRETS if free else (*SECRETS, PERSON):
            number += 1
            yield list((usual_row(spec, number) | {column.name: secret}).values())


def plant(folder: Path) -> None:
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    for number, spec in enumerate(all_tables()):
        heads = [c.name for c in spec.columns]
        usual = list(usual_row(spec, 9000).values())
        rows = [[f"Người lập: {PERSON}, 0912345678, nguyenvanan@gmail.com"], heads, usual, *planted_rows(spec)]
        rows += [[f"{PERSON} 0987 654 321"], ["", PERSON, "001099012345"], [], [f"Liên hệ: {SECRETS[7]}"]]
        lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
        (exports / f"{spec.name} {SECRETS[number % 7]}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = f"{spec.name[:12]} 0912345678"
        for row in rows:
            sheet.append(row)
        other = book.create_sheet(SECRETS[7])
        for row in ([*heads[:-2], f"{PERSON} 0912345678", PERSON, *SECRETS], usual):
            other.append(row)
        book.save(exports / f"{spec.name} 001099012345 ({number}).xlsx")
    (exports / "0912345678.csv").write_text(f"1,{PERSON},0987 654 321,05/04/2023\n" * 3, encoding="utf-8")
    (exports / "không tiêu đề.csv").write_text(
        f"MaHoSo,{PERSON},{SECRETS[7]},0912345678,{SECRETS[6]}\nH99-230405-0001,a,b,c,d\n", encoding="utf-8"
    )
    (exports / "nguyenvanan@gmail.com.xlsx").write_bytes(b"PK\x03\x04 broken")
    (exports / "hỏng (024) 3825-1234.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)


def said(folder: Path) -> str:
    """All that is printed by every command that speaks of files, and all that is written."""
    there = ("--workspace", folder)
    told = []

    def do(*arguments: str | Path, also_json: bool = True) -> None:
        for more in ((), ("--json",)) if also_json else ((),):
            ended = tthc(*arguments, *there, *more)
            assert ended.code != 5, ended.err
            told.extend((ended.out, ended.err))

    do("ingest", folder / "exports", also_json=False)
    do("ingest", folder / "exports")
    do("ingest", folder / "exports" / "0999888777 gone.csv")
    do("sources")
    for path in sorted((folder / "exports").iterdir()):
        do("inspect-file", path)
    do("score", "--quarter", "2023Q2")
    for kind in ("xlsx", "html", "docx", "json", "csv"):
        do("report", "--quarter", "2023Q2", "--format", kind, also_json=False)
    do("explain", "H99.22", "2.1", "--quarter", "2023Q2")
    do("explain", "0912345678", "2.1", "--quarter", "2023Q2")
    do("list", "overdue")
    do("forget", "0912345678 unknown.csv", also_json=False)
    return "\n".join([*told, written(folder)])


def written(folder: Path) -> str:
    """All that is written outside the exports, and the names of the files."""
    files = [p for p in folder.rglob("*") if p.is_file() and folder / "exports" not in p.parents]
    assert {p.name for p in files} >= {"issues.csv", "issues.xlsx"}
    return "\n".join([*(p.relative_to(folder).as_posix() for p in files), *(texts_of(p) for p in files)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "bàn"
    assert tthc("init", home).code == 0
    plant(home)
    return home


def leaks(text: str) -> list[str]:
    text = unescape(text)
    return [s for s in SOUGHT if re.search(r"\s*".join(map(re.escape, s.replace(" ", ""))), text, re.IGNORECASE)]


def test_nothing_planted_comes_out(folder: Path) -> None:
    assert leaks(said(folder)) == []
    assert stat.S_IMODE((folder / "issues.csv").stat().st_mode) == 0o640
    assert stat.S_IMODE((folder / "issues.xlsx").stat().st_mode) == 0o640


def test_nothing_planted_comes_out_where_officials_are_kept(folder: Path) -> None:
    """Their codes do, and hashes of their names, where they are asked for. Only tables that speak of them are taken
    in: a unit table so full of faults lets nothing be scored."""
    exports = folder / "exports"
    for file in exports.iterdir():
        if not file.name.startswith(("process_log ", "slips ", "petitions ")):
            file.unlink()
    (exports / "xong.csv").write_text(DONE, "utf-8")
    (exports / "buoc.csv").write_text(STEPS, "utf-8")
    settings = folder / "tthc.toml"
    settings.write_text(settings.read_text("utf-8").replace('keep = "no"', 'keep = "code"'), "utf-8")
    there, period, told = ("--workspace", folder), ("--quarter", "2023Q2"), []
    public = tthc("ingest", exports, *there), tthc("score", *period, "--evaluation", "all", *there)
    for kind in ("officials", "divisions"):
        told += [tthc("score", *period, "--subjects", kind, *there, "--json"), tthc("list", kind, *period, *there)]
        for command in (("report", "--subjects", kind), ("list", kind)):
            told += [tthc(*command, *period, "--format", form, *there) for form in ("xlsx", "html")]
    assert [e.err for e in (*public, *told) if e.code not in (0, 1)] == []
    assert leaks("\n".join([*(e.out + e.err for e in (*public, *told)), written(folder)])) == []
    assert [word for word in ("CB-01", "cb~") if word not in told[0].out] == []
    assert re.search(r"CB-\d|cb~", "".join(e.out + e.err for e in public)) is None


def test_the_scan_finds_what_is_not_masked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the mask the scan sees every secret: it would see one that slipped through."""
    clean_codes.like_personal.cache_clear()
    quoting.quoted.cache_clear()
    for module in (private, errors, quoting, report, preview, session):
        monkeypatch.setattr(module, "masked", lambda text: text)
    monkeypatch.setattr(quoting, "_known", _Everything)
    monkeypatch.setattr(quoting, "_led_by_family", lambda words: False)
    try:
        assert leaks(said(folder)) == list(SOUGHT)
    finally:
        clean_codes.like_personal.cache_clear()
        quoting.quoted.cache_clear()


class _Everything(frozenset[str]):
    def __contains__(self, word: object) -> bool:
        return True


def test_a_file_named_after_a_person_is_told_from_another_and_can_be_forgotten(tmp_path: Path) -> None:
    head = "MaHoSo,NgayTiepNhan,NgayHenTra\n"
    tthc("init", tmp_path)
    exports = tmp_path / "exports"
    exports.mkdir(exist_ok=True)
    for number, name in enumerate(("0912345678.csv", "0912345679.csv")):
        (exports / name).write_text(f"{head}H99-230405-000{number},05/04/2023,10/04/2023\n", encoding="utf-8")
    assert tthc("ingest", exports, "--workspace", tmp_path).code == 0
    paths = [s["path"] for s in tthc("sources", "--workspace", tmp_path, "--json").json["sources"]]
    assert len(set(paths)) == 2
    assert all(re.fullmatch(r"exports/…~[a-p]{8}\.csv", path) for path in paths)
    assert tthc("forget", "exports/0912345678.csv", "--workspace", tmp_path).code == 0
    left = [s["path"] for s in tthc("sources", "--workspace", tmp_path, "--json").json["sources"]]
    assert len(left) == 1
    assert tthc("forget", left[0], "--workspace", tmp_path).code == 0
