"""A unit's self-assessment as a Word document: what it gives itself, with the evidence, and who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from tthc_cli.messages import say
from tthc_cli.render.word.paper import Paper
from tthc_cli.render.word.parts import set_widths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.render.view.model import CardView, Cell, UnitView

_WIDTHS = (1.2, 5.3, 1.5, 1.7, 1.7, 1.8, 3.5)
_HEADS = ("code", "component", "max", "numerator", "denominator", "points", "evidence")
_TEXT = {0, 1, 6}


def self_assessment_bytes(card: CardView, told: Sequence[str]) -> bytes:
    """The paper of the selected unit. told: lines on the window and the day on which it is due."""
    return _SelfPaper(card, told).write()


class _SelfPaper(Paper):
    """The paper being written."""

    def __init__(self, card: CardView, told: Sequence[str]) -> None:
        super().__init__(card)
        self.told = told

    def parts(self) -> None:
        (unit,) = self.card.selected
        self.head()
        title = self.line(self.doc, self.card.title.upper(), 14, bold=True)
        title.paragraph_format.space_before = Pt(18)
        named = self.line(self.doc, f"{unit.name} ({unit.id}), {self.card.period}", 14, bold=True)
        named.paragraph_format.space_after = Pt(12)
        for line in self.told:
            self.text(line)
        self._figures(unit)
        self._outcome(unit)
        self._signed()

    def _figures(self, unit: UnitView) -> None:
        rows: list[list[str]] = []
        groups = set()
        for group in unit.groups:
            groups.add(len(rows))
            rows.append([group.head.id, group.head.title, group.head.max.text, "", "", group.points.text, ""])
            rows += [self._row(cell) for cell in group.cells if not cell.head.analysis]
        heads = [say(f"selfassess.column.{key}", self.lang) for key in _HEADS]
        self.table(heads, rows, _WIDTHS, _TEXT, groups)

    def _row(self, cell: Cell) -> list[str]:
        told = cell.note if cell.basis in ("typed", "override") and cell.note else cell.remarks
        evidence = told or say("selfassess.counted", self.lang)
        points = cell.points.text if cell.status == "scored" else ""
        return [
            cell.head.id, cell.head.title, cell.max.text, cell.numerator.text, cell.denominator.text, points, evidence,
        ]  # fmt: skip

    def _outcome(self, unit: UnitView) -> None:
        facts = {"total": unit.total.text, "max": unit.assessed_max.text, "percent": unit.percent.text}
        graded = "outcome" if unit.grade else "outcome_ungraded"
        key = graded if unit.total.value is not None else "no_outcome"
        grade = unit.grade_label if unit.grade else unit.ungraded_text.rstrip(".")
        self.text(say(f"selfassess.{key}", self.lang, **facts, grade=grade))
        for line in (unit.provisional_text, say("selfassess.promise", self.lang)):
            if line:
                self.text(line.rstrip(".") + ".")

    def _signed(self) -> None:
        letterhead = self.card.letterhead
        table = self.doc.add_table(rows=1, cols=2)
        set_widths(table, (8.25, 8.25))
        left, right = table.rows[0].cells
        title = letterhead.signer_title or self.say("sign.head")
        for cell, head in ((left, self.say("sign.preparer")), (right, title)):
            self.line(cell, head.upper(), 14, bold=True)
            self.line(cell, self.say("sign.hint"), 12, italic=True, align=WD_ALIGN_PARAGRAPH.CENTER)
        self.line(right, letterhead.signer_name or " ", 14, bold=True).paragraph_format.space_before = Pt(60)
