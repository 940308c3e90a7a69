"""Publish every stored score: data first, then pages, then the index; what is as it was is not made again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tthc_cli.errors import InputError
from tthc_cli.jobs.publishing import files as site_files
from tthc_cli.jobs.publishing.changes import Units, changes_between, published_units
from tthc_cli.jobs.publishing.files import BEFORE, FORMAT, JOURNAL, RECORD, SUMS, Left, Target
from tthc_cli.jobs.publishing.plan import Planned, Series, series_of
from tthc_cli.jobs.publishing.work import CHUNK, Done, Piece, series_title, workers
from tthc_cli.render.site.writing import STYLE, TEMPLATES, Site, Writer, made_by
from tthc_cli.storage.location import write_atomic
from tthc_cli.storage.score_tables import stored_cards

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace

Progress = Callable[[str, int, int], None]
Work = Callable[[Sequence[Piece]], Iterable[Done]]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did."""

    root: Location
    scores: int
    made: int
    """Scores whose pages were made again."""
    files: int
    written: int
    removed: int
    changes: dict[str, Any]


def site_of(workspace: Workspace, lang: Lang) -> Site:
    """How a workspace publishes. Nobody who signs is named."""
    settings = workspace.settings
    address = settings.publish.address
    return Site(
        lang=lang, province=settings.province.name, publisher=settings.publish.publisher,
        address=f"{address.rstrip('/')}/" if address else "", licence=settings.publish.licence,
        mask_small=settings.publish.mask_small,
    )  # fmt: skip


def publish(
    workspace: Workspace, out: Location, lang: Lang = "vi", progress: Progress = lambda what, done, total: None
) -> Published:
    """Write the site of all stored scores of units to a folder or address. Raises InputError when nothing is stored, or
    a score is damaged."""
    stored = stored_cards(workspace.scores)
    if not stored:
        raise InputError("nothing_scored", path=str(workspace.scores))
    site = site_of(workspace, lang)
    series = series_of(stored, site, made_by(lang))
    publication = _Publication(site, series, site_files.found_at(out), progress)
    return publication.run()


@dataclass
class _Publication:
    """One publication under way."""

    site: Site
    series: tuple[Series, ...]
    left: Left
    progress: Progress
    files: dict[str, str] = field(default_factory=dict)
    cards: dict[str, Any] = field(default_factory=dict)
    trends: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        return self.left.target

    def run(self) -> Published:
        planned = [one for series in self.series for one in series.cards]
        old_cards, old_trends = self.left.record.get("cards", {}), self.left.record.get("trends", {})
        again = [one for one in planned if not self._as_it_was(one.folder, one.key, old_cards)]
        turned = [one for one in self.series if not self._as_it_was(one.folder, one.key, old_trends)]
        for folder in {one.folder for one in planned} - {one.folder for one in again}:
            self._keep(folder, self.cards, old_cards)
        for folder in {one.folder for one in self.series} - {one.folder for one in turned}:
            self._keep(folder, self.trends, old_trends)
        old = self._before([one for one in again if one.folder in old_cards], old_cards)
        self._make(again, turned)
        new = {folder: published_units(self.target.root, folder) for folder in old}
        changes = self._changes(old_cards, old, new)
        written = sum(self.target.known.get(path) != digest for path, digest in self.files.items())
        written += self._front(changes)
        removed = site_files.remove_stale(self.left, self.files)
        site_files.end_journal(self.target.root)
        return Published(self.target.root, len(planned), len(again), len(self.files), written, removed, changes)

    def _as_it_was(self, folder: str, key: str, old: dict[str, Any]) -> bool:
        """Whether everything in a folder of the site is there, made from the same things."""
        if old.get(folder, {}).get("key") != key:
            return False
        start = f"{folder}/"
        if any(path.startswith(start) for path in self.left.touched):
            return False
        return all(path in self.target.present for path in self._known_below(folder))

    def _known_below(self, folder: str) -> list[str]:
        start = f"{folder}/"
        return [path for path in self.target.known if path.startswith(start)]

    def _keep(self, folder: str, into: dict[str, Any], old: dict[str, Any]) -> None:
        into[folder] = old[folder]
        self.files |= {path: self.target.known[path] for path in self._known_below(folder)}

    def _before(self, again: Sequence[Planned], old_cards: dict[str, Any]) -> dict[str, Units]:
        """What the site says of the scores that have changed, kept aside before it is written over."""
        changed = [one.folder for one in again if one.stored.sha256 != old_cards[one.folder]["sha256"]]
        found = {
            folder: self.left.before.get(folder) or published_units(self.target.root, folder) for folder in changed
        }
        if found:
            data = json.dumps({**self.left.before, **found}, ensure_ascii=False).encode()
            write_atomic(self.target.root / JOURNAL / BEFORE, data, settled=False)
        return found

    def _make(self, again: Sequence[Planned], turned: Sequence[Series]) -> None:
        """Make what has changed: data of all scores, then pages. A score's data hold it whole in memory, so that one
        process makes them, one after another."""
        stored = [one.stored for one in again]
        with workers(stored, 1) as work:
            self._work(work, [self._piece("data", one) for one in again])
            self._work(work, [Piece("trends", self.site, self.target.part(one.folder), series=one) for one in turned])
        with workers(stored) as work:
            pieces = []
            for one in again:
                whole = self._piece("overview", one)
                units = self.cards[one.folder]["summary"]["units"]
                pieces.append(whole)
                pieces += [
                    replace(whole, what="units", begin=begin, end=min(begin + CHUNK, units))
                    for begin in range(0, units, CHUNK)
                ]
            self._work(work, pieces)

    def _piece(self, what: str, planned: Planned) -> Piece:
        return Piece(what, self.site, self.target.part(planned.folder), planned)

    def _work(self, work: Work, pieces: Sequence[Piece]) -> None:
        for count, done in enumerate(work(pieces), 1):
            self.files.update(done.files)
            planned, series = pieces[done.number].planned, pieces[done.number].series
            if planned and done.summary:
                head = {"key": planned.key, "sha256": planned.stored.sha256}
                self.cards[planned.folder] = {**head, "summary": done.summary}
            elif series and done.summary:
                self.trends[series.folder] = {"key": series.key, "summary": done.summary}
            self.progress("", count, len(pieces))

    def _changes(self, old_cards: dict[str, Any], old: dict[str, Units], new: dict[str, Units]) -> dict[str, Any]:
        """What changed; where nothing did, what is told already."""
        found = changes_between(old_cards, self.cards, old, new)
        if found["first"] or found["added"] or found["removed"] or found["changed"]:
            return found
        try:
            told = json.loads((self.target.root / "changes.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return found
        return told if isinstance(told, dict) and {*found} <= {*told} else found

    def _front(self, changes: dict[str, Any]) -> int:
        """Write what leads to everything, the index last, and then the list of it all. How many files were written."""
        made = self._front_files(changes)
        fresh = [path for path, data in made.items() if not self.target.has(path, data)]
        if fresh:
            self.target.announce("front.json", fresh)
        self.files |= {path: self.target.put(path, data) for path, data in made.items()}
        site_files.settle_site(self.target.root)
        self.target.put(SUMS, site_files.sums_text(self.files))
        record = {"format": FORMAT, "cards": self.cards, "trends": self.trends}
        self.target.put(RECORD, json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode())
        return len(fresh)

    def _front_files(self, changes: dict[str, Any]) -> dict[str, bytes]:
        from tthc_cli.render.site import catalogue, front

        writer = Writer(self.site)
        listed = [
            (self._heading(series), [self.cards[one.folder]["summary"] for one in reversed(series.cards)])
            for series in self.series
        ]
        cards = [card for _, summaries in listed for card in summaries]
        return {
            STYLE: (TEMPLATES / STYLE).read_bytes(),
            "datapackage.json": catalogue.data_package(self.site, cards),
            "dcat.jsonld": catalogue.dcat(self.site, cards),
            "changes.json": (json.dumps(changes, ensure_ascii=False, indent=1) + "\n").encode(),
            "changes.html": front.changes_page(writer, changes),
            "data.html": front.data_page(writer, cards),
            "trends/index.html": front.trends_page(
                writer, [self.trends[series.folder]["summary"] for series in self.series]
            ),
            "index.html": front.home_page(writer, listed),
        }

    def _heading(self, series: Series) -> str:
        summary = self.cards[series.cards[-1].folder]["summary"]
        return series_title(summary["title"], series.kind, summary["window"], self.site.lang)
