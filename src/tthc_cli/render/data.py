"""The scorecard as data: JSON with everything the other formats show, and CSV with one row a unit and component.

Both follow `docs/open_data.md`; `SCHEMA` grows when a field changes its meaning or goes, not when one is added.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from tthc_cli.render.view.form import FORM_PARTS
from tthc_cli.results.scorecard import number
from tthc_cli.text import no_formula

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from tthc_cli.render.view.heads import Amount
    from tthc_cli.render.view.model import CardView, Cell, UnitView
    from tthc_cli.results.scorecard import Scorecard

SCHEMA = 1
_BOM = "\ufeff"
"""Without it Excel reads the CSV in the machine's old code page."""
COLUMNS = (
    "schema", "period", "rulebook", "revision", "as_of", "unit", "unit_name", "level", "parent", "rank", "total",
    "assessed_max", "percent", "grade", "provisional", "group", "component", "component_title", "numerator",
    "denominator", "ratio", "points", "max", "status", "basis", "note",
)  # fmt: skip


def _value(amount: Amount) -> int | float | None:
    value = amount.value
    return value if value is None or isinstance(value, int) else number(value)


def _ratio(amount: Amount) -> float | None:
    return None if amount.value is None else float(amount.value)


def json_text(card: Scorecard, shown: CardView) -> str:
    """Write the whole scorecard as one JSON object."""
    book = card.rulebook
    parents = {u.id: u.parent for u in card.units}
    document = {
        "schema": SCHEMA,
        "kind": "tthc-scorecard",
        "language": shown.lang,
        "title": shown.title,
        "province": {"id": card.province, "name": shown.province},
        "period": {
            "id": card.period, "name": shown.period, "start": card.period_start, "end": card.period_end,
            "window": card.window,
        },
        "as_of": card.as_of,
        "version": card.version,
        "rulebook": {
            "id": book.id, "revision": book.revision, "sha256": book.sha256, "reading": book.reading,
            "cite": book.cite, "no_score": book.no_score,
        },
        "grades": [{"key": g.key, "label": g.label, "lower": _value(g.lower)} for g in shown.grades],
        "groups": [{"id": g.id, "title": g.title, "max": _value(g.max)} for g in shown.groups],
        "components": [
            {
                "id": c.id, "group": c.group, "title": c.title, "max": _value(c.max), "target": _exact(c.target),
                "when_zero": c.when_zero, "rule": c.rule, "numerator": c.numerator, "denominator": c.denominator,
                "cite": c.cite,
            }
            for c in shown.components
        ],
        "units": [_unit(u, parents.get(u.id)) for u in shown.units],
        "not_assessed": [
            {"component": m.head.id, "units": _value(m.units), "why": m.why, "needs": list(m.head.needs)}
            for m in shown.missing
        ],
        "unmatched": [
            {"name": u.name, "dossiers": _value(u.dossiers), "nearest": u.nearest or None} for u in shown.unmatched
        ],
        "form_ii_06": [{"unit": f.unit_id, **_form(f.counts)} for f in shown.form],
        "form_ii_06_by_level_and_field": [
            {"level": s.level, "field": line.field, **_form(line.counts)}
            for s in shown.form_sections
            for line in s.lines
        ],
        "form_ii_06_by_unit_and_field": [
            {"unit": u.unit_id, "field": line.field, **_form(line.counts)}
            for u in shown.unit_fields
            for line in u.lines
        ],
        "sources": [
            {
                "file": s.file, "sha256": s.sha256, "rows_read": _value(s.rows_read), "accepted": _value(s.accepted),
                "superseded": _value(s.superseded), "rejected": _value(s.rejected),
            }
            for s in shown.sources
        ],
        "notes": list(shown.notes),
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _form(counts: Sequence[int]) -> dict[str, int]:
    return dict(zip(FORM_PARTS, counts, strict=True))


def _exact(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _unit(unit: UnitView, parent: str | None) -> dict[str, Any]:
    change = unit.change
    return {
        "id": unit.id, "name": unit.name, "level": unit.level, "parent": parent, "total": _value(unit.total),
        "assessed_max": _value(unit.assessed_max), "percent": _value(unit.percent),
        "provisional": unit.provisional, "grade": unit.grade.key if unit.grade else None, "rank": _value(unit.rank),
        "ungraded_reason": unit.ungraded_reason or None,
        "change": None if change is None else {"points": _value(change.points), "rank": _value(change.rank)},
        "groups": {g.head.id: _value(g.points) for g in unit.groups},
        "components": [_component(cell) for cell in unit.cells],
    }  # fmt: skip


def _component(cell: Cell) -> dict[str, Any]:
    return {
        "id": cell.head.id, "numerator": _value(cell.numerator), "denominator": _value(cell.denominator),
        "ratio": _ratio(cell.ratio), "points": _value(cell.points), "max": _value(cell.max), "status": cell.status,
        "basis": cell.basis, "note": cell.note,
        "reasons": [
            {"text": r.text, "count": _value(r.count), "in_denominator": r.in_denominator,
             "in_numerator": r.in_numerator}
            for r in cell.reasons
        ],
    }  # fmt: skip


def _remark(cell: Cell, shown: CardView) -> str:
    return "; ".join(text for text in (cell.note, shown.standing) if text)


def csv_text(card: Scorecard, shown: CardView) -> str:
    """Write one row a unit and component, the unit's totals repeated; numbers with a decimal point, "" for nothing.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    stream = io.StringIO()
    stream.write(_BOM)
    rows = csv.writer(stream)
    rows.writerow(COLUMNS)
    parents = {u.id: u.parent for u in card.units}
    book = card.rulebook
    for unit in shown.units:
        for cell in unit.cells:
            values = (
                SCHEMA, card.period, book.id, book.revision, card.as_of, unit.id, unit.name, unit.level,
                parents.get(unit.id) or "", _value(unit.rank), _value(unit.total), _value(unit.assessed_max),
                _value(unit.percent), unit.grade.key if unit.grade else "", int(unit.provisional), cell.head.group,
                cell.head.id, cell.head.title, _value(cell.numerator), _value(cell.denominator), _ratio(cell.ratio),
                _value(cell.points), _value(cell.max), cell.status, cell.basis, _remark(cell, shown),
            )  # fmt: skip
            rows.writerow([no_formula(v) if isinstance(v, str) else "" if v is None else v for v in values])
    return stream.getvalue()
