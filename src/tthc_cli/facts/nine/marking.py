"""What marks of dossiers are made from besides the dossiers themselves: inspections, slips, petitions about conduct,
and what the rulebook says where the law leaves a choice. There is none where only Decision 766 is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.facts.hash_set import HashSet
from tthc_cli.facts.marks.findings import findings
from tthc_cli.facts.marks.findings import of_dossiers as findings_of_dossiers
from tthc_cli.facts.marks.model import MARKS, Hashes, Window, checks_of
from tthc_cli.facts.marks.slips import of_dossiers as slips_of_dossiers
from tthc_cli.facts.marks.slips import of_window
from tthc_cli.facts.moment import moment_of
from tthc_cli.facts.nine.faults import NO_FAULTS, OwnFaults, own_faults
from tthc_cli.facts.nine.petitions import CONDUCT, UNTRUE
from tthc_cli.facts.once import once

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import RulebookInfo
    from tthc_cli.storage.warehouse import Warehouse

_NONE: Hashes = np.zeros(0, np.uint64)

OF_DOSSIERS = ("c1", "c2", "c3", "c4", "c6", "c7")
"""Criteria that are marked dossier by dossier; c6 on slips alone (Thông tư 01/2018/TT-VPCP, Điều 14)."""
Given = Mapping[tuple[str, int], Hashes]
"""(criterion, mark) -> sorted `key_hash` of the dossiers that somebody gave that mark."""


@dataclass(frozen=True)
class Marking:
    """The same for every chunk of dossiers; it can be sent to another process."""

    given: Given
    """By inspections and slips: of each dossier the mark that stands."""
    inspected: Mapping[str, Hashes]
    """Criterion -> sorted `key_hash` of the dossiers whose mark an inspection gave."""
    conduct: Hashes
    """Sorted `key_hash` of the dossiers with a petition about conduct."""
    rules: Mapping[str, Decimal | str]
    """Parameters of the rulebook."""
    faults: OwnFaults = NO_FAULTS
    """Supplement requests that were the applicants' own fault."""

    @property
    def told(self) -> tuple[object, ...]:
        """All that it says."""
        return (self.given, self.inspected, self.conduct, self.rules, self.faults)

    @once
    def given_sets(self) -> dict[tuple[str, int], HashSet]:
        return {key: HashSet(hashes) for key, hashes in self.given.items()}

    @once
    def inspected_sets(self) -> dict[str, HashSet]:
        return {criterion: HashSet(hashes) for criterion, hashes in self.inspected.items()}

    @once
    def conduct_set(self) -> HashSet:
        return HashSet(self.conduct)


def load_marking(
    warehouse: Warehouse, period: Period, cutoff: int, rulebook: RulebookInfo, rules: Mapping[str, Decimal | str]
) -> Marking:
    """What slips and findings of a period, and petitions up to the cutoff, tell of dossiers."""
    slips = of_window(warehouse.read("slips"), Window.of(period, moment_of(cutoff)))
    by_slip = slips_of_dossiers(slips, OF_DOSSIERS)
    found = findings(warehouse.read("findings"))
    by_finding = findings_of_dossiers(found, period, checks_of(rulebook), OF_DOSSIERS)
    sources = {c.id: c.sources for c in rulebook.components if c.id in OF_DOSSIERS}
    given, inspected = standing_marks(sources, {"slip": by_slip, "inspection": by_finding})
    return Marking(given, inspected, _conduct(warehouse, cutoff), rules, own_faults(warehouse, cutoff))


def standing_marks(
    sources: Mapping[str, Sequence[str]], told: Mapping[str, Given]
) -> tuple[Given, Mapping[str, Hashes]]:
    """Of each criterion the mark of the first source that marks a dossier, in the order of the rulebook; and which of
    them an inspection gave. sources: criterion -> its sources; told: source -> the marks that it gives."""
    out: dict[tuple[str, int], Hashes] = {}
    inspected: dict[str, Hashes] = {}
    for criterion, order in sources.items():
        taken = _NONE
        for source in (s for s in order if s in told):
            marks = {m: told[source].get((criterion, m), _NONE) for m in MARKS}
            fresh = {m: np.setdiff1d(hashes, taken) for m, hashes in marks.items()}
            for m, hashes in fresh.items():
                if len(hashes):
                    out[criterion, m] = np.union1d(out.get((criterion, m), _NONE), hashes)
            new = np.concatenate(list(fresh.values()))
            if source == "inspection" and len(new):
                inspected[criterion] = np.sort(new)
            taken = np.union1d(taken, new)
    return out, inspected


def _until(cutoff: int) -> pa.Scalar:
    import pyarrow as pa

    return pa.scalar(moment_of(cutoff), pa.timestamp("s"))


def _conduct(warehouse: Warehouse, cutoff: int) -> Hashes:
    """Sorted hashes of the dossiers that a petition about conduct, up to the cutoff, is about; one that was refused is
    none, nor one that was verified by then to be untrue or slander."""
    import pyarrow.compute as pc

    columns = ["NgayGui", "NgayChuyen", "NgayTuChoi", "NgayXuLyXong", "PhanLoai", "KetQuaXacMinh", schema.KEY_HASH]
    table = warehouse.read("petitions", columns)
    begun = pc.coalesce(table["NgayChuyen"], table["NgayGui"])
    about = pc.fill_null(pc.equal(table["PhanLoai"].cast("int64"), CONDUCT), False)
    refused = pc.fill_null(pc.less_equal(table["NgayTuChoi"], _until(cutoff)), False)
    untrue = pc.fill_null(pc.equal(table["KetQuaXacMinh"].cast("int64"), UNTRUE), False)
    verified = pc.fill_null(pc.less_equal(table["NgayXuLyXong"], _until(cutoff)), True)
    nothing = pc.or_(refused, pc.and_(untrue, verified))
    wanted = pc.and_(pc.and_(pc.fill_null(pc.less_equal(begun, _until(cutoff)), False), about), pc.invert(nothing))
    hashes: Hashes = table.filter(wanted)[schema.KEY_HASH].to_numpy()
    return np.setdiff1d(hashes, np.zeros(1, np.uint64))
