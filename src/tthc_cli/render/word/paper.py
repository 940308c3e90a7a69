"""The administrative report as a Word document, laid out as Nghị định 30/2020/NĐ-CP (Phụ lục I) asks, for the office
to edit: motto, agency, number, place and date, title, parts I to IV, recipients and signature.

The narrative states stored facts only. Number, date and part IV (what the agency proposes) are left for the office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from tthc_cli.messages import say
from tthc_cli.office.styles import GRADE_FILLS
from tthc_cli.render.formats import plain
from tthc_cli.render.word.charts import BAR, NO_GRADE, RAIL, Series, add_bars
from tthc_cli.render.word.decree import DecreePaper
from tthc_cli.render.word.form import write_form
from tthc_cli.render.word.nine import write_faults, write_nine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.render.view.model import CardView, LevelView, UnitView

_CENTER = WD_ALIGN_PARAGRAPH.CENTER
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
        self.parts()
        return self.saved(f"tthc {self.card.version}", self.card.title, self.card.as_of)

    def parts(self) -> None:
        """Write all parts, in their order."""
        self.head()
        self._title()
        self._overview()
        self._units()
        self._losses()
        self._faults()
        self._proposals()
        self.signature()
        if self.card.form_sections:
            write_form(self, self.small)
        self._appendix()
        write_nine(self)

    def _title(self) -> None:
        gap = self.line(self.doc, self.say("paper.kind"), 14, bold=True)
        gap.paragraph_format.space_before = Pt(18)
        title = self.line(self.doc, self.say(self._of_law("subject"), period=self.card.period), 14, bold=True)
        if self.card.focused:
            names = "; ".join(u.name for u in self.card.selected)
            title = self.line(self.doc, self.say(f"paper.{self._of_whom('of_units')}", names=names), 14, bold=True)
        title.paragraph_format.space_after = Pt(12)
        facts = dict(self.card.facts)
        self.text(self.say(self._of_law("opening"), cite=facts[self.say("head.cite")], period=self.card.period))

    def _of_law(self, key: str) -> str:
        """The key of the words for what the law assesses."""
        return f"paper.{key}" if self.card.nine is None else f"paper.{key}_marks"

    def _of_whom(self, key: str) -> str:
        """The key of the words for those who are assessed."""
        whom = self.card.nine.subjects if self.card.nine else "units"
        return key if whom == "units" else f"{whom}.{key}"

    @property
    def _subjects(self) -> tuple[UnitView, ...]:
        """The units that the paper is about: those asked for, else the province."""
        if self.card.focused:
            return self.card.selected
        return (self.card.root,) if self.card.root else ()

    def _overview(self) -> None:
        self.part(self._of_whom("part_1_unit" if self.card.focused else "part_1"))
        if not self._subjects:
            self.text(self.say(f"paper.{self._of_whom('no_province')}"))
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
        self._groups_chart(unit)
        heads = [self.say(f"column.{key}") for key in ("group", "points", "assessed_max", "max")]
        rows = [[g.head.title, g.points.text, g.counted.text, g.head.max.text] for g in unit.groups]
        self.table(heads, rows, (8.5, 2.5, 3, 2.5), {0})
        line = next((f for f in self.card.form if f.unit_id == unit.id), None)
        if line is not None:
            whole = {part: plain(count, self.lang) for part, count in line.numbers}
            self.text(self.say("paper.dossiers", **whole))

    def _groups_chart(self, unit: UnitView) -> None:
        """Points of the groups out of what counts for the unit."""
        groups = [group for group in unit.groups if group.points.value is not None and group.counted.value]
        if not groups:
            return
        points = [float(group.points.value or 0) for group in groups]
        rest = [float(group.counted.value or 0) - own for group, own in zip(groups, points, strict=True)]
        told = [f"{group.points}/{group.counted}" for group in groups]
        inside = [own >= rest[place] / 2 for place, own in enumerate(points)]  # else the label has no room in its bar
        bars = (
            Series(self.say("column.points"), points, [t if i else "" for t, i in zip(told, inside, strict=True)], BAR),
            Series(self.say("column.lost"), rest, ["" if i else t for t, i in zip(told, inside, strict=True)], RAIL),
        )
        title = self.say("paper.groups_chart", name=unit.name)
        add_bars(self.doc, title, [group.head.title for group in groups], bars, self.card.as_of)

    def _grades_chart(self, levels: Sequence[LevelView]) -> None:
        """How many units of each level have each grade."""
        shown = [level for level in levels if any(count for _, count in level.grade_counts)]
        if not shown:
            return
        fills = [*GRADE_FILLS, NO_GRADE]
        names = [*(grade.label for grade, _ in shown[0].grade_counts), self.card.ungraded_label]
        counts = [[*(count for _, count in level.grade_counts), level.ungraded] for level in shown]
        bars = [
            Series(
                name,
                [own[place] for own in counts],
                [plain(own[place], self.lang) if own[place] else "" for own in counts],
                fills[min(place, len(fills) - 2)] if place < len(names) - 1 else NO_GRADE,
            )
            for place, name in enumerate(names)
            if any(own[place] for own in counts)
        ]
        words = [f"{level.label} ({plain(len(level.units), self.lang)})" for level in shown]
        add_bars(self.doc, self.say("paper.grades_chart"), words, bars, self.card.as_of, shares=True)

    def _units(self) -> None:
        """The rankings of the levels: of the units asked for only their own, if the paper is about units."""
        self.part(self._of_whom("part_2_unit" if self.card.focused else "part_2"))
        levels = [
            level
            for level in self.card.levels
            if (self.card.root is None or level.units != (self.card.root,)) and any(u.totalled for u in level.units)
        ]
        own = [level for level in levels if any(u in level.units for u in self._subjects)]
        if not self.card.focused:
            self._grades_chart(levels)
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
        text = self.say(
            f"paper.{self._of_whom('level')}", level=level.label, count=len(level.units), spread=spread or "–"
        )
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
        self._against_before(level, chosen)

    def _against_before(self, level: LevelView, chosen: set[int]) -> None:
        """The units of a level beside the period before; nothing where none of them was scored then."""
        changes = [unit.change for unit in level.units]
        told = next((c for c in changes if c and c.percent_before.value is not None), None)
        if told is None:
            return
        title = self.line(
            self.doc, self.say("paper.against", level=level.label, period=told.period), self.small, bold=True
        )
        title.paragraph_format.keep_with_next = True
        heads = [
            self.say(f"paper.{key}") for key in ("unit", "score_then", "score_now", "change_head", "grades", "ranks")
        ]
        rows = []
        for unit in level.units:
            then = unit.change
            if then is None or then.percent_before.value is None:
                rows.append([unit.name, "–", unit.percent.text, "–", _grade(unit), unit.rank.text])
                continue
            grades, ranks = (
                _moved(then.grade_before, unit.grade_label) + _mark(unit),
                _moved(then.rank_before.text, unit.rank.text),
            )
            rows.append([unit.name, then.percent_before.text, unit.percent.text, then.points.text, grades, ranks])
        self.table(heads, rows, (5.6, 1.8, 1.8, 1.9, 3.7, 1.7), {0, 4}, chosen)

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


def _moved(before: str, now: str) -> str:
    return now if before == now else f"{before} → {now}"


def _grade(unit: UnitView) -> str:
    return unit.grade_label + _mark(unit)


def _mark(unit: UnitView) -> str:
    return "*" if unit.provisional and unit.grade else ""
