"""What is doubtful in a unit table, seen from the data: names that match none, units without dossiers, parents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.statements.unit_table.evidence import Evidence
from tthc_cli.statements.unit_table.spellings import PROPER, level_told
from tthc_cli.units.codes import is_unit_code, unit_code
from tthc_cli.units.names import resolve
from tthc_cli.units.tree import HEIGHT, UnitsOnDay, UnitTree, place_name

CHECK = "unit-check"
PROBLEMS = (
    "unmatched", "unmatched_code", "unmatched_listed", "code_of_another", "parent_height", "parent_code", "level_name",
    "same_name", "no_dossiers",
)  # fmt: skip
"""Kinds of findings, the gravest first."""
_COLUMNS = (
    Column("problem", "word", "lists.unit_problem", share=4), Column("unit"), Column("name", share=3),
    Column("dossiers", "count"), Column("other", share=3),
)  # fmt: skip
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    problem: str
    unit: str
    """Code of the unit; "" of a text that means none."""
    name: str
    dossiers: int = 0
    other: str = ""
    """The nearest name, or the unit that it seems to be or to belong to."""


def findings(tree: UnitTree, evidence: Evidence, day: date) -> tuple[Finding, ...]:
    """Everything to look at on a day, by kind, then the most dossiers first."""
    units = tree.at(day)
    found = [*_unmatched(units, evidence), *_of_codes(units, evidence), *_of_tree(units), *_idle(units, evidence)]
    return tuple(sorted(found, key=lambda f: (PROBLEMS.index(f.problem), -f.dossiers, f.unit, f.name)))


def check_listing(found: tuple[Finding, ...], as_of: str) -> Listing:
    rows: tuple[tuple[Cell, ...], ...] = tuple((f.problem, f.unit, f.name, f.dossiers, f.other) for f in found)
    return Listing(CHECK, as_of, _COLUMNS, rows, totals={"findings": len(rows)})


def _unmatched(units: UnitsOnDay, evidence: Evidence) -> Iterator[Finding]:
    """Texts of the data that mean no unit of the day; dossiers of those that go by their own code are told apart."""
    texts = sorted(evidence.texts)
    near = {u.name: u.near for u in resolve(units, texts).unmatched}
    home: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for (code, text), count in evidence.dossiers.items():
        if text in near:
            (home if code and resolve(units, (code,)).indices[0] >= 0 else lost)[text] += count
    for text, nearest in near.items():
        dossiers = home[text] + lost[text]
        if not dossiers:
            yield Finding("unmatched_listed", "", text, 0, nearest)
        else:
            yield Finding(
                "unmatched" if lost[text] or unit_code(text) else "unmatched_code", "", text, dossiers, nearest
            )


def _of_codes(units: UnitsOnDay, evidence: Evidence) -> Iterator[Finding]:
    """Units most of whose dossiers bear the code of another unit."""
    codes: dict[int, Counter[str]] = {}
    for (code, text), count in evidence.dossiers.items():
        at = resolve(units, (text,)).indices[0] if text else -1
        if at >= 0 and code:
            codes.setdefault(at, Counter())[code] += count
    for at, votes in sorted(codes.items()):
        code, count = max(votes.items(), key=lambda vote: (vote[1], vote[0]))
        other = resolve(units, (code,)).indices[0]
        if other not in (-1, at) and count > _MOST * votes.total():
            unit = units.units[at]
            yield Finding("code_of_another", unit.code, unit.name, count, f"{units.units[other].name} ({code})")


def _of_tree(units: UnitsOnDay) -> Iterator[Finding]:
    """Doubtful parents, levels that the name denies, and two units of one name below one parent."""
    twins = Counter((place_name(unit.name), parent) for unit, parent in zip(units.units, units.parents, strict=True))
    for unit, at in zip(units.units, units.parents, strict=True):
        parent = units.units[at] if at >= 0 else None
        told = level_told(unit.name)
        if parent is not None and HEIGHT[parent.level] <= HEIGHT[unit.level] and unit.level != "khac":
            yield Finding("parent_height", unit.code, unit.name, 0, f"{parent.name} ({parent.code})")
        by_code = _above_by_code(unit.code, units)
        if by_code is not None and by_code != at:
            better = units.units[by_code]
            yield Finding("parent_code", unit.code, unit.name, 0, f"{better.name} ({better.code})")
        if told in PROPER and unit.level in PROPER and told != unit.level and at >= 0:
            yield Finding("level_name", unit.code, unit.name, 0, told)
        if twins[place_name(unit.name), at] > 1:
            yield Finding("same_name", unit.code, unit.name)


def _above_by_code(code: str, units: UnitsOnDay) -> int | None:
    """The unit whose code a code begins with, the longest; None where there is none."""
    above = code if is_unit_code(code) else ""
    while "." in above:
        above = above.rpartition(".")[0]
        if above in units.index:
            return units.index[above]
    return None


def _idle(units: UnitsOnDay, evidence: Evidence) -> Iterator[Finding]:
    """Units without a dossier of their own and without one below."""
    texts = [text for pair in evidence.dossiers for text in pair if text]
    found = dict(zip(texts, resolve(units, texts).indices, strict=True))
    busy: set[int] = set()
    for code, text in evidence.dossiers:
        at = next((i for t in (text, code) if (i := found.get(t, -1)) >= 0), -1)
        busy.update(units.line(at))
    for at, unit in enumerate(units.units):
        if at not in busy:
            yield Finding("no_dossiers", unit.code, unit.name)
