"""The administrative report as a Word document, laid out as Nghị định 30/2020/NĐ-CP (Phụ lục I) asks, for the office
to edit: motto, agency, number, place and date, title, parts I to IV, recipients and signature.

The narrative states stored facts only. Number, date and part IV (what the agency proposes) are left for the office.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times
from tthc_cli.render.formats import plain
from tthc_cli.render.word.form import write_form
from tthc_cli.render.word.parts import (
    add_line,
    bottom_line,
    decree_page,
    drop_old_styles,
    grid,
    repeat_heading,
    set_widths,
    shade,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import CardView, LevelView, UnitView

_SMALL = 12
_CENTER, _JUSTIFY, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
_MOST_LOSSES = 5
"""Indicators of a unit that part III tells in words; the workbook and the page list them all."""
_HUNDRED = 100
"""Out of so many points a total needs no second number on 100."""


def report_bytes(card: CardView) -> bytes:
    """Write the report."""
    return Paper(card).write()


class Paper:
    """The report being written."""

    def __init__(self, card: CardView) -> None:
        self.card = card
        self.lang: Lang = "vi" if card.lang == "vi" else "en"
        self.doc: Any = Document()

    def say(self, key: str, **fields: object) -> str:
        return say(f"render.{key}", self.lang, **fields)

    def write(self) -> bytes:
        decree_page(self.doc)
        self.parts()
        properties = self.doc.core_properties
        moment = datetime.fromisoformat(self.card.as_of)
        properties.author, properties.title = f"tthc {self.card.version}", self.card.title
        properties.created = properties.modified = moment
        properties.language = self.lang
        properties.comments = ""
        drop_old_styles(self.doc)
        stream = io.BytesIO()
        self.doc.save(stream)
        return fixed_times(stream.getvalue(), self.card.as_of)

    def parts(self) -> None:
        """Write all parts, in their order."""
        self._head()
        self._title()
        self._overview()
        self._units()
        self._losses()
        self._proposals()
        self._signature()
        if self.card.form_sections:
            write_form(self, _SMALL)
        self._appendix()

    def line(
        self, place: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, align: Any = _CENTER
    ) -> Any:
        return add_line(place, text, size, bold=bold, italic=italic, align=align)

    def _head(self) -> None:
        letterhead = self.card.letterhead
        table = self.doc.add_table(rows=2, cols=2)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        set_widths(table, (6.2, 10.3))
        left, right = table.rows[0].cells
        if letterhead.superior:
            self.line(left, letterhead.superior.upper(), 13)
        agency = (letterhead.agency or self.card.province).upper()
        bottom_line(self.line(left, agency, 13, bold=True), Cm(1.8))
        self.line(right, self.say("paper.state"), 13, bold=True)
        bottom_line(self.line(right, self.say("paper.motto"), 14, bold=True), Cm(2.2))
        left, right = table.rows[1].cells
        self.line(left, self.say("paper.number"), 13)
        place = letterhead.place or "…………"
        self.line(right, self.say("sign.place_date", place=place), 14, italic=True)

    def _title(self) -> None:
        gap = self.line(self.doc, self.say("paper.kind"), 14, bold=True)
        gap.paragraph_format.space_before = Pt(18)
        title = self.line(self.doc, self.say("paper.subject", period=self.card.period), 14, bold=True)
        if self.card.focused:
            names = "; ".join(u.name for u in self.card.selected)
            title = self.line(self.doc, self.say("paper.of_units", names=names), 14, bold=True)
        title.paragraph_format.space_after = Pt(12)
        facts = dict(self.card.facts)
        self._text(self.say("paper.opening", cite=facts[self.say("head.cite")], period=self.card.period))

    def _text(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        paragraph = self.doc.add_paragraph()
        paragraph.alignment = _JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(1.27)
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic

    def _part(self, key: str) -> None:
        self._text(self.say(f"paper.{key}"), bold=True)
        self.doc.paragraphs[-1].paragraph_format.keep_with_next = True

    def _table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        text: set[int],
        marked: Collection[int] = (),
    ) -> None:
        """A boxed table whose heading is repeated on every page; columns in `text` are left aligned, rows in `marked`
        are bold on yellow."""
        table = self.doc.add_table(rows=1, cols=len(heads))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        grid(table)
        repeat_heading(table.rows[0])
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            shade(cell, "DCE6F1")
            self.line(cell, head, _SMALL, bold=True)
        for number, values in enumerate(rows):
            for index, (cell, value) in enumerate(zip(table.add_row().cells, values, strict=True)):
                align = WD_ALIGN_PARAGRAPH.LEFT if index in text else _RIGHT
                self.line(cell, value, _SMALL, align=align, bold=number in marked)
                if number in marked:
                    shade(cell, "FFF6CC")
        set_widths(table, widths)
        self.line(self.doc, "", 6)

    @property
    def _subjects(self) -> tuple[UnitView, ...]:
        """The units that the paper is about: those asked for, else the province."""
        if self.card.focused:
            return self.card.selected
        return (self.card.root,) if self.card.root else ()

    def _overview(self) -> None:
        self._part("part_1_unit" if self.card.focused else "part_1")
        if not self._subjects:
            self._text(self.say("paper.no_province"))
        if self.card.standing:
            self._text(self.card.standing, bold=True)
        for unit in self._subjects:
            self._result(unit)

    def _result(self, unit: UnitView) -> None:
        scored = "result" if unit.assessed_max.value == _HUNDRED else "result_on_100"
        key = "no_result" if unit.total.value is None else scored
        if key != "no_result" and unit.ungraded_text:
            key = "result_ungraded"
        facts = self.say(
            f"paper.{key}",
            name=unit.name, total=unit.total, max=unit.assessed_max, percent=unit.percent, grade=unit.grade_label,
            why=unit.ungraded_text,
        )  # fmt: skip
        if self.card.focused and unit.rank.value is not None:
            facts += " " + self.say("paper.place", rank=unit.rank_text, level=unit.level_label)
        if unit.provisional_text:
            facts += f" {unit.provisional_text}."
        if unit.change and unit.change.points.value is not None:
            facts += " " + self.say("paper.change", period=unit.change.period, points=unit.change.points)
        self._text(facts)
        heads = [self.say(f"column.{key}") for key in ("group", "points", "assessed_max", "max")]
        rows = [[g.head.title, g.points.text, g.counted.text, g.head.max.text] for g in unit.groups]
        self._table(heads, rows, (8.5, 2.5, 3, 2.5), {0})
        line = next((f for f in self.card.form if f.unit_id == unit.id), None)
        if line is not None:
            whole = {part: plain(count, self.lang) for part, count in line.numbers}
            self._text(self.say("paper.dossiers", **whole))

    def _units(self) -> None:
        """The rankings of the levels: of the units asked for only their own, if the paper is about units."""
        self._part("part_2_unit" if self.card.focused else "part_2")
        levels = [
            level
            for level in self.card.levels
            if (self.card.root is None or level.units != (self.card.root,)) and any(u.totalled for u in level.units)
        ]
        own = [level for level in levels if any(u in level.units for u in self._subjects)]
        for level in own if self.card.focused and own else levels:
            self._level(level)
        if self.card.unmatched and not self.card.focused:
            dossiers = sum(int(u.dossiers.value or 0) for u in self.card.unmatched)
            counts = {"dossiers": plain(dossiers, self.lang), "names": plain(len(self.card.unmatched), self.lang)}
            self._text(self.say("paper.unmatched", **counts))

    def _level(self, level: LevelView) -> None:
        counts = [(grade.label, count) for grade, count in level.grade_counts]
        counts.append((self.card.ungraded_label, sum(bool(u.ungraded_text) for u in level.units)))
        spread = ", ".join(f"{label} {count}" for label, count in counts if count)
        ranked = [u for u in level.units if u.rank.value is not None]
        text = self.say("paper.level", level=level.label, count=len(level.units), spread=spread or "–")
        if len(ranked) > 1:
            first, last = ranked[0], ranked[-1]
            text += " " + self.say(
                "paper.best_and_worst", best=first.name, best_points=first.percent, worst=last.name,
                worst_points=last.percent,
            )  # fmt: skip
        self._text(text)
        heads = [self.say(f"short.{key}") for key in ("rank", "unit", "total", "assessed_max", "percent", "grade")]
        rows = [
            [u.rank.text, u.name, u.total.text, u.assessed_max.text, u.percent.text, _grade(u)] for u in level.units
        ]
        chosen = {i for i, u in enumerate(level.units) if self.card.focused and u in self.card.selected}
        self._table(heads, rows, (1.8, 5.8, 1.9, 2.0, 1.9, 3.1), {1, 5}, chosen)
        if any(u.provisional and u.grade for u in level.units):
            self._text(self.say("paper.provisional"), italic=True)

    def _losses(self) -> None:
        self._part("part_3")
        for unit in self._subjects:
            self._losses_of(unit)
        missing = self.card.missing_here if self.card.focused else self.card.missing
        for line in missing:
            self._text(self.say("paper.missing", id=line.head.id, title=line.head.title, units=line.who))
        if not missing:
            self._text(self.say("text.nothing_missing"))

    def _losses_of(self, unit: UnitView) -> None:
        if len(unit.losses) > _MOST_LOSSES:
            self._text(self.say("paper.most_losses", name=unit.name, all=len(unit.losses), shown=_MOST_LOSSES))
        elif len(self._subjects) > 1:
            self._text(f"{unit.name}:")
        for cell in unit.losses[:_MOST_LOSSES]:
            reasons = "; ".join(f"{r.text} ({r.count})" for r in cell.loss_reasons)
            key = "paper.loss" if cell.denominator.value else "paper.loss_empty"
            self._text(
                self.say(
                    key,
                    id=cell.head.id,
                    title=cell.head.title,
                    lost=cell.lost,
                    max=cell.max,
                    ratio=cell.ratio,
                    numerator=cell.numerator,
                    denominator=cell.denominator,
                )
                + (f" {self.say('paper.reasons', reasons=reasons)}" if reasons else "")
            )

    def _proposals(self) -> None:
        self._part("part_4")
        self._text(self.say("paper.proposals"), italic=True)
        self._text(self.say("paper.closing"))

    def _signature(self) -> None:
        letterhead = self.card.letterhead
        table = self.doc.add_table(rows=1, cols=2)
        left, right = table.rows[0].cells
        self.line(left, self.say("paper.recipients"), 12, bold=True, italic=True, align=WD_ALIGN_PARAGRAPH.LEFT)
        for key in ("recipient_above", "recipient_file"):
            self.line(left, self.say(f"paper.{key}"), 11, align=WD_ALIGN_PARAGRAPH.LEFT)
        title = letterhead.signer_title or self.say("sign.head")
        self.line(right, title.upper(), 14, bold=True)
        name = self.line(right, letterhead.signer_name or " ", 14, bold=True)
        name.paragraph_format.space_before = Pt(60)

    def _appendix(self) -> None:
        number = "II" if self.card.form_sections else "I"
        title = self.line(self.doc, self.say("paper.appendix", number=number), 14, bold=True)
        title.paragraph_format.page_break_before = not self.card.form_sections
        heads = [self.say("paper.item"), self.say("paper.content")]
        self._table(heads, [[label, value] for label, value in self.card.facts], (5, 11.5), {0, 1})
        heads = [self.say(f"column.{key}") for key in ("code", "component", "max", "rule")]
        rows = [[c.id, c.title, "" if c.analysis else c.max.text, c.rule] for c in self.card.components]
        self._table(heads, rows, (1.8, 6.8, 2.9, 5.0), {0, 1, 3})
        if self.card.notes:
            self._text(self.say("section.notes"), bold=True)
        for note in self.card.notes:
            self._text(f"- {note}")


def _grade(unit: UnitView) -> str:
    return unit.grade_label + ("*" if unit.provisional and unit.grade else "")
