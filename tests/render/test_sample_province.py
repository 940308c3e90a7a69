"""Every number of the sample province, in every format, is the stored one."""

import csv
import io
import json
import shutil

import lxml.html
import openpyxl
import pytest

from tests.command import tthc
from tests.render.test_recalculation import differences
from tthc_cli.render import write_xlsx
from tthc_cli.render.formats import fixed, percent, plain
from tthc_cli.storage import stored_scores

PERIOD, RULEBOOK = "2023Q2", "qd766"


@pytest.fixture(scope="module")
def workspace(sample, tmp_path_factory):
    """A copy that is scored, so that what other tests store does not matter."""
    folder = tmp_path_factory.mktemp("reports")
    shutil.copytree(sample, folder / "province")
    assert tthc("score", "--quarter", PERIOD, "--workspace", folder / "province", "--quiet").code == 0
    return folder / "province"


@pytest.fixture(scope="module")
def card(workspace):
    return stored_scores.load(workspace / "scores", PERIOD, RULEBOOK)


def report(workspace, wanted):
    assert tthc("report", "--format", wanted, "--quarter", PERIOD, "--workspace", workspace, "--quiet").code == 0
    return workspace / "reports" / f"tthc-{PERIOD}-{RULEBOOK}.{wanted}"


@pytest.fixture(scope="module")
def workbook(card, tmp_path_factory):
    """Without the list of dossiers, whose tens of thousands of rows hold no score and take a minute to read back."""
    path = tmp_path_factory.mktemp("workbook") / "card.xlsx"
    write_xlsx(card, path, "vi")
    return path


def real(value):
    return None if value is None else float(value)


def test_workbook(workbook, card):
    book = openpyxl.load_workbook(workbook, data_only=True)
    sheets = {sheet["A1"].value.partition(") – ")[0]: sheet for sheet in book.worksheets}
    for unit in card.units:
        sheet = sheets[f"{unit.called('vi')} ({unit.id}"]
        rows = {r[0]: r for r in sheet.iter_rows(min_row=10, values_only=True) if r[0]}
        for score in card.components_of(unit.id):
            wanted = [score.numerator, score.denominator, score.ratio, score.points]
            got = [rows[score.id][column] for column in (2, 3, 4, 6)]
            assert got == [None if w is None else pytest.approx(float(w)) for w in wanted], (unit.id, score.id)
    ranking = {r[1]: r for r in book["Tổng hợp"].iter_rows(min_row=10, values_only=True) if r[1]}
    for unit in card.units:
        wanted = [unit.rank, real(unit.total), real(unit.assessed_max), real(unit.percent)]
        assert [ranking[unit.id][column] for column in (0, 4, 5, 6)] == wanted
        assert list(ranking[unit.id][9:14]) == [real(p) for p in unit.groups.values()]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LOUD NOTE: LibreOffice is not installed")
def test_workbook_calculated_anew(workbook, tmp_path):
    compared, wrong = differences(workbook.read_bytes(), tmp_path)
    assert wrong == []
    assert compared > 20_000


def test_page(workspace, card):
    tree = lxml.html.fromstring(report(workspace, "html").read_text(encoding="utf-8"))
    sections = tree.xpath("//section[@class='unit']")
    assert len(sections) == len(card.units)
    for unit, section in zip(card.units, sections, strict=True):
        rows = {
            r[0].text.partition(" ")[0]: [c.text_content().strip() for c in r] for r in section.xpath(".//tbody/tr")
        }
        for score in card.components_of(unit.id):
            days = "" if score.ratio is None else " ngày làm việc"
            ratio = fixed(score.ratio, "vi") + days if score.status == "analysis" else percent(score.ratio, "vi")
            wanted = [plain(score.numerator, "vi"), plain(score.denominator, "vi"), ratio, fixed(score.points, "vi")]
            if score.numerator is None:
                assert rows[score.id][1].startswith("Không đánh giá"), (unit.id, score.id)
            else:
                assert rows[score.id][1:5] == wanted, (unit.id, score.id)


def test_json_and_csv(workspace, card):
    document = json.loads(report(workspace, "json").read_text(encoding="utf-8"))
    stored = [(c.unit, c.id, real(c.numerator), real(c.denominator), real(c.points), c.status) for c in card.components]
    assert stored == [
        (u["id"], c["id"], real(c["numerator"]), real(c["denominator"]), real(c["points"]), c["status"])
        for u in document["units"]
        for c in u["components"]
    ]
    rows = csv.DictReader(io.StringIO(report(workspace, "csv").read_text(encoding="utf-8-sig")))
    assert stored == [
        (
            r["unit"],
            r["component"],
            *(float(r[k]) if r[k] else None for k in ("numerator", "denominator", "points")),
            r["status"],
        )
        for r in rows
    ]


def test_paper(workspace, card):
    docx = pytest.importorskip("docx")
    document = docx.Document(report(workspace, "docx"))
    rows = {r.cells[1].text: [c.text for c in r.cells] for t in document.tables for r in t.rows if len(r.cells) == 6}
    for unit in card.units:
        if unit.level not in ("tinh", "khac"):
            assert rows[unit.name][2:5] == [
                fixed(unit.total, "vi"), plain(unit.assessed_max, "vi"), fixed(unit.percent, "vi"),
            ]  # fmt: skip


def test_terminal(workspace, card):
    text = tthc("report", "--format", "table", "--quarter", PERIOD, "--workspace", workspace)
    shown = text.out + text.err
    for unit in card.units:
        if unit.total is not None:
            assert f"{fixed(unit.total, 'vi')}/{plain(unit.assessed_max, 'vi')}" in shown
