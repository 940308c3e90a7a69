"""What a reconciliation found, as two lists: the figures side by side, and the dossiers in question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.answers.reconcile.explained import NOT_COUNTED, SAME, UNEXPLAINED, Explained
from tthc_cli.answers.reconcile.recounts import RECEIVED
from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.results.scorecard import number

if TYPE_CHECKING:
    from tthc_cli.answers.reconcile.questioned import Questioned
    from tthc_cli.answers.reconcile.sides import Side

_SIDES = ("numerator", "denominator", "points")
COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("told_by", "word", "reconcile.told_by"),
    Column("component"), Column("our_numerator", "number"), Column("our_denominator", "number"),
    Column("our_points", "number", on_screen=False), Column("their_numerator", "number"),
    Column("their_denominator", "number"), Column("their_points", "number", on_screen=False),
    Column("difference", "number", on_screen=False), Column("stake", "number"),
    Column("cause", "word", "reconcile.cause", share=3), Column("detail", share=2),
    Column("questioned", "count"), Column("also", "word", "reconcile.cause", on_screen=False),
    Column("alone", "word", "reconcile.alone", on_screen=False), Column("given_in", on_screen=False),
    Column("reason", on_screen=False),
)  # fmt: skip
DOSSIERS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("told_by", "word", "reconcile.told_by"),
    Column("component"), Column("cause", "word", "reconcile.cause", share=3), Column("dossier"),
    Column("procedure", on_screen=False), Column("received", "moment"), Column("due", "moment", on_screen=False),
    Column("finished", "moment", on_screen=False), Column("seen", "word", "reconcile.seen", share=3),
    Column("source", on_screen=False), Column("sheet", on_screen=False), Column("row", "count", on_screen=False),
)  # fmt: skip
_ORDER = (UNEXPLAINED, "", NOT_COUNTED, SAME)


def differences(
    found: Sequence[Explained],
    names: Mapping[str, str],
    counted: Mapping[int, int],
    as_of: str,
    paths: Mapping[str, str],
    notes: Sequence[str],
) -> Listing:
    """Every figure on both sides: what is unexplained first, then differences by what hangs on them, then what agrees.
    counted: place in `found` -> dossiers in question."""
    order = {unit: at for at, unit in enumerate(names)}
    ranked = sorted(
        enumerate(found),
        key=lambda pair: (
            _ORDER.index(pair[1].cause if pair[1].cause in _ORDER else ""), -pair[1].item.stake,
            order[pair[1].item.unit], pair[1].item.told_by, pair[1].item.measure,
        ),
    )  # fmt: skip
    rows = tuple(_row(one, names, counted.get(at), paths) for at, one in ranked)
    causes = Counter(one.cause for one in found)
    totals: dict[str, int | float] = {f"cause.{cause}": count for cause, count in sorted(causes.items(), key=_first)}
    return Listing("reconcile", as_of, COLUMNS, rows, totals=totals, notes=tuple(notes))


def _first(pair: tuple[str, int]) -> tuple[bool, int, str]:
    """What is unexplained before all else, then by how many."""
    return pair[0] != UNEXPLAINED, -pair[1], pair[0]


def _row(
    one: Explained, names: Mapping[str, str], questioned: int | None, paths: Mapping[str, str]
) -> tuple[Cell, ...]:
    item = one.item
    way = one.ways[0] if one.ways else None
    given = "; ".join(dict.fromkeys(paths.get(source, source) for source in item.sources))
    also = next((w.cause for w in one.ways[1:]), None)
    return (
        item.unit, names[item.unit], item.told_by, None if item.measure == RECEIVED else item.measure,
        *_figures(item.ours, item.measure), *_figures(item.theirs, item.measure), _difference(item.ours, item.theirs),
        number(item.stake), one.cause, _readable(way.detail) if way else None, questioned, also,
        "alone" if item.alone else None, given or None, item.reason or None,
    )  # fmt: skip


def _readable(detail: str) -> str | None:
    """A moment to the minute; anything else as it is."""
    return (
        detail.replace("T", " ")[:16] if len(detail) == len("2023-06-25T23:59:59") and "T" in detail else detail or None
    )


def _figures(side: Side, measure: str) -> tuple[Cell, ...]:
    shown = (None if measure == RECEIVED else side.numerator, side.denominator, side.points)
    return tuple(number(value) for value in shown)


def _difference(ours: Side, theirs: Side) -> Cell:
    """Theirs less ours: of the denominator, or of the numerator where that is the same."""
    for name in ("denominator", "numerator"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        if mine is not None and other is not None and mine != other:
            return number(other - mine)
    return None if ours.denominator is None or theirs.denominator is None else 0


def only_differences(listing: Listing) -> Listing:
    """Without what agrees; the totals still tell of it."""
    at = listing.place("cause")
    assert at is not None
    return replace(listing, rows=tuple(row for row in listing.rows if row[at] != SAME))


def dossiers(found: Sequence[Questioned], names: Mapping[str, str], as_of: str, more: int) -> Listing:
    """The dossiers in question, by unit."""
    order = {unit: at for at, unit in enumerate(names)}
    ordered = sorted(
        found,
        key=lambda q: (
            order[q.dossier.unit],
            q.told_by,
            q.measure,
            q.cause,
            q.dossier.dossier,
            q.dossier.source,
            q.dossier.row,
        ),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            q.dossier.unit, names[q.dossier.unit], q.told_by, None if q.measure == RECEIVED else q.measure, q.cause,
            q.dossier.dossier, q.dossier.procedure or None, _moment(q.dossier.received), _moment(q.dossier.due),
            _moment(q.dossier.finished), q.seen, q.dossier.source, q.dossier.sheet or None, q.dossier.row,
        )
        for q in ordered
    )  # fmt: skip
    return Listing("reconcile-dossiers", as_of, DOSSIERS, rows, totals={"lines": len(rows) + more}, more=more)


def _moment(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
