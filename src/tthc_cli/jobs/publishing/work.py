"""The work of a publication in pieces, which processes take side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from typing import TYPE_CHECKING, Any

from tthc_cli.jobs.publishing.files import Target
from tthc_cli.jobs.publishing.plan import Planned, Series
from tthc_cli.machine import frozen, leave_out_pandas, start_of_processes
from tthc_cli.render.formats import written
from tthc_cli.render.site.card import SiteCard, site_units
from tthc_cli.render.site.writing import Site, Writer

if TYPE_CHECKING:
    from tthc_cli.render.site.unit_page import UnitPages
    from tthc_cli.storage.score_tables import StoredCard

CHUNK = 220
"""Units of one piece of work."""
WORTH_PROCESSES = 60_000
"""Bytes of tables of units (1,500 of them or so) whose pages are written sooner than two processes have started."""
MOST_PROCESSES = 4
_LOADED = [
    "pyarrow.compute", "pyarrow.csv", "pyarrow.parquet", "jinja2", "xlsxwriter", "tthc_cli.jobs.publishing.work",
    "tthc_cli.render.site.tables", "tthc_cli.render.site.trends", "tthc_cli.render.site.book",
]  # fmt: skip
"""What the processes share in memory, where the system can."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the site. `what`: "data" and "overview" of a score, "units" of it from `begin` up to `end`, or "trends"
    of a series."""

    what: str
    site: Site
    target: Target
    planned: Planned | None = None
    series: Series | None = None
    begin: int = 0
    end: int = 0

    @property
    def name(self) -> str:
        """Of the file that says what it is going to write."""
        place = self.planned.folder if self.planned else self.series.folder if self.series else ""
        return f"{self.what}-{place.replace('/', '~')}-{self.begin}.json"


@dataclass(frozen=True, slots=True)
class Done:
    """What a piece of work has written."""

    number: int
    """Its place among those that were asked for."""
    files: tuple[tuple[str, str], ...]
    summary: dict[str, Any] | None = None


def do(number: int, piece: Piece) -> Done:
    """Write a part of the site."""
    files, summary = _MAKERS[piece.what](piece)
    return Done(number, tuple(files), summary)


def _data(piece: Piece) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    from tthc_cli.render.site.front import summary
    from tthc_cli.render.site.tables import data_files, file_names

    assert piece.planned is not None
    card = _card(piece.planned.stored, piece.site)
    piece.target.announce(piece.name, (f"{card.folder}/data/{name}" for name in file_names()))
    written: list[tuple[str, str]] = []
    sizes: dict[str, list[int | str]] = {}
    for path, content in data_files(card):
        digest = piece.target.put(path, content)
        written.append((path, digest))
        sizes[path.rpartition("/")[2]] = [len(content), digest]
    return written, summary(card, sizes)


def _overview(piece: Piece) -> tuple[list[tuple[str, str]], None]:
    from tthc_cli.render.site.overview import overview_pages

    pages = _unit_pages(piece)
    made = list(overview_pages(_writer(piece.site), pages.card, pages.past))
    piece.target.announce(piece.name, (path for path, _ in made))
    return piece.target.put_all(made), None


def _units(piece: Piece) -> tuple[list[tuple[str, str]], None]:
    from tthc_cli.render.site.book import unit_workbooks

    pages, planned = _unit_pages(piece), piece.planned
    assert planned is not None
    endings = ("html", "xlsx") if planned.newest else ("html",)
    piece.target.announce(
        piece.name,
        (f"{planned.folder}/{u.anchor}.{ending}" for u in pages.card.units[piece.begin : piece.end]
         for ending in endings),
    )  # fmt: skip
    written: list[tuple[str, str]] = []
    if planned.newest:
        written += piece.target.put_all(unit_workbooks(pages, piece.begin, piece.end))
    return written + piece.target.put_all(pages.pages(piece.begin, piece.end)), None


def _trends(piece: Piece) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    from dataclasses import asdict

    from tthc_cli.render.site.trends import trend_pages

    series = piece.series
    assert series is not None
    cards = [_card(one.stored, piece.site) for one in series.cards]
    made, found = trend_pages(_writer(piece.site), series.folder, series_title(cards[-1].title, series.kind,
                              cards[-1].window, cards[-1].lang), cards)  # fmt: skip
    piece.target.announce(piece.name, (path for path, _ in made))
    return piece.target.put_all(made), asdict(found)


_MAKERS: dict[str, Callable[[Piece], tuple[list[tuple[str, str]], Any]]] = {
    "data": _data, "overview": _overview, "units": _units, "trends": _trends,
}  # fmt: skip


def series_title(title: str, kind: str, window: str, lang: Any) -> str:
    """The heading of a series."""
    from tthc_cli.messages import say

    text = say(f"publish.series.{kind}", lang, title=title)
    return text if window == "calendar" else f"{text}, {say(f'render.window.{window}', lang)}"


@lru_cache(maxsize=1)
def _writer(site: Site) -> Writer:
    return Writer(site)


_kept: dict[str, UnitPages] = {}
"""The score that pieces are being made of, by its key: pieces that follow one another are mostly of the same one."""


def _unit_pages(piece: Piece) -> UnitPages:
    from tthc_cli.render.site.unit_page import Past, UnitPages

    planned, site = piece.planned, piece.site
    assert planned is not None
    if planned.key not in _kept:
        _kept.clear()
        written.cache_clear()  # what was written of another score
        past = [Past(one.folder, _period(one, site), _past_units(one, site)) for one in planned.past]
        _kept[planned.key] = UnitPages(_writer(site), _card(planned.stored, site), past, planned.newest)
    return _kept[planned.key]


def _card(stored: StoredCard, site: Site) -> SiteCard:
    return SiteCard(stored, site.lang, site.mask_small)


def _period(stored: StoredCard, site: Site) -> str:
    from tthc_cli.render.formats import period_name

    return period_name(stored.head["period"], site.lang)


def _past_units(stored: StoredCard, site: Site) -> dict[str, Any]:
    from tthc_cli.render.site.unit_page import PastUnit

    units = site_units(stored.table("units"), site.lang)
    return {u.id: PastUnit(u.anchor, u.percent, u.rank, u.grade) for u in units}


@contextmanager
def workers(stored: Sequence[StoredCard], most: int = 0) -> Iterator[Callable[[Sequence[Piece]], Iterator[Done]]]:
    """What does pieces of work, in any order: this process, or others where there is much to write, at `most` so many
    (0 = as the machine has cores)."""
    count = min(os.cpu_count() or 1, MOST_PROCESSES)
    if sum(card.weight or 0 for card in stored) < WORTH_PROCESSES or count < 2 or frozen():
        yield lambda pieces: starmap(do, enumerate(pieces))
        return
    from multiprocessing import get_context

    context = get_context(start_of_processes())
    context.set_forkserver_preload(_LOADED)
    pool = ProcessPoolExecutor(min(count, most or count), mp_context=context, initializer=_begin)
    try:

        def together(pieces: Sequence[Piece]) -> Iterator[Done]:
            waiting = {pool.submit(do, number, piece) for number, piece in enumerate(pieces)}
            while waiting:
                ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ended)

        yield together
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Arrow would load pandas, which nothing here has a use for; Ctrl-C is for the process that started this one; and
    when that is killed, this one is to end too."""
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    leave_out_pandas()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    from multiprocessing.connection import wait as wait_for

    wait_for([sentinel])
    os._exit(1)
