"""The forms of the nine criteria as annexes of the report: 03-ĐGHL and both laws across the paper, 02-ĐGHL of each unit
on a page, 01-ĐGHL of each official; and the faults of the period before as a part of its text."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.view.heading_tree import depth_of, head_cells
from tthc_cli.render.view.nine.model import DOSSIER_CRITERIA
from tthc_cli.render.word.form import turn
from tthc_cli.render.word.parts import grid, repeat_heading, set_widths, shade

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tthc_cli.render.view.nine.model import (
        DossierLine,
        FaultLine,
        NineView,
        OfficialPaper,
        ProvinceLine,
        Satisfaction,
        Standing,
        UnitPaper,
    )
    from tthc_cli.render.word.form import Paper

_LEFT, _CENTER, _RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_SMALL, _TEXT = 10, 11
_BLANK = "\u00a0"
"""In an empty cell, or its line would be as high as the text of the paper."""
_ANSWERS = ("dissatisfied", "satisfied", "very_satisfied")
MOST_UNITS = 60
"""Forms 02-ĐGHL in one document; of more units those of the province alone, the workbook has all."""
MOST_LINES = 2_000
"""Lines of form 01-ĐGHL in one document."""
_FILLS = {"head": "DCE6F1", "total": "C5D5E8", "group": "EDF2F8"}


def write_nine(paper: Paper) -> None:
    """Write the annexes, the last of the paper."""
    nine = paper.card.nine
    if nine is not None and nine.province:
        turn(paper.doc, across=True)
        _province(paper, nine)
    if paper.card.both:
        turn(paper.doc, across=True)
        _both(paper)
    if nine is not None and nine.units:
        turn(paper.doc, across=False)
        _units(paper, nine)
    if nine is not None and nine.officials:
        turn(paper.doc, across=True)
        _officials(paper, nine)


def write_faults(paper: Paper, lines: Sequence[FaultLine]) -> None:
    """The table of faults, within the text."""
    heads = [(_words(paper, f"column.{key}"),) for key in ("unit", "check", "told", "due", "state")]
    rows = [
        (line.unit, "\n".join(part for part in (line.source, line.check, line.dossier) if part), line.told,
         formats.day(line.due.date().isoformat(), paper.lang) if line.due else formats.NOTHING, line.state)
        for line in lines
    ]  # fmt: skip
    _table(paper, heads, rows, (3.6, 3.2, 4.0, 2.3, 3.4), left={0, 1, 2, 4}, size=_TEXT)


def _words(paper: Paper, key: str, **fields: object) -> str:
    return say(f"nine.{key}", paper.lang, **fields)


def _table(
    paper: Paper,
    heads: Sequence[tuple[str, ...]],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    left: Collection[int],
    size: int = _SMALL,
    marked: dict[int, str] | None = None,
) -> None:
    """A boxed table. heads: of each column, from the widest heading down to its own; left: columns that are left
    aligned; marked: rows that are sums or headings."""
    depth = depth_of(heads)
    table = paper.doc.add_table(rows=depth + len(rows), cols=len(heads))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    grid(table)
    set_widths(table, widths)
    cells = [row.cells for row in table.rows]
    patterns: dict[tuple[bool, bool], Any] = {}
    for number, values in enumerate(rows):
        fill = (marked or {}).get(number)
        for place, (cell, value) in enumerate(zip(cells[depth + number], values, strict=True)):
            _write(paper, cell, value, size, (fill is not None, place in left), patterns)
            if fill:
                shade(cell, _FILLS[fill])
    for row in cells[:depth]:
        for cell in row:
            shade(cell, _FILLS["head"])
    for head in head_cells(heads):
        cell = cells[head.row][head.column]
        if head.rows > 1 or head.columns > 1:
            cell = cell.merge(cells[head.row + head.rows - 1][head.column + head.columns - 1])
        paper.line(cell, head.text, size - 1, bold=True)
    for row in table.rows[:depth]:
        repeat_heading(row)
    paper.line(paper.doc, "", 6)


def _write(
    paper: Paper, cell: Any, value: str, size: int, style: tuple[bool, bool], patterns: dict[tuple[bool, bool], Any]
) -> None:
    """Write into an empty cell, by copying the first line of the same style (bold, left aligned): many times faster
    than making it anew."""
    bold, left = style
    if style not in patterns:
        patterns[style] = paper.line(cell, value or _BLANK, size, bold=bold, align=_LEFT if left else _CENTER)._p
        return
    line = copy.deepcopy(patterns[style])
    line.r_lst[0].text = value or _BLANK
    cell._tc.replace(cell._tc.p_lst[0], line)


def _head(paper: Paper, form: str, lines: Sequence[str], *, page: bool = False) -> None:
    number = paper.line(paper.doc, _words(paper, f"{form}.number"), _TEXT, italic=True, align=_RIGHT)
    number.paragraph_format.page_break_before = page
    paper.line(paper.doc, _words(paper, f"{form}.title").upper(), 13, bold=True)
    for line in lines:
        paper.line(paper.doc, line, 12, align=_LEFT)


def _period(paper: Paper) -> str:
    days = dict(paper.card.facts)[paper.say("head.window")]
    return _words(paper, "head.period", period=paper.card.period, days=days)


def _sign(paper: Paper) -> None:
    """Places for two names."""
    letterhead = paper.card.letterhead
    table = paper.doc.add_table(rows=1, cols=2)
    table.autofit = False
    across = paper.doc.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    set_widths(table, (10.0, 15.0) if across else (6.5, 10.0))
    left, right = table.rows[0].cells
    paper.line(left, "", 12)
    paper.line(left, paper.say("sign.preparer").upper(), 12, bold=True)
    paper.line(right, paper.say("sign.place_date", place=letterhead.place or "…………"), 12, italic=True)
    paper.line(right, (letterhead.signer_title or paper.say("sign.head")).upper(), 12, bold=True)
    for cell in (left, right):
        paper.line(cell, paper.say("sign.hint"), 12, italic=True)


def _shares(told: Satisfaction | None) -> tuple[str, ...]:
    return (formats.NOTHING,) * 3 if told is None else tuple(share.text for share in told.shares)


def _province(paper: Paper, nine: NineView) -> None:
    _head(paper, "form03", (_period(paper),))
    keys = ("ordinal", "agency", "slips", "total", "grade", "rank", *_ANSWERS)
    column = {key: _words(paper, f"column.{key}") for key in keys}
    criteria, satisfaction = _words(paper, "form03.criteria"), _words(paper, "form03.satisfaction")
    heads = [
        (column["ordinal"],), (column["agency"],), (column["slips"],), *((criteria, n) for n in nine.criteria),
        (column["total"],), (column["grade"],), (column["rank"],), *((satisfaction, column[key]) for key in _ANSWERS),
    ]  # fmt: skip
    rows: list[Sequence[str]] = []
    marked = {}
    number = 0
    for level in nine.province:
        marked[len(rows)] = "group"
        rows.append(["", level.label, *[""] * (len(heads) - 2)])
        for line in level.lines:
            number += 1
            rows.append(_province_row(number, line))
    widths = (1.1, 4.6, 1.4, *(1.0 for _ in nine.criteria), 1.4, 2.3, 1.4, 1.5, 1.4, 1.4)
    _table(paper, heads, rows, widths, left={1}, marked=marked)
    paper.line(paper.doc, _words(paper, "form03.note"), _SMALL, italic=True, align=_LEFT)
    bands = _words(paper, "text.bands", bands="; ".join(nine.bands))
    paper.line(paper.doc, bands, _SMALL, italic=True, align=_LEFT)
    _sign(paper)


def _province_row(number: int, line: ProvinceLine) -> Sequence[str]:
    points = [points.text for points in line.points]
    rest = (line.total.text, line.grade, line.rank.text, *_shares(line.satisfaction))
    return [str(number), line.name, str(line.slips), *points, *rest]


def _both(paper: Paper) -> None:
    paper.line(paper.doc, _words(paper, "section.both").upper(), 13, bold=True)
    paper.line(paper.doc, _period(paper), 12, align=_LEFT)
    own = [_words(paper, f"column.{key}") for key in ("total", "percent", "grade", "rank")]
    laws = [_words(paper, f"column.{key}") for key in ("decision", "nine")]
    heads = [
        (_words(paper, "column.code"),), (_words(paper, "column.unit"),),
        *((law, head) for law in laws for head in own), (_words(paper, "column.places"),),
    ]  # fmt: skip
    rows = [
        (
            line.unit_id, line.name,
            *_standing(line.decision), *_standing(line.nine), line.places.text,
        )
        for line in paper.card.both
    ]  # fmt: skip
    _table(paper, heads, rows, (2.4, 5.6, *(1.7, 1.7, 2.6, 1.5) * 2, 1.8), left={0, 1})
    paper.line(paper.doc, _words(paper, "text.both_note"), _SMALL, italic=True, align=_LEFT)


def _standing(one: Standing) -> tuple[str, ...]:
    return one.total.text, one.percent.text, one.grade, one.rank.text


def _units(paper: Paper, nine: NineView) -> None:
    """Form 02-ĐGHL of each unit, a page each."""
    root = paper.card.root
    shown = nine.units
    if len(shown) > MOST_UNITS:
        shown = tuple(unit for unit in shown if root is not None and unit.unit_id == root.id)
        apart = _words(paper, "text.units_apart", count=formats.plain(len(nine.units) - len(shown), paper.lang))
        paper.line(paper.doc, apart, 12, italic=True, align=_LEFT)
    for place, unit in enumerate(shown):
        _unit(paper, unit, page=place > 0)


def _unit(paper: Paper, unit: UnitPaper, *, page: bool) -> None:
    agency = _words(paper, "head.agency", name=f"{unit.name} ({unit.unit_id})")
    slips = _words(paper, "head.slips", count=formats.plain(unit.slips, paper.lang))
    _head(paper, "form02", (agency, _period(paper), slips), page=page)
    paper.line(paper.doc, _words(paper, "form02.part_1"), 12, bold=True, align=_LEFT)
    heads = [(_words(paper, f"column.{key}"),) for key in ("criterion", "title", "max", "own", "appraised", "note")]
    rows = [
        (line.number, line.title, line.max.text, line.own.text, line.appraised.text, line.note) for line in unit.lines
    ]
    total = _words(paper, "column.total_line")
    grade = _words(paper, "column.grade_line")
    rows.append(("", total, unit.max.text, unit.own.text, unit.total.text, unit.total_note))
    rows.append(("", grade, "", "", "", unit.grade))
    sums = {len(rows) - 2: "total", len(rows) - 1: "total"}
    _table(paper, heads, rows, (1.4, 5.2, 1.7, 1.5, 1.7, 5.0), left={1, 5}, marked=sums)
    paper.line(paper.doc, _words(paper, "form02.part_2"), 12, bold=True, align=_LEFT)
    if unit.satisfaction:
        _answers(paper, unit.satisfaction)
    else:
        paper.line(paper.doc, _words(paper, "form02.no_answers"), 12, align=_LEFT)
    _sign(paper)


def _answers(paper: Paper, told: Sequence[Satisfaction]) -> None:
    heads = [(_words(paper, f"column.{key}"),) for key in ("question", "answered", *_ANSWERS)]
    rows = [
        (
            one.title, formats.plain(one.answered, paper.lang),
            *(
                f"{formats.plain(count, paper.lang)} ({share.text}%)" if one.answered else "0"
                for count, share in zip(one.counts, one.shares, strict=True)
            ),
        )
        for one in told
    ]  # fmt: skip
    _table(paper, heads, rows, (6.3, 1.8, 2.8, 2.8, 2.8), left={0})


def _officials(paper: Paper, nine: NineView) -> None:
    lines, page, apart = 0, False, bool(nine.officials_note)
    for official in nine.officials:
        lines += len(official.lines)
        if page and lines > MOST_LINES:
            apart = True
            continue
        _official(paper, official, page=page)
        page = True
    if apart:
        paper.line(paper.doc, _words(paper, "text.officials_apart"), _TEXT, italic=True, align=_LEFT)


def _official(paper: Paper, official: OfficialPaper, *, page: bool) -> None:
    name = _words(paper, "head.official", name=official.name)
    count = _words(paper, "head.dossiers", count=formats.plain(len(official.lines), paper.lang))
    _head(paper, "form01", (name, _period(paper), count), page=page)
    heads = [
        *((_words(paper, f"column.{key}"),) for key in ("ordinal", "dossier")),
        *((_words(paper, "column.criterion_n", number=c.removeprefix("c")),) for c in DOSSIER_CRITERIA),
        *((_words(paper, f"column.{key}"),) for key in ("official_total", "official_grade", *_ANSWERS)),
    ]
    rows = [_dossier_row(number, line) for number, line in enumerate(official.lines, 1)]
    sums = [[m for line in official.lines if (m := line.marks[at]) is not None] for at in range(len(DOSSIER_CRITERIA))]
    counts = [str(count) for count in official.satisfaction.counts]
    rows.append(["", _words(paper, "form01.sum"), *(str(sum(marks)) for marks in sums), "", "", *counts])
    rows.append(["", _words(paper, "form01.marked"), *(str(len(marks)) for marks in sums), *[""] * 5])
    means = [mean.text for mean in official.means]
    rows.append(["", _words(paper, "form01.mean"), *means, official.total.text, official.grade, "", "", ""])
    rows.append(["", _words(paper, "form01.share"), *[""] * (len(means) + 2), *_shares(official.satisfaction)])
    foot = dict.fromkeys(range(len(rows) - 4, len(rows)), "total")
    _table(paper, heads, rows, (1.0, 4.2, *(1.2 for _ in means), 2.4, 5.4, 1.6, 1.6, 1.6), left={1}, marked=foot)
    paper.line(paper.doc, _words(paper, "form01.note"), _SMALL, italic=True, align=_LEFT)
    _sign(paper)


def _dossier_row(number: int, line: DossierLine) -> list[str]:
    marks = ["" if mark is None else str(mark) for mark in line.marks]
    answers = ["x" if line.answer == place else "" for place in range(3)]
    return [str(number), line.dossier, *marks, "" if line.total is None else str(line.total), line.grade, *answers]
