"""The administrative report: layout of Nghị định 30/2020/NĐ-CP, stored facts only."""

import io
import re
from dataclasses import replace

import docx
import pytest
from lxml import etree

from tests.render.fixtures import HOSTILE, LONG_NAME, earlier_card, small_card
from tthc_cli.messages import catalogue
from tthc_cli.render.view.building import build_view
from tthc_cli.render.view.model import Letterhead
from tthc_cli.render.word.paper import report_bytes
from tthc_cli.results.notes import note

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
LETTERHEAD = Letterhead("UBND tỉnh Sông Hương", "Văn phòng", "Sông Hương", "Chánh Văn phòng", "Nguyễn Văn A")


@pytest.fixture(scope="module")
def document():
    view = build_view(small_card(), "vi", history=[earlier_card()], letterhead=LETTERHEAD)
    return docx.Document(io.BytesIO(report_bytes(view)))


def words(document):
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_page_is_a4_with_the_margins_of_the_decree(document):
    section = document.sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    assert [round(length.mm) for length in (section.left_margin, section.right_margin)] == [30, 15]
    assert [round(length.mm) for length in (section.top_margin, section.bottom_margin)] == [20, 20]


def test_head_holds_motto_agency_number_place_and_date(document):
    left, right = (document.tables[0].rows[0].cells[i].text for i in (0, 1))
    assert "UBND TỈNH SÔNG HƯƠNG" in left and "VĂN PHÒNG" in left
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in right and "Độc lập - Tự do - Hạnh phúc" in right
    assert document.tables[0].rows[1].cells[0].text.startswith("Số:")
    assert document.tables[0].rows[1].cells[1].text == "Sông Hương, ngày …… tháng …… năm ……"


def test_parts_one_to_four_in_order(document):
    parts = [p.text.split(".")[0] for p in document.paragraphs if p.text.startswith(("I.", "II.", "III.", "IV."))]
    assert parts == ["I", "II", "III", "IV"]


def test_facts_of_the_province(document):
    text = words(document)
    assert "UBND tỉnh Sông Hương đạt 84,24 điểm trên 100 điểm được đánh giá" in text
    assert "xếp loại Tốt" in text
    assert "So với Quý I năm 2023, điểm theo thang 100 thay đổi +3,39." in text
    assert "tiếp nhận là 1.180, gồm 330 hồ sơ nộp trực tuyến, 600 hồ sơ nộp trực tiếp" in text


def test_losses_with_reasons(document):
    text = words(document)
    assert "Chỉ số 4.5 (Khai thác, chia sẻ kho dữ liệu điện tử): mất 3,66 trên 4 điểm; đạt 100 trên 1.180" in text
    assert "Nguyên nhân: giải quyết quá hạn (60)" in text


def test_every_ranked_unit_is_in_a_table(document):
    text = words(document)
    for name in (HOSTILE[0], HOSTILE[1], "Sở Nội vụ", "Xã Ái Nghĩa"):
        assert name in text


def test_signed_by_the_letterhead(document):
    assert any(
        "CHÁNH VĂN PHÒNG" in c.text and "Nguyễn Văn A" in c.text for t in document.tables for c in t.rows[0].cells
    )


@pytest.fixture(scope="module")
def about_one():
    return docx.Document(io.BytesIO(report_bytes(build_view(small_card(), "vi", units=["H99.03"]))))


def test_a_paper_about_one_unit_tells_of_it_and_marks_it(about_one):
    text = words(about_one)
    assert f"Đơn vị: {LONG_NAME}" in text and f"{LONG_NAME} đạt " in text
    assert "UBND tỉnh Sông Hương đạt" not in text and "Huyện Đông Giang" not in text
    bold = [r.cells[1].text for t in about_one.tables for r in t.rows[1:] if len(r.cells) == 6
            and r.cells[1].paragraphs[0].runs[0].bold]  # fmt: skip
    assert bold == [LONG_NAME]


def test_a_total_out_of_less_than_100_is_also_told_on_100(about_one, document):
    assert "điểm trên 38 điểm được đánh giá, quy về thang 100 là" in words(about_one)
    assert "trên 100 điểm được đánh giá, xếp loại Tốt" in words(document)


def test_says_that_only_the_largest_losses_are_told(document):
    assert "mất điểm ở 18 chỉ số; dưới đây chỉ nêu 5 chỉ số mất nhiều điểm nhất" in words(document)


def test_dossiers_that_match_no_unit_are_a_sentence_and_no_ranking():
    card = small_card()
    lost = replace(card.units[-1], id="?", name="(chưa khớp)", level="khac", total=None, percent=None, rank=None)
    scores = [replace(c, unit="?") for c in card.components_of("H99.21.02")]
    card = replace(card, units=(*card.units, lost), components=(*card.components, *scores))
    text = words(docx.Document(io.BytesIO(report_bytes(build_view(card, "vi")))))
    assert "Đơn vị khác" not in text
    assert "Có 20 hồ sơ ghi 2 tên đơn vị không khớp danh mục" in text


def test_english():
    document = docx.Document(io.BytesIO(report_bytes(build_view(small_card(), "en"))))
    assert "I. OVERALL RESULT" in words(document)


def test_the_form_by_field_is_an_annex_across_the_paper(document):
    table = next(t for t in document.tables if len(t.columns) == 12)
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][1] == rows[0][4] == "Số hồ sơ tiếp nhận" and rows[1][11] == "Quá hạn"
    assert rows[2][:4] == ["Tổng cộng", "1.180", "330", "600"]
    assert [row[:2] for row in rows[5:8]] == [["Chưa rõ lĩnh vực", "170"], ["B. Cấp huyện", "999"], ["Ẩm thực", "750"]]
    lies = [section.page_width > section.page_height for section in document.sections]
    assert lies == [False, True, False]
    assert "Phụ lục II: CĂN CỨ TÍNH ĐIỂM" in words(document)


def test_the_annex_of_a_report_about_a_unit_holds_its_fields_only():
    view = build_view(small_card(), "vi", units=["H99.21"])
    table = next(t for t in docx.Document(io.BytesIO(report_bytes(view))).tables if len(t.columns) == 12)
    assert [row.cells[0].text for row in table.rows][2:] == ["Tổng cộng", "Ẩm thực", "Đất đai"]


OPERATORS = (
    note("unit_by_code", name="Sở Một", dossiers=3), note("unmatched_next"),
    note("typed_unused", count=1, figures="1.1"), note("no_units"),
)  # fmt: skip
FOR_ALL = note("told_share", unit="Sở Nội vụ", components="3.6 (88%)")


def told(*notes):
    card = replace(small_card(), notes=notes)
    return words(docx.Document(io.BytesIO(report_bytes(build_view(card, "vi")))))


def test_notes_for_the_operator_do_not_reach_the_recipient():
    text = told(*OPERATORS, FOR_ALL)
    assert "Sở Nội vụ chỉ được chấm trên phần hồ sơ có đủ số liệu: 3.6 (88%)" in text
    for hidden in ("Sở Một", "TenKhac", "GhiDe", "Không có danh mục đơn vị"):
        assert hidden not in text


def test_no_sentence_for_the_recipient_names_a_command_or_a_file():
    for lang in ("vi", "en"):
        for sentence in catalogue(lang, "told").values():
            assert not re.search(r"`|tthc|\.toml|\.csv|--\w|\b[A-Z][a-z]+[A-Z]\w+|[Nn]ạp|chấm lại|load", sentence), (
                sentence
            )


def test_what_grades_are_worth_is_told_without_the_next_step():
    text = words(
        docx.Document(
            io.BytesIO(report_bytes(build_view(replace(small_card(), notes=("ungraded_no_unit_table",)), "vi")))
        )
    )
    assert "Chưa xếp loại, xếp hạng đơn vị nào: chưa có danh mục đơn vị." in text
    assert "tthc units" not in text


def charts(document):
    parts = [p for p in document.part.package.iter_parts() if str(p.partname).startswith("/word/charts/")]
    return [etree.fromstring(part.blob) for part in sorted(parts, key=lambda part: part.partname)]


def texts(chart, path):
    return [e.text for e in chart.iterfind(path, {"c": CHART})]


def test_the_groups_of_the_province_are_a_native_chart(document):
    groups, _ = charts(document)
    assert len(set(texts(groups, ".//c:cat//c:v"))) == 5
    # of the groups' 18, 20, 22, 22 and 18 points what was won and what was lost
    won, lost = ([float(v) for v in texts(one, "c:val//c:v")] for one in groups.iterfind(".//c:ser", {"c": CHART}))
    assert [round(a + b, 2) for a, b in zip(won, lost, strict=True)] == [18, 20, 22, 22, 18]
    assert round(sum(won), 2) == 84.24


def test_grades_by_level_are_a_native_chart_told_in_words_too(document):
    _, grades = charts(document)
    assert "Sở, ban, ngành (5)" in texts(grades, ".//c:cat//c:v")
    told = [e.get("descr") for e in document.element.iter() if e.tag.endswith("}docPr")]
    assert told[1].startswith("Xếp loại theo cấp (số đơn vị). Sở, ban, ngành (5): Tốt 3, Khá 1, Yếu 1")


def test_units_stand_beside_the_period_before(document):
    (table,) = (t for t in document.tables if t.rows[0].cells[-1].text == "Hạng")
    rows = {r.cells[0].text: [c.text for c in r.cells[1:]] for r in table.rows}
    assert rows["Sở Nội vụ"] == ["84,24", "85,65", "+1,41", "Tốt*", "1 → 2"]
    assert rows["Sở Y tế"] == ["–", "85,65", "–", "Tốt*", "2"]


def test_without_an_earlier_period_nothing_is_compared(about_one):
    assert not any(t.rows[0].cells[-1].text == "Hạng" for t in about_one.tables)
