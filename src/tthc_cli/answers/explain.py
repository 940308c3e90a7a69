"""Why: the subjects behind a unit's figure, each with the reason that decided and the row it was read from.

The same verdict functions that were counted are listed here, so that the list and the score agree; where they do not,
the data have changed since the score, and that is said instead of showing a list that does not add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.answers.lost_subjects import LostSubjects
from tthc_cli.counting.dossier_pass import chunk_columns, chunks_of, read_chunk
from tthc_cli.errors import InputError
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.letters.issued import IssuedLetters
from tthc_cli.facts.letters.state import Extension, LetterState, letter_states
from tthc_cli.facts.strangers import by_code
from tthc_cli.indicators.registry import DOSSIER_INDICATORS, ids_of, indicator, kinds
from tthc_cli.results.scorecard import (
    ComponentInfo,
    ComponentScore,
    LostDossier,
    ReasonCount,
    Scorecard,
    UnitScore,
)
from tthc_cli.scoring.run import count, plan
from tthc_cli.scoring.score_period import Scored, judge_all, reason_counts
from tthc_cli.statements.dossier_rows import PLACE_COLUMNS, Rows, dossier_rows, iso_times
from tthc_cli.storage.parquet import read_parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Settings

_DOSSIER_IDS = frozenset(i.id for i in DOSSIER_INDICATORS)
_AT_EVERY_UNIT = frozenset().union(*(ids_of(kind.name) for kind in kinds() if kind.at_every_unit))


@dataclass(frozen=True)
class Explanation:
    """One component of one unit: its score, its verdicts by reason, and what cost points."""

    unit: UnitScore
    info: ComponentInfo
    score: ComponentScore
    reasons: tuple[ReasonCount, ...]
    """Every reason that occurs, in the order of the indicator; those of subjects left out included."""
    lost: tuple[LostDossier, ...]
    """Subjects in the denominator that earn less than they can; empty where the figure was typed by hand."""


@dataclass(frozen=True)
class DossierVerdict:
    """What one indicator says of one dossier."""

    component: str
    reason: str
    in_denominator: bool
    in_numerator: bool


@dataclass(frozen=True)
class DossierStep:
    """One step of the process log."""

    at: str
    status: int
    """TrangThai after the step."""
    division: str
    due: str
    late: bool


@dataclass(frozen=True)
class DossierLetter:
    """How one dossier stands for its apology letter, at the moment of the score."""

    state: str
    """A key of `letters.state`."""
    extension: str
    """A key of `letters.extension`; "" where there is none."""
    count: int
    issued: str
    new_due: str
    moved_without: bool
    """Its due date was moved without a letter."""


@dataclass(frozen=True)
class DossierStory:
    """Everything that the indicators say of one dossier in one period."""

    dossier: str
    unit: str
    unit_name: str
    procedure: str
    received: str
    due: str
    finished: str
    waiting_hours: float
    """Hours of waiting for supplements and financial obligations, which do not count."""
    overdue_hours: float | None
    """Working hours past due, waiting left out; negative when early."""
    source: str
    sheet: str
    row: int
    verdicts: tuple[DossierVerdict, ...]
    steps: tuple[DossierStep, ...]
    """From the process log, in order of time."""
    letter: DossierLetter


def without_subjects(card: Scorecard, unit_id: str, component_id: str) -> Explanation:
    """Score and verdicts by reason of one unit's component, as they are stored; the subjects themselves left out."""
    try:
        info = card.rulebook.component(component_id)
    except StopIteration:
        ids = [c.id for c in card.rulebook.components]
        raise InputError("unknown_component", component=component_id, known=", ".join(ids)) from None
    score = next(c for c in card.components if c.unit == unit_id and c.id == component_id)
    reasons = tuple(r for r in card.reasons if r.unit == unit_id and r.component == component_id)
    return Explanation(card.unit(unit_id), info, score, reasons, ())


class Explainer:
    """Lists the verdicts of a stored score.

    Raises InputError when the data no longer give the counts that the score holds.
    """

    def __init__(self, scored: Scored) -> None:
        self.card = scored.card
        self.run = scored.run
        self.counts = scored.counts
        self.tree = scored.tree
        self.subjects = LostSubjects(scored)
        self.paths = self.subjects.paths

    @classmethod
    def of_stored(cls, warehouse: Warehouse, period: Period, card: Scorecard, settings: Settings) -> Explainer:
        """For a stored card: the dossiers are counted again, as of the moment that the card was made for.

        Raises InputError when they no longer give what the card holds.
        """
        planned = plan(warehouse, period, card.rulebook, settings, datetime.fromisoformat(card.as_of))
        explainer = cls(Scored(card, *count(planned)))
        explainer.check()
        return explainer

    def check(self) -> None:
        """Raises InputError when the data no longer give the counts that the score holds."""
        judged, _ = judge_all(self.run, self.counts, self.tree)
        if sorted(reason_counts(self.run, self.tree, judged)) != sorted(self.card.reasons):
            raise InputError("score_outdated", period=self.card.period)

    def everything_lost(self, most: int) -> tuple[LostDossier, ...]:
        """Lost subjects of all units, each under its own unit: dossiers, petitions and decisions once, procedures at
        every unit. Empty when they are more than `most`: then the list of one unit is asked for."""
        scored = {c.id for c in self.card.rulebook.components if c.max}
        counted = {(c.unit, c.id) for c in self.card.components if c.basis in ("data", "children")}
        roots = [unit for unit, parent in enumerate(self.tree.parents) if parent < 0]
        at_roots = {self.tree.ids[unit] for unit in roots}
        against = (r for r in self.card.reasons if r.component in scored and r.loses)
        if sum(r.count for r in against if r.component in _AT_EVERY_UNIT or r.unit in at_roots) > most:
            return ()
        found = list(self._dossiers(sorted(scored & _DOSSIER_IDS), frozenset(range(len(self.tree.ids)))))
        for component in sorted(scored - _DOSSIER_IDS):
            units = range(len(self.tree.ids)) if component in _AT_EVERY_UNIT else roots
            for unit in units:
                if component not in _AT_EVERY_UNIT or (self.tree.ids[unit], component) in counted:
                    found += self.lost(self.tree.ids[unit], component)
        return tuple(x for x in found if (x.unit, x.component) in counted)

    def component(self, unit_id: str, component_id: str) -> Explanation:
        """Reasons and lost subjects of one unit's component."""
        found = without_subjects(self.card, unit_id, component_id)
        listed = found.score.basis in ("data", "children")
        return replace(found, lost=tuple(self.lost(unit_id, component_id))) if listed else found

    def lost(self, unit_id: str, component_id: str) -> Iterator[LostDossier]:
        """Subjects of a unit, with all below it, that are in the denominator and earn less than they can."""
        unit = self.tree.ids.index(unit_id)
        behind = f"{component_id}:kinds"
        if component_id in _DOSSIER_IDS:
            yield from self._dossiers([component_id], self.subjects.subtree(unit))
        elif behind in _DOSSIER_IDS and behind in self.run.measures.layout:
            yield from self._dossiers([behind], self.subjects.subtree(unit))
        else:
            yield from self.subjects.of(unit, component_id)

    def _chunks(self, units: frozenset[int]) -> Iterator[DossierFacts]:
        """Facts of the dossiers of some units, a chunk at a time."""
        import pyarrow as pa

        context = self.run.context
        columns = list(dict.fromkeys([*chunk_columns(context), *PLACE_COLUMNS]))
        for partition, group in chunks_of(self.run.warehouse, context):
            chunk = by_code(read_chunk(self.run.warehouse.path(partition), group, columns), context.strangers)
            index, names = DossierFacts(chunk, context).names(schema.UNIT_KEY)
            inside = np.array([p in units for p in self.tree.place([n or "" for n in names])])[index]
            if inside.any():
                yield DossierFacts(chunk.filter(pa.array(inside)), context)

    def _dossiers(self, components: Sequence[str], units: frozenset[int]) -> Iterator[LostDossier]:
        judges = [indicator(c) for c in components]
        for facts in self._chunks(units):
            for judge in judges:
                codes = judge.judge(facts)
                rows = np.flatnonzero(judge.lost(codes))
                yield from self._lost_rows(facts, judge.id, rows, [judge.reasons[c].key for c in codes[rows]])

    def _lost_rows(
        self, facts: DossierFacts, component_id: str, rows: Rows, reasons: Sequence[str]
    ) -> Iterator[LostDossier]:
        for found, reason in zip(dossier_rows(facts, rows, self.tree, self.paths), reasons, strict=True):
            yield LostDossier(
                unit=found.unit,
                component=component_id,
                dossier=found.dossier,
                procedure=found.procedure,
                received=found.received,
                due=found.due,
                finished=found.finished,
                reason=reason,
                source=found.source,
                sheet=found.sheet,
                row=found.row,
                overdue_hours=found.overdue_hours,
            )

    def dossier(self, code: str) -> DossierStory:
        """Everything the indicators say of one dossier. Raises InputError when it is not stored."""
        import pyarrow as pa
        import pyarrow.compute as pc

        wanted = schema.key_hash(pa.array([code]))[0]
        context = self.run.context
        columns = list(dict.fromkeys([*chunk_columns(context), *PLACE_COLUMNS]))
        for partition, group in self.run.warehouse.row_groups("dossiers", []):
            path = self.run.warehouse.path(partition)
            hashes = read_chunk(path, group, [schema.KEY_HASH]).column(schema.KEY_HASH).to_numpy()
            if not (hashes == wanted).any():
                continue
            chunk = by_code(read_chunk(path, group, columns), context.strangers)
            found = chunk.filter(pc.equal(chunk.column("MaHoSo"), code))
            if found.num_rows:
                return self._story(found)
        raise InputError("unknown_dossier", dossier=code)

    def _steps(self, code: str) -> tuple[DossierStep, ...]:
        import pyarrow as pa

        month = schema.dossier_code_months(pa.array([code]))[0].as_py()
        found = []
        for partition in self.run.warehouse.partitions("process_log"):
            if partition.month == month:
                path = self.run.warehouse.path(partition)
                found += read_parquet(path, filters=[("MaHoSo", "=", code)]).to_pylist()
        found.sort(key=lambda r: (r["ThoiDiemXuLy"], r["TrangThai"]))
        return tuple(
            DossierStep(
                at=_iso(r["ThoiDiemXuLy"]),
                status=r["TrangThai"],
                division=r["PhongBanXuLy"] or "",
                due=_iso(r["NgayKetThucTheoQuyDinh"]),
                late=r["NgayKetThucTheoQuyDinh"] is not None and r["ThoiDiemXuLy"] > r["NgayKetThucTheoQuyDinh"],
            )
            for r in found
        )

    def _story(self, chunk: pa.Table) -> DossierStory:
        facts = DossierFacts(chunk, self.run.context)
        scored = {c.id for c in self.card.rulebook.components}
        verdicts = []
        for judge in DOSSIER_INDICATORS:
            if judge.id in scored:
                reason = judge.reasons[int(judge.judge(facts)[0])]
                verdicts.append(DossierVerdict(judge.id, reason.key, reason.counted, reason.in_numerator))
        first = np.zeros(1, np.intp)
        place = next(iter(self._lost_rows(facts, "", first, [""])))
        return DossierStory(
            dossier=place.dossier,
            unit=place.unit,
            unit_name=self.tree.names[self.tree.ids.index(place.unit)],
            procedure=place.procedure,
            received=place.received,
            due=place.due,
            finished=place.finished,
            waiting_hours=round(int(facts.waiting[0]) / 3600, 2),
            overdue_hours=place.overdue_hours,
            source=place.source,
            sheet=place.sheet,
            row=place.row,
            verdicts=tuple(verdicts),
            steps=self._steps(place.dossier),
            letter=self._letter(facts),
        )

    def _letter(self, facts: DossierFacts) -> DossierLetter:
        issued = IssuedLetters.of(self.run.warehouse, self.run.context.cutoff)
        states = letter_states(facts, issued, self.run.settings.letters.apology_lead)
        extension = Extension(int(states.extension[0]))
        return DossierLetter(
            state=LetterState(int(states.state[0])).name.lower(),
            extension=extension.name.lower() if extension else "",
            count=int(states.count[0]),
            issued=iso_times(states.issued)[0],
            new_due=iso_times(states.new_due)[0],
            moved_without=bool(states.moved_without[0]),
        )


def _iso(value: datetime | None) -> str:
    return "" if value is None else value.isoformat()
