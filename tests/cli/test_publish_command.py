"""`tthc publish`: what the site says, what it must not say, and that only what has changed is written."""

import csv
import hashlib
import io
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

import lxml.html
import openpyxl
import pytest

from tests.command import tthc
from tests.render.fixtures import LOST, earlier_card, small_card
from tthc_cli.jobs.publishing.files import Target
from tthc_cli.storage import stored_scores

NEWEST, OLDER = "2023Q2/qd766-law", "2023Q1/qd766-law"
SETTINGS = """[publish]
publisher = "Văn phòng UBND tỉnh Sông Hương"
address = "https://thutuc.example/"
licence = "https://creativecommons.org/licenses/by/4.0/"
[letterhead]
signer_name = "Nguyễn Văn Ký"
"""


def card_with_petitions():
    """The small province, whose components 5.1 and 5.2 count petitions as in the law."""
    card = small_card()
    components = tuple(
        replace(c, subject="petition") if c.id in ("5.1", "5.2") else c for c in card.rulebook.components
    )
    return replace(card, rulebook=replace(card.rulebook, components=components))


def workspace(folder, settings=SETTINGS):
    folder.mkdir(exist_ok=True)
    (folder / "tthc.toml").write_text(settings, encoding="utf-8")
    stored_scores.save(earlier_card(), folder / "scores")
    stored_scores.save(card_with_petitions(), folder / "scores", LOST)
    return folder


def published(folder, site, *more):
    ended = tthc("publish", "--out", site, "--workspace", folder, *more)
    assert ended.code == 0, ended.err
    return ended


def contents(site):
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}


def moments(site):
    return {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.is_file()}


def page(site, path):
    return lxml.html.fromstring((site / path).read_text(encoding="utf-8"))


def words(site, path):
    return " ".join(" ".join(page(site, path).itertext()).split())


def rows(site, path):
    return list(csv.DictReader(io.StringIO((site / path).read_text(encoding="utf-8"))))


def dead_links(site):
    """Links of pages that lead to no file."""
    dead = []
    for file in site.rglob("*.html"):
        for href in lxml.html.fromstring(file.read_text(encoding="utf-8")).xpath("//@href"):
            target = unquote(href.partition("#")[0])
            if target and not target.startswith("https://") and not (file.parent / target).is_file():
                dead.append((file.name, href))
    return dead


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace and its site; tests change neither."""
    folder = workspace(tmp_path_factory.mktemp("published") / "work")
    published(folder, folder / "site")
    return folder, folder / "site"


@pytest.fixture
def own(made, tmp_path):
    """A copy of both, times and all, to change."""
    shutil.copytree(made[0], tmp_path / "work")
    return tmp_path / "work", tmp_path / "work" / "site"


def test_every_link_leads_to_a_file_and_every_page_is_led_to(made):
    _, site = made
    assert dead_links(site) == []
    led_to, waiting = set(), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in led_to or not path.endswith(".html"):
            continue
        led_to.add(path)
        hrefs = [h for h in page(site, path).xpath("//a/@href") if not h.startswith(("https://", "#"))]
        found = [((site / path).parent / unquote(href)).resolve() for href in hrefs]
        waiting += [one.relative_to(site.resolve()).as_posix() for one in found]
    assert led_to == {path for path in contents(site) if path.endswith(".html")}


def test_the_page_of_a_unit_tells_result_change_trend_and_reasons(made):
    """84,24 as in FULL; a quarter before 900 of 1180 in 2.1 gave 15,25 in place of 18,64: 80,85."""
    text = words(made[1], f"{NEWEST}/u-H99.html")
    for part in (
        "84,24 /100", "T · Tốt", "So với Quý I năm 2023: +3,39 điểm", "Quý I năm 2023 80,85 T",
        "2.1 Hồ sơ giải quyết đúng hạn 1.100 1.180 93,22% 18,64 20 giải quyết quá hạn (60)",
    ):  # fmt: skip
        assert part in text


def test_the_map_has_a_lettered_tile_for_every_unit(made):
    tiles = page(made[1], f"{NEWEST}/index.html").xpath("//ul[contains(@class, 'map')]/li/a")
    found = {tile.get("href"): (tile.get("class"), tile.xpath("./b")[0].text) for tile in tiles}
    assert len(found) == 10
    assert found["u-H99.html"] == ("t1", "T")
    assert found["u-H99.21.03.html"] == ("tn", "–")


def test_workbooks_are_of_the_newest_period_alone_and_hold_numbers(made):
    site = made[1]
    assert not [path for path in contents(site) if path.endswith(".xlsx") and path.startswith(OLDER)]
    sheet = openpyxl.load_workbook(site / NEWEST / "u-H99.xlsx").worksheets[0]
    found = {row[0].value: [cell.value for cell in row[2:7]] for row in sheet.iter_rows(min_row=6)}
    assert found["2.1"] == [1100, 1180, pytest.approx(1100 / 1180), 18.64, 20]


def test_open_data_in_three_formats_agree(made):
    from pyarrow import parquet

    site = made[1]
    row = next(r for r in rows(site, f"{NEWEST}/data/components.csv") if (r["unit"], r["component"]) == ("H99", "2.1"))
    assert row == {
        "unit": "H99", "component": "2.1", "numerator": "1100", "denominator": "1180", "ratio": "0.932203",
        "points": "18.64", "status": "scored", "basis": "children", "masked": "",
    }  # fmt: skip
    table = parquet.read_table(site / NEWEST / "data/components.parquet").to_pylist()
    assert next(r for r in table if (r["unit"], r["component"]) == ("H99", "2.1"))["points"] == 18.64
    document = json.loads((site / NEWEST / "data/scores.json").read_bytes())
    assert next(u for u in document["units"] if u["id"] == "H99")["components"]["2.1"] == [1100, 1180, 18.64]


def test_nothing_typed_signed_or_listed_is_public(made):
    """No source of a typed figure, no file name, nobody who signs, no dossier, no name that only the data have."""
    everything = b"".join(data for path, data in contents(made[1]).items() if not path.endswith((".parquet", ".xlsx")))
    for secret in ("12/BC-VP", "hoso_2023_04", "Nguyễn Văn Ký", "H99.01-230405-0017", "Phòng một cửa", "Phòng Đăng ký"):
        assert secret.encode() not in everything
    assert not any(b"<script" in data for path, data in contents(made[1]).items() if path.endswith(".html"))


def test_small_numbers_are_kept_back_where_the_workspace_says_so(tmp_path):
    """5.1 is 19 of 20 wherever it was counted: one late, which is small."""
    folder = workspace(tmp_path / "work", SETTINGS.replace("[publish]", "[publish]\nmask_small = true"))
    site = tmp_path / "site"
    published(folder, site)
    found = {r["unit"]: r for r in rows(site, f"{NEWEST}/data/components.csv") if r["component"] == "5.1"}
    assert (found["H99"]["numerator"], found["H99"]["ratio"], found["H99"]["masked"]) == ("", "", "true")
    assert found["H99"]["points"] == "5.7"
    document = json.loads((site / NEWEST / "data/scores.json").read_bytes())
    assert next(u for u in document["units"] if u["id"] == "H99")["components"]["5.1"] == [None, None, 5.7]
    assert "đúng hạn đã che đã che đã che 5,70 6" in words(site, f"{NEWEST}/u-H99.html")


def test_the_sums_are_those_of_all_files_but_the_two_lists(made):
    site = made[1]
    lines = (site / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    found = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines}
    told = {p: hashlib.sha256(d).hexdigest() for p, d in contents(site).items()}
    assert found == {p: d for p, d in told.items() if p not in ("SHA256SUMS", "publication.json")}


def test_the_data_package_is_valid(made):
    frictionless = pytest.importorskip("frictionless", reason="LOUD NOTE: frictionless is not installed, not checked")
    report = frictionless.Package(str(made[1] / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])[:5]


def test_the_catalogue_tells_where_files_are_and_how_long(made):
    site = made[1]
    document = json.loads((site / "dcat.jsonld").read_bytes())
    assert document["dct:publisher"]["foaf:name"] == "Văn phòng UBND tỉnh Sông Hương"
    files = [one for dataset in document["dcat:dataset"] for one in dataset["dcat:distribution"]]
    assert len(files) == 2 * 8
    for one in files:
        path = one["dcat:downloadURL"]["@id"].removeprefix("https://thutuc.example/")
        assert (site / path).stat().st_size == int(one["dcat:byteSize"]["@value"])


def test_published_again_nothing_is_written(own):
    folder, site = own
    before = moments(site)
    assert "Không có gì đổi" in published(folder, site).out
    assert moments(site) == before


def test_two_sites_of_the_same_scores_are_the_same_bytes(made, tmp_path):
    published(made[0], tmp_path / "other")
    assert contents(tmp_path / "other") == contents(made[1])


def changed_card():
    """A department has five points more, and is first alone."""
    card = card_with_petitions()
    better = [replace(u, total=u.total + 5, percent=Decimal("91.33")) if u.id == "H99.01" else u for u in card.units]
    return replace(card, units=tuple(better))


def test_a_score_made_again_changes_its_pages_and_is_told(own):
    folder, site = own
    before = contents(site)
    times = moments(site)
    stored_scores.save(changed_card(), folder / "scores", LOST)
    done = tthc("publish", "--out", site, "--workspace", folder, "--json").json
    assert (done["made"], done["removed"], dead_links(site)) == (1, 0, [])
    [change] = json.loads((site / "changes.json").read_bytes())["changed"]
    assert change["score"] == NEWEST
    [unit] = change["units"]
    assert (unit["unit"], unit["before"]["percent"], unit["after"]["percent"]) == ("H99.01", "85.65", "91.33")
    assert "Sở Nội vụ 85.65" in words(site, "changes.html")
    after = contents(site)
    same = [path for path in after if after[path] == before.get(path)]
    assert f"{OLDER}/u-H99.html" in same and f"{NEWEST}/u-H99.02.html" in same
    assert all((site / path).stat().st_mtime_ns == times[site / path] for path in same)


@pytest.mark.parametrize("writes", [0, 1, 9, 20, 40])
def test_a_killed_publication_leaves_a_whole_site_and_is_completed(own, monkeypatch, writes):
    folder, site = own
    stored_scores.save(changed_card(), folder / "scores", LOST)
    expected = site.with_name("expected")
    shutil.copytree(site, expected)
    published(folder, expected)
    put, left = Target.put, [writes]

    def dying(self, path, data):
        if not left[0] and path in self.known and hashlib.sha256(data).hexdigest() != self.known[path]:
            raise KeyboardInterrupt
        left[0] -= bool(left[0])
        return put(self, path, data)

    monkeypatch.setattr(Target, "put", dying)
    assert tthc("publish", "--out", site, "--workspace", folder).code != 0
    monkeypatch.undo()
    assert dead_links(site) == []
    published(folder, site)
    assert contents(site) == contents(expected)


def test_after_a_killed_publication_the_old_scores_come_back_whole(own, monkeypatch):
    """What the killed run had written is known to be there, though the list of files does not tell."""
    folder, site = own
    before = contents(site)
    stored_scores.save(changed_card(), folder / "scores", LOST)

    def dying(root):
        raise KeyboardInterrupt

    monkeypatch.setattr("tthc_cli.jobs.publishing.files.settle_site", dying)
    assert tthc("publish", "--out", site, "--workspace", folder).code != 0
    monkeypatch.undo()
    assert contents(site)[f"{NEWEST}/u-H99.01.html"] != before[f"{NEWEST}/u-H99.01.html"]
    stored_scores.save(card_with_petitions(), folder / "scores", LOST)
    published(folder, site)
    after = contents(site)
    told = {"changes.json", "changes.html", "SHA256SUMS"}
    assert {p: d for p, d in after.items() if p not in told} == {p: d for p, d in before.items() if p not in told}


def test_what_is_gone_is_removed_and_what_is_not_ours_stays(own):
    folder, site = own
    shutil.rmtree(folder / "scores" / "2023Q1")
    (site / "2023Q1" / "ghi-chu.txt").write_text("của người quản trị", encoding="utf-8")
    published(folder, site)
    assert [p for p in contents(site) if p.startswith("2023Q1")] == ["2023Q1/ghi-chu.txt"]
    assert json.loads((site / "changes.json").read_bytes())["removed"][0]["score"] == OLDER


def test_a_list_that_somebody_wrote_into_deletes_nothing_outside(own):
    folder, site = own
    outside = folder / "cua-toi.txt"
    outside.write_text("giữ", encoding="utf-8")
    with (site / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(f"{'0' * 64}  ../cua-toi.txt\n{'0' * 64}  {outside}\n")
    published(folder, site)
    assert outside.read_text(encoding="utf-8") == "giữ"


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1, "cards": {"2023Q2/qd766-law": {}}, "trends": {}}'])
def test_a_record_that_says_nothing_is_made_again(own, text):
    folder, site = own
    before = contents(site)["publication.json"]
    (site / "publication.json").write_text(text, encoding="utf-8")
    published(folder, site)
    assert contents(site)["publication.json"] == before


def test_a_page_that_somebody_deleted_comes_back(own):
    folder, site = own
    (site / NEWEST / "u-H99.html").unlink()
    published(folder, site)
    assert (site / NEWEST / "u-H99.html").is_file()


def test_nothing_scored_and_nowhere_to_write_are_told(tmp_path):
    ended = tthc("publish", "--out", tmp_path / "site", "--workspace", tmp_path)
    assert ended.code == 3 and not (tmp_path / "site").exists()
    assert tthc("publish", "--workspace", tmp_path).code == 2


def test_in_english(made, tmp_path):
    published(made[0], tmp_path / "site", "--lang", "en")
    assert "Points by component" in words(tmp_path / "site", f"{NEWEST}/u-H99.html")
    assert "This is the first publication." in words(tmp_path / "site", "changes.html")
