"""The subjects other than dossiers that lost points: procedures announced, petitions, units, procedures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from tthc_cli import schema
from tthc_cli.errors import RowPlace
from tthc_cli.facts.codes import DAY
from tthc_cli.indicators.qd766 import announcements
from tthc_cli.indicators.qd766 import copies as judging_copies
from tthc_cli.indicators.qd766 import petitions as judging_petitions
from tthc_cli.indicators.qd766.procedures import PROCEDURE_INDICATORS
from tthc_cli.results.scorecard import LostDossier
from tthc_cli.scoring.score_period import Scored
from tthc_cli.statements.dossier_rows import iso_times
from tthc_cli.verdicts import Codes, Reason


class LostSubjects:
    """Lists, for a unit with all below it, what is in a component's denominator and not in its numerator."""

    def __init__(self, scored: Scored) -> None:
        self.run = scored.run
        self.counts = scored.counts
        self.tree = scored.tree
        self.paths = {s.id: s.path for s in scored.run.warehouse.sources}

    def of(self, unit: int, component_id: str) -> Iterator[LostDossier]:
        """The subjects of one component that is not counted in dossiers."""
        if component_id in ("1.1", "1.2"):
            yield from self.decisions(component_id, unit)
        elif component_id in ("5.1", "5.2"):
            yield from self.petitions(component_id, self.subtree(unit))
        elif component_id == "4.3":
            yield from self.copies(self.subtree(unit))
        else:
            yield from self.procedures(component_id, unit)

    def subtree(self, unit: int) -> frozenset[int]:
        found = {unit}
        for other in reversed(self.tree.bottom_up):
            if self.tree.parents[other] in found:
                found.add(other)
        return frozenset(found)

    def decisions(self, component_id: str, unit: int) -> Iterator[LostDossier]:
        run = self.run
        table = run.warehouse.read("decisions")
        decisions = announcements.load_decisions(table, run.known_day, self.tree.place, self.tree.root_or_unmatched)
        first_day = run.start // DAY
        if component_id == "1.1":
            codes = announcements.judge_announced_rows(decisions, first_day, run.parameters, run.calendar)
            reasons = announcements.ANNOUNCED_REASONS
        else:
            cutoff_day = run.known_day
            codes = announcements.judge_published_rows(decisions, first_day, cutoff_day, run.parameters, run.calendar)
            reasons = announcements.PUBLISHED_REASONS
        worst = announcements.worst_by_procedure(decisions, codes, self.subtree(unit))
        places = {(r["SoQuyetDinh"], r["MaTTHC"]): r for r in table.to_pylist()}
        for procedure, row in worst.items():
            reason = reasons[int(codes[row])]
            if reason.in_denominator and not reason.in_numerator:
                code = decisions.procedures[procedure]
                yield self._lost_table_row(
                    places[(decisions.number[row], code)], component_id, int(decisions.unit[row]),
                    decisions.number[row], code, reason,
                    tuple(_iso_day(d[row]) for d in (decisions.signed, decisions.effective, decisions.published)),
                )  # fmt: skip

    def _lost_table_row(
        self, stored: dict[str, object], component_id: str, unit: int, subject: str, procedure: str, reason: Reason,
        times: Sequence[str],
    ) -> LostDossier:  # fmt: skip
        source = str(stored[schema.SOURCE])
        number = stored[schema.ROW]
        return LostDossier(
            unit=self.tree.ids[unit],
            component=component_id,
            dossier=subject,
            procedure=procedure,
            received=times[0],
            due=times[1],
            finished=times[2],
            reason=reason.key,
            source=self.paths.get(source, source),
            sheet=str(stored[schema.SHEET] or ""),
            row=number if isinstance(number, int) else 0,
        )

    def petitions(self, component_id: str, units: frozenset[int]) -> Iterator[LostDossier]:
        run = self.run
        table = run.warehouse.read("petitions")
        stored = judging_petitions.load_petitions(table, self.tree.place, run.cutoff)
        codes = judging_petitions.judge_in_time(stored, run.start, run.cutoff, run.parameters, run.calendar)
        reasons: tuple[Reason, ...] = judging_petitions.IN_TIME_REASONS
        if component_id == "5.2":
            codes = judging_petitions.judge_satisfied(stored, codes, run.start)
            reasons = judging_petitions.SATISFIED_REASONS
        rows = {r["MaPAKN"]: r for r in table.to_pylist()}
        begun, handled = iso_times(stored.begun), iso_times(stored.handled)
        for i, code in enumerate(codes):
            reason = reasons[int(code)]
            if reason.in_denominator and not reason.in_numerator and int(stored.unit[i]) in units:
                yield self._lost_table_row(
                    rows[stored.code[i]], component_id, int(stored.unit[i]), stored.code[i], "", reason,
                    (begun[i], "", handled[i]),
                )  # fmt: skip

    def copies(self, units: frozenset[int]) -> Iterator[LostDossier]:
        table = self.run.warehouse.read("certified_copies")
        for unit, (issued, row) in judging_copies.obliged(
            table, self.run.period, self.tree.place, self.tree.offers_copies
        ).items():
            if unit in units and not issued:
                stored = row or _row_of_unit(self.tree.day.units[unit].place)
                code = self.tree.ids[unit] if row is None else row["MaDonVi"]
                yield self._lost_table_row(stored, "4.3", unit, code, "", judging_copies.REASONS[2], ("", "", ""))

    @cached_property
    def _procedure_codes(self) -> dict[str, Codes]:
        """Component -> verdict of every (unit, procedure)."""
        facts = self.run.procedure_facts(self.counts, self.tree)
        return {p.id: p.judge(facts) for p in PROCEDURE_INDICATORS}

    @cached_property
    def _procedure_rows(self) -> dict[str, dict[str, object]]:
        return {r["MaTTHC"]: r for r in self.run.warehouse.read("procedures").to_pylist()}

    def procedures(self, component_id: str, unit: int) -> Iterator[LostDossier]:
        judge = next((p for p in PROCEDURE_INDICATORS if p.id == component_id), None)
        if judge is None:
            return
        catalogue = self.run.catalogue
        for index, code in enumerate(self._procedure_codes[component_id][unit]):
            reason = judge.reasons[int(code)]
            if reason.in_denominator and not reason.in_numerator:
                number, label = catalogue.codes[index], catalogue.label(index)
                stored = self._procedure_rows[number]
                yield self._lost_table_row(stored, component_id, unit, number, label, reason, ("", "", ""))


def _row_of_unit(place: RowPlace | None) -> dict[str, object]:
    """Where the unit table says that a unit should offer copies."""
    if place is None:
        return {schema.SOURCE: "", schema.SHEET: "", schema.ROW: 0}
    return {schema.SOURCE: place.file, schema.SHEET: place.sheet, schema.ROW: place.row}


def _iso_day(day: int) -> str:
    return "" if day == announcements.NO_DAY else str(np.datetime64(int(day), "D"))
