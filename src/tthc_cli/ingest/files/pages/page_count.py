"""Count the rows and cells of an HTML page in its bytes alone: what a parser made of the page is checked by it.

It follows the rules by which HTML is cut into tags (comments, scripts, quoted attributes), knows tables, rows and
cells, and shares no code with the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Regions = list[tuple[int, int]]
"""First byte, and the byte behind the last."""

_TABLE, _TABLE_END, _ROW, _ROW_END, _CELL, _CELL_END, _SECTION = range(1, 8)
_BLANKS = b"\t\n\f\r "


def _among(letters: bytes) -> Flags:
    found = np.zeros(256, bool)
    found[list(letters)] = True
    return found


_MARK = _among(b"<>\"'")
_BEHIND_NAME = _among(_BLANKS + b"/>")
_OPENS = _among(b"abcdefghijklmnopqrstuvwxyz/!?")
_RAW = (b"script", b"style", b"textarea", b"title", b"xmp", b"iframe", b"noembed", b"noframes")
"""Elements in which "<" is a letter as any other."""
_RAW_BEGINS = _among(b"!" + b"".join(name[:1] + name[:1].upper() for name in _RAW))
_RAW_ENDS = {name: re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE) for name in _RAW}
_RARE = {
    b"table": _TABLE, b"/table": _TABLE_END, b"thead": _SECTION, b"tbody": _SECTION, b"tfoot": _SECTION,
    b"/thead": _SECTION, b"/tbody": _SECTION, b"/tfoot": _SECTION,
}  # fmt: skip


class CutError(Exception):
    """The page ends within a comment, script, tag or table; `at`: the byte at which that begins."""

    def __init__(self, at: int, table: bool = False) -> None:
        super().__init__(at)
        self.at = at
        self.table = table


@dataclass(frozen=True, slots=True)
class Count:
    """The rows of a page, those of the first table first."""

    tables: int
    owner: Ints
    """Number of the innermost table that a row stands in, from 0 in the order in which tables begin; -1: in none."""
    cells: Ints
    """How many cells begin in the row."""
    ends: Ints
    """How many cells end in the row: fewer where the page leaves such tags out, more where one that begins is lost."""
    bare: list[int]
    """The bytes at which rows begin with their first cell, without a tag of their own."""

    def of(self, table: int) -> slice:
        """Where the rows of a table lie."""
        first, last = np.searchsorted(self.owner, [table, table + 1])
        return slice(int(first), int(last))


def count(data: bytes) -> Count:
    """The rows and cells of a page in an encoding that holds ASCII. Raises CutError."""
    view = np.zeros(len(data) + 16, np.uint8)
    view[: len(data)] = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(_MARK[view])
    letters = view[marks]
    opens = np.flatnonzero(letters == ord("<"))
    opens = opens[_OPENS[view[marks[opens] + 1] | 32]]
    at = marks[opens]
    kinds = _kinds(view, at, data)
    raw = _raw_regions(view, at, kinds, data)
    if raw:
        seen = ~_inside(at, raw)
        opens, at, kinds = opens[seen], at[seen], kinds[seen]
    kept = (kinds > 0) & ~_inside(at, _odd_tags(data, letters, opens, at, kinds))
    return _rows(kinds[kept], at[kept])


def _kinds(view: npt.NDArray[np.uint8], at: Ints, data: bytes) -> npt.NDArray[np.int8]:
    """What each tag is; 0 for one that has nothing to do with tables."""
    first, second, third = (view[at + step] | 32 for step in (1, 2, 3))
    t = first == ord("t")
    end = (first == ord("/")) & (second == ord("t"))
    start_done, end_done = _BEHIND_NAME[view[at + 3]], _BEHIND_NAME[view[at + 4]]
    kinds = np.zeros(len(at), np.int8)
    kinds[t & start_done & ((second == ord("d")) | (second == ord("h")))] = _CELL
    kinds[t & start_done & (second == ord("r"))] = _ROW
    kinds[end & end_done & ((third == ord("d")) | (third == ord("h")))] = _CELL_END
    kinds[end & end_done & (third == ord("r"))] = _ROW_END
    longer = (t & ~start_done) | (end & ~end_done)
    for i in np.flatnonzero(longer).tolist():
        kinds[i] = _RARE.get(_name(data, int(at[i])), 0)
    return kinds


def _name(data: bytes, at: int) -> bytes:
    name = data[at + 1 : at + 12].lower()
    for i, letter in enumerate(name):
        if _BEHIND_NAME[letter] and i:
            return name[:i]
    return name


def _raw_regions(view: npt.NDArray[np.uint8], at: Ints, kinds: npt.NDArray[np.int8], data: bytes) -> Regions:
    """Where comments and the texts of scripts and the like lie."""
    doubt = at[(kinds == 0) & _RAW_BEGINS[view[at + 1]]]
    regions: Regions = []
    end = 0
    bang = -2
    for start in doubt.tolist():
        if start < end:
            continue
        if data[start : start + 4] == b"<!--":
            if bang != -1 and bang < start + 2:
                bang = data.find(b"--!>", start + 2)
            stops = [s for s in (data.find(b"-->", start + 2), bang) if s >= 0]
        else:
            ends = _RAW_ENDS.get(_name(data, start))
            if ends is None:
                continue
            found = ends.search(data, start)
            stops = [found.start()] if found else []
        if not stops:
            raise CutError(start)
        end = min(stops)
        regions.append((start + 1, end))
    return regions


def _inside(at: Ints, regions: Regions) -> Flags:
    inside = np.zeros(len(at), bool)
    if regions:
        for first, last in np.searchsorted(at, np.array(regions, np.int64)).tolist():
            inside[first:last] = True
    return inside


def _odd_tags(
    data: bytes, letters: npt.NDArray[np.uint8], opens: Ints, at: Ints, kinds: npt.NDArray[np.int8]
) -> Regions:
    """The tags that hold whole tags in a quoted attribute, such as a tooltip with a table.

    Tags in an attribute that are no whole ones stay: there a quote is missing, and cells were swallowed.
    """
    found: Regions = []
    end = 0
    for start in at[_doubtful(letters, opens)].tolist():
        if start < end or data[start + 1] in b"!?":
            continue
        end = _tag_end(data, start)
        first, last = np.searchsorted(at, [start + 1, end])
        if last > first and _nested(kinds[first:last].tolist()):
            found.append((start + 1, end))
    return found


_PAIRS = 32
"""Quoted attributes of a tag up to which it is looked at together with all others."""


def _doubtful(letters: npt.NDArray[np.uint8], opens: Ints) -> Ints:
    """The tags between whose "<" and first ">" stand other marks than pairs of quotes. `opens`: their "<" among the
    marks."""
    letters = np.append(letters, np.zeros(3, np.uint8))
    left, place = np.arange(len(opens)), opens
    doubt: list[Ints] = []
    for _ in range(_PAIRS):
        behind = letters[place + 1]
        paired = ((behind == ord('"')) | (behind == ord("'"))) & (
            letters[np.minimum(place + 2, len(letters) - 1)] == behind
        )
        doubt.append(left[~paired & (behind != ord(">"))])
        left, place = left[paired], place[paired] + 2
    return np.sort(np.concatenate([*doubt, left]))


_ATTRIBUTE = re.compile(rb"[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)?")
_VALUE = re.compile(rb"[\t\n\f\r ]*=[\t\n\f\r ]*")
_BARE = re.compile(rb"[^\t\n\f\r >]*")
_TAG_NAME = re.compile(rb"[^\t\n\f\r />]*")


def _tag_end(data: bytes, start: int) -> int:
    """Where the tag ends that begins at `start`."""
    at = _TAG_NAME.match(data, start + 1).end()  # type: ignore[union-attr]
    while True:
        at = _ATTRIBUTE.match(data, at).end()  # type: ignore[union-attr]
        if at >= len(data):
            raise CutError(start)
        if data[at] == ord(">"):
            return at
        value = _VALUE.match(data, at)
        if value is None:
            continue
        at = value.end()
        if data[at : at + 1] in (b'"', b"'"):
            at = data.find(data[at : at + 1], at + 1) + 1
            if not at:
                raise CutError(start)
        else:
            at = _BARE.match(data, at).end()  # type: ignore[union-attr]


def _nested(kinds: list[int]) -> bool:
    """Whether every table, row and cell that begins among the tags also ends there, the last begun first."""
    waiting: list[int] = []
    for kind in kinds:
        if kind in (_TABLE, _ROW, _CELL):
            waiting.append(kind)
        elif kind in (_TABLE_END, _ROW_END, _CELL_END) and (not waiting or waiting.pop() != kind - 1):
            return False
    return not waiting


def _rows(kinds: npt.NDArray[np.int8], at: Ints) -> Count:
    tables, owner = _owners(kinds, at)
    kept = kinds != _TABLE_END
    kinds, owner, at = kinds[kept], owner[kept], at[kept]
    if (owner[1:] < owner[:-1]).any():
        order = np.argsort(owner, kind="stable")
        kinds, owner, at = kinds[order], owner[order], at[order]
    firm = kinds != _CELL_END
    solid, whose = kinds[firm], owner[firm]
    before = np.append(_TABLE, solid[:-1])
    before[np.flatnonzero(whose[1:] != whose[:-1]) + 1] = _TABLE
    begins = (solid == _ROW) | ((solid == _CELL) & (before != _ROW) & (before != _CELL))
    starts = np.zeros(len(kinds), bool)
    starts[np.flatnonzero(firm)[begins]] = True
    row = np.cumsum(starts) - 1
    size = int(starts.sum())
    row_owner = owner[starts]
    cells = np.bincount(row[kinds == _CELL], minlength=size)
    ended = kinds == _CELL_END
    if size:
        ended &= (row >= 0) & (row_owner[np.maximum(row, 0)] == owner)
    ends = np.bincount(row[ended & (row >= 0)], minlength=size)
    bare = np.sort(at[starts & (kinds == _CELL) & (owner >= 0)])
    return Count(tables, row_owner, cells, ends, bare.tolist())


def _owners(kinds: npt.NDArray[np.int8], at: Ints) -> tuple[int, Ints]:
    """How many tables there are, and for each tag the table in which it stands; the tags of a table itself stand in
    it."""
    turns = np.flatnonzero((kinds == _TABLE) | (kinds == _TABLE_END))
    within: list[int] = []
    begun: list[int] = []
    owners = [-1]
    tables = 0
    for turn, kind in zip(turns.tolist(), kinds[turns].tolist(), strict=True):
        if kind == _TABLE:
            within.append(tables)
            begun.append(turn)
            tables += 1
        elif within:
            within.pop()
            begun.pop()
        owners.append(within[-1] if within else -1)
    if within:
        raise CutError(int(at[begun[-1]]), table=True)
    lengths = np.diff(np.concatenate([[0], turns, [len(kinds)]]))
    return tables, np.repeat(np.array(owners, np.int64), lengths)
