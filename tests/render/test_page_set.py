"""Scorecards of many units: an index and pages, complete at every moment, and nothing left over."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from tests.render.fixtures import FULL, large_card, make_card, small_card
from tthc_cli.render import write_html
from tthc_cli.render.html.page_set import ONE_PAGE
from tthc_cli.render.html.page_split import unit_pages
from tthc_cli.render.view.building import build_view


def write(card, folder, **more):
    write_html(card, folder / "card.html", "vi", **more)
    return lxml.html.fromstring((folder / "card.html").read_text(encoding="utf-8"))


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def led_to(folder):
    """The files that the index leads to."""
    page = lxml.html.fromstring((folder / "card.html").read_text(encoding="utf-8"))
    return {unquote(h.partition("#")[0]) for h in page.xpath("//a/@href") if not h.startswith("#")}


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    folder = tmp_path_factory.mktemp("split")
    write(large_card(150), folder, page_units=40)
    return folder


def test_few_units_stay_on_one_page_and_many_do_not(tmp_path):
    write(large_card(ONE_PAGE), tmp_path)
    assert list(files(tmp_path)) == ["card.html"]
    write(large_card(ONE_PAGE + 1), tmp_path)
    assert len(files(tmp_path)) == 1 + 1 + 3  # index, the province and the departments, 230 communes by 100


def test_all_on_one_page_when_asked(tmp_path):
    page = write(large_card(ONE_PAGE + 1), tmp_path, page_units=0)
    assert len(page.xpath("//section[@class='unit']")) == ONE_PAGE + 1


def test_every_unit_is_ranked_on_the_index_and_has_its_section_where_the_link_leads(split):
    card = large_card(150)
    index = lxml.html.fromstring((split / "card.html").read_text(encoding="utf-8"))
    links = {
        r.xpath("./td[2]")[0].text: r.xpath(".//a/@href")[0]
        for r in index.xpath("//table[@id='ranking-table']/tbody/tr")
    }
    assert list(links) == [u.id for u in card.units]
    pages = {f: lxml.html.fromstring(data.decode()) for f, data in files(split).items()}
    for unit, href in links.items():
        file, _, anchor = unquote(href).partition("#")
        assert unit in pages[file].get_element_by_id(anchor).xpath("./h3")[0].text_content()


@lru_cache
def ids(path):
    return set(lxml.html.fromstring(path.read_text(encoding="utf-8")).xpath("//@id"))


def test_every_link_leads_somewhere(split):
    for name in files(split):
        page = lxml.html.fromstring((split / name).read_text(encoding="utf-8"))
        for href in page.xpath("//a/@href"):
            file, _, fragment = href.partition("#")
            target = (split / name).parent / unquote(file) if file else split / name
            assert target.is_file(), (name, href)
            assert not fragment or fragment in ids(target), (name, href)


def test_pages_allow_their_own_script_and_no_request(split):
    for data in files(split).values():
        text = data.decode()
        (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in text
        assert "default-src 'none'" in text
        assert not re.search(r"\s(src|on\w+)=", text)


def test_pages_hold_units_of_one_level_in_the_order_of_their_names():
    pages = unit_pages(build_view(large_card(150), "vi"), 40)
    assert [len(p.units) for p in pages] == [21, 32, 32, 32, 33]  # 129 communes need four pages
    assert pages[0].label == "Tỉnh; Sở, ban, ngành"
    names = [u.name_order for p in pages[1:] for u in p.units]
    assert names == sorted(names)
    assert pages[1].label.startswith("Cấp xã: Xã Thượng Đông Giang 100 – Xã")


def test_communes_are_cut_between_their_parents():
    units = [("H99", "Tỉnh", "tinh", None, FULL, {})]
    units += [(f"H99.{d}", f"Huyện {name}", "huyen", "H99", FULL, {}) for d, name in enumerate("ABĐ")]
    units += [(f"H99.{d}.{i}", f"Xã {i}", "xa", f"H99.{d}", FULL, {}) for d in range(3) for i in range((2, 2, 9)[d])]
    pages = unit_pages(build_view(make_card(units), "vi"), 5)
    assert [(p.label, len(p.units)) for p in pages] == [
        ("Tỉnh; Cấp huyện", 4),
        ("Cấp xã: Huyện A – Huyện B", 4),
        ("Cấp xã: Huyện Đ, Xã 0 – Xã 3", 4),
        ("Cấp xã: Huyện Đ, Xã 4 – Xã 8", 5),
    ]


def test_the_index_counts_how_points_are_spread_over_a_large_level(split):
    index = lxml.html.fromstring((split / "card.html").read_text(encoding="utf-8"))
    (table,) = index.xpath("//table[@class='spread']")
    card = large_card(150)
    points = [c.points for u in card.units if u.level == "xa" for c in card.components_of(u.id) if c.id == "2.1"]
    sixths = [sum(20 * i <= 6 * p < 20 * (i + 1) or (i == 5 and p == 20) for p in points) for i in range(6)]
    (row,) = table.xpath(".//tbody/tr[starts-with(th, '2.1')]")
    assert [int(c.text or 0) for c in row.xpath("./td")] == [*sixths, 0]


def test_the_same_card_gives_the_same_files(split, tmp_path):
    write(large_card(150), tmp_path, page_units=40)
    assert files(tmp_path) == files(split)


def test_pages_of_an_earlier_scorecard_do_not_linger(tmp_path):
    write(large_card(150), tmp_path, page_units=10)
    (tmp_path / "card_files" / "của-tôi.txt").write_text("giữ", encoding="utf-8")
    write(large_card(60), tmp_path, page_units=10)
    assert led_to(tmp_path) == set(files(tmp_path)) - {"card.html", "card_files/của-tôi.txt"}
    (tmp_path / "card_files" / "của-tôi.txt").unlink()
    write(small_card(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["card.html"]


KILLED = """
import os, sys
from pathlib import Path
import tthc_cli.render.html.page_set as page_set
from tests.render.fixtures import large_card
from tthc_cli.render import write_html
left = int(sys.argv[2])
real = page_set.write_atomic
def dying(place, data):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    real(place, data)
page_set.write_atomic = dying
write_html(large_card(60), Path(sys.argv[1]) / "card.html", "vi", page_units=10)
"""


@pytest.mark.parametrize("files_written", [0, 3, 7])
def test_a_run_killed_midway_leaves_the_old_set_whole_and_the_next_run_heals(tmp_path, files_written):
    write(large_card(40), tmp_path, page_units=10)
    before = files(tmp_path)
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(files_written)]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        command, cwd=root, check=False, env=os.environ | {"PYTHONPATH": f"{root}/src{os.pathsep}{root}"}
    )
    assert done.returncode == 9
    after = files(tmp_path)
    assert {name: after[name] for name in before} == before
    write(large_card(60), tmp_path, page_units=10)
    assert led_to(tmp_path) == set(files(tmp_path)) - {"card.html"}
    write(large_card(60), tmp_path / "fresh", page_units=10)
    assert files(tmp_path / "fresh").items() <= {**files(tmp_path)}.items()
