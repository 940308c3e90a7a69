"""What came of an inspection, as it is handed to whatever writes it: the rate of the random sample, and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tthc_cli.results import listing
from tthc_cli.results.notes import note_text

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.control.inspection import Draw
    from tthc_cli.results.listing import Listing

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Of one draw, at a moment. Shares are per cent to a tenth; None where nothing was examined."""

    draw: Draw
    as_of: str
    counts: Mapping[str, int]
    """Of dossiers: random, random_examined, random_faulty, the same of chosen; findings, carried, overdue."""
    share: float | None
    """Of the random sample, weighted over the strata."""
    low: float | None
    high: float | None
    tables: tuple[Listing, ...]
    notes: tuple[str, ...]
    """As `results.notes.note` writes them."""

    def table(self, name: str) -> Listing:
        return next(one for one in self.tables if one.name == name)

    def note_lines(self, lang: Lang) -> list[str]:
        return [note_text(one, lang) for one in self.notes]


def public_json(conclusion: Conclusion, lang: Lang) -> dict[str, Any]:
    """The documented object of a conclusion (docs/inspection.md)."""
    draw = conclusion.draw
    return {
        "schema": SCHEMA,
        "inspection": draw.id,
        "unit": draw.unit,
        "period": draw.period,
        "as_of": conclusion.as_of,
        "frame": {"dossiers": draw.frame_size, "hash": draw.frame_hash, "covered": draw.covered},
        "seed": draw.seed,
        "counts": dict(conclusion.counts),
        "rate": {"share": conclusion.share, "low": conclusion.low, "high": conclusion.high, "method": "wilson"},
        "tables": [listing.public_json(one, lang) for one in conclusion.tables],
        "notes": conclusion.note_lines(lang),
    }
