"""The page holds the stored score, is one safe file, and is the same every time."""

import base64
import hashlib
import re
from dataclasses import replace

import lxml.html
import pytest

from tests.render.fixtures import HOSTILE, large_card, small_card
from tthc_cli.render import write_html
from tthc_cli.render.formats import fixed
from tthc_cli.render.html.page import page_text
from tthc_cli.render.text import clean
from tthc_cli.render.view.building import build_view


@pytest.fixture(scope="module")
def text():
    return page_text(build_view(small_card(), "vi"))


@pytest.fixture(scope="module")
def tree(text):
    return lxml.html.fromstring(text)


def ranking(page):
    return page.xpath("//table[@id='ranking-table']/tbody/tr")


def test_every_total_of_the_ranking_is_the_stored_one(tree):
    shown = [[cell.text_content().strip() for cell in row][1:5] for row in ranking(tree)]
    labels = {"tinh": "Tỉnh", "so": "Sở, ban, ngành", "huyen": "Cấp huyện", "xa": "Cấp xã"}
    assert shown == [[clean(u.id), clean(u.name), labels[u.level], fixed(u.total, "vi")] for u in small_card().units]


def test_every_component_is_in_the_section_of_its_unit(tree):
    card = small_card()
    view = build_view(card, "vi")
    for unit in view.units:
        section = tree.get_element_by_id(unit.anchor)
        rows = {r[0].text.split(" ")[0]: [c.text_content().strip() for c in r] for r in section.xpath(".//tbody/tr")}
        for cell in unit.cells:
            got = rows[cell.head.id]
            if cell.numerator.value is None:
                assert got[1] == cell.remarks and got[2:3] == [cell.max.text if cell.max.value else ""]
                continue
            assert got[1:5] == [cell.numerator.text, cell.denominator.text, cell.ratio.text, cell.points.text]
            assert got[6] == (cell.lost.text if cell.lost.value else "")


def test_what_was_lost_stands_with_its_reasons(tree):
    (row,) = tree.xpath("//section[@id='u-H99']//tr[starts-with(th, '2.1 ')]")
    reasons = "giải quyết quá hạn (60); đang giải quyết, quá hạn (15); "
    assert row.xpath("./th/p")[0].text_content().startswith(reasons)
    assert [c.text_content() for c in row][-1] == "1,36"  # 20 - 18,64


def test_the_largest_losses_are_told_first(tree):
    text = tree.get_element_by_id("u-H99").xpath("./p[@class='lost']")[0].text_content()
    assert [part.split(" ")[0] for part in text.removeprefix("Mất nhiều nhất: ").split("; ")] == ["4.5", "3.6", "2.1"]


def test_vietnamese_numbers(text):
    assert "84,24" in text and "1.180" in text


def test_policy_allows_only_the_style_and_script_that_are_there(text, tree):
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_nothing_is_fetched_and_no_inline_handlers_or_styles(tree):
    assert not tree.xpath("//*[@src]")
    assert all(href.startswith(("#", "data:")) for href in tree.xpath("//@href"))
    attributes = {name for element in tree.iter() if isinstance(element.tag, str) for name in element.attrib}
    assert not {a for a in attributes if a.startswith("on") or a == "style"}


def test_hostile_names_stay_text(text, tree):
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img")
    assert "{{7*7}}" in text and "49" not in re.findall(r"\$\{(\d+)\}", text)
    assert any(th.text_content() == HOSTILE[1] for th in tree.xpath("//th"))


def test_links_lead_somewhere(tree):
    ids = set(tree.xpath("//@id"))
    assert {h[1:] for h in tree.xpath("//a/@href") if h.startswith("#")} <= ids


def test_ids_are_unique(tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_says_period_rulebook_as_of_sources_and_what_was_not_assessed(text):
    for part in ("Quý II năm 2023", "qd766-law", "01/07/2023", "1 tệp", "Số nhập tay để trống"):
        assert part in text


def test_charts_have_a_text_alternative(tree):
    charts = tree.xpath("//*[local-name()='svg']")
    shown = [c for c in charts if c.get("aria-hidden") != "true"]
    assert len(shown) > 10
    for chart in shown:
        assert chart.get("role") == "img"
        assert chart.get("aria-label") or tree.get_element_by_id(chart.get("aria-labelledby")).text


def test_units_without_a_grade_are_told_by_number_and_in_the_legend():
    card = small_card()
    first, *others = card.units
    bare = replace(first, grade=None, rank=None, ungraded_reason="nothing_to_count")
    page = lxml.html.fromstring(page_text(build_view(replace(card, units=(bare, *others)), "vi")))
    (chart,) = page.xpath("//figure[figcaption='Phân bố xếp loại theo cấp']")
    assert "Chưa xếp loại: 1" in [title.text for title in chart.xpath(".//title")]
    assert chart.xpath("./ul/li[last()]")[0].text_content().strip() == "Chưa xếp loại"
    (table,) = page.xpath("//table[caption='Phân bố xếp loại theo cấp']")
    assert [row[-1].text for row in table.xpath(".//tr")][:2] == ["Chưa xếp loại", "1"]


def test_a_page_where_all_have_a_grade_has_no_such_legend():
    card = small_card()
    graded = replace(card, units=tuple(unit for unit in card.units if unit.grade))
    page = lxml.html.fromstring(page_text(build_view(graded, "vi")))
    (chart,) = page.xpath("//figure[figcaption='Phân bố xếp loại theo cấp']")
    assert "Chưa xếp loại" not in chart.text_content() and "Khá" in chart.text_content()


def test_the_same_score_gives_the_same_page(text):
    assert page_text(build_view(small_card(), "vi")) == text


def test_a_page_about_one_unit_puts_it_first_and_marks_its_row():
    page = lxml.html.fromstring(page_text(build_view(small_card(), "vi", units=["H99.01"])))
    sections = page.xpath("//main/section/@id")
    assert sections[:2] == ["units", "overview"]
    assert len(page.xpath("//section[@class='unit']")) == 1
    rows = ranking(page)
    assert len(rows) == 10
    assert [r.xpath("./th")[0].text_content() for r in rows if r.get("class") == "own"] == ["Sở Nội vụ"]


def test_english_page(tmp_path):
    write_html(small_card(), tmp_path / "a.html", "en")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page and "84.24" in page and "Good" in page


def test_a_hundred_and_fifty_units_stay_under_two_megabytes():
    assert len(page_text(build_view(large_card(150), "vi")).encode()) < 2_000_000


def form_rows(tree):
    return [[cell.text_content() for cell in row] for row in tree.xpath("//section[@id='form']//tbody/tr")]


def test_the_form_by_level_and_field(tree):
    rows = form_rows(tree)
    assert rows[0][:5] == ["Tổng cộng", "1.180", "330", "600", "250"]
    assert [row[0] for row in rows[1:]] == [
        "A. Cấp tỉnh (cơ quan của tỉnh, sở, ban, ngành)", "=1+1 Hộ tịch", "Chưa rõ lĩnh vực", "B. Cấp huyện",
        "Ẩm thực", "Đất đai", "C. Cấp xã", "Đất đai",
    ]  # fmt: skip
    assert rows[6][1:] == ["249", "99", "100", "50", "134", "49", "80", "5", "115", "100", "15"]


def test_a_page_about_one_unit_shows_its_fields():
    tree = lxml.html.fromstring(page_text(build_view(small_card(), "vi", units=["H99.21"])))
    assert [row[:2] for row in form_rows(tree)] == [["Tổng cộng", "1.000"], ["Ẩm thực", "750"], ["Đất đai", "250"]]


def test_a_score_without_fields_has_no_form_and_no_link_to_it():
    card = small_card()
    text = page_text(build_view(replace(card, beside=replace(card.beside, fields=())), "vi"))
    assert 'id="form"' not in text and 'href="#form"' not in text
