"""Decision 766 and the nine criteria of every unit, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tthc_cli.render import formats
from tthc_cli.render.view.heads import Amount
from tthc_cli.render.view.model import UnitView
from tthc_cli.render.view.nine.building import NINE_CRITERIA
from tthc_cli.render.view.nine.model import BothLine, Standing
from tthc_cli.render.view.wording import Wording
from tthc_cli.results.scorecard import Scorecard


def both_laws(words: Wording, other: Scorecard | None, units: Sequence[UnitView]) -> tuple[BothLine, ...]:
    """In the order of the report; () where a score by one law alone is stored. other: the score by the other law."""
    if other is None:
        return ()
    theirs = {unit.id: _stored(words, other, at) for at, unit in enumerate(other.units)}
    nothing = Standing(*(words.plain(None),) * 2, formats.NOTHING, words.plain(None))
    lines = []
    for unit in units:
        mine = Standing(unit.total, unit.percent, unit.grade_label, unit.rank)
        there = theirs.get(unit.id, nothing)
        decision, nine = (there, mine) if words.card.rulebook.evaluation == NINE_CRITERIA else (mine, there)
        lines.append(
            BothLine(unit.id, unit.name, unit.level_label, decision, nine, _places(words, decision.rank, nine.rank))
        )
    return tuple(lines)


def _stored(words: Wording, card: Scorecard, at: int) -> Standing:
    unit = card.units[at]
    band = next((g for g in card.rulebook.grades if g.key == unit.grade), None)
    grade = words.both(band.label_vi, band.label_en) if band else formats.NOTHING
    return Standing(words.fixed(unit.total), words.fixed(unit.percent), grade, words.plain(unit.rank))


def _places(words: Wording, decision: Amount, nine: Amount) -> Amount:
    """Places won (positive) by the nine criteria against Decision 766."""
    if decision.value is None or nine.value is None:
        return Amount(None, formats.NOTHING)
    places = Fraction(decision.value) - Fraction(nine.value)
    return Amount(places, formats.signed(places, words.lang, 0))
