"""Indicators that count procedures: 1.3, 3.1, 3.2, 3.4, 3.5, 4.7.

A unit's procedures are those it, or a unit below it, has authority over; each counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from tthc_cli.counting.dossier_pass import UnitProcedureCounts
from tthc_cli.counting.roll_up import (
    Judgement,
    Matrix,
    first_match_matrix,
    judge_matrix,
    roll_up_any,
)
from tthc_cli.facts.catalogue import UNKNOWN, Catalogue
from tthc_cli.indicators.registry import indicator, layout
from tthc_cli.verdicts import OUTSIDE, Codes, Mask, Reason, left_out, no, unknown, yes


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
    def shape(self) -> tuple[int, int]:
        return self.authority.shape[0], self.authority.shape[1]


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


def _has(counts: UnitProcedureCounts, measure: str, keys: Sequence[str]) -> Mask:
    judge = indicator(measure)
    columns = [layout()[measure].start + judge.index(k) for k in keys]
    has: Mask = counts.counts[:, columns].sum(axis=1) > 0
    return has


def procedure_facts(
    catalogue: Catalogue,
    counts: UnitProcedureCounts,
    unit_of: Sequence[int],
    parents: Sequence[int],
    levels: Sequence[str],
    resolve: Callable[[Sequence[str]], Sequence[int]],
    last_day: int,
    all_parts: int,
    lately: Collection[tuple[int, int]] = (),
) -> ProcedureFacts:
    """Facts by procedure from the dossier counts. unit_of: unit index of each name in counts.units; lately: (unit,
    procedure) of dossiers of the twelve months."""
    n = len(catalogue)
    units = np.array(unit_of, np.int64)[counts.unit] if len(counts.unit) else np.zeros(0, np.int64)
    listed = counts.procedure < n

    def matrix(measure: str, *keys: str) -> Matrix:
        out = np.zeros((len(levels), n), np.bool_)
        hit = listed & _has(counts, measure, keys)
        out[units[hit], counts.procedure[hit]] = True
        return out

    def untold(measure: str, unknown_key: str, *told_keys: str) -> Matrix:
        return roll_up_any(matrix(measure, unknown_key), parents) & ~roll_up_any(matrix(measure, *told_keys), parents)

    received = matrix("3.5:dossiers", "paid", "not_paid", "untold")
    seen = received | matrix("2.1", *(r.key for r in indicator("2.1").reasons[1:]))
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


@dataclass(frozen=True)
class ProcedureIndicator:
    """One indicator over procedures; `judge` gives a reason for every (unit, procedure)."""

    id: str
    reasons: tuple[Reason, ...]
    judge: Callable[[ProcedureFacts], Codes]


def judge_fully_published(facts: ProcedureFacts) -> Codes:
    """1.3: published procedures (as of now); achieved with all constituent parts."""
    parts = facts.catalogue.parts_published[:-1]
    return first_match_matrix(
        facts.shape, (~facts.authority, 0), (parts >= facts.all_parts, 1), (parts > 0, 2), (parts == 0, 3)
    )


def judge_offered_online(facts: ProcedureFacts) -> Codes:
    """3.1: procedures under the unit's authority; achieved when offered partly or fully online."""
    level = facts.catalogue.online_level[:-1]
    return first_match_matrix(
        facts.shape, (~facts.authority, 0), (level == 2, 1), (level == 1, 2), (level == UNKNOWN, 4), (level == 0, 3)
    )


def judge_online_used(facts: ProcedureFacts) -> Codes:
    """3.2: online procedures; achieved with at least one dossier received online in the period."""
    online = facts.catalogue.online_level[:-1] >= 1
    return first_match_matrix(
        facts.shape, (~facts.authority | ~online, 0), (facts.received_online, 1), (facts.channel_untold, 3), (online, 2)
    )


def judge_fee_integrated(facts: ProcedureFacts) -> Codes:
    """3.4: fee-bearing procedures; achieved with synchronised fee data on a dossier of the period."""
    fee = facts.catalogue.has_fee[:-1] == 1
    return first_match_matrix(
        facts.shape, (~facts.authority | ~fee, 0), (facts.fee_data, 1), (facts.fee_untold, 3), (fee, 2)
    )


def judge_fee_paid_online(facts: ProcedureFacts) -> Codes:
    """3.5: distinct fee-bearing procedures with dossiers; achieved with at least one successful online payment."""
    fee = facts.catalogue.has_fee[:-1] == 1
    return first_match_matrix(
        facts.shape,
        (~facts.received_any | ~fee, 0),
        (facts.paid, 1),
        (facts.payment_untold, 3),
        (facts.received_any, 2),
    )


def judge_population_connected(facts: ProcedureFacts) -> Codes:
    """4.7: procedures whose subjects are citizens; achieved with at least one dossier that used population data."""
    citizens = facts.catalogue.for_citizens[:-1]
    return first_match_matrix(
        facts.shape,
        (~facts.authority, 0),
        (citizens != 1, 3),
        (facts.population_data, 1),
        (facts.population_untold, 4),
        (citizens == 1, 2),
    )


PROCEDURE_INDICATORS = (
    ProcedureIndicator(
        "1.3",
        (OUTSIDE, yes("all_parts"), no("parts_missing"), left_out("not_published")),
        judge_fully_published,
    ),
    ProcedureIndicator(
        "3.1",
        (OUTSIDE, yes("fully_online"), yes("partly_online"), no("not_online"), unknown("level_untold")),
        judge_offered_online,
    ),
    ProcedureIndicator(
        "3.2", (OUTSIDE, yes("used_online"), no("unused_online"), unknown("channel_untold")), judge_online_used
    ),
    ProcedureIndicator(
        "3.4", (OUTSIDE, yes("fee_data"), no("no_fee_data"), unknown("fee_untold")), judge_fee_integrated
    ),
    ProcedureIndicator(
        "3.5", (OUTSIDE, yes("paid_online"), no("never_paid_online"), unknown("payment_untold")), judge_fee_paid_online
    ),
    ProcedureIndicator(
        "4.7",
        (
            OUTSIDE,
            yes("population_data"),
            no("no_population_data"),
            left_out("not_for_citizens"),
            unknown("population_untold"),
        ),
        judge_population_connected,
    ),
)


def judge_procedures(facts: ProcedureFacts) -> dict[str, Judgement]:
    """All indicators over procedures."""
    return {i.id: judge_matrix(i.id, i.reasons, i.judge(facts)) for i in PROCEDURE_INDICATORS}
