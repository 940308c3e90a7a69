"""What the team found of each dossier: its line in the workbook, and the findings that name it.

A dossier counts as examined when the team says so on its line, or a finding that stands names it. Checks that a line of
an examined dossier gives as not met, and those of findings that stand, are its faults; a finding struck out is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tthc_cli.facts.marks.findings import TOLD, WITHDRAWN
from tthc_cli.results.control.inspection import ANSWERS, CHOSEN, RANDOM, Draw, Taken

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dossier of a draw."""

    taken: Taken
    way: int
    examined: bool
    answers: Mapping[str, str]
    """Check -> what the team's line says; {} for one that it did not mark as examined."""
    faults: frozenset[str]
    findings: frozenset[str]
    """Checks of the findings that stand."""
    pending: frozenset[str]
    """Checks that data tell and nobody confirmed or struck out."""

    @property
    def told(self) -> frozenset[str]:
        """Checks that the data say are not met."""
        return frozenset(check for check, answer in self.taken.answers.items() if answer == "not_met")

    def applies(self, check: str) -> bool:
        """Whether the check was answered with met or not met."""
        return check in self.faults or self.answers.get(check) in ("met", "not_met")


@dataclass(frozen=True)
class Found:
    """All that came of one draw."""

    outcomes: tuple[Outcome, ...]
    strangers: tuple[str, ...] = field(default=())
    """Dossiers that findings of this draw name, but it does not hold."""
    by_finding: int = 0
    """Dossiers that count as examined by a finding alone."""

    def of(self, way: int) -> list[Outcome]:
        return [one for one in self.outcomes if one.way == way]


def outcomes(draw: Draw, lines: Iterable[Row], findings: Iterable[Row]) -> Found:
    """lines, findings: rows of the tables `inspected` and `findings`, of all draws."""
    checks = [one.id for one in draw.dossier_checks]
    known = {row["MaHoSo"]: row for row in lines if row["MaDotKiemTra"] == draw.id}
    own = [row for row in findings if row["MaDotKiemTra"] == draw.id and row["MaHoSo"]]
    made = [
        _outcome(taken, way, known.get(taken.dossier), [row for row in own if row["MaHoSo"] == taken.dossier], checks)
        for way, sheet in ((RANDOM, draw.random), (CHOSEN, draw.chosen)) for taken in sheet
    ]  # fmt: skip
    held = {one.taken.dossier for one in made}
    standing = {row["MaHoSo"] for row in own if row["TrangThai"] not in (WITHDRAWN, TOLD)}
    marked = {dossier for dossier, line in known.items() if line["DaKiemTra"] == 1}
    return Found(tuple(made), tuple(sorted(standing - held)), len((standing & held) - marked))


def _outcome(taken: Taken, way: int, line: Row | None, rows: Sequence[Row], checks: Sequence[str]) -> Outcome:
    marked = line is not None and line["DaKiemTra"] == 1
    answers = {check: ANSWERS[line[check] or 0] for check in checks if line is not None} if marked else {}
    by_state = {state: frozenset(_check(r) for r in rows if r["TrangThai"] == state) for state in (WITHDRAWN, TOLD)}
    standing = frozenset(_check(row) for row in rows if row["TrangThai"] not in (WITHDRAWN, TOLD))
    on_line = frozenset(check for check, answer in answers.items() if answer == "not_met")
    faults = standing | (on_line - by_state[WITHDRAWN])
    return Outcome(taken, way, marked or bool(standing), answers, faults, standing, by_state[TOLD] - standing)


def _check(row: Row) -> str:
    return str(row["MaKiemTra"] or "").upper()
