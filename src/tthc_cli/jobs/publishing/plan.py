"""What there is to publish: the stored scores in series, and what each page was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.periods import parse_period

if TYPE_CHECKING:
    from tthc_cli.render.site.writing import Site
    from tthc_cli.storage.score_tables import StoredCard


@dataclass(frozen=True, slots=True)
class Planned:
    """A score in its series."""

    stored: StoredCard
    past: tuple[StoredCard, ...]
    """Those of earlier periods, oldest first."""
    newest: bool
    key: str
    """A hash of everything that its files are made from."""

    @property
    def folder(self) -> str:
        return self.stored.folder


@dataclass(frozen=True, slots=True)
class Series:
    """One evaluation in all stored periods of one kind: months, quarters, halves or years."""

    name: str
    """The name of its folder of trends: "qd766-quarter"."""
    kind: str
    cards: tuple[Planned, ...]
    """Oldest first."""
    key: str

    @property
    def folder(self) -> str:
        return f"trends/{self.name}"


_KINDS = ("year", "half", "quarter", "month")


def series_of(stored: Iterable[StoredCard], site: Site, made_by: str) -> tuple[Series, ...]:
    """The series, in a lasting order. made_by: a hash of the program that writes the pages."""
    found: dict[tuple[str, str, str], list[StoredCard]] = {}
    for card in stored:
        kind = parse_period(card.head["period"]).kind
        found.setdefault((card.head["rulebook"]["id"], card.head["window"], kind), []).append(card)
    ordered = sorted(found.items(), key=lambda one: (one[0][0], one[0][1], _KINDS.index(one[0][2])))
    return tuple(_series(key, cards, site, made_by) for key, cards in ordered)


def _series(key: tuple[str, str, str], cards: list[StoredCard], site: Site, made_by: str) -> Series:
    rulebook, window, kind = key
    cards.sort(key=lambda card: parse_period(card.head["period"]).start)
    planned = []
    for place, card in enumerate(cards):
        past, newest = tuple(cards[:place]), place == len(cards) - 1
        made_from = [made_by, repr(site), newest, card.sha256, *(one.sha256 for one in past)]
        planned.append(Planned(card, past, newest, _hash(made_from)))
    name = "-".join((rulebook, kind) if window == "calendar" else (rulebook, kind, window))
    return Series(name, kind, tuple(planned), _hash([made_by, repr(site), *(card.sha256 for card in cards)]))


def _hash(parts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
