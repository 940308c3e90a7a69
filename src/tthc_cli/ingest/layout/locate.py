"""Find the table in a sheet: where its headings are, what they mean, where its rows begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tthc_cli.ingest.cleaning.nothing import unguarded
from tthc_cli.ingest.layout.match import Match, Vocabulary, near_fields, squash
from tthc_cli.ingest.quoting import JOINT
from tthc_cli.ingest.quoting import heading as heading_shown
from tthc_cli.text import fold, nfc

_NUMBER_CELL = re.compile(r"\(?\s*\d{1,3}\s*\)?(\s*=.*)?|\(?[A-Za-z]\)?")
MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Located:
    """Where the table of a sheet lies."""

    match: Match
    heading: int
    """Index of the first heading row, from 0."""
    first: int
    """Index of the first row below the headings."""
    headings: tuple[str, ...]
    """One per column; the parts of a grouped heading joined by " › "."""
    heading_cells: tuple[frozenset[str], ...]
    """Per column, the texts of its heading rows, to know repeated headings by."""


@dataclass(frozen=True, slots=True)
class NotLocated:
    """Why no table was found: a message key (`ingest.note_...`) with its fields."""

    note: str
    fields: dict[str, str]


def joined(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """One heading a column out of one to three rows; a group's text reaches over the blanks to its right.

    >>> joined([["Mã", "Đã giải quyết", ""], ["", "Đúng hạn", "Quá hạn"]], 3)
    ['Mã', 'Đã giải quyết › Đúng hạn', 'Đã giải quyết › Quá hạn']
    """
    cells = [[nfc(row[i]) if i < len(row) else "" for i in range(width)] for row in rows]
    for depth, row in enumerate(cells[:-1]):
        carried = ""
        for i in range(width):
            below = any(cells[d][i] for d in range(depth + 1, len(cells)))
            above_same = depth == 0 or cells[depth - 1][i] == (cells[depth - 1][i - 1] if i else "")
            if row[i]:
                carried = row[i] if below else ""
            elif below and carried and above_same:
                row[i] = carried
            else:
                carried = ""
    return [JOINT.join(dict.fromkeys(row[i] for row in cells if row[i])) for i in range(width)]


def is_number_row(cells: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3) or A B 1 2 3."""
    filled = [c.strip() for c in cells if c.strip()]
    if len(filled) < 3 or not all(_NUMBER_CELL.fullmatch(c) for c in filled):
        return False
    numbers = [int(n) for c in filled if (n := re.sub(r"\D", "", c.split("=")[0]))]
    return len(numbers) >= 2 and all(b - a == 1 for a, b in pairwise(numbers))


def locate(head: Sequence[Sequence[str]], vocabularies: Sequence[Vocabulary]) -> Located | NotLocated:  # noqa: PLR0912
    """The table of a sheet, from its first rows.

    Of all rows, one to three together, those are the headings that match most columns of one table.
    """
    head = [[unguarded(cell) if cell[:1] in ("=", "'") else cell for cell in row] for row in head]
    best: tuple[tuple[int, int, int], Located] | None = None
    rivals: set[str] = set()
    fallback: tuple[tuple[int, int], Match, list[str]] | None = None
    words = frozenset().union(*(v.known for v in vocabularies))
    no_word = frozenset("0123456789") - {word[:1] for word in words}
    hits = [sum(squash(c) in words for c in row if c and c[0] not in no_word and len(c) < 100) for row in head]
    if not any(hits):
        hits = [sum(any(v.loosely(c) for v in vocabularies) for c in row if c and len(c) < 100) for row in head]
    for start, row in enumerate(head):
        if not any(hits[start : start + MAX_DEPTH]) or not any(cell.strip() for cell in row):
            continue
        for depth in range(1, min(MAX_DEPTH, len(head) - start) + 1):
            rows = head[start : start + depth]
            if depth > 1 and (is_number_row(rows[-1]) or not any(cell.strip() for cell in rows[-1])):
                break
            width = max(len(r) for r in rows)
            headings = joined(rows, width)
            for vocabulary in vocabularies:
                match = vocabulary.match(headings)
                count = len(match.columns) + len(match.clashes)
                if not match.complete:
                    if count and (fallback is None or (count, -depth) > fallback[0]):
                        fallback = ((count, -depth), match, headings)
                    continue
                kinds = sum(
                    c.type not in ("personal", "official")
                    for c in match.table.columns
                    if c.name in match.columns.values()
                )
                rank = (kinds + len(match.clashes), -depth, -start)
                if best is None or rank > best[0]:
                    rivals = {match.table.name}
                    cells = tuple(
                        frozenset(nfc(r[i]) for r in rows if i < len(r) and r[i].strip()) for i in range(width)
                    )
                    best = rank, Located(match, start, start + depth, tuple(headings), cells)
                elif rank == best[0]:
                    rivals.add(match.table.name)
    if best is None:
        return _explain(fallback)
    located = best[1]
    if len(rivals) > 1:
        return NotLocated("ingest.note_kind_ambiguous", {"tables": ", ".join(sorted(rivals))})
    if located.match.clashes:
        name, headings_ = next(iter(located.match.clashes.items()))
        quoted = ", ".join(f'"{heading_shown(h)}"' for h in headings_)
        alike = len(set(headings_)) < len(headings_)
        return NotLocated(
            "ingest.note_heading_twice" if alike else "ingest.note_heading_ambiguous",
            {
                "column": name,
                "headings": quoted,
                "table": located.match.table.name,
                "example": heading_shown(headings_[0]),
            },
        )
    first = located.first
    while first < len(head) and (is_number_row(head[first]) or not any(c.strip() for c in head[first])):
        first += 1
    return Located(located.match, located.heading, first, located.headings, located.heading_cells)


AMBIGUOUS = ("ingest.note_kind_ambiguous", "ingest.note_heading_ambiguous", "ingest.note_heading_twice")
"""Notes of headings that are known, but may mean several things."""


def _explain(fallback: tuple[tuple[int, int], Match, list[str]] | None) -> NotLocated:
    if fallback is None:
        return NotLocated("ingest.note_no_table", {})
    _, match, headings = fallback
    if near := near_fields(match):
        return NotLocated("ingest.note_near_heading", near)
    have = set(match.columns.values())
    missing = min((set(need) - have for need in match.table.signature), key=len)
    return NotLocated(
        "ingest.note_missing_heading", {"table": match.table.name, "columns": ", ".join(sorted(missing)),
        "found": ", ".join(_quotable(match, headings))[:200]},
    )  # fmt: skip


def _quotable(match: Match, headings: Sequence[str]) -> list[str]:
    """The headings that a message may name: all, where most are known; else the known ones, for the rest of a line in
    which two or three words happen to be headings may be somebody's data."""
    filled = [at for at, heading in enumerate(headings) if heading]
    mostly = len(match.columns) * 2 > len(filled)
    shown = {at: heading_shown(headings[at]) for at in filled if mostly or at in match.columns}
    return [" ".join(text.split()) for text in shown.values()]


_TOTAL = {"tong cong", "tong so", "cong", "tong", "cong tong", "toan tinh", "total"}
_TOTAL_START = ("tong cong ", "tong so ", "cong tong ")
_TOTAL_WORDS = ("cộng", "tổng", "toàn tỉnh")


def _is_total(text: str) -> bool:
    """Whether a cell says that its row is a sum: "Cộng", "TONG CONG"; not "Cổng", which is another word."""
    first = fold(text)
    if first not in _TOTAL and not first.startswith(_TOTAL_START):
        return False
    words = nfc(text).lower()
    return words.isascii() or any(word in words for word in _TOTAL_WORDS)


def judge(cells: Sequence[str], typed_filled: int) -> str:
    """What a row without a usable key is: "blank", "numbers", "total", "note" (a group title, signature,
    footnote), or "data" (a row of the table that lacks its key).

    `typed_filled`: how many of its filled cells lie under dates, codes or numbers.
    """
    filled = [c for c in cells if c.strip()]
    if not filled:
        return "blank"
    if is_number_row(cells):
        return "numbers"
    if _is_total(next((c for c in filled if re.search(r"[^\W\d]", c)), "")):
        return "total"
    if len(filled) == 1 or typed_filled == 0:
        return "note"
    return "data"
