"""The page holds the stored score, is one safe file, and is the same every time."""

import base64
import hashlib
import re

import lxml.html
import pytest

from tests.render.fixtures import HOSTILE, large_card, small_card
from tthc_cli.render import write_html
from tthc_cli.render.building import build_view
from tthc_cli.render.page import page_text
from tthc_cli.render.text import clean


@pytest.fixture(scope="module")
def text():
    return page_text(build_view(small_card(), "vi"))


@pytest.fixture(scope="module")
def tree(text):
    return lxml.html.fromstring(text)


def test_every_total_of_the_ranking_is_the_stored_one(tree):
    rows = tree.xpath("//table[@id='ranking-table']/tbody/tr")
    shown = [(r.xpath("./th")[0].text_content(), r.xpath("./td[3]/@data-v")[0]) for r in rows]
    expected = [(clean(u.name), "" if u.total is None else repr(float(u.total))) for u in small_card().units]
    assert shown == expected


def test_every_component_is_in_the_section_of_its_unit(tree):
    card = small_card()
    view = build_view(card, "vi")
    for unit in view.units:
        section = tree.get_element_by_id(unit.anchor)
        rows = {r[0].text_content(): [c.text_content() for c in r] for r in section.xpath(".//tbody/tr")}
        for cell in unit.cells:
            got = rows[cell.head.id]
            assert got[2:6] == [cell.numerator.text, cell.denominator.text, cell.ratio.text, cell.points.text]


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
    assert charts and all(c.get("role") == "img" and c.get("aria-label") for c in charts)


def test_the_same_score_gives_the_same_page(text):
    assert page_text(build_view(small_card(), "vi")) == text


def test_a_page_about_one_unit_puts_it_first_and_marks_its_row():
    page = lxml.html.fromstring(page_text(build_view(small_card(), "vi", units=["H99.01"])))
    sections = page.xpath("//main/section/@id")
    assert sections[:2] == ["units", "overview"]
    assert len(page.xpath("//section[@class='unit']")) == 1
    rows = page.xpath("//table[@id='ranking-table']/tbody/tr")
    assert len(rows) == 10
    assert [r.xpath("./th")[0].text_content() for r in rows if r.get("class") == "own"] == ["Sở Nội vụ"]


def test_english_page(tmp_path):
    write_html(small_card(), tmp_path / "a.html", "en")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page and "84.24" in page and "Good" in page


def test_a_hundred_and_fifty_units_stay_under_two_megabytes():
    assert len(page_text(build_view(large_card(150), "vi")).encode()) < 2_000_000
