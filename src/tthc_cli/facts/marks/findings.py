"""Marks that findings of inspections give, as the rulebook says which check gives which."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.facts.marks.model import Checks, Hashes, Mark, Subject
from tthc_cli.schema import key_hash

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period

DONE, WITHDRAWN, TOLD = 3, 4, 5
"""TrangThai: put right; withdrawn; told by data and confirmed by nobody."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding that stands."""

    id: str
    unit: str
    dossier: str
    """"" for one about the unit as a whole."""
    check: str
    severity: int | None
    asked: str
    found_at: datetime | None
    """NgayPhatHien, else when it was put right, else when it must be."""
    due: datetime | None
    done_at: datetime | None
    done: bool


def findings(table: pa.Table) -> list[Finding]:
    """Every finding that stands, by code: not withdrawn, and not told by data alone."""
    rows = (row for row in table.to_pylist() if row["TrangThai"] not in (WITHDRAWN, TOLD))
    return sorted((_finding(row) for row in rows), key=lambda one: one.id)


def _finding(row: dict[str, object]) -> Finding:
    found_at = row["NgayPhatHien"] or row["NgayKhacPhuc"] or row["HanKhacPhuc"]
    done_at = row["NgayKhacPhuc"]
    assert found_at is None or isinstance(found_at, datetime)
    assert done_at is None or isinstance(done_at, datetime)
    due, severity = row["HanKhacPhuc"], row["MucDo"]
    assert due is None or isinstance(due, datetime)
    assert severity is None or isinstance(severity, int)
    return Finding(
        id=str(row["MaPhatHien"]), unit=str(row["DonVi"] or ""), dossier=str(row["MaHoSo"] or ""),
        check=str(row["MaKiemTra"] or "").upper(), severity=severity, asked=str(row["KienNghi"] or ""),
        found_at=found_at, due=due, done_at=done_at, done=row["TrangThai"] == DONE or done_at is not None,
    )  # fmt: skip


def in_period(found: Sequence[Finding], period: Period) -> list[Finding]:
    """Those that were found within a period."""
    return [one for one in found if one.found_at is not None and period.start <= one.found_at < period.end]


def carried(found: Sequence[Finding], period: Period) -> list[Finding]:
    """What Circular 01/2018 Art. 15(4)b asks after: found before the period, and not put right when it began."""
    return [
        one for one in found
        if one.found_at is not None and one.found_at < period.start
        and (not one.done if one.done_at is None else one.done_at >= period.start)
    ]  # fmt: skip


def of_findings(found: Sequence[Finding], period: Period, checks: Checks) -> Iterator[tuple[Subject, str, Mark]]:
    """The lowest mark that findings of a period give each subject by each criterion: a dossier where one is named, else
    the unit. A check that the rulebook does not name gives none."""
    lowest: dict[tuple[Subject, str], tuple[int, list[str]]] = {}
    for one in in_period(found, period):
        if one.check not in checks:
            continue
        criterion, mark = checks[one.check]
        key = Subject("dossier", one.dossier) if one.dossier else Subject("unit", one.unit), criterion
        held, ids = lowest.get(key, (mark, []))
        if mark < held:
            ids = []
        lowest[key] = (min(mark, held), [*ids, one.id] if mark <= held else ids)
    for (subject, criterion), (mark, ids) in lowest.items():
        counts = (int(mark == 0), int(mark == 1), int(mark == 2))
        yield subject, criterion, Mark("finding", counts, told_by=tuple(ids))


def unknown_checks(found: Sequence[Finding], period: Period, checks: Checks) -> list[str]:
    """Codes of checks found within a period that give no mark, in order."""
    return sorted({one.check for one in in_period(found, period)} - set(checks))


def of_dossiers(
    found: Sequence[Finding], period: Period, checks: Checks, criteria: Collection[str]
) -> Mapping[tuple[str, int], Hashes]:
    """(criterion, mark) -> sorted `key_hash` of the dossiers to which findings of a period give it."""
    import pyarrow as pa

    given: dict[tuple[str, int], list[str]] = {}
    for subject, criterion, mark in of_findings(found, period, checks):
        if subject.kind == "dossier" and criterion in criteria:
            given.setdefault((criterion, int(mark.value)), []).append(subject.id)
    return {key: np.sort(key_hash(pa.array(dossiers, pa.string()))) for key, dossiers in given.items()}
