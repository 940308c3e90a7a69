"""Form 01-ĐGHL: the dossiers of an official, a line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tthc_cli.render.text import clean
from tthc_cli.render.view.model import UnitView
from tthc_cli.render.view.nine.model import DOSSIER_CRITERIA, SUMMED, WHOLE, DossierLine, OfficialPaper
from tthc_cli.render.view.nine.wording import NineWording
from tthc_cli.results.grading import full_marks, grade_of
from tthc_cli.results.nine.taken import TakenDossier
from tthc_cli.results.rounding import half_up

_MOST = 2


class Officials(NineWording):
    """Puts the dossiers of officials into the words of their form."""

    def papers(self, selected: Sequence[UnitView], taken: Sequence[TakenDossier]) -> tuple[OfficialPaper, ...]:
        """A form for each of those selected who has dossiers."""
        held: dict[str, list[TakenDossier]] = defaultdict(list)
        for one in taken:
            held[one.subject].append(one)
        known = {unit.id: unit for unit in selected}
        return tuple(self._paper(known[clean(subject)], held[subject]) for subject in held if clean(subject) in known)

    def _paper(self, unit: UnitView, taken: Sequence[TakenDossier]) -> OfficialPaper:
        cells = {cell.head.id: cell for cell in unit.cells}
        columns = [[one.marks[c] for one in taken if c in one.marks] for c in DOSSIER_CRITERIA]
        means = [half_up(Fraction(sum(marks), len(marks)), 1) if marks else None for marks in columns]
        stored = [
            cells[c].points.value if c in cells else mean for c, mean in zip(DOSSIER_CRITERIA, means, strict=True)
        ]
        counts = tuple(sum(one.answer == answer for one in taken) for answer in range(3))
        return OfficialPaper(
            unit_id=unit.id,
            name=unit.name,
            parent=unit.parent,
            lines=tuple(map(self._line, taken)),
            means=tuple(map(self.mark, stored)),
            from_lines=tuple(a == b for a, b in zip(stored, means, strict=True)),
            total=self.mark(unit.total.value),
            grade=unit.grade_label,
            graded=unit.grade is not None,
            satisfaction=self.satisfaction(WHOLE[0], (counts[0], counts[1], counts[2])),
        )

    def _line(self, one: TakenDossier) -> DossierLine:
        added = [one.marks[c] for c in SUMMED if c in one.marks]
        total = sum(added) if added else None
        return DossierLine(
            dossier=clean(one.dossier),
            marks=tuple(one.marks.get(c) for c in DOSSIER_CRITERIA),
            total=total,
            grade=self._grade(total, len(added)),
            answer=one.answer,
        )

    def _grade(self, total: int | None, marks: int) -> str:
        """By the bands that grade the official; where too few criteria have a mark, none."""
        book = self.card.rulebook
        enough = marks * _MOST * 100 >= self.card.grade_from * full_marks(book)
        if total is None or not enough or self.card.subjects in book.ungraded:
            return ""
        key = grade_of(Decimal(total), book)
        band = book.grade(key)
        return self.both(band.label_vi, band.label_en)
