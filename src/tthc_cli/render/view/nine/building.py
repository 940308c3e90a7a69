"""The forms of the nine criteria from a stored score; nothing is computed but sums and shares of what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from functools import cached_property, partial

from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.render.view.model import Cell, LevelView, UnitView
from tthc_cli.render.view.nine import model
from tthc_cli.render.view.nine.officials import Officials
from tthc_cli.render.view.nine.wording import NineWording, number_of
from tthc_cli.results.beside import AnswerCount, Fault
from tthc_cli.results.nine.papers import Papers
from tthc_cli.results.scorecard import COUNTED, ReasonCount
from tthc_cli.results.self_marks import SelfScore, self_score

NINE_CRITERIA = "nine-criteria"
_KINDS = ("finding", "slip", "data")


class Nine(NineWording):
    """Puts a score of the nine criteria into the words of its forms."""

    def view(
        self,
        levels: Sequence[LevelView],
        selected: Sequence[UnitView],
        papers: Papers,
    ) -> model.NineView | None:
        """What a report adds; None for one of another law."""
        if self.card.rulebook.evaluation != NINE_CRITERIA:
            return None
        of_units = self.card.subjects == "units"
        answers = self._answers()
        chosen = {unit.id for unit in selected}
        whole = len(chosen) == len(self.card.units)
        return model.NineView(
            subjects=self.card.subjects,
            units=tuple(self._unit(unit, answers[unit.id]) for unit in selected) if of_units else (),
            province=tuple(self._level(level, answers) for level in levels) if of_units else (),
            officials=Officials(self.card, self.lang).papers(selected, papers.taken),
            officials_note=self._left_out(papers),
            faults=tuple(self._fault(f) for f in self.card.beside.faults if whole or f.unit in chosen),
            faults_told=of_units,
            criteria=tuple(number_of(c.id) for c in self.card.rulebook.components),
            bands=tuple(
                self.words("text.band", grade=self.both(g.label_vi, g.label_en), lower=self.mark(g.lower))
                for g in self.card.rulebook.grades
            ),
        )

    def _left_out(self, papers: Papers) -> str:
        if papers.missing is not None:
            return self.words("text.officials_outdated", why=papers.missing.message(self.lang))
        return self.words("text.officials_left_out", count=self.plain(papers.left_out)) if papers.left_out else ""

    def _answers(self) -> dict[str, list[AnswerCount]]:
        """By unit, the questions of satisfaction that somebody in the province answered."""
        found: dict[str, list[AnswerCount]] = defaultdict(list)
        for one in self.card.beside.answers:
            if one.question in self._asked:
                found[clean(one.unit)].append(one)
        for told in found.values():
            told.sort(key=lambda one: model.QUESTIONS.index(one.question))
        return found

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        answered = {
            one.question for one in self.card.beside.answers if one.unsatisfied or one.satisfied or one.very_satisfied
        }
        return tuple(question for question in model.QUESTIONS if question in answered)

    @property
    def _whole(self) -> str:
        """The question that stands for all: of the whole, as asked beside the criteria, else on its own."""
        return next((question for question in model.WHOLE if question in self._asked), model.WHOLE[0])

    def _unit(self, unit: UnitView, answers: Sequence[AnswerCount]) -> model.UnitPaper:
        own = self_score(self.card, unit.id) if unit.id in self._marked else None
        return model.UnitPaper(
            unit_id=unit.id,
            name=unit.name,
            slips=self._slips.get(unit.id, 0),
            lines=tuple(self._line(unit, cell, own) for cell in unit.cells),
            max=self.plain(sum((Fraction(c.max.value or 0) for c in unit.cells), Fraction(0))),
            own=self.mark(own.total if own else None),
            total=self.mark(unit.total.value),
            total_note=unit.ungraded_text or unit.provisional_text,
            grade=unit.grade_label,
            graded=unit.grade is not None,
            satisfaction=tuple(map(self._satisfied, answers)),
            whole=self._whole,
        )

    def _satisfied(self, told: AnswerCount) -> model.Satisfaction:
        return self.satisfaction(told.question, (told.unsatisfied, told.satisfied, told.very_satisfied))

    def _sources(self, unit: UnitView, cell: Cell) -> list[str]:
        """Where a mark is from: of dossiers how many by slips and how many by what they and the log tell."""
        if cell.points.value is None or cell.basis not in COUNTED:
            return [cell.status_label if cell.points.value is None else cell.basis_label]
        counted = self._counted.get((unit.id, cell.head.id), [])
        if cell.head.id not in model.DOSSIER_CRITERIA or cell.head.id == "c6":
            return [cell.basis_label]
        found = {kind: sum(r.count for r in counted if _kind(r.reason) == kind) for kind in _KINDS}
        return [self.words(f"text.from_{kind}", count=self.plain(count)) for kind, count in found.items() if count]

    @cached_property
    def _marked(self) -> frozenset[str]:
        """Units that marked themselves."""
        return frozenset(mark.unit for mark in self.card.self_marks)

    @cached_property
    def _slips(self) -> dict[str, int]:
        return {clean(one.unit): one.slips for one in self.card.beside.answers}

    @cached_property
    def _counted(self) -> dict[tuple[str, str], list[ReasonCount]]:
        found: dict[tuple[str, str], list[ReasonCount]] = defaultdict(list)
        for r in self.card.reasons:
            if r.in_denominator:
                found[clean(r.unit), r.component].append(r)
        return found

    def _line(self, unit: UnitView, cell: Cell, own: SelfScore | None) -> model.CriterionLine:
        mine = own.points.get(cell.head.id) if own else None
        notes = [*self._sources(unit, cell), cell.note]
        if own and cell.head.id in own.reasons:
            notes.append(self.words("text.why", reason=clean(own.reasons[cell.head.id])))
        if own and cell.head.id in own.unexplained:
            notes.append(self.words("text.unexplained"))
        return model.CriterionLine(
            id=cell.head.id,
            number=number_of(cell.head.id),
            title=cell.head.title,
            max=cell.max,
            own=self.mark(mine),
            appraised=self.mark(cell.points.value),
            note="; ".join(dict.fromkeys(note for note in notes if note)),
        )

    def _level(self, level: LevelView, answers: dict[str, list[AnswerCount]]) -> model.ProvinceLevel:
        lines = []
        for unit in level.units:
            told = answers[unit.id]
            points = {cell.head.id: cell.points.value for cell in unit.cells}
            whole = next((one for one in told if one.question == self._whole), None)
            lines.append(
                model.ProvinceLine(
                    unit_id=unit.id,
                    name=unit.name,
                    slips=self._slips.get(unit.id, 0),
                    points=tuple(self.mark(points.get(c.id)) for c in self.card.rulebook.components),
                    total=self.mark(unit.total.value),
                    grade=unit.grade_label,
                    graded=unit.grade is not None,
                    rank=unit.rank,
                    satisfaction=None if whole is None else self._satisfied(whole),
                )
            )
        return model.ProvinceLevel(level.label, tuple(lines))

    def _fault(self, fault: Fault) -> model.FaultLine:
        day = partial(formats.day, lang=self.lang)
        state = self.words(f"state.{fault.state}", day=day(fault.done) if fault.done else "")
        typed = fault.source == "typed"
        check = self.words("text.criterion", number=number_of(fault.check)) if typed else clean(fault.check)
        return model.FaultLine(
            unit_id=clean(fault.unit),
            unit=self.names.get(fault.unit, clean(fault.unit)),
            source=self.words("source.typed") if typed else self.words("source.finding", code=clean(fault.code)),
            check=check,
            dossier=clean(fault.dossier),
            told=clean(fault.told),
            found=_moment(fault.found),
            due=_moment(fault.due),
            state=". ".join(part for part in (state, clean(fault.answer)) if part),
        )


def _kind(reason: str) -> str:
    """Whose word a mark is, by the key of its reason."""
    return next((kind for kind in _KINDS if reason.startswith(f"{kind}_")), "data")


def _moment(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
