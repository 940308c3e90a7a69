"""How far the plans to review procedures have come: each procedure of a plan, its state on a day, what is proposed and
what it would save (Nghị định 63/2010/NĐ-CP, Điều 30 và 31)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tthc_cli.results.control.cost import dong
from tthc_cli.results.listing import Column
from tthc_cli.results.notes import note
from tthc_cli.statements.plan.tasks import STATES, state_of
from tthc_cli.statements.review.candidates import priced_of
from tthc_cli.statements.review.law import review_cite, review_due
from tthc_cli.statements.review.rows import listed
from tthc_cli.statements.review.volumes import volumes

if TYPE_CHECKING:
    from tthc_cli.results.control.cost import Priced
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

GROUNDS = {1: "directive", 2: "own", 3: "petitions"}
RESULTS = {1: "kept", 2: "sent", 3: "approved", 4: "carried_out"}
COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("plan"), Column("procedure_code"),
    Column("procedure", share=1), Column("selection", "word", "lists.review_ground", on_screen=False),
    Column("product", on_screen=False), Column("due", "moment"), Column("done", "moment", on_screen=False),
    Column("plan_state", "word", "lists.plan_state"), Column("result", "word", "lists.review_result"),
    Column("proposal", share=1, on_screen=False), Column("saving", "count"), Column("saving_percent", "number"),
)  # fmt: skip


def review_progress(asked: Asked) -> Listing:
    """What is overdue first, then by due day; empty, and saying so, when no plan was taken in."""
    warehouse, tree = asked.moment.warehouse, asked.tree
    items = warehouse.read("review_items").to_pylist()
    if not items:
        none = {"procedures": 0, **{f"plan_state.{state}": 0 for state in STATES}}
        return listed("review-progress", asked, COLUMNS, [], none, [note("no_review_table")])
    places = tree.place([item["DonVi"] or "" for item in items])
    costs = priced_of(asked, volumes(asked)) if warehouse.has("cost_steps") else {}
    today = asked.moment.at.date()
    rows = [
        _row(item, tree.ids[place], tree.names[place], asked, today) | _saving(costs.get(item["MaTTHC"]))
        for item, place in zip(items, places, strict=True)
        if asked.units is None or place in asked.units
    ]
    rows.sort(
        key=lambda r: (STATES.index(r["plan_state"]), str(r["due"] or "9"), r["unit"], r["plan"], r["procedure_code"])
    )
    bare = sum(r["plan_state"].startswith("done") and not r["proposal"] and r["result"] != "kept" for r in rows)
    notes = [note("cost_due", day=review_due(today.year).isoformat(), cite=review_cite())]
    if bare:
        notes.append(note("review_without_proposal", count=bare))
    counted = {"procedures": len(rows), **{f"plan_state.{s}": sum(r["plan_state"] == s for r in rows) for s in STATES}}
    return listed("review-progress", asked, COLUMNS, rows, counted, notes)


def _row(item: dict[str, Any], unit: str, unit_name: str, asked: Asked, today: date) -> dict[str, Any]:
    catalogue = asked.context.catalogue
    at = catalogue.by_code.get(item["MaTTHC"])
    done = item["NgayHoanThanh"] if item["NgayHoanThanh"] and item["NgayHoanThanh"] <= today else None
    return {
        "unit": unit, "unit_name": unit_name, "plan": item["MaKeHoach"], "procedure_code": item["MaTTHC"],
        "procedure": "" if at is None else catalogue.names[at], "selection": GROUNDS.get(item["CanCuChon"]),
        "product": item["SanPham"], "due": _moment(item["Han"]), "done": _moment(done),
        "plan_state": state_of(done, item["Han"], today), "result": RESULTS.get(item["KetQua"]) if done else None,
        "proposal": item["PhuongAn"],
    }  # fmt: skip


def _saving(own: Priced | None) -> dict[str, Any]:
    if own is None or own.saving is None:
        return {}
    return {"saving": dong(own.saving), "saving_percent": None if own.share is None else float(own.share)}


def _moment(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day)
