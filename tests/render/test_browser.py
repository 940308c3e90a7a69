"""The page in a real browser: sort, filter, search, links, keyboard, paper, no request, no error, accessibility."""

import shutil
from pathlib import Path

import pytest

from tests.render.fixtures import LOST, earlier_card, large_card, small_card
from tthc_cli.render import write_html
from tthc_cli.results.scorecard import LostDossier

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip(
    "playwright.sync_api", reason="LOUD NOTE: Playwright is not installed, the page was not tried in a browser"
)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="LOUD NOTE: Chromium is not installed, the page was not tried in a browser"
)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as p:
        running = p.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def card_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "card.html"
    write_html(small_card(), path, "vi", history=[earlier_card()], lost=LOST)
    return path


@pytest.fixture
def page(browser, card_file):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.heard = []
    page.on("console", lambda message: page.heard.append(message.text))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.on("request", lambda request: page.heard.append(request.url) if request.url != card_file.as_uri() else None)
    page.goto(card_file.as_uri())
    yield page
    assert [text for text in page.heard if text != "data:,"] == []
    context.close()


def names(page):
    return page.eval_on_selector_all(
        "#ranking-table tbody tr:not([hidden])", "rows => rows.map(r => r.querySelector('th').textContent)"
    )


def column(page, index):
    return page.eval_on_selector_all(
        "#ranking-table tbody tr", f"rows => rows.map(r => r.cells[{index}].textContent.trim())"
    )


def test_nothing_is_asked_of_the_network_and_nothing_goes_wrong(page):
    assert page.title().endswith("Quý II năm 2023")


def test_sorting_by_total_and_back(page):
    button = page.locator("#ranking-table th button").nth(4)
    button.click()
    assert column(page, 4) == ["84,24", "78,73", "78,25", "75,60", "75,37", "75,37", "73,37", "9,77", "0,00", "–"]
    assert page.locator("#ranking-table th").nth(4).get_attribute("aria-sort") == "descending"
    button.click()
    assert column(page, 4)[:3] == ["0,00", "9,77", "73,37"]
    assert column(page, 4)[-1] == "–"


def test_sorting_by_change_knows_its_signs(browser, tmp_path):
    """The province went from 80,85 to 84,24, the department from 84,24 to 85,65 (75,37 of 88); here the other way."""
    write_html(earlier_card(), tmp_path / "card.html", "vi", history=[small_card()])
    page = browser.new_context().new_page()
    page.goto((tmp_path / "card.html").as_uri())
    button = page.locator("#ranking-table th button").last
    button.click()
    assert column(page, 13) == ["−1,41", "−3,39"]
    button.click()
    assert column(page, 13) == ["−3,39", "−1,41"]


def test_sorting_by_level_and_by_code(page):
    page.locator("#ranking-table th button").nth(3).click()
    assert column(page, 3)[0] == "Tỉnh" and column(page, 3)[-1] == "Cấp xã"
    page.locator("#ranking-table th button").nth(1).click()
    assert column(page, 1)[:4] == ["H99", "H99.01", "H99.02", "H99.03"]


def test_sorting_by_name_is_vietnamese(page):
    page.locator("#ranking-table th button").nth(2).click()
    plain = [n for n in names(page) if n[0].isalpha()]
    assert plain[1:] == ["Huyện Đông Giang", "Sở Nội vụ", "Sở Y tế", "UBND tỉnh Sông Hương", "Xã Ái Nghĩa"]


def test_search_needs_no_accents(page):
    page.locator("#search").fill("huyen dong")
    assert names(page) == ["Huyện Đông Giang"]
    assert page.locator("#ranking-status").text_content() == "Đang hiện 1 đơn vị"
    page.locator("#search").fill("H99.02")
    assert names(page) == ["Sở Y tế"]
    page.locator("#search").fill("không có đâu")
    assert names(page) == []
    assert "Không có đơn vị nào khớp" in page.locator("#ranking-status").text_content()


def test_filters_combine(page):
    page.locator("#level").select_option("Sở, ban, ngành")
    assert len(names(page)) == 5
    page.locator("#grade").select_option("Tốt")
    assert len(names(page)) == 3
    page.locator("#search").fill("noi vu")
    assert names(page) == ["Sở Nội vụ"]


def test_keyboard_alone_reaches_and_sorts(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#ranking-table th button").nth(4).focus()
    page.keyboard.press("Enter")
    assert column(page, 4)[0] == "84,24"


def test_enter_in_the_search_opens_the_first_unit_found(page):
    page.locator("#search").fill("h99.02")
    page.keyboard.press("Enter")
    assert page.url.endswith("#u-H99.02")


def test_unit_links_lead_to_the_section(page):
    page.get_by_role("link", name="Sở Y tế").first.click()
    assert page.url.endswith("#u-H99.02")
    assert page.locator("#u-H99\\.02").evaluate("e => Math.abs(e.getBoundingClientRect().top) < 60")


def test_hostile_names_run_nothing(page):
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.images.length") == 0


def test_prints_one_unit_a_page(page, tmp_path):
    data = page.pdf(prefer_css_page_size=True, path=tmp_path / "card.pdf")
    assert data.count(b"/Type /Page\n") >= 10 + 3


BREAKS = """() => ['#units', '#units > .unit', '#units > .unit + .unit'].map(
    at => getComputedStyle(document.querySelector(at)).breakBefore)"""


def test_no_heading_is_printed_alone_above_the_first_unit(page):
    page.emulate_media(media="print")
    found = page.evaluate(BREAKS)
    page.emulate_media(media="screen")
    assert found == ["page", "auto", "page"]


def test_each_section_is_printed_in_one_orientation(page):
    page.emulate_media(media="print")
    found = page.evaluate(
        "() => [...document.querySelectorAll('main > section')].map(s => [s.id, getComputedStyle(s).page])"
    )
    page.emulate_media(media="screen")
    assert {name for name, kind in found if kind == "wide"} == {"matrix", "form"}


def violations(browser, address, scheme, width):
    axe = pytest.importorskip("axe_playwright_python", reason="LOUD NOTE: axe-core is not installed, not checked")
    source = next(Path(axe.__path__[0]).glob("axe*.js")).read_text(encoding="utf-8")
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.evaluate(source)
    # Sections outside the window are laid out late (content-visibility); axe measures all of them at once.
    late = "document.styleSheets[0].insertRule('.unit { content-visibility: visible !important }', 0)"
    page.evaluate(f"() => {{ if (document.querySelector('style')) {late} }}")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    context.close()
    return [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in result["violations"]]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_accessible(browser, card_file, scheme, width):
    assert violations(browser, card_file.as_uri(), scheme, width) == []


def test_no_sideways_scrolling_on_a_telephone(browser, card_file):
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(card_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_only_sections_near_the_window_are_laid_out(browser, tmp_path):
    """What makes a page of many units quick; how quick is measured by benchmarks/report.py."""
    write_html(large_card(150), tmp_path / "large.html", "vi")
    page = browser.new_context().new_page()
    page.goto((tmp_path / "large.html").as_uri())
    laid_out = "e => e.firstElementChild.checkVisibility({contentVisibilityAuto: true})"
    seen = page.eval_on_selector_all(".unit", f"all => all.filter({laid_out}).length")
    assert page.locator(".unit").count() == 150 and seen < 10


def test_a_long_ranking_shows_its_first_rows_and_finds_them_all(browser, tmp_path):
    write_html(large_card(260), tmp_path / "large.html", "vi")
    page = browser.new_context().new_page()
    page.goto((tmp_path / "large.html").as_uri())
    shown = page.locator("#ranking-table tbody tr:visible")
    assert shown.count() == 200
    assert page.locator("#ranking-status").text_content() == "Đang hiện 260 đơn vị"
    page.locator("#search").fill("dong giang 25")
    assert shown.count() == 13  # 25, 250 to 259, and the codes 125 and 225
    page.locator("#search").fill("")
    page.get_by_role("button", name="Hiện mọi dòng").click()
    assert shown.count() == 260


@pytest.fixture(scope="module")
def split_file(tmp_path_factory):
    """The small card with a page for every two units."""
    path = tmp_path_factory.mktemp("split") / "Quý 2 #1.html"
    write_html(small_card(), path, "vi", history=[earlier_card()], page_units=2)
    return path


@pytest.fixture
def index(browser, split_file):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.heard = []
    page.on("console", lambda message: page.heard.append(message.text))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.goto(split_file.as_uri())
    yield page
    assert page.heard == []
    context.close()


def at_the_top(page, anchor):
    return page.locator(f"[id='{anchor}']").evaluate("e => Math.abs(e.getBoundingClientRect().top) < 90")


def test_a_unit_found_in_the_index_opens_on_its_page(index):
    index.locator("#search").fill("xa ai nghia")
    index.keyboard.press("Enter")
    index.wait_for_url("**/units-*.html#u-H99.21.03")
    assert at_the_top(index, "u-H99.21.03")
    assert index.locator("h1").count() == 1


def test_the_address_of_a_unit_is_that_of_the_index(index, split_file):
    index.goto("about:blank")
    index.goto(split_file.as_uri() + "#u-H99.21")
    index.wait_for_url("**/units-*.html#u-H99.21")
    assert at_the_top(index, "u-H99.21")


def test_pages_lead_back_and_on(index):
    index.locator("#ranking-table a").first.click()
    index.wait_for_url("**/units-01.html#*")
    index.get_by_role("link", name="Trang sau").click()
    index.wait_for_url("**/units-02.html")
    index.get_by_role("link", name="Trang trước").click()
    index.wait_for_url("**/units-01.html")
    index.get_by_role("link", name="Xếp hạng").click()
    index.wait_for_url("**#ranking")
    assert len(names(index)) == 10


def test_a_page_of_units_prints_one_unit_a_page(index, tmp_path):
    index.locator("#ranking-table a").first.click()
    index.wait_for_url("**/units-01.html#*")
    units = index.locator(".unit").count()
    assert index.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1 + units  # the matrix goes first


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_index_and_page_of_units_are_accessible(browser, split_file, scheme, width):
    for file in (split_file, *sorted(split_file.parent.rglob("units-0[13].html"))):
        assert (file.name, violations(browser, file.as_uri(), scheme, width)) == (file.name, [])


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_score_grade_change_and_what_to_do_are_on_the_first_screen(browser, card_file, width, height):
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(card_file.as_uri())
    for wanted in (".big", "#overview .grade", "#overview .card p b >> nth=0", ".next li >> nth=2"):
        box = page.locator(wanted).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, wanted
    assert page.locator(".next li").count() == 3
    assert page.locator("#method .facts").bounding_box()["y"] > height


@pytest.mark.parametrize("width", [1280, 1366])
def test_nothing_is_hidden_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wider = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.getAttribute('aria-label'))"
    assert page.eval_on_selector_all(".scroll", wider) == []


def test_group_columns_have_names(page):
    heads = page.eval_on_selector_all("#ranking-table thead th", "all => all.map(e => e.textContent)")
    assert heads[8:10] == ["1. Công khai, minh bạch", "2. Tiến độ giải quyết"]


def test_navigation_and_headings_stay(page):
    page.locator("#matrix tbody tr").last.scroll_into_view_if_needed()
    page.mouse.wheel(0, 0)
    assert page.locator("body > nav").bounding_box()["y"] == 0
    head = page.locator("#matrix thead th").first.bounding_box()
    assert 0 <= head["y"] < 60


def test_first_columns_stay_on_a_narrow_window(browser, card_file):
    page = browser.new_context(viewport={"width": 800, "height": 700}).new_page()
    page.goto(card_file.as_uri())
    page.evaluate("document.querySelector('#ranking .scroll').scrollLeft = 500")
    assert page.locator("#ranking-table tbody th").first.bounding_box()["x"] < 30


LOST_AT = tuple(
    LostDossier("H99.21", component, f"H99.21-230405-{n:04d}", "1.001234", "2023-04-05T08:00:00", "2023-04-20", "",
                reason, "exports/hoso.csv", "Sở", 400 + n)
    for n, component, reason in (
        (1, "2.1", "late"), (2, "2.1", "open_overdue"), (2, "3.3", "not_online"), (3, "3.3", "not_online"),
    )
)  # fmt: skip
"""Dossiers 1 and 2 lost 2.1, 2 and 3 lost 3.3."""


def shown_dossiers(page):
    rows = page.locator("[id='u-H99.21-lost'] table.l tbody tr:not(.g):visible")
    return rows.evaluate_all(
        "all => all.map(r => [r.cells[0].textContent.slice(-4), r.cells[4].textContent, r.cells[5].textContent])"
    )


@pytest.mark.parametrize("units_a_page", [None, 2])
def test_a_lost_point_leads_to_its_dossiers_in_two_clicks(browser, tmp_path, units_a_page):
    write_html(small_card(), tmp_path / "card.html", "vi", lost=LOST_AT, page_units=units_a_page)
    page = browser.new_context().new_page()
    page.goto((tmp_path / "card.html").as_uri())
    page.locator("#ranking-table a[href$='#u-H99.21']").click()
    page.locator("[id='u-H99.21'] a[data-c='3.3']").click()
    assert shown_dossiers(page) == [["0002", "2.1b 3.3a", "402"], ["0003", "3.3a", "403"]]
    assert "exports/hoso.csv › Sở" in page.locator("[id='u-H99.21-lost'] table.l").text_content()
    page.locator("[id='u-H99.21'] a[data-c='2.1']").click()
    assert [row[0] for row in shown_dossiers(page)] == ["0001", "0002"]


def test_every_point_of_a_trend_has_its_number_on_an_axis_that_shows_movement(page):
    """80,85 and then 84,24: an axis from 80 to 85, not from 0 to 100."""
    trend = page.locator("#overview .tc")
    assert trend.locator("text.v").all_text_contents() == ["80,85", "84,24"]
    assert trend.locator("text.small").all_text_contents()[:2] == ["80", "85"]


def test_a_table_is_saved_as_csv(page):
    page.locator("#ranking").scroll_into_view_if_needed()
    with page.expect_download() as given:
        page.locator("#ranking .tabletools button", has_text="CSV").click()
    lines = Path(given.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith('"Hạng","Mã","Đơn vị","Cấp","Tổng"')
    assert len(lines) == 11 and '"84,24"' in lines[1]
