"""The periodic report: tests/cases/periodic.yaml, the outline as data, the document, and what is only for its maker."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml

from tests.command import Ended, tthc
from tests.statements.periodic_office import made
from tthc_cli.errors import InputError
from tthc_cli.render.view.periodic import sentence_text
from tthc_cli.results.periodic import Row
from tthc_cli.statements.periodic.outline import SHIPPED, SectionSpec, SentenceSpec, outline
from tthc_cli.statements.periodic.own import read_outline
from tthc_cli.statements.periodic.statement import _sentences, section_id

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "periodic.yaml").read_text("utf-8"))
MEASURES = [measure for section in outline().sections for measure in section.measures]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("periodic"), "2023Q2", "2024Q1", "2024Q2")


def report(office: Path, out: Path, *options: str) -> Ended:
    return tthc(
        "report", "--quarter", "2024Q2", "--kind", "periodic", "--workspace", office, "--out", out, *options
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(office: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The report as JSON, of the whole and of one unit."""
    out = tmp_path_factory.mktemp("told")
    for options in ((), ("--unit", "H98.02")):
        assert report(office, out, "--format", "json", *options).code == 0
    files = {"whole": "tthc-periodic-2024Q2.json", "H98.02": "tthc-periodic-2024Q2-H98.02.json"}
    return {who: json.loads((out / name).read_text("utf-8")) for who, name in files.items()}


def rows(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["measure"]: row for section in document["sections"] for row in section["rows"]}


@pytest.mark.parametrize(("who", "measure"), [(who, measure) for who, lines in CASES.items() for measure in lines])
def test_numbers_of_three_periods_as_worked_by_hand(told: dict[str, dict[str, Any]], who: str, measure: str) -> None:
    row = rows(told[who])[measure]
    assert [row["this"], row["last"], row["last_year"]] == CASES[who][measure]


def test_changes_are_counted_and_in_percentage_points(told: dict[str, dict[str, Any]]) -> None:
    """5 after 2 is 3 more, 150%; after 1 it is 4 more, 400%. 2/3 after 0 is 66.67 points, after 1 it is 33.33 less."""
    found = rows(told["whole"])
    received, share = found["received"], found["on_time_share"]
    assert (received["change_last"], received["change_year"]) == (
        {"by": 3, "percent": 150}, {"by": 4, "percent": 400},
    )  # fmt: skip
    assert (share["change_last"]["by"], share["change_year"]["by"]) == (66.67, -33.33)
    assert found["carried"]["change_last"] == {"by": 1, "percent": None}


def test_every_number_says_where_it_is_from(told: dict[str, dict[str, Any]]) -> None:
    found = rows(told["whole"])
    assert {found[name]["source"] for name in ("received", "petitions_new", "with_letter", "plan.overdue")} == {
        "score:II.06", "table:petitions", "table:dossiers", "plan",
    }  # fmt: skip


def test_grades_of_both_evaluations_by_level(office: Path, told: dict[str, dict[str, Any]]) -> None:
    for prefix, options in (("grades.so.", ()), ("nine_grades.so.", ("--evaluation", "nine-criteria"))):
        card = tthc("score", "--quarter", "2024Q2", "--workspace", office, "--json", *options).json
        wanted = [unit["grade"] or "ungraded" for unit in card["units"] if unit["level"] == "so"]
        found = {k.removeprefix(prefix): r["this"] for k, r in rows(told["whole"]).items() if k.startswith(prefix)}
        assert {grade: count for grade, count in found.items() if count} == {g: wanted.count(g) for g in set(wanted)}


def test_words_stand_in_their_section_a_row_a_paragraph(told: dict[str, dict[str, Any]]) -> None:
    words = {section["id"]: section["words"] for section in told["whole"]["sections"] if section["words"]}
    assert words == {"I.1": ["Góp ý 3 dự thảo."], "IV": ["Đề nghị thứ nhất.", "Đề nghị thứ hai."]}


def test_words_of_a_unit_are_in_its_own_report(told: dict[str, dict[str, Any]]) -> None:
    words = {section["id"]: section["words"] for section in told["H98.02"]["sections"] if section["words"]}
    assert words == {"IV": ["Lời của Sở Hai."]}


def test_the_maker_is_told_what_is_missing(told: dict[str, dict[str, Any]]) -> None:
    notes = " ".join(told["whole"]["notes"])
    assert "Mục chưa có lời viết: I.5.a, I.8, I.9, II, III." in notes
    assert "mục VII" in notes  # không có trong đề cương / not in the outline
    assert "bảng procedures" in notes and "theo trí nhớ" in notes


def text_of(file: Path) -> str:
    document = docx.Document(str(file))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pytest.fixture(scope="module")
def document(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("document")
    assert report(office, out).code == 0
    assert report(office, out, "--length", "one-page").code == 0
    return out


def test_the_document_has_every_section_in_order_and_the_forms(document: Path) -> None:
    said = text_of(document / "tthc-periodic-2024Q2.docx")
    places = [said.index(s.vi.upper() if "." not in s.id else f" {s.vi}\n") for s in outline().sections]
    assert places == sorted(places)
    assert "Phụ lục 1" in said and "Biểu số II.06d" in said
    assert "Tiếp nhận 5 hồ sơ, gồm 2 hồ sơ trực tuyến, 2 hồ sơ trực tiếp" in said
    assert "+3 (+150,0%)" in said and "+66,67 điểm %" in said
    assert "Đúng hạn toàn tỉnh (hạn 30/06/2024; chủ trì: UBND tỉnh Thử)." in said
    assert "Rà soát (hạn 15/09/2024; chủ trì: Sở Hai)." in said and "Tổng kết" not in said


def test_the_first_form_counts_what_the_report_says(document: Path) -> None:
    forms = [t for t in docx.Document(str(document / "tthc-periodic-2024Q2.docx")).tables if len(t.columns) == 13]
    total = next(row for row in forms[0].rows if row.cells[1].text == "Tổng số" and row.cells[2].text.isdigit())
    assert [cell.text for cell in total.cells[2:]] == ["5", "2", "2", "1", "3", "2", "0", "1", "2", "1", "1"]


def test_the_counted_forms_are_attached_in_the_order_of_the_outline(
    document: Path, told: dict[str, dict[str, Any]]
) -> None:
    assert told["whole"]["forms"] == ["II.06d", "II.05b", "II.07b"]
    said = text_of(document / "tthc-periodic-2024Q2.docx")
    assert said.index("II.06d") < said.index("II.05b") < said.index("II.07b")


@pytest.mark.parametrize("name", ["tthc-periodic-2024Q2.docx", "tthc-periodic-2024Q2-one-page.docx"])
def test_notes_for_the_maker_are_not_in_the_document(document: Path, name: str) -> None:
    said = text_of(document / name)
    words = r"tthc |narrative|theo trí nhớ|đối chiếu|nạp|plan_tasks|LỆCH|\bNone\b|\{"
    assert not re.search(words, said)


def test_what_has_no_data_says_so_in_plain_words(document: Path) -> None:
    said = text_of(document / "tthc-periodic-2024Q2.docx")
    assert "Kỳ này chưa có số liệu về: danh mục thủ tục hành chính." in said


def test_one_page_holds_the_chosen_numbers(document: Path, told: dict[str, dict[str, Any]]) -> None:
    said = text_of(document / "tthc-periodic-2024Q2-one-page.docx")
    assert "Hồ sơ tiếp nhận, kể cả kỳ trước chuyển sang" in said and "Đề nghị thứ nhất." in said
    assert "Phụ lục" not in said and "Trực tiếp, bưu chính" not in said
    table = docx.Document(str(document / "tthc-periodic-2024Q2-one-page.docx")).tables[1]
    assert len(table.rows) - 1 == sum(m.brief and m.id in rows(told["whole"]) for m in MEASURES)


def test_a_period_nobody_knows_of_has_no_column(office: Path, tmp_path: Path) -> None:
    ended = tthc("report", "--quarter", "2023Q2", "--kind", "periodic", "--workspace", office, "--out", tmp_path)
    assert ended.code == 0, ended.err
    table = docx.Document(str(tmp_path / "tthc-periodic-2023Q2.docx")).tables[1]
    assert [cell.text for cell in table.rows[0].cells] == ["Nội dung", "Kỳ này"]


def test_the_same_report_has_the_same_bytes(office: Path, tmp_path: Path) -> None:
    shapes = ("docx", "xlsx", "csv", "html", "json")
    options = [word for shape in shapes for word in ("--format", shape)]
    for folder in ("a", "b"):
        assert report(office, tmp_path / folder, *options).code == 0
    for shape in shapes:
        files = [tmp_path / folder / f"tthc-periodic-2024Q2.{shape}" for folder in ("a", "b")]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_the_table_has_a_line_a_number(office: Path, tmp_path: Path, told: dict[str, dict[str, Any]]) -> None:
    assert report(office, tmp_path, "--format", "csv", "--lang", "en").code == 0
    text = (tmp_path / "tthc-periodic-2024Q2.csv").read_text("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["Measure"] for line in lines} == set(rows(told["whole"]))
    (handled,) = (line for line in lines if line["Measure"] == "handled")
    assert (handled["This period"], handled["Last period"], handled["From"]) == ("3.0", "1.0", "score:II.06")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--kind", "monthly"), 2, "periodic"),
        (("--kind", "periodic", "--length", "half"), 2, "one-page"),
        (("--length", "full"), 2, "--kind periodic"),
        (("--kind", "periodic", "--per-unit"), 2, "--per-unit"),
        (("--kind", "periodic", "--format", "pdf"), 2, "docx"),
        (("--kind", "periodic", "--unit", "H98.01", "--unit", "H98.02"), 2, "--unit"),
        (("--kind", "periodic", "--unit", "Sở Ba"), 3, "Sở Hai"),
        (("--kind", "periodic", "--quarter", "2023Q4"), 3, "2023Q4"),
    ],
)
def test_what_cannot_be_made_is_said(office: Path, options: tuple[str, ...], code: int, said: str) -> None:
    ended = tthc("report", "--workspace", office, *options)
    assert (ended.code, said in ended.err) == (code, True), ended.err


def test_the_outline_of_the_product_is_sound() -> None:
    assert read_outline(SHIPPED) == outline()


FAULTS = {
    'take = "ratio"': ('take = "ration"', "outline_word"),
    'id = "decisions"': ('ids = "decisions"', "outline_key"),
    'of = ["1.1"]': ('of = ["1.11"]', "outline_unknown"),
    'of = ["decisions.new"]': ('of = ["decisions.newest"]', "outline_unknown"),
    "{decisions} quyết định": ("{decision} quyết định", "outline_unknown"),
    "{new} thủ tục": ("{new thủ tục", "outline_unknown"),
    'tables = ["petitions"]': ('tables = ["petition"]', "outline_unknown"),
    'id = "new"': ('id = "decisions"', "outline_twice"),
    'id = "I.4"': ('id = "4"', "outline_section_id"),
    "brief = true": ('brief = "yes"', "outline_type"),
    'cite = "Khung': ('# cite = "Khung', "outline_missing"),
    "per = [": ("# per = [", "outline_of"),
}


@pytest.mark.parametrize("whole", FAULTS)
def test_a_fault_of_ones_own_outline_is_told_with_its_line(whole: str, tmp_path: Path) -> None:
    broken, code = FAULTS[whole]
    text = SHIPPED.read_text("utf-8")
    line = text[: text.index(whole)].count("\n") + 1
    (tmp_path / "periodic.toml").write_text(text.replace(whole, broken, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_outline(tmp_path / "periodic.toml")
    assert refused.value.code == code
    told = refused.value.fields["line"]
    assert isinstance(told, int) and abs(told - line) <= 6
    assert "{" not in refused.value.message("vi") + refused.value.message("en")


def test_a_province_writes_its_own_outline(office: Path, tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8").replace("Kiến nghị, đề xuất", "Đề nghị với trung ương")
    own = office / "periodic.toml"
    own.write_text(text, encoding="utf-8")
    try:
        assert report(office, tmp_path, "--length", "one-page").code == 0
        own.write_text("section = 3", encoding="utf-8")
        assert report(office, tmp_path).code == 3
    finally:
        own.unlink()
    assert "ĐỀ NGHỊ VỚI TRUNG ƯƠNG" in text_of(tmp_path / "tthc-periodic-2024Q2-one-page.docx")


@pytest.mark.parametrize(
    ("text", "wanted"), [("I.8", "I.8"), ("mục i.8.", "I.8"), ("I.5 A)", "I.5.a"), ("iv", "IV"), ("I-10", "I.10")]
)
def test_sections_as_people_write_them(text: str, wanted: str) -> None:
    assert section_id(text) == wanted


def test_a_sentence_whose_english_asks_for_more_waits_for_it() -> None:
    """An own outline may name a number in one language alone; without it the sentence is left out, not half said."""
    spec = SectionSpec(
        "I.1", "Mục", "Section", "", "found", sentences=(SentenceSpec("Có {a}.", "There are {a} of {b}."),)
    )
    a, b = (Row("I.1", name, "", "", "count", Fraction(1), None, None, None, None, "") for name in "ab")
    assert list(_sentences(spec, {"a": a})) == []
    (told,) = _sentences(spec, {"a": a, "b": b})
    assert sentence_text(told, "en") == "There are 1 of 1."
