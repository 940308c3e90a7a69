"""The conclusion of an inspection: in a few sentences, on a terminal, and as a workbook of its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.text import clean

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tthc_cli.messages import Lang
    from tthc_cli.results.control.conclusion import Conclusion
    from tthc_cli.results.listing import Listing

ON_SCREEN = ("inspection-rates", "inspection-checks", "inspection-carried")
"""Lists that a terminal shows, where they have rows; the workbook has all."""
SHOWN = 20


def number(value: float, lang: Lang) -> str:
    """A share in per cent as people read it.

    >>> number(82.1, "vi"), number(92.0, "en")
    ('82,1', '92')
    """
    from fractions import Fraction

    return formats.plain(int(value), lang) if value == int(value) else formats.fixed(Fraction(value), lang, 1)


def scope_lines(conclusion: Conclusion, lang: Lang) -> list[str]:
    """What was inspected, and how the dossiers were taken."""
    draw = conclusion.draw
    facts = {
        "unit": draw.unit_name, "code": draw.unit, "period": draw.period, "first": formats.day(draw.start, lang),
        "last": formats.day(draw.last_day, lang), "frame": draw.frame_size, "hash": draw.frame_hash[:16],
        "random": len(draw.random), "strata": len(draw.strata), "covered": draw.covered, "seed": draw.seed,
        "chosen": len(draw.chosen), "flagged": draw.flagged,
    }  # fmt: skip
    return [say(f"inspection.paper.{key}", lang, **facts) for key in ("scope", "sample", "chosen")]


def result_lines(conclusion: Conclusion, lang: Lang) -> list[str]:
    """The rate of the random sample, what the chosen ones showed, what stands open."""
    counts = conclusion.counts
    told = {key: formats.plain(value, lang) for key, value in counts.items()}
    if conclusion.share is None or conclusion.low is None or conclusion.high is None:
        lines = [say("inspection.paper.no_rate", lang, **told)]
    else:
        rate = {key: number(getattr(conclusion, key), lang) for key in ("share", "low", "high")}
        lines = [say("inspection.paper.rate", lang, **told, **rate)]
    lines.append(say("inspection.paper.of_chosen", lang, **told))
    lines.append(say("inspection.paper.findings", lang, **told))
    return lines


def conclusion_screen(conclusion: Conclusion, lang: Lang, width: int) -> RenderableType:
    """Sentences, the lists that matter most, and the notes."""
    from rich.console import Group
    from rich.text import Text

    from tthc_cli.render.listing import listing_table

    parts: list[RenderableType] = [Text(line) for line in result_lines(conclusion, lang)]
    for name in ON_SCREEN:
        table = conclusion.table(name)
        if name == "inspection-checks":
            table = _with_faults(table)
        if table.rows:
            parts += [Text(""), listing_table(table, lang, width, SHOWN)]
    parts += [Text(line, style="italic") for line in conclusion.note_lines(lang)]
    return Group(*parts)


def _with_faults(checks: Listing) -> Listing:
    """The checks that were not met, or of which data said so."""
    places = [checks.place(name) for name in ("faulty", "chosen_faulty", "told")]
    return checks.only(tuple(row for row in checks.rows if any(row[at] for at in places if at is not None)))


def conclusion_book(conclusion: Conclusion, lang: Lang) -> bytes:
    """The workbook: what it is about, then a sheet a list."""
    from tthc_cli.office.listing import ListSheet, list_book

    lines = [*scope_lines(conclusion, lang), *result_lines(conclusion, lang), *conclusion.note_lines(lang)]
    heads = [say(f"inspection.column.{key}", lang) for key in ("number", "what")]
    sheets = [ListSheet(say("inspection.sheet.summary", lang), heads, [[n, clean(t)] for n, t in enumerate(lines, 1)])]
    for table in conclusion.tables:
        rows = [[clean(cell) if isinstance(cell, str) else cell for cell in row] for row in table.worded(lang)]
        title = say(f"inspection.tab.{table.name.removeprefix('inspection-')}", lang)
        sheets.append(ListSheet(title, [" ".join(head.split()) for head in table.headings(lang)], rows))
    return list_book(sheets, conclusion.as_of, lang)
