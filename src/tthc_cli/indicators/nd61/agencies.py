"""Criteria 5, 6, 8 and 9: one mark for each unit, of everything in it and below it (Thông tư 01/2018/TT-VPCP, Điều 13).

They stand on typed figures (what is done at the one-stop, whether procedures are posted), on petitions, on the
catalogue and on counts of dossiers. A unit of which these tell nothing has no mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.roll_up import Judgement, roll_up_sums
from tthc_cli.facts.hand_typed import typed_figures
from tthc_cli.indicators.nd61.dossiers import NINE_CRITERIA, ONLINE, mark
from tthc_cli.indicators.qd766 import petitions
from tthc_cli.indicators.subjects import Indicator, Loaded, LostSubject, Scope
from tthc_cli.verdicts import BY_CATALOGUE, BY_UNIT, BY_WORK, OUTSIDE, Case, Codes, Judge, Mask, left_out

if TYPE_CHECKING:
    from fractions import Fraction

Ints = npt.NDArray[np.int64]

DECIDED, RECEIVED, POSTED = "c5:decided", "c5:received", "c6:posted"
"""Typed figures: procedures wholly done at the one-stop / those listed; procedures received and returned there / those
that have to be; 1 / 1 where procedures are posted exactly, fully and in time, 0 / 1 where not."""

BEHIND = (DECIDED, RECEIVED, POSTED)
"""Typed figures that marks are derived from; no criterion themselves."""

WHOLE_CHAIN = mark("whole_chain", 2)
ALL_RECEIVED = mark("all_received", 1)
NOT_ALL_RECEIVED = mark("not_all_received", 0, BY_WORK)
ONE_STOP_UNTOLD = left_out("one_stop_untold")
BOTH_WAYS = mark("both_ways", 2)
ONE_WAY = mark("one_way", 1)
NEITHER_WAY = mark("neither_way", 0, BY_CATALOGUE)
POSTING_UNTOLD = left_out("posting_untold")
PUBLICATION_UNTOLD = left_out("publication_untold")
NO_PETITION = mark("no_petition", 2)
ALL_IN_TIME = mark("all_in_time", 2)
MOST_IN_TIME = mark("most_in_time", 1)
TOO_FEW_IN_TIME = mark("too_few_in_time", 0)
PROLONGED = mark("prolonged", 0, BY_UNIT)
MUCH_ONLINE = mark("much_online", 2)
SOME_ONLINE = mark("some_online", 1)
FEW_PROCEDURES = tuple(mark(f"few_procedures_{points}", points) for points in (2, 1, 0))
FEW_PROCEDURES_UNMARKED = left_out("few_procedures_unmarked")
NO_PROCEDURE = mark("no_procedure", 0, BY_CATALOGUE)
FEW_DOSSIERS = mark("few_dossiers", 0)
ONLINE_LATE = mark("online_late", 0)
LEVELS_UNTOLD = left_out("levels_untold")
NO_DOSSIER = left_out("no_dossier")


@dataclass(frozen=True)
class Share:
    """A part of a whole of each unit; the whole is 0 where nothing is told. Both have shape (units,)."""

    part: Ints
    whole: Ints

    @property
    def told(self) -> Mask:
        told: Mask = self.whole > 0
        return told

    def from_percent(self, percent: int | Ints) -> Mask:
        """At least so many hundredths. Compared in whole numbers."""
        enough: Mask = self.told & (self.part * 100 >= self.whole * percent)
        return enough


@dataclass(frozen=True)
class AgencyFacts:
    """What is known of every unit with all below it; arrays have shape (units,)."""

    levels: Sequence[str]
    settings: Mapping[str, Decimal | str]
    decided: Share
    received: Share
    posted: Share
    published: Share
    """Electronically: subjects of 1.1, 1.2 and 1.3 that are published in full and in time."""
    petitions: Share
    """In time."""
    petitions_told: bool
    overdue: Ints
    raised_again: Ints
    procedures: Share
    """Offered online, of those whose level is told."""
    online: Share
    """Dossiers received online."""
    online_late: Ints

    @property
    def shape(self) -> tuple[int, ...]:
        return self.overdue.shape

    def number(self, parameter: str) -> int:
        return int(self.settings[parameter])

    def ruled(self, parameter: str, value: str) -> Mask:
        """Whether a parameter has this value. Shape (units,)."""
        return np.full(self.shape, str(self.settings[parameter]) == value)

    @property
    def one_stop_share(self) -> Ints:
        """The share of procedures that the law asks of each unit, by its level."""
        of_level = {"huyen": "c5_share_district", "xa": "c5_share_commune"}
        return np.array([self.number(of_level.get(level, "c5_share_province")) for level in self.levels])

    @property
    def prolonged(self) -> Mask:
        which = self.settings["c8_prolonged"]
        overdue = (self.overdue > 0) & (which != "raised_again")
        again: Mask = (self.raised_again > 0) & (which != "overdue")
        return overdue | again


def _typed(scope: Scope, indicator: str) -> Share:
    """What was typed for each unit, for the unit alone: figures of units below are not added up."""
    n = len(scope.units.ids)
    part, whole = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for (code, known), figure in typed_figures(scope.warehouse.read("typed_figures"), scope.period.id).items():
        (unit,) = scope.units.find([code])
        if known == indicator and unit >= 0 and not figure.not_assessed:
            part[unit], whole[unit] = _ints(figure.numerator, figure.denominator)
    return Share(part, whole)


def _ints(numerator: Fraction | None, denominator: Fraction | None) -> tuple[int, int]:
    """Two fractions over one denominator."""
    assert numerator is not None
    assert denominator is not None
    common = numerator.denominator * denominator.denominator
    return int(numerator * common), int(denominator * common)


def _judged(scope: Scope, *ids: str) -> Share:
    """The numerators and denominators of what was judged before, without what is unknown."""
    n = len(scope.units.ids)
    found = [scope.judged[i] for i in ids if i in scope.judged]
    zero = np.zeros(n, np.int64)
    return Share(
        sum((j.numerator for j in found), zero), sum((j.denominator - j.unknown for j in found), zero)
    )  # fmt: skip


class _Agencies(Loaded[AgencyFacts]):
    """Units, each as a whole."""

    at_every_unit = True

    def load(self, scope: Scope) -> AgencyFacts:
        parents, n = scope.units.parents, len(scope.units.ids)
        counts = np.zeros((n, 4), np.int64)
        stored = petitions.PETITION.load(scope)
        if stored is not None:
            codes = petitions.IN_TIME.judge(stored)
            inside = ~petitions.IN_TIME.among(codes, OUTSIDE)
            in_time = inside & ~petitions.IN_TIME.lost(codes)
            now = np.full(stored.shape, stored.cutoff, np.int64)
            past = stored.late(now, stored.petitions.begun, "petition_handle_days")
            overdue = inside & (stored.ended == petitions.NAT) & past
            columns = np.stack([inside, in_time, overdue, inside & stored.petitions.raised_again], axis=1)
            np.add.at(counts, stored.petitions.unit, columns.astype(np.int64))
            counts = roll_up_sums(counts, parents)
        late = scope.judged[ONLINE.id]
        return AgencyFacts(
            levels=scope.units.levels,
            settings=scope.settings,
            decided=_typed(scope, DECIDED),
            received=_typed(scope, RECEIVED),
            posted=_typed(scope, POSTED),
            published=_judged(scope, "1.1", "1.2", "1.3"),
            petitions=Share(counts[:, 1], counts[:, 0]),
            petitions_told=stored is not None,
            overdue=counts[:, 2],
            raised_again=counts[:, 3],
            procedures=_judged(scope, "3.1"),
            online=_judged(scope, "3.2:dossiers"),
            online_late=late.denominator - late.numerator,
        )

    def count(self, judge: Judge[AgencyFacts], facts: AgencyFacts, codes: Codes, scope: Scope) -> Judgement:
        counts = np.zeros((len(codes), len(judge.reasons)), np.int64)
        counts[np.arange(len(codes)), codes] = 1
        return Judgement(judge.id, judge.reasons, counts)

    def lost(
        self, judge: Judge[AgencyFacts], facts: AgencyFacts, codes: Codes, scope: Scope, unit: int,
        within: frozenset[int],
    ) -> Iterator[LostSubject]:  # fmt: skip
        """None: what cost a unit its mark are its petitions, procedures and dossiers."""
        return iter(())


AGENCY = _Agencies("agency")


def judge_one_stop(facts: AgencyFacts) -> Sequence[Case]:
    """Criterion 5: enough of the listed procedures are received, appraised, approved and returned at the one-stop 2;
    all that have to be are received and returned there 1; under that 0."""
    return (
        WHOLE_CHAIN.where(facts.decided.from_percent(facts.one_stop_share)),
        ALL_RECEIVED.where(facts.received.from_percent(100)),
        NOT_ALL_RECEIVED.where(facts.received.told),
        ONE_STOP_UNTOLD.where(facts.decided.told),
    )


def judge_publication(facts: AgencyFacts) -> Sequence[Case]:
    """Criterion 6: published exactly, fully and in time both by posting and electronically 2, one of the two 1, neither
    0. The electronic half is full marks in 1.1, 1.2 and 1.3 of Decision 766; the other is typed."""
    posted, online = facts.posted.from_percent(100), facts.published.from_percent(100)
    untyped = ~facts.posted.told & facts.ruled("c6_without_posting", "none")
    return (
        OUTSIDE.where(~facts.posted.told & ~facts.published.told),
        PUBLICATION_UNTOLD.where(~facts.published.told),
        POSTING_UNTOLD.where(untyped),
        BOTH_WAYS.where(posted & online),
        ONE_WAY.where(posted | online),
        NEITHER_WAY.otherwise(),
    )


def judge_petitions(facts: AgencyFacts) -> Sequence[Case]:
    """Criterion 8: no petition, or all handled in time and none prolonged 2; most in time and none prolonged 1; else
    0."""
    none = facts.petitions.whole == 0
    return (
        OUTSIDE.where(np.full(facts.shape, not facts.petitions_told)),
        NO_PETITION.where(none),
        PROLONGED.where(facts.prolonged),
        ALL_IN_TIME.where(facts.petitions.from_percent(100)),
        MOST_IN_TIME.where(facts.petitions.from_percent(facts.number("c8_share"))),
        TOO_FEW_IN_TIME.otherwise(),
    )


def judge_online_services(facts: AgencyFacts) -> Sequence[Case]:
    """Criterion 9: enough procedures and dossiers online and none late 2; some procedures, fewer dossiers, none late 1;
    no procedure online, too few dossiers, or any online dossier late or overdue 0."""
    late = (facts.online_late > 0) & facts.ruled("c9_late", "zero")
    enough = facts.online.from_percent(facts.number("c9_share_two"))
    return (
        OUTSIDE.where(~facts.online.told & (facts.procedures.whole == 0)),
        NO_DOSSIER.where(~facts.online.told),
        ONLINE_LATE.where(late),
        FEW_DOSSIERS.where(~facts.online.from_percent(facts.number("c9_share_one"))),
        LEVELS_UNTOLD.where(~facts.procedures.told),
        NO_PROCEDURE.where(facts.procedures.part == 0),
        MUCH_ONLINE.where(enough & facts.procedures.from_percent(facts.number("c9_procedures"))),
        *(r.where(enough & facts.ruled("c9_share_without_procedures", str(r.earned))) for r in FEW_PROCEDURES),
        FEW_PROCEDURES_UNMARKED.where(enough),
        SOME_ONLINE.otherwise(),
    )


INDICATORS = (
    Indicator(
        "c5",
        (OUTSIDE, WHOLE_CHAIN, ALL_RECEIVED, NOT_ALL_RECEIVED, ONE_STOP_UNTOLD),
        judge_one_stop,
        AGENCY,
        evaluation=NINE_CRITERIA,
    ),
    Indicator(
        "c6",
        (OUTSIDE, BOTH_WAYS, ONE_WAY, NEITHER_WAY, POSTING_UNTOLD, PUBLICATION_UNTOLD),
        judge_publication,
        AGENCY,
        evaluation=NINE_CRITERIA,
    ),
    Indicator(
        "c8",
        (OUTSIDE, NO_PETITION, ALL_IN_TIME, MOST_IN_TIME, TOO_FEW_IN_TIME, PROLONGED),
        judge_petitions,
        AGENCY,
        evaluation=NINE_CRITERIA,
    ),
    Indicator(
        "c9",
        (OUTSIDE, MUCH_ONLINE, SOME_ONLINE, *FEW_PROCEDURES, FEW_PROCEDURES_UNMARKED, NO_PROCEDURE, FEW_DOSSIERS,
         ONLINE_LATE, LEVELS_UNTOLD, NO_DOSSIER),
        judge_online_services,
        AGENCY,
        evaluation=NINE_CRITERIA,
    ),
)  # fmt: skip
