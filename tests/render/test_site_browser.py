"""The public site in a real browser, from disk: accessibility, links, no script, no request outside, telephones."""

import pytest

from tests.cli.test_publish_command import NEWEST, published, workspace
from tests.render.test_browser import browser, violations  # noqa: F401
from tthc_cli.render.site import overview

playwright = pytest.importorskip(
    "playwright.sync_api", reason="LOUD NOTE: Playwright is not installed, the site was not tried in a browser"
)
KINDS = (
    "index.html", "trends/index.html", "trends/qd766-law-quarter/so.html", "data.html", "changes.html",
    f"{NEWEST}/index.html", f"{NEWEST}/rank-so.html", f"{NEWEST}/u-H99.html",
)  # fmt: skip
"""A page of each kind."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = workspace(tmp_path_factory.mktemp("site") / "work")
    published(folder, folder / "site")
    return folder / "site"


@pytest.mark.parametrize("path", KINDS)
def test_accessible_in_the_light_on_a_desk_and_in_the_dark_on_a_telephone(browser, site, path):  # noqa: F811
    for scheme, width in (("light", 1366), ("dark", 390)):
        assert violations(browser, (site / path).as_uri(), scheme, width) == []


def test_tiles_without_names_are_accessible(browser, site, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr(overview, "NAMED_TILES", 2)
    published(site.parent, tmp_path / "site")
    assert violations(browser, (tmp_path / "site" / NEWEST / "index.html").as_uri(), "light", 390) == []


def test_every_link_opens_without_script_and_asks_nothing_of_the_network(browser, site):  # noqa: F811
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    asked, seen, waiting = [], set(), [(site / "index.html").as_uri()]
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.append(f"failed {request.url}"))
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page.goto(address)
        links = page.locator("a").evaluate_all("all => all.map(a => a.href.split('#')[0])")
        waiting += [link for link in links if link.endswith(".html")]
    context.close()
    assert len(seen) == len(list(site.rglob("*.html")))
    assert all(url.startswith(site.as_uri()) for url in asked)


@pytest.mark.parametrize("path", KINDS)
def test_no_sideways_scrolling_on_a_telephone(browser, site, path):  # noqa: F811
    page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    page.goto((site / path).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
