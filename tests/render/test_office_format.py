"""Workbooks and papers pass the check of Office's own rules, and that check finds what is broken."""

import io
import zipfile

import pytest

from tests.render.fixtures import LOST, earlier_card, small_card
from tests.render.office_format import faults
from tthc_cli.render.excel import unit_workbooks, workbook_bytes
from tthc_cli.render.listing import write_listing
from tthc_cli.render.view.building import build_view
from tthc_cli.render.word.paper import report_bytes
from tthc_cli.results.listing import Column, Listing


@pytest.fixture(scope="module")
def view():
    return build_view(small_card(), "vi", lost=LOST, history=[earlier_card()])


@pytest.fixture(scope="module")
def workbook(view):
    return workbook_bytes(view)


def changed(package, part, old, new):
    """The package with one change in one part; `old` None takes the part out."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(result, "w") as target:
        assert old is None or old in source.read(part)
        for name in source.namelist():
            data = source.read(name)
            if name == part and old is None:
                continue
            target.writestr(name, data.replace(old, new, 1) if name == part else data)
    return result.getvalue()


def test_the_workbook(workbook):
    assert faults(workbook, "xlsx") == []


def test_a_units_workbook(view):
    for _, data in unit_workbooks(view):
        assert faults(data, "xlsx") == []


@pytest.mark.parametrize("units", [None, ["H99.21"]])
def test_the_report(units):
    view = build_view(small_card(), "vi", units=units, history=[earlier_card()])
    assert faults(report_bytes(view), "docx") == []


def test_a_list_of_dossiers(tmp_path):
    columns = (Column("dossier"), Column("overdue_days", "number"))
    listing = Listing("overdue", "2023-07-01T00:00:00", columns, (("=1+1", 3), ("b", 4.5)))
    write_listing(tmp_path / "a.xlsx", listing, "vi")
    assert faults((tmp_path / "a.xlsx").read_bytes(), "xlsx") == []


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<mergeCells/><sheetData>", "sheet1"),
        ("xl/worksheets/sheet1.xml", b' s="', b' s="9', "style 9"),
        ("xl/worksheets/sheet5.xml", b'ref="D8:G8"', b'ref="D8:H8"', "overlaps"),
        ("xl/worksheets/sheet2.xml", b'dxfId="', b'dxfId="7', "conditional format 7"),
        ("xl/worksheets/sheet1.xml", b'orientation="landscape"', b'orientation="sideways"', "orientation"),
        ("xl/workbook.xml", b"'Ma tr", b"'Mo tr", "is about"),
        ("xl/styles.xml", b"<fonts", b"<fills/><fonts", "styles"),
        ("xl/drawings/drawing1.xml", None, b"", "drawing1.xml"),
        ("[Content_Types].xml", b'PartName="/xl/charts/chart1.xml"', b'PartName="/xl/charts/chart.xml"', "chart"),
    ],
)  # fmt: skip
def test_what_is_broken_is_found(workbook, part, old, new, said):
    found = faults(changed(workbook, part, old, new), "xlsx")
    assert any(said in fault for fault in found), found


def test_a_broken_report_is_found(view):
    found = faults(changed(report_bytes(view), "word/document.xml", b"<w:cantSplit/>", b"<w:cantSplitt/>"), "docx")
    assert any("cantSplitt" in fault for fault in found), found
