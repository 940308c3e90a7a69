"""The open data of one score: units, components and reasons as CSV and Parquet, scores as JSON; and what their columns
are (the same names and meanings in docs/publish.md)."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tthc_cli.messages import Lang, say
from tthc_cli.render.site.card import decoded
from tthc_cli.render.site.writing import figure
from tthc_cli.text import no_formula

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.render.site.card import Figure, SiteCard

SCHEMA = 1
RATIO_PLACES = 6
FIELDS: dict[str, dict[str, str]] = {
    "indicators": {
        "component": "string", "group": "string", "title": "string", "max": "number", "rule": "string",
        "numerator": "string", "denominator": "string", "cite": "string",
    },
    "units": {
        "unit": "string", "name": "string", "level": "string", "parent": "string", "total": "number",
        "assessed_max": "number", "percent": "number", "grade": "string", "rank": "integer", "provisional": "boolean",
        "ungraded_reason": "string",
    },
    "components": {
        "unit": "string", "component": "string", "numerator": "number", "denominator": "number", "ratio": "number",
        "points": "number", "status": "string", "basis": "string", "masked": "boolean",
    },
    "reasons": {
        "unit": "string", "component": "string", "reason": "string", "in_numerator": "boolean", "count": "integer",
        "masked": "boolean",
    },
}  # fmt: skip
"""Table -> column -> type, as a table schema names types."""
KEYS: dict[str, tuple[str, ...]] = {
    "indicators": ("component",), "units": ("unit",), "components": ("unit", "component"),
    "reasons": ("unit", "component", "reason"),
}  # fmt: skip
PARQUET = ("units", "components", "reasons")
FORMATS = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}


def file_names() -> tuple[str, ...]:
    """The files of one score, below its folder "data"."""
    return (*(f"{name}.csv" for name in FIELDS), *(f"{name}.parquet" for name in PARQUET), "scores.json")


def data_files(card: SiteCard) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the open data of a card."""
    tables = {
        "indicators": _indicators(card), "units": _units(card), "components": _components(card),
        "reasons": _reasons(card),
    }  # fmt: skip
    for name, table in tables.items():
        yield f"{card.folder}/data/{name}.csv", _csv(table)
        if name in PARQUET:
            yield f"{card.folder}/data/{name}.parquet", _parquet(table)
    yield f"{card.folder}/data/scores.json", _json(card)


def _typed(name: str, columns: Sequence[Any]) -> pa.Table:
    import pyarrow as pa

    kinds = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
    fields = FIELDS[name]
    arrays = [
        values.cast(kinds[kind]) if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, kinds[kind])
        for values, kind in zip(columns, fields.values(), strict=True)
    ]
    return pa.table(dict(zip(fields, arrays, strict=True)))


def _indicators(card: SiteCard) -> pa.Table:
    rows = [
        (
            c.id, c.group, card.both(c.title_vi, c.title_en), float(c.max), card.both(c.rule_vi, c.rule_en),
            card.both(c.numerator_vi, c.numerator_en), card.both(c.denominator_vi, c.denominator_en), c.cite,
        )
        for c in card.rulebook.components
    ]  # fmt: skip
    return _typed("indicators", list(zip(*rows, strict=True)))


def _units(card: SiteCard) -> pa.Table:
    rows = [
        (
            u.id, no_formula(u.name), u.level, u.parent, figure(u.total), float(u.assessed_max), figure(u.percent),
            u.grade, u.rank, u.provisional, u.ungraded_reason or None,
        )
        for u in card.units
    ]  # fmt: skip
    return _typed("units", list(zip(*rows, strict=True)))


def _numbers(column: pa.ChunkedArray) -> pa.Array:
    """Exact numbers, coded, as programs read them; each different one is worked out once."""
    import pyarrow as pa

    coded = column.combine_chunks()
    values = pa.array([figure(text) for text in coded.dictionary.to_pylist()], pa.float64())
    return values.take(coded.indices)


def _hidden(table: pa.Table, component: str, pairs: Collection[tuple[str, str]]) -> pa.Array:
    """True where a number is kept back, else nothing."""
    import pyarrow as pa

    if not pairs:
        return pa.nulls(len(table), pa.bool_())
    rows = zip(table["unit"].to_pylist(), table[component].to_pylist(), strict=True)
    return pa.array([True if pair in pairs else None for pair in rows], pa.bool_())


def _shown(values: pa.Array, hidden: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.is_null(hidden), values, pa.scalar(None, values.type))


def _components(card: SiteCard) -> pa.Table:
    import pyarrow.compute as pc

    found = card.figures
    hidden = _hidden(found, "id", card.hidden.figures)
    above, below = _numbers(found["numerator"]), _numbers(found["denominator"])
    none = pc.equal(below, 0.0)
    ratio = pc.round(pc.divide(above, pc.if_else(none, None, below)), RATIO_PLACES)
    shown = (_shown(values, hidden) for values in (above, below, ratio))
    return _typed(
        "components",
        [found["unit"], found["id"], *shown, _numbers(found["points"]), found["status"], found["basis"], hidden],
    )


def _reasons(card: SiteCard) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    found = decoded(card.counts)
    found = found.filter(pc.is_in(found["component"], pa.array(list(card.components), pa.string())))
    found = found.sort_by([(name, "ascending") for name in ("unit", "component", "reason")]).combine_chunks()
    hidden = _hidden(found, "component", card.hidden.reasons)
    counts = _shown(found["count"].combine_chunks(), hidden)
    return _typed(
        "reasons", [found["unit"], found["component"], found["reason"], found["in_numerator"], counts, hidden]
    )


def _csv(table: pa.Table) -> bytes:
    from pyarrow import csv

    stream = io.BytesIO()
    csv.write_csv(table, stream, csv.WriteOptions(quoting_style="needed"))
    return stream.getvalue()


def _parquet(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd", store_schema=False)
    return stream.getvalue()


def _json(card: SiteCard) -> bytes:
    """Units with their components as [numerator, denominator, points], a unit a line."""
    head = {
        "schema": SCHEMA, "kind": "tthc-published", "language": card.lang,
        "period": {"id": card.period_id, "name": card.period, "start": card.stored.head["period_start"],
                   "end": card.stored.head["period_end"], "window": card.window},
        "as_of": card.as_of, "version": card.version,
        "rulebook": {"id": card.rulebook.id, "revision": card.rulebook.revision, "sha256": card.rulebook.sha256,
                     "title": card.title, "cite": card.rulebook.cite},
        "grades": [{"key": g.key, "label": card.grade_label(g), "lower": figure(g.lower)} for g in
                   card.rulebook.grades],
        "component": ["numerator", "denominator", "points"],
    }  # fmt: skip
    lines = [_line(unit, figures) for unit, _, figures in card.details(0, len(card.units))]
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    return (opening + ', "units": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def _line(unit: Any, figures: list[Figure]) -> str:
    document = {
        "id": unit.id, "name": unit.name, "level": unit.level, "parent": unit.parent, "total": figure(unit.total),
        "assessed_max": figure(unit.assessed_max), "percent": figure(unit.percent), "grade": unit.grade,
        "rank": unit.rank, "provisional": unit.provisional,
        "components": {f.id: [_number(f.numerator), _number(f.denominator), _number(f.points)] for f in figures},
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _number(text: str | None) -> float | int | None:
    return None if text is None else figure(text)


def table_schema(name: str, lang: Lang) -> dict[str, Any]:
    """The table schema (frictionlessdata.io) of a table."""
    keys = {"components": [("units", "unit"), ("indicators", "component")], "reasons": [("units", "unit")]}
    document: dict[str, Any] = {
        "fields": [
            {"name": column, "type": kind, "description": say(f"publish.field.{name}.{column}", lang)}
            for column, kind in FIELDS[name].items()
        ],
        "primaryKey": list(KEYS[name]),
        "missingValues": [""],
    }
    if name in keys:
        document["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [column]}} for other, column in keys[name]
        ]
    return document
