"""Indicators that count procedures: 1.3, 3.1, 3.2, 3.4, 3.5, 4.7.

A unit's procedures are those it, or a unit below it, has authority over; each counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.measures import Measures
from tthc_cli.counting.roll_up import Judgement, Matrix, judge_matrix, roll_up_any
from tthc_cli.counting.tally import UnitProcedureCounts
from tthc_cli.facts.catalogue import UNKNOWN, Catalogue
from tthc_cli.indicators.qd766.on_time import ON_TIME
from tthc_cli.indicators.subjects import Indicator, Loaded, LostSubject, Scope
from tthc_cli.verdicts import (
    BY_CATALOGUE,
    BY_OFFICE_WORK,
    BY_SYSTEM,
    BY_WORK,
    OUTSIDE,
    Case,
    Codes,
    Judge,
    Mask,
    left_out,
    no,
    unknown,
    yes,
)

Numbers = npt.NDArray[np.signedinteger[Any]]

ALL_PARTS = yes("all_parts")
PARTS_MISSING = no("parts_missing", BY_CATALOGUE)
NOT_PUBLISHED = left_out("not_published")
FULLY_ONLINE = yes("fully_online")
PARTLY_ONLINE = yes("partly_online")
NOT_ONLINE = no("not_online", BY_OFFICE_WORK)
LEVEL_UNTOLD = unknown("level_untold", BY_CATALOGUE)
USED_ONLINE = yes("used_online")
UNUSED_ONLINE = no("unused_online", BY_WORK)
CHANNEL_UNTOLD = unknown("channel_untold", BY_SYSTEM)
FEE_DATA = yes("fee_data")
NO_FEE_DATA = no("no_fee_data", BY_WORK)
FEE_UNTOLD = unknown("fee_untold", BY_SYSTEM)
PAID_ONLINE = yes("paid_online")
NEVER_PAID_ONLINE = no("never_paid_online", BY_WORK)
PAYMENT_UNTOLD = unknown("payment_untold", BY_SYSTEM)
POPULATION_DATA = yes("population_data")
NO_POPULATION_DATA = no("no_population_data", BY_WORK)
NOT_FOR_CITIZENS = left_out("not_for_citizens")
POPULATION_UNTOLD = unknown("population_untold", BY_SYSTEM)


@dataclass(frozen=True)
class ProcedureFacts:
    """What is known of every (unit with all below it, listed procedure); matrices have shape (units, procedures)."""

    catalogue: Catalogue
    authority: Matrix
    """The procedure is under the unit's authority and in force on the last day of the period."""
    all_parts: int
    """Constituent parts that make a publication complete (a parameter of the rulebook)."""
    received_any: Matrix
    received_online: Matrix
    fee_data: Matrix
    paid: Matrix
    population_data: Matrix
    channel_untold: Matrix
    fee_untold: Matrix
    payment_untold: Matrix
    population_untold: Matrix
    """Had dossiers, and of none of them does a source tell the fact."""

    @property
    def shape(self) -> tuple[int, ...]:
        return self.authority.shape

    @property
    def parts(self) -> Numbers:
        """Constituent parts that are published. Shape (procedures,), as all below."""
        return self.catalogue.parts_published[:-1]

    @property
    def online_level(self) -> Numbers:
        return self.catalogue.online_level[:-1]

    @property
    def has_fee(self) -> Mask:
        return np.equal(self.catalogue.has_fee[:-1], 1)

    @property
    def for_citizens(self) -> Mask:
        return np.equal(self.catalogue.for_citizens[:-1], 1)


def own_authority(
    catalogue: Catalogue,
    levels: Sequence[str],
    resolve: Callable[[Sequence[str]], Sequence[int]],
    with_dossiers: Matrix,
    last_day: int,
) -> Matrix:
    """Which procedures each unit itself handles. Shape (units, procedures).

    The catalogue's CoQuanThucHien says which units; where none of those is known, the procedure is the province's.
    Where it is blank, every commune, district or province of the levels in CapThucHien. Departments share no
    procedures, so a procedure of level "so" without a named unit, and one without any level, belongs to the units that
    had dossiers of it (in the twelve months up to the end of the period), and in any case to the province.
    """
    n = len(catalogue)
    out = np.zeros((len(levels), n), np.bool_)
    names = sorted({h for handlers in catalogue.handlers for h in handlers})
    place = dict(zip(names, resolve(names), strict=True))
    level_of = np.array(levels)
    for procedure in range(n):
        handlers = catalogue.handlers[procedure]
        if handlers:
            units = [place[h] for h in handlers if place[h] >= 0]
            out[units, procedure] = True
            if not units:
                out[level_of == "tinh", procedure] = True
            continue
        named = catalogue.levels[procedure]
        for level in named - {"so"}:
            out[level_of == level, procedure] = True
        if not named or "so" in named:
            held = with_dossiers[:, procedure]
            out[:, procedure] |= held & (level_of == "so") if named else held
            out[level_of == "tinh", procedure] = True
    in_force = (catalogue.valid_from[:n] <= last_day) & (catalogue.valid_to[:n] >= last_day)
    return out & in_force


def procedure_facts(
    catalogue: Catalogue,
    counts: UnitProcedureCounts,
    unit_of: Sequence[int],
    parents: Sequence[int],
    levels: Sequence[str],
    resolve: Callable[[Sequence[str]], Sequence[int]],
    last_day: int,
    all_parts: int,
    measures: Measures,
    lately: Collection[tuple[int, int]] = (),
) -> ProcedureFacts:
    """Facts by procedure from the dossier counts. unit_of: unit index of each name in counts.units; measures: what
    was counted; lately: (unit, procedure) of dossiers of the twelve months."""
    n = len(catalogue)
    units = np.array(unit_of, np.int64)[counts.unit] if len(counts.unit) else np.zeros(0, np.int64)
    listed = counts.procedure < n

    def matrix(measure: str, *keys: str) -> Matrix:
        out = np.zeros((len(levels), n), np.bool_)
        hit = listed & (counts.counts[:, measures.columns(measure, *keys)].sum(axis=1) > 0)
        out[units[hit], counts.procedure[hit]] = True
        return out

    def untold(measure: str, unknown_key: str, *told_keys: str) -> Matrix:
        return roll_up_any(matrix(measure, unknown_key), parents) & ~roll_up_any(matrix(measure, *told_keys), parents)

    received = matrix("3.5:dossiers", "paid", "not_paid", "untold")
    seen = received | matrix(ON_TIME.id, *(r.key for r in ON_TIME.reasons[1:]))
    for unit, procedure in lately:
        seen[unit, procedure] = True
    return ProcedureFacts(
        catalogue=catalogue,
        authority=roll_up_any(own_authority(catalogue, levels, resolve, seen, last_day), parents),
        all_parts=all_parts,
        received_any=roll_up_any(received, parents),
        received_online=roll_up_any(matrix("3.2:dossiers", "online"), parents),
        fee_data=roll_up_any(matrix("3.4:dossiers", "fee_data"), parents),
        paid=roll_up_any(matrix("3.5:dossiers", "paid"), parents),
        population_data=roll_up_any(matrix("4.6", "population_data"), parents),
        channel_untold=untold("3.2:dossiers", "untold", "online", "not_online"),
        fee_untold=untold("3.4:dossiers", "untold", "fee_data", "no_fee_data"),
        payment_untold=untold("3.5:dossiers", "untold", "paid", "not_paid"),
        population_untold=untold("4.6", "population_untold", "population_data", "no_population_data"),
    )


class _Procedures(Loaded[ProcedureFacts]):
    """Procedures, distinct at every unit."""

    at_every_unit = True

    def load(self, scope: Scope) -> ProcedureFacts:
        units = scope.units
        return procedure_facts(
            scope.catalogue,
            scope.counts,
            units.place(scope.counts.units),
            units.parents,
            units.levels,
            units.find,
            scope.last_day,
            int(scope.parameters["published_parts"]),
            scope.measures,
            scope.lately(),
        )

    def count(self, judge: Judge[ProcedureFacts], facts: ProcedureFacts, codes: Codes, scope: Scope) -> Judgement:
        return judge_matrix(judge.id, judge.reasons, codes)

    def lost(
        self, judge: Judge[ProcedureFacts], facts: ProcedureFacts, codes: Codes, scope: Scope, unit: int,
        within: frozenset[int],
    ) -> Iterator[LostSubject]:  # fmt: skip
        for index in np.flatnonzero(judge.lost(codes[unit])).tolist():
            number = facts.catalogue.codes[index]
            row = scope.row("procedures", ["MaTTHC"], number)
            yield LostSubject(unit, number, judge.reasons[codes[unit, index]], row, facts.catalogue.label(index))


PROCEDURE = _Procedures("procedure")


def judge_fully_published(facts: ProcedureFacts) -> Sequence[Case]:
    """1.3: published procedures (as of now); achieved with all constituent parts."""
    return (
        OUTSIDE.where(~facts.authority),
        ALL_PARTS.where(facts.parts >= facts.all_parts),
        PARTS_MISSING.where(facts.parts > 0),
        NOT_PUBLISHED.where(facts.parts == 0),
    )


def judge_offered_online(facts: ProcedureFacts) -> Sequence[Case]:
    """3.1: procedures under the unit's authority; achieved when offered partly or fully online."""
    level = facts.online_level
    return (
        OUTSIDE.where(~facts.authority),
        FULLY_ONLINE.where(level == 2),
        PARTLY_ONLINE.where(level == 1),
        LEVEL_UNTOLD.where(level == UNKNOWN),
        NOT_ONLINE.where(level == 0),
    )


def judge_online_used(facts: ProcedureFacts) -> Sequence[Case]:
    """3.2: online procedures; achieved with at least one dossier received online in the period."""
    return (
        OUTSIDE.where(~facts.authority | (facts.online_level < 1)),
        USED_ONLINE.where(facts.received_online),
        CHANNEL_UNTOLD.where(facts.channel_untold),
        UNUSED_ONLINE.otherwise(),
    )


def judge_fee_integrated(facts: ProcedureFacts) -> Sequence[Case]:
    """3.4: fee-bearing procedures; achieved with synchronised fee data on a dossier of the period."""
    return (
        OUTSIDE.where(~facts.authority | ~facts.has_fee),
        FEE_DATA.where(facts.fee_data),
        FEE_UNTOLD.where(facts.fee_untold),
        NO_FEE_DATA.otherwise(),
    )


def judge_fee_paid_online(facts: ProcedureFacts) -> Sequence[Case]:
    """3.5: distinct fee-bearing procedures with dossiers; achieved with at least one successful online payment."""
    return (
        OUTSIDE.where(~facts.received_any | ~facts.has_fee),
        PAID_ONLINE.where(facts.paid),
        PAYMENT_UNTOLD.where(facts.payment_untold),
        NEVER_PAID_ONLINE.otherwise(),
    )


def judge_population_connected(facts: ProcedureFacts) -> Sequence[Case]:
    """4.7: procedures whose subjects are citizens; achieved with at least one dossier that used population data."""
    return (
        OUTSIDE.where(~facts.authority),
        NOT_FOR_CITIZENS.where(~facts.for_citizens),
        POPULATION_DATA.where(facts.population_data),
        POPULATION_UNTOLD.where(facts.population_untold),
        NO_POPULATION_DATA.otherwise(),
    )


INDICATORS = (
    Indicator("1.3", (OUTSIDE, ALL_PARTS, PARTS_MISSING, NOT_PUBLISHED), judge_fully_published, PROCEDURE),
    Indicator("3.1", (OUTSIDE, FULLY_ONLINE, PARTLY_ONLINE, NOT_ONLINE, LEVEL_UNTOLD), judge_offered_online, PROCEDURE),
    Indicator("3.2", (OUTSIDE, USED_ONLINE, UNUSED_ONLINE, CHANNEL_UNTOLD), judge_online_used, PROCEDURE),
    Indicator("3.4", (OUTSIDE, FEE_DATA, NO_FEE_DATA, FEE_UNTOLD), judge_fee_integrated, PROCEDURE),
    Indicator("3.5", (OUTSIDE, PAID_ONLINE, NEVER_PAID_ONLINE, PAYMENT_UNTOLD), judge_fee_paid_online, PROCEDURE),
    Indicator(
        "4.7",
        (OUTSIDE, POPULATION_DATA, NO_POPULATION_DATA, NOT_FOR_CITIZENS, POPULATION_UNTOLD),
        judge_population_connected,
        PROCEDURE,
    ),
)
