"""The administrative report as a Word document, laid out as Nghị định 30/2020/NĐ-CP (Phụ lục I) asks, for the office
to edit: motto, agency, number, place and date, title, parts I to IV, recipients and signature.

The narrative states stored facts only. Number, date and part IV (what the agency proposes) are left for the office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from tthc_cli.messages import say
from tthc_cli.render.formats import plain
from tthc_cli.render.word.decree import DecreePaper
from tthc_cli.render.word.form import write_form
from tthc_cli.render.word.nine import write_faults, write_nine

if TYPE_CHECKING:
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


class Paper(DecreePaper):
    """The report being written."""

    def __init__(self, card: CardView) -> None:
        super().__init__("vi" if card.lang == "vi" else "en", card.letterhead, card.province)
        self.card = card

    def write(self) -> bytes:
        self.head()
        self._title()
        self._overview()
        self._units()
        self._losses()
        self._faults()
        self._proposals()
        self.signature()
        if self.card.form_sections:
            write_form(self, _SMALL)
        self._appendix()
        write_nine(self)
        return self.saved(f"tthc {self.card.version}", self.card.title, self.card.as_of)

    def _title(self) -> None:
        gap = self.line(self.doc, self.say("paper.kind"), 14, bold=True)
        gap.paragraph_format.space_before = Pt(18)
        title = self.line(self.doc, self.say("paper.subject", period=self.card.period), 14, bold=True)
        if self.card.focused:
            names = "; ".join(u.name for u in self.card.selected)
            title = self.line(self.doc, self.say("paper.of_units", names=names), 14, bold=True)
        title.paragraph_format.space_after = Pt(12)
        facts = dict(self.card.facts)
        self.text(self.say("paper.opening", cite=facts[self.say("head.cite")], period=self.card.period))

    @property
    def _subjects(self) -> tuple[UnitView, ...]:
        """The units that the paper is about: those asked for, else the province."""
        if self.card.focused:
            return self.card.selected
        return (self.card.root,) if self.card.root else ()

    def _overview(self) -> None:
        self.part("part_1_unit" if self.card.focused else "part_1")
        if not self._subjects:
            self.text(self.say("paper.no_province"))
        if self.card.told_standing:
            self.text(self.card.told_standing, bold=True)
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
        self.text(facts)
        heads = [self.say(f"column.{key}") for key in ("group", "points", "assessed_max", "max")]
        rows = [[g.head.title, g.points.text, g.counted.text, g.head.max.text] for g in unit.groups]
        self.table(heads, rows, (8.5, 2.5, 3, 2.5), {0})
        line = next((f for f in self.card.form if f.unit_id == unit.id), None)
        if line is not None:
            whole = {part: plain(count, self.lang) for part, count in line.numbers}
            self.text(self.say("paper.dossiers", **whole))

    def _units(self) -> None:
        """The rankings of the levels: of the units asked for only their own, if the paper is about units."""
        self.part("part_2_unit" if self.card.focused else "part_2")
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
            self.text(self.say("paper.unmatched", **counts))

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
        self.text(text)
        heads = [self.say(f"short.{key}") for key in ("rank", "unit", "total", "assessed_max", "percent", "grade")]
        rows = [
            [u.rank.text, u.name, u.total.text, u.assessed_max.text, u.percent.text, _grade(u)] for u in level.units
        ]
        chosen = {i for i, u in enumerate(level.units) if self.card.focused and u in self.card.selected}
        self.table(heads, rows, (1.8, 5.8, 1.9, 2.0, 1.9, 3.1), {1, 5}, chosen)
        if any(u.provisional and u.grade for u in level.units):
            self.text(self.say("paper.provisional"), italic=True)

    def _losses(self) -> None:
        self.part("part_3")
        for unit in self._subjects:
            self._losses_of(unit)
        missing = self.card.missing_here if self.card.focused else self.card.missing
        for line in missing:
            self.text(self.say("paper.missing", id=line.head.id, title=line.head.title, units=line.who))
        if not missing:
            self.text(self.say("text.nothing_missing"))

    def _losses_of(self, unit: UnitView) -> None:
        if len(unit.losses) > _MOST_LOSSES:
            self.text(self.say("paper.most_losses", name=unit.name, all=len(unit.losses), shown=_MOST_LOSSES))
        elif len(self._subjects) > 1:
            self.text(f"{unit.name}:")
        for cell in unit.losses[:_MOST_LOSSES]:
            reasons = "; ".join(f"{r.text} ({r.count})" for r in cell.loss_reasons)
            key = "paper.loss" if cell.denominator.value else "paper.loss_empty"
            self.text(
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

    def _faults(self) -> None:
        """What was done about the faults of the period before; of a report by the nine criteria alone."""
        nine = self.card.nine
        if nine is None or not nine.faults_told:
            return
        self.text(say("nine.section.faults", self.lang), bold=True)
        self.doc.paragraphs[-1].paragraph_format.keep_with_next = True
        self.text(say(f"nine.text.{'faults_cite' if nine.faults else 'no_faults'}", self.lang))
        if nine.faults:
            write_faults(self, nine.faults)

    def _proposals(self) -> None:
        self.part("part_4")
        self.text(self.say("paper.proposals"))
        self.text(self.say("paper.closing"))

    def _appendix(self) -> None:
        number = "II" if self.card.form_sections else "I"
        title = self.line(self.doc, self.say("paper.appendix", number=number), 14, bold=True)
        title.paragraph_format.page_break_before = not self.card.form_sections
        heads = [self.say("paper.item"), self.say("paper.content")]
        self.table(heads, [[label, value] for label, value in self.card.facts], (5, 11.5), {0, 1})
        heads = [self.say(f"column.{key}") for key in ("code", "component", "max", "rule")]
        rows = [[c.id, c.title, "" if c.analysis else c.max.text, c.rule] for c in self.card.components]
        self.table(heads, rows, (1.8, 6.8, 2.9, 5.0), {0, 1, 3})
        if self.card.told:
            self.text(self.say("section.notes"), bold=True)
            self.doc.paragraphs[-1].paragraph_format.keep_with_next = True
        for note in self.card.told:
            self.text(f"- {note}")


def _grade(unit: UnitView) -> str:
    return unit.grade_label + ("*" if unit.provisional and unit.grade else "")
