"""What lost points at each unit, one line a dossier (or procedure, petition, decision), by the file and sheet it was
read from: short enough to stand in a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tthc_cli.messages import Lang, say
from tthc_cli.render.text import clean
from tthc_cli.results.scorecard import LostDossier

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Mark:
    """A component and why it was lost: "2.1a"."""

    code: str
    component: str
    reason: str


@dataclass(frozen=True, slots=True)
class LostRow:
    """One dossier; days as the reader writes them, "" for none."""

    code: str
    procedure: str
    received: str
    due: str
    finished: str
    marks: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class LostPlace:
    """What was read from one sheet."""

    name: str
    rows: tuple[LostRow, ...]


@dataclass(frozen=True, slots=True)
class LostList:
    """What lost points at one unit."""

    marks: tuple[Mark, ...]
    """By component, then as often as they occur."""
    places: tuple[LostPlace, ...]

    @property
    def count(self) -> int:
        return sum(len(place.rows) for place in self.places)


def lost_lists(lost: Sequence[LostDossier], units: Collection[str] | None, lang: Lang) -> Mapping[str, LostList]:
    """By unit; of some units, or of all (None)."""
    by_unit: dict[str, list[LostDossier]] = defaultdict(list)
    for one in lost:
        if units is None or one.unit in units:
            by_unit[one.unit].append(one)
    return {unit: _list(own, lang) for unit, own in by_unit.items()}


def _list(lost: Sequence[LostDossier], lang: Lang) -> LostList:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for one in lost:
        counts[one.component, one.reason] += 1
    codes: dict[tuple[str, str], Mark] = {}
    seen: dict[str, int] = defaultdict(int)
    for component, reason in sorted(counts, key=lambda key: (key[0], -counts[key], key[1])):
        number = seen[component]
        seen[component] += 1
        code = f"{component}{_LETTERS[number] if number < len(_LETTERS) else number}"
        codes[component, reason] = Mark(code, component, say(f"reasons.{component}.{reason}", lang))
    dossiers: dict[tuple[str, str, int, str], list[LostDossier]] = defaultdict(list)
    for one in lost:
        dossiers[one.source, one.sheet, one.row, one.dossier].append(one)
    places: dict[str, list[LostRow]] = defaultdict(list)
    for (source, sheet, row, dossier), own in sorted(dossiers.items()):
        first = own[0]
        marks = tuple(dict.fromkeys(codes[one.component, one.reason].code for one in own))
        received, due, finished = (_day(moment, lang) for moment in (first.received, first.due, first.finished))
        name = " › ".join(clean(part) for part in (source, sheet) if part)
        places[name].append(LostRow(clean(dossier), clean(first.procedure), received, due, finished, marks, row))
    return LostList(tuple(codes.values()), tuple(LostPlace(name, tuple(rows)) for name, rows in places.items()))


def _day(moment: str, lang: Lang) -> str:
    if not moment:
        return ""
    return f"{datetime.fromisoformat(moment):{'%d/%m/%Y' if lang == 'vi' else '%Y-%m-%d'}}"
