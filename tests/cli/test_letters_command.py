"""`tthc letters`: the letters owed on Wednesday 10 April 2024, 16:00, by tests/cases/letters.yaml."""

from __future__ import annotations

import io
import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.command import Ended, tthc
from tests.statements.letters_office import AT, CASES, SECRET, code, office
from tthc_cli.errors import InputError
from tthc_cli.facts.letters.forms import form_on
from tthc_cli.render.word.letter import LetterTemplate
from tthc_cli.results.letter import FIELDS, Letter

KEEP = "[personal]\nkeep_for_letters = true\n"
DUE_TOMORROW, WITHOUT, TWO = (
    next(code(n) for n, case in enumerate(CASES, 1) if case["case"].startswith(words))
    for words in ("hạn 11/4, hôm nay", "quá hạn 8/4", "hẹn lại lần hai")
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office(tmp_path_factory.mktemp("kept"), KEEP)


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office(tmp_path_factory.mktemp("dropped"))


def run(folder: Path, out: Path, *options: str) -> Ended:
    return tthc("letters", "--as-of", AT, "--workspace", folder, "--out", out, *options)


def made(folder: Path, out: Path, *options: str) -> dict[str, dict[str, Any]]:
    ended = run(folder, out, "--json", *options)
    assert ended.code == 0, ended.err
    return {one["dossier"]: one for one in ended.json["letters"]}


def said(path: Path) -> str:
    """All words of a letter."""
    doc = Document(str(path))
    cells = (c for table in doc.tables for row in table.rows for c in row.cells)
    return "\n".join([*(p.text for p in doc.paragraphs), *(cell.text for cell in cells)])


def test_open_dossiers_without_a_letter_that_are_overdue_or_due_tomorrow(dropped: Path, tmp_path: Path) -> None:
    owing = {
        code(n) for n, case in enumerate(CASES, 1)
        if case["expect"]["state"] in ("due_today", "overdue_no_letter") and "NgayKetThucXuLy" not in case["dossier"]
    }  # fmt: skip
    assert set(made(dropped, tmp_path)) == owing
    assert {p.name for p in tmp_path.iterdir()} == {f"{c}.docx" for c in owing} | {"xin-loi-2024-04-10.docx"}


def test_five_days_reach_the_monday_after(dropped: Path, tmp_path: Path) -> None:
    """Wednesday 10 to Monday 15 April is five days."""
    monday = next(code(n) for n, case in enumerate(CASES, 1) if case["case"].startswith("thứ hai 15/4"))
    assert monday not in made(dropped, tmp_path / "four", "--due-within", "4d")
    assert monday in made(dropped, tmp_path / "five", "--due-within", "5d")


def test_the_new_date_is_half_of_the_time_there_was_after_today_and_the_due_day(dropped: Path, tmp_path: Path) -> None:
    """1/4 to 11/4 is 8 working days, half is 4: 12, 15, 16, 17 April. 1/4 to 8/4 is 5, half is 3 (rounded up), from
    today: 11, 12, 15 April."""
    found = made(dropped, tmp_path)
    assert found[DUE_TOMORROW]["proposed"] == "2024-04-17T17:00:00"
    assert found[WITHOUT]["proposed"] == "2024-04-15T17:00:00"


def test_an_office_may_always_propose_so_many_days(tmp_path: Path) -> None:
    """Five working days after 10 April: 11, 12, 15, 16, 17 April."""
    office(tmp_path, "[letters]\nextension_days = 5\n")
    assert made(tmp_path, tmp_path / "thu")[WITHOUT]["proposed"] == "2024-04-17T17:00:00"


def test_names_stand_in_letters_only_where_they_are_kept(kept: Path, dropped: Path, tmp_path: Path) -> None:
    made(kept, tmp_path / "kept")
    made(dropped, tmp_path / "dropped")
    assert f"Kính gửi: {SECRET}" in said(tmp_path / "kept" / f"{WITHOUT}.docx")
    assert SECRET not in said(tmp_path / "dropped" / f"{WITHOUT}.docx")
    assert "Kính gửi: ………" in said(tmp_path / "dropped" / f"{WITHOUT}.docx")


def test_names_are_nowhere_but_in_letters_and_the_restricted_file(kept: Path, tmp_path: Path) -> None:
    from tests.ingest.test_personal_scan import tells

    ended = run(kept, tmp_path, "--dossier", TWO, "--dossier", WITHOUT)
    assert SECRET not in ended.out + ended.err
    files = [p for p in kept.rglob("*") if p.is_file() and "exports" not in p.parts and p.suffix != ".docx"]
    assert [p.name for p in files if tells(p)] == ["personal.parquet"]


def test_only_the_owner_reads_them(kept: Path, tmp_path: Path) -> None:
    made(kept, tmp_path)
    assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()} == {0o600}


def test_a_second_letter_is_refused_and_told_why(dropped: Path, tmp_path: Path) -> None:
    ended = run(dropped, tmp_path, "--dossier", TWO)
    assert ended.code == 1
    assert f"{TWO}: đã có văn bản 18/XL ngày 05/04/2024; chỉ được hẹn lại một lần" in ended.out
    assert list(tmp_path.iterdir()) == []


def test_a_dossier_that_is_not_stored(dropped: Path, tmp_path: Path) -> None:
    assert run(dropped, tmp_path, "--dossier", "H98.01-240401-9999").code == 3


def test_the_same_bytes_again_and_edited_letters_kept(dropped: Path, tmp_path: Path) -> None:
    made(dropped, tmp_path)
    first = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    made(dropped, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == first
    edited = tmp_path / f"{WITHOUT}.docx"
    edited.write_bytes(b"edited")
    assert f"{WITHOUT}: tệp" in run(dropped, tmp_path).out
    assert edited.read_bytes() == b"edited"


def test_all_letters_in_one_file_each_on_pages_of_its_own(dropped: Path, tmp_path: Path) -> None:
    letters = made(dropped, tmp_path)
    merged = tmp_path / "xin-loi-2024-04-10.docx"
    assert len(Document(str(merged)).sections) == len(letters)
    assert all(said(merged).count(f"Mã hồ sơ: {dossier}.") == 1 for dossier in letters)


@pytest.mark.parametrize(
    ("day", "title"),
    [(date(2025, 9, 14), "PHIẾU XIN LỖI"), (date(2025, 9, 15), "VĂN BẢN XIN LỖI"), (date(2019, 1, 6), "PHIẾU XIN LỖI")],
)
def test_the_form_in_force_that_day(day: date, title: str) -> None:
    assert form_on(day).title[0] == title


def test_before_the_first_form_there_is_none() -> None:
    with pytest.raises(InputError, match="06/01/2019"):
        form_on(date(2019, 1, 5))


def docx(*paragraphs: tuple[str, ...]) -> bytes:
    """A file with paragraphs of some runs each."""
    doc = Document()
    for runs in paragraphs:
        paragraph = doc.add_paragraph()
        for run in runs:
            paragraph.add_run(run)
    stream = io.BytesIO()
    doc.save(stream)
    return stream.getvalue()


def test_a_field_that_an_editor_split_is_filled(tmp_path: Path) -> None:
    template = LetterTemplate(
        docx(
            (
                "Mã {{ma_",
                "ho_so",
                "}} và {{",
                " dia_danh }}.",
            )
        ),
        "mau.docx",
    )
    values = dict.fromkeys(FIELDS, "?") | {"ma_ho_so": "H98-1", "dia_danh": "Sông Thử"}
    file = tmp_path / "x.docx"
    file.write_bytes(template.one(Letter("H98-1", values), "x", datetime(2024, 4, 10)))
    assert said(file).strip() == "Mã H98-1 và Sông Thử."


def test_a_province_may_have_a_template_of_its_own(tmp_path: Path) -> None:
    office(tmp_path, '[letters]\ntemplate = "mau.docx"\n')
    assert tthc("letters", "--as-of", AT, "--workspace", tmp_path, "--save-template", tmp_path / "mau.docx").code == 0
    doc = Document(str(tmp_path / "mau.docx"))
    doc.paragraphs[0].insert_paragraph_before("Theo chỉ đạo của tỉnh về {{ma_ho_so}}")
    doc.save(str(tmp_path / "mau.docx"))
    made(tmp_path, tmp_path / "thu")
    assert f"Theo chỉ đạo của tỉnh về {WITHOUT}" in said(tmp_path / "thu" / f"{WITHOUT}.docx")


@pytest.mark.parametrize(
    ("data", "words"),
    [(docx(("{{ma_hoso}}",)), "ma_ho_so"), (b"no Word file", "--save-template"), (None, "mau.docx")],
    ids=["unknown field", "no Word file", "missing"],
)  # fmt: skip
def test_a_template_at_fault_says_what_to_do(tmp_path: Path, data: bytes | None, words: str) -> None:
    office(tmp_path, '[letters]\ntemplate = "mau.docx"\n')
    if data is not None:
        (tmp_path / "mau.docx").write_bytes(data)
    ended = run(tmp_path, tmp_path / "thu")
    assert ended.code == 3
    assert words in ended.err
    assert "mau.docx" in ended.err


@pytest.mark.parametrize(
    "options",
    [("--out", "s3://bucket/thu"), ("--due-within", "soon", "--out", "x"), ()],
    ids=["url", "days", "no folder"],
)
def test_what_cannot_be_done_is_said(dropped: Path, options: tuple[str, ...]) -> None:
    ended = tthc("letters", "--workspace", dropped, *options)
    assert ended.code == 2
    assert ended.err


def test_explain_tells_the_state(dropped: Path) -> None:
    assert tthc("score", "--month", "2024-04", "--as-of", AT, "--workspace", dropped, "--quiet").code == 0
    ended = tthc("explain", TWO, "--workspace", dropped)
    assert "quá hạn, văn bản đúng lúc; văn bản ngày 05/04/2024" in ended.out
    assert "hẹn lại 2 lần, quy định chỉ cho một lần" in " ".join(ended.out.split())
    told = tthc("explain", WITHOUT, "--workspace", dropped, "--json").json["letter"]
    assert (told["state"], told["extension"], told["count"]) == ("overdue_no_letter", "", 0)
