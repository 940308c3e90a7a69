"""Procedures worth a review: dear or frequent, late, sent back, complained of, refused, or never used; each with its
grounds (Nghị định 63/2010/NĐ-CP, Điều 30)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.errors import InputError
from tthc_cli.results.control.cost import dong, once
from tthc_cli.results.listing import Column
from tthc_cli.results.notes import note
from tthc_cli.statements.review.costing import priced
from tthc_cli.statements.review.law import Limits, candidates_cite, limits
from tthc_cli.statements.review.rows import listed, share
from tthc_cli.statements.review.volumes import Volumes, short_of_a_year, volumes

if TYPE_CHECKING:
    from tthc_cli.results.control.cost import Priced
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

REASONS = ("petitions", "volume", "late", "supplemented", "refused", "unused")
"""The first of those that hold is told as the main one."""
COLUMNS = (
    Column("procedure_code"), Column("procedure", share=2, on_screen=False), Column("field", share=1, on_screen=False),
    Column("received", "count"), Column("unit_cost", "count", on_screen=False), Column("yearly_cost", "count"),
    Column("late_share", "number"), Column("supplement_share", "number"), Column("refused_share", "number"),
    Column("petitions", "count"), Column("grounds", "count"), Column("reason", "word", "lists.review_reason", share=1),
    Column("selection", "word", "lists.review_ground", on_screen=False),
    *(Column(f"by_{name}", "word", "lists.mark", on_screen=False) for name in REASONS),
)  # fmt: skip


def review_candidates(asked: Asked) -> Listing:
    """Those with most grounds first, then by yearly cost and volume."""
    catalogue, found, bounds = asked.context.catalogue, volumes(asked), limits()
    costs = priced_of(asked, found)
    top = _top(found, costs, catalogue.codes, bounds)
    day = asked.at // 86400
    in_force = (catalogue.valid_from[:-1] <= day) & (day <= catalogue.valid_to[:-1])
    rows: list[dict[str, Any]] = []
    for at in np.flatnonzero(in_force).tolist():
        row = _row(found, at, bounds, at in top)
        if not row["grounds"]:
            continue
        own = costs.get(catalogue.codes[at])
        rows.append(
            {
                "procedure_code": catalogue.codes[at], "procedure": catalogue.names[at],
                "field": catalogue.fields[at], "unit_cost": dong(once(own.before)) if own else None,
                "yearly_cost": dong(own.year_before) if own else None, **row,
            }
        )  # fmt: skip
    rows.sort(key=lambda r: (-r["grounds"], -(r["yearly_cost"] or 0), -r["received"], r["procedure_code"]))
    notes = [
        note("review_limits", most=bounds.most, least=bounds.least, late=bounds.late, refused=bounds.refused,
             supplemented=bounds.supplemented, cite=candidates_cite()),
    ]  # fmt: skip
    notes += short_of_a_year(asked, found.start)
    if not costs:
        notes.append(note("review_no_cost"))
    if unlisted := int(found.of("received")[-1]):
        notes.append(note("review_unlisted", dossiers=unlisted))
    counted = {"procedures": len(rows), **{f"reason.{r}": sum(row["reason"] == r for row in rows) for r in REASONS}}
    return listed("review-candidates", asked, COLUMNS, rows, counted, notes)


def priced_of(asked: Asked, found: Volumes) -> dict[str, Priced]:
    """The cost of procedures that have one; none where an hour's income is not known."""
    try:
        return {one.code: one for one in priced(asked, found) if one.before}
    except InputError:
        return {}


def _top(found: Volumes, costs: dict[str, Priced], codes: tuple[str, ...], bounds: Limits) -> frozenset[int]:
    """The first by yearly cost; where none is known, by volume. Those that nobody goes through are none."""
    cost = {at: costs[code].year_before for at, code in enumerate(codes) if code in costs}
    ranks = cost or dict(enumerate(found.of("received")[:-1].tolist()))
    ranked = sorted((at for at in ranks if ranks[at]), key=lambda at: (-ranks[at], codes[at]))
    return frozenset(ranked[: bounds.most])


def _row(found: Volumes, at: int, bounds: Limits, top: bool) -> dict[str, Any]:
    received = int(found.of("received")[at])
    counts = {kind: int(found.of(kind)[at]) for kind in ("late", "supplemented", "refused", "petitions")}
    told = received >= bounds.least
    holds = {
        "petitions": counts["petitions"] >= bounds.petitions,
        "volume": top,
        **{
            kind: told and counts[kind] * 100 >= getattr(bounds, kind) * received
            for kind in ("late", "supplemented", "refused")
        },
        "unused": received == 0,
    }
    held = [name for name in REASONS if holds[name]]
    return {
        "received": received,
        "late_share": share(counts["late"], received),
        "supplement_share": share(counts["supplemented"], received),
        "refused_share": share(counts["refused"], received),
        "petitions": counts["petitions"],
        "grounds": len(held),
        "reason": held[0] if held else None,
        "selection": "petitions" if holds["petitions"] else "own",
        **{f"by_{name}": "yes" if holds[name] else None for name in REASONS},
    }
