"""What one rulebook says and another does not, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from tthc_cli.results.scorecard import (
    CheckInfo,
    ComponentInfo,
    GradeBand,
    GroupInfo,
    ParameterInfo,
    RulebookInfo,
)

Row = CheckInfo | ComponentInfo | GradeBand | GroupInfo | ParameterInfo


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One value that differs. `before` or `after` is "" where the entry or the value is not there."""

    section: str
    """rulebook, group, component, grade, parameter or check."""
    id: str
    field: str
    """The field that differs; "" when the whole entry was added or taken away."""
    before: str
    after: str


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Fraction):
        return str(float(value))
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def _names(rows: tuple[Row, ...]) -> dict[str, Row]:
    """Entries by id; a parameter with several values in turn by id and first day."""
    named: dict[str, Row] = {}
    for row in rows:
        name = row.key if isinstance(row, GradeBand) else row.id
        if isinstance(row, ParameterInfo) and row.effective_from:
            name = f"{name} ({row.effective_from})"
        named[name] = row
    return named


def _title(row: Row) -> str:
    return row.label_vi if isinstance(row, GradeBand) else row.title_vi


def _rows(section: str, a: tuple[Row, ...], b: tuple[Row, ...]) -> Iterator[RuleDifference]:
    before, after = _names(a), _names(b)
    for name in (*before, *(n for n in after if n not in before)):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            yield RuleDifference(section, name, "", _title(one) if one else "", _title(other) if other else "")
            continue
        for item in fields(one):
            old, new = getattr(one, item.name), getattr(other, item.name)
            if old != new:
                yield RuleDifference(section, name, item.name, _text(old), _text(new))


def difference(a: RulebookInfo, b: RulebookInfo) -> tuple[RuleDifference, ...]:
    """Every value in which `b` differs from `a`: of the rulebook itself and of each of its entries."""
    own = (
        "id",
        "revision",
        "reading",
        "title_vi",
        "cite",
        "effective_from",
        "effective_to",
        "no_score",
        "evaluation",
        "graded_on",
    )
    return (
        *(
            RuleDifference("rulebook", b.id, name, _text(getattr(a, name)), _text(getattr(b, name)))
            for name in own
            if getattr(a, name) != getattr(b, name)
        ),
        *_rows("group", a.groups, b.groups),
        *_rows("component", a.components, b.components),
        *_rows("grade", a.grades, b.grades),
        *_rows("parameter", a.parameters, b.parameters),
        *_rows("check", a.checks, b.checks),
    )
