"""Lists of a stored score: what lost points, late steps, handling times, form II.06, names that match no unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tthc_cli.indicators.registry import ids_of
from tthc_cli.results.listing import TABLES, Cell, Column, Listing
from tthc_cli.results.notes import note
from tthc_cli.results.quality import CHECK_PERCENT, POOR_PERCENT, POOR_POINTS, not_assessed, trust
from tthc_cli.results.scorecard import LostDossier, Scorecard

_LOST = (
    Column("unit"), Column("component"), Column("dossier"), Column("procedure", share=3),
    Column("received", "moment", on_screen=False), Column("due", "moment"),
    Column("finished", "moment", on_screen=False),
    Column("overdue_hours", "number", on_screen=False),
    Column("reason", "word", "reasons", share=3), Column("source", on_screen=False),
    Column("sheet", on_screen=False), Column("row", "count", on_screen=False),
)  # fmt: skip
_DECISIONS = ids_of("decision")
_OF_DECISIONS = {"dossier": "decision", "received": "signed", "due": "in_effect", "finished": "published"}
"""What these columns hold where the subjects are procedures announced by decisions."""
_STEPS = (
    Column("unit"), Column("unit_name", share=3), Column("division", share=3), Column("steps", "count"),
    Column("late_steps", "count"),
)  # fmt: skip
_TIMES = (
    Column("unit"), Column("unit_name", share=2), Column("procedure_code"), Column("procedure", share=3),
    Column("time_unit", "word", "lists.time_unit"), Column("finished_count", "count"), Column("mean", "number"),
    Column("median", "number"), Column("percentile_90", "number"), Column("statutory", "number"),
)  # fmt: skip
_FORM_COUNTS = ("online", "direct", "carried", "early", "on_time", "late", "open_within", "open_past")
_FORM = (
    Column("unit"), Column("unit_name", share=2), Column("field", share=2),
    *(Column(f"form_{name}", "count") for name in _FORM_COUNTS),
)  # fmt: skip
_UNMATCHED = (Column("name", share=3), Column("dossiers", "count"), Column("nearest", share=3))


_QUALITY = (
    Column("source", share=2), Column("tables", "word", TABLES, share=1), Column("exported", "moment"),
    Column("rows_read", "count"), Column("accepted", "count"), Column("superseded", "count"),
    Column("rejected", "count"),
)  # fmt: skip


def _moment(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def _names(card: Scorecard) -> dict[str, str]:
    return {unit.id: unit.name for unit in card.units}


def quality(card: Scorecard) -> Listing:
    """What was read from each file, up to when, and how far the data can be trusted."""
    found = trust(card)
    rows = tuple(
        (s.path, ", ".join(s.tables), _moment(s.exported_at), s.rows_read, s.accepted, s.superseded, s.rejected)
        for s in sorted(card.sources, key=lambda s: (-s.rejected, s.path))
    )
    totals = {
        key: sum(getattr(s, key) for s in card.sources) for key in ("rows_read", "accepted", "superseded", "rejected")
    }
    missing = [note("quality_component", component=c, max=most) for c, most in not_assessed(card)]
    notes = (note(f"quality_{found.word}"), *found.reasons, *missing, note("quality_limits", check=CHECK_PERCENT,
             poor=POOR_PERCENT, points=POOR_POINTS))  # fmt: skip
    return Listing("quality", card.as_of, _QUALITY, rows, totals=totals, notes=notes)


def lost(card: Scorecard, subjects: Sequence[LostDossier]) -> Listing:
    """Every subject that cost points, and where it was read."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            x.unit, x.component, x.dossier, x.procedure, _moment(x.received), _moment(x.due), _moment(x.finished),
            x.overdue_hours, f"{x.component}.{x.reason}", x.source, x.sheet, x.row,
        )
        for x in subjects
    )  # fmt: skip
    about_decisions = bool(subjects) and all(x.component in _DECISIONS for x in subjects)
    columns = tuple(replace(c, id=_OF_DECISIONS.get(c.id, c.id)) for c in _LOST) if about_decisions else _LOST
    return Listing("lost", card.as_of, columns, rows, totals={"lost": len(rows)})


def late_steps(card: Scorecard) -> Listing:
    """Steps of the process log by unit and division, and how many were late."""
    names = _names(card)
    rows = tuple((s.unit, names.get(s.unit, ""), s.division or None, s.steps, s.late) for s in card.beside.steps)
    totals = {"steps": sum(s.steps for s in card.beside.steps), "late_steps": sum(s.late for s in card.beside.steps)}
    return Listing("late-steps", card.as_of, _STEPS, rows, totals=totals)


def handling_times(card: Scorecard) -> Listing:
    """2.2: mean, median and 90th percentile by unit and procedure, in the procedure's own unit of time."""
    names = _names(card)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            t.unit, names.get(t.unit, ""), t.procedure, t.name, str(t.time_unit), t.finished, t.mean, t.median,
            t.percentile_90, t.statutory,
        )
        for t in card.beside.times
    )  # fmt: skip
    return Listing("handling-times", card.as_of, _TIMES, rows)


def form_by_field(card: Scorecard) -> Listing:
    """Form II.06 by unit (without the units below it) and field of procedures."""
    names = _names(card)
    rows = tuple(
        (f.unit, names.get(f.unit, ""), f.field or None, *(getattr(f, name) for name in _FORM_COUNTS))
        for f in card.beside.fields
    )
    totals = {f"form_{name}": sum(getattr(f, name) for f in card.beside.fields) for name in _FORM_COUNTS}
    return Listing("form-ii06", card.as_of, _FORM, rows, totals=totals)


def unmatched(card: Scorecard) -> Listing:
    """Texts in the data that name no unit of the unit table, and the nearest name."""
    rows = tuple((name, count, near or None) for name, count, near in card.unmatched)
    return Listing("unmatched", card.as_of, _UNMATCHED, rows, totals={"dossiers": sum(c for _, c, _ in card.unmatched)})
