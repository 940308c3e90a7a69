"""A province's own Word paper, filled by named fields and content controls."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.render.fixtures import HOSTILE, small_card
from tests.render.office_format import faults
from tthc_cli.errors import InputError
from tthc_cli.render import fill_template
from tthc_cli.render.word.parts import drop_old_styles


def control(name: str, inside: str) -> Any:
    return parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:tag w:val="{name}"/><w:showingPlcHdr/></w:sdtPr>'
        f"<w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    )


def filled(tmp_path: Path, write: Any, **options: Any) -> Any:
    doc = docx.Document()
    write(doc)
    drop_old_styles(doc)
    doc.save(tmp_path / "mau.docx")
    fill_template(small_card(), tmp_path / "mau.docx", tmp_path / "out.docx", "vi", **options)
    data = (tmp_path / "out.docx").read_bytes()
    assert faults(data, "docx") == []
    return docx.Document(io.BytesIO(data))


def test_a_field_that_word_has_split_is_filled_with_the_look_of_its_beginning(tmp_path: Path) -> None:
    def write(doc: Any) -> None:
        paragraph = doc.add_paragraph("Đạt ")
        paragraph.add_run("{{tthc").bold = True
        paragraph.add_run("_total")
        paragraph.add_run("}} điểm, {{ tthc_grade }}.")

    (paragraph,) = filled(tmp_path, write).paragraphs
    assert paragraph.text == "Đạt 84,24 điểm, Tốt."
    assert paragraph.runs[1].text == "84,24" and paragraph.runs[1].bold


def test_headers_and_units_by_name(tmp_path: Path) -> None:
    def write(doc: Any) -> None:
        doc.sections[0].header.paragraphs[0].text = "{{tthc_period}}"
        doc.add_paragraph("{{tthc_unit_in_H99_04}}: {{tthc_points_2_1}}, {{tthc_as_of}}")

    document = filled(tmp_path, write)
    assert document.sections[0].header.paragraphs[0].text == "Quý II năm 2023"
    assert document.paragraphs[0].text == f"{HOSTILE[0]}: 18,64, 01/07/2023"


def test_a_name_without_a_unit_means_the_one_asked_for(tmp_path: Path) -> None:
    document = filled(tmp_path, lambda doc: doc.add_paragraph("{{tthc_unit}}"), units=["H99.01"])
    assert document.paragraphs[0].text == "Sở Nội vụ"


def test_content_controls_are_filled_and_those_of_others_stay(tmp_path: Path) -> None:
    def write(doc: Any) -> None:
        run = "<w:r><w:t>Bấm để nhập</w:t></w:r>"
        for name in ("tthc_total", "cua_tinh"):
            doc.add_paragraph()._p.append(control(name, run))

    document = filled(tmp_path, write)
    assert [[t.text for t in p._p.iter() if t.tag.endswith("}t")] for p in document.paragraphs] == [
        ["84,24"], ["Bấm để nhập"],
    ]  # fmt: skip


def test_the_ranking_repeats_the_row_that_it_stands_in(tmp_path: Path) -> None:
    def write(doc: Any) -> None:
        table = doc.add_table(rows=2, cols=4)
        for cell, text in zip(table.rows[0].cells, ("TT", "Hạng", "Mã", "Đơn vị"), strict=True):
            cell.text = text
        table.rows[1].cells[0].text = "•"
        table.rows[1].cells[1].paragraphs[0].add_run("{{tthc_ranking}}").italic = True

    (table,) = filled(tmp_path, write).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert len(rows) == 1 + len(small_card().units)
    assert rows[:2] == [["TT", "Hạng", "Mã", "Đơn vị"], ["•", "1", "H99", "UBND tỉnh Sông Hương"]]
    assert table.rows[2].cells[1].paragraphs[0].runs[0].italic


def test_the_ranking_outside_a_table_becomes_one(tmp_path: Path) -> None:
    (table,) = filled(tmp_path, lambda doc: doc.add_paragraph("{{tthc_ranking}}")).tables
    assert table.rows[0].cells[0].text == "Hạng" and table.rows[1].cells[4].text == "84,24"


@pytest.mark.parametrize(("name", "near"), [("tthc_totl", "tthc_total"), ("total", "tthc_total")])
def test_a_field_that_means_nothing_is_answered_with_the_nearest(tmp_path: Path, name: str, near: str) -> None:
    with pytest.raises(InputError) as raised:
        filled(tmp_path, lambda doc: doc.add_paragraph(f"{{{{{name}}}}}"))
    assert raised.value.code == "template_field" and near in raised.value.message("vi")
    assert not (tmp_path / "out.docx").exists()


def test_a_file_that_is_no_word_file(tmp_path: Path) -> None:
    (tmp_path / "mau.docx").write_bytes(b"x")
    with pytest.raises(InputError) as raised:
        fill_template(small_card(), tmp_path / "mau.docx", tmp_path / "out.docx", "vi")
    assert raised.value.code == "bad_word_template"
