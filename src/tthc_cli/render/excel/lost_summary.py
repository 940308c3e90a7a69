"""The sheet above the list of lost dossiers: how often points were lost by reason, by procedure and by unit."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.excel.parts import heads_of, titles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.lines import LostLine

_COUNTS = ("times_lost", "dossiers", "share")
_WIDTHS = (13, 12, 12, 14, 56, 56)
_SHOWN = 30
"""Lines of each table; the others are one line."""
_Key = tuple[str, str]


def write_lost_summary(book: Book, sheet: Sheet, lost: Sequence[LostLine]) -> None:
    """Mất điểm, tóm tắt: three tables, each with what cost most first."""
    sheet.widths(*_WIDTHS)
    titles(book, sheet, say("workbook.section.lost_summary", book.lang))
    sheet.put(4, 1, say("workbook.text.lost_intro", book.lang), "fact")
    row = 6
    several = len({line.unit_id for line in lost}) > 1
    parts: dict[str, tuple[tuple[str, ...], Callable[[LostLine], tuple[str, ...]]]] = {
        "reason": (("component_code", "component", "reason"), lambda line: (line.component, line.title, line.reason)),
        "procedure": (("ordinal", "procedure"), lambda line: (line.procedure,)),
        **({"unit": (("code", "unit"), lambda line: (line.unit_id, line.unit))} if several else {}),
    }
    for name, (keys, key_of) in parts.items():
        row = _part(book, sheet, row, name, keys, _counted(lost, key_of)) + 1
    sheet.paper(last_column=len(_WIDTHS), last_row=row - 2, head_row=None)
    book.close(sheet)


def _counted(
    lost: Sequence[LostLine], key_of: Callable[[LostLine], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], int, int]]:
    """By key: how often points were lost, and by how many dossiers; the most first."""
    times: dict[tuple[str, ...], int] = defaultdict(int)
    dossiers: dict[tuple[str, ...], set[_Key]] = defaultdict(set)
    for line in lost:
        key = key_of(line)
        times[key] += 1
        dossiers[key].add((line.unit_id, line.dossier))
    return sorted(((key, times[key], len(dossiers[key])) for key in times), key=lambda row: (-row[1], row[0]))


def _part(
    book: Book,
    sheet: Sheet,
    row: int,
    name: str,
    keys: Sequence[str],
    counted: Sequence[tuple[tuple[str, ...], int, int]],
) -> int:
    """One table with its title; returns the row after it."""
    lang, whole = book.lang, sum(times for _, times, _ in counted)
    sheet.put(row, 1, say(f"workbook.section.lost_by_{name}", lang), "subtitle")
    row += 1
    heads = [*(say(f"workbook.column.{key}", lang) for key in _COUNTS), *heads_of(book, *keys)]
    sheet.row(row, heads, "head")
    sheet.head_height(row, heads, _WIDTHS)
    top, first = row, len(_COUNTS) + 1
    for number, (key, times, dossiers) in enumerate(counted[:_SHOWN], 1):
        row += 1
        texts = key if len(key) == len(keys) else (str(number), *key)
        sheet.put(row, 1, times, "count")
        sheet.put(row, 2, dossiers, "count")
        sheet.put(row, 3, Fraction(times, whole), "percent")
        sheet.row(row, texts, "text", first)
        sheet.height(row, list(zip(texts, _WIDTHS[first - 1 :], strict=False)))
    sheet.table(f"tthc_table_lost_by_{name}", top, heads, row)
    if rest := counted[_SHOWN:]:
        row += 1
        lines, missed = (formats.plain(n, lang) for n in (len(rest), sum(times for _, times, _ in rest)))
        sheet.put(row, first, say("workbook.text.others", lang, count=lines, times=missed), "italic")
    return row + 1
