"""JSON and CSV hold the stored score, number by number."""

import csv
import io
import json

import pytest

from tests.render.fixtures import HOSTILE, earlier_card, small_card
from tthc_cli.render import write
from tthc_cli.render.data import COLUMNS, csv_text, json_text
from tthc_cli.render.view.building import build_view
from tthc_cli.results.scorecard import public_json


@pytest.fixture(scope="module")
def card():
    return small_card()


@pytest.fixture(scope="module")
def document(card):
    return json.loads(json_text(card, build_view(card, "vi", history=[earlier_card()])))


@pytest.fixture(scope="module")
def rows(card):
    return list(csv.DictReader(io.StringIO(csv_text(card, build_view(card, "vi")).removeprefix("\ufeff"))))


def test_json_units_agree_with_the_published_object(card, document):
    keys = ("id", "level", "parent", "groups", "total", "assessed_max", "provisional", "grade", "rank")
    wanted = [{k: u[k] for k in keys} for u in public_json(card)["units"]]
    assert [{k: u[k] for k in keys} for u in document["units"]] == wanted


def test_json_components_agree_with_the_published_object(card, document):
    keys = ("id", "numerator", "denominator", "ratio", "points", "max", "status")
    got = [{"unit": u["id"], **{k: c[k] for k in keys}} for u in document["units"] for c in u["components"]]
    assert got == [{"unit": c["unit"], **{k: c[k] for k in keys}} for c in public_json(card)["components"]]


def test_json_says_where_it_comes_from(document):
    assert (document["schema"], document["kind"]) == (1, "tthc-scorecard")
    assert document["period"]["id"] == "2023Q2"
    assert document["rulebook"]["sha256"] == "ab" * 32
    assert document["sources"][0]["accepted"] == 1180
    assert {line["component"] for line in document["not_assessed"]} >= {"1.1", "3.6"}


def test_json_carries_reasons_change_and_the_form(document):
    province = document["units"][0]
    assert province["change"]["points"] == pytest.approx(3.39)
    reasons = next(c for c in province["components"] if c["id"] == "2.1")["reasons"]
    assert {"text": "giải quyết quá hạn", "count": 60, "in_denominator": True, "in_numerator": False} in reasons
    assert document["form_ii_06"][0] == {
        "unit": "H99", "inflow": 1180, "online": 330, "direct": 600, "carried": 250, "done": 930, "early": 500,
        "on_time": 400, "late": 30, "open": 250, "open_within": 200, "open_past": 50,
    }  # fmt: skip


def test_json_carries_the_form_by_field(document):
    by_level = [(f["level"], f["field"], f["inflow"]) for f in document["form_ii_06_by_level_and_field"]]
    assert by_level == [
        ("tinh", "=1+1 Hộ tịch", 10), ("tinh", "Chưa rõ lĩnh vực", 170), ("huyen", "Ẩm thực", 750),
        ("huyen", "Đất đai", 249), ("xa", "Đất đai", 1),
    ]  # fmt: skip
    district = [f for f in document["form_ii_06_by_unit_and_field"] if f["unit"] == "H99.21"]
    assert [(f["field"], f["inflow"], f["done"], f["open"]) for f in district] == [
        ("Ẩm thực", 750, 685, 65), ("Đất đai", 250, 135, 115),
    ]  # fmt: skip


def test_csv_has_a_row_for_every_component_of_every_unit(card, rows):
    assert [(r["component"], r["status"]) for r in rows] == [(c.id, c.status) for c in card.components]
    for row, score in zip(rows, card.components, strict=True):
        assert row["points"] == ("" if score.points is None else f"{float(score.points):g}")


def test_csv_columns_are_the_documented_ones(rows):
    assert tuple(rows[0]) == COLUMNS
    with open("docs/open_data.md", encoding="utf-8") as stream:  # noqa: PTH123
        documented = stream.read()
    assert all(f"`{name}`" in documented for name in COLUMNS)


def test_csv_cells_are_no_formulas(rows):
    assert "'" + HOSTILE[0] in {r["unit_name"] for r in rows}
    for row in rows:
        for name in ("unit", "unit_name", "component_title", "note"):
            assert not row[name].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("wanted", ["json", "csv", "docx", "xlsx", "html"])
def test_the_same_score_gives_the_same_bytes(wanted, tmp_path):
    for name in ("a", "b"):
        write(wanted, small_card(), tmp_path / name, "vi", history=[earlier_card()])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_that_cannot_be_written_raises(tmp_path):
    (tmp_path / "taken.json").mkdir()
    with pytest.raises(OSError, match="taken"):
        write("json", small_card(), tmp_path / "taken.json", "vi")
    assert (tmp_path / "taken.json").is_dir()
