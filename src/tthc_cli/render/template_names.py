"""What the names of a province's own template stand for, the same in workbooks and in Word (docs/template.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tthc_cli.errors import nearest
from tthc_cli.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tthc_cli.render.view.heads import Amount
    from tthc_cli.render.view.model import CardView, UnitView

    Named = Amount | str
    """A number and how it is written, or a text."""

PREFIX = "tthc_"
RANKING = "ranking"
"""The one name that stands for a table."""
_IN = "_in_"


def named_values(card: CardView, unit: UnitView) -> dict[str, Named]:
    """What each name stands for, without `tthc_`: of the card, of `unit`, of all units (`_in_` and code)."""
    facts: dict[str, Named] = {
        "province": card.province,
        "period": card.period,
        "title": card.title,
        "footer": card.footer,
        "version": card.version,
        "as_of": card.as_of,
        "standing": card.standing,
    }
    facts |= _of_unit(card, unit, "")
    for other in card.units:
        facts |= _of_unit(card, other, _IN + re.sub(r"\W+", "_", other.id))
    return facts


def graded(card: CardView, unit: UnitView) -> str:
    """The grade in words, which tell where it was given without a sufficient unit table."""
    if not (card.standing and unit.grade):
        return unit.grade_label
    return f"{unit.grade_label} ({say('render.text.graded_anyway', 'en' if card.lang == 'en' else 'vi')})"


def _of_unit(card: CardView, unit: UnitView, suffix: str) -> dict[str, Named]:
    values: dict[str, Named] = {
        "unit": unit.name,
        "code": unit.id,
        "level": unit.level_label,
        "total": unit.total,
        "assessed_max": unit.assessed_max,
        "percent": unit.percent,
        "grade": graded(card, unit),
        "rank": unit.rank,
        "provisional": unit.provisional_text,
    }
    for group in unit.groups:
        values[f"group_{group.head.id}"] = group.points
    for cell in unit.cells:
        key = cell.head.id.replace(".", "_")
        values[f"numerator_{key}"] = cell.numerator
        values[f"denominator_{key}"] = cell.denominator
        values[f"ratio_{key}"] = cell.ratio
        values[f"points_{key}"] = cell.points
        values[f"max_{key}"] = cell.max
        values[f"status_{key}"] = cell.status_label
    return {name + suffix: value for name, value in values.items()}


def ranking_row(card: CardView, unit: UnitView) -> list[Named]:
    """A unit's line of the ranking."""
    return [
        unit.rank, unit.id, unit.name, unit.level_label, unit.total, unit.assessed_max, unit.percent,
        graded(card, unit), *(group.points for group in unit.groups),
    ]  # fmt: skip


def nearest_name(key: str, known: Iterable[str]) -> str:
    """The whole name that is meant by one that means nothing; "–" where none is near. Both without `tthc_`."""
    near = nearest(key, [*known, RANKING])
    return PREFIX + near if near else "–"
