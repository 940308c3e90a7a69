"""An inspection as it was drawn: which dossiers of a unit the team looks at, by which checks, what the data say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tthc_cli.messages import Lang

FORMAT = 1
Answer = Literal["", "met", "not_met", "na"]
"""What is said of a check: nothing yet, met, not met, does not apply. Its place is the code of table `inspected`."""
ANSWERS: tuple[Answer, ...] = ("", "met", "not_met", "na")
RANDOM, CHOSEN = 1, 2
"""CachChon: how a dossier was taken."""
Evidence = Literal["found", "second", "memory", "inferred"]
"""How sure a ground is: read in the text of the law, read in a text that cites it, remembered, a choice."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to check of a dossier or a unit."""

    id: str
    about: Literal["dossier", "unit"]
    data: Literal["both", "faults", "none"]
    """What data can tell: yes and no, faults alone, nothing."""
    title_vi: str
    title_en: str
    ground: str
    evidence: Evidence

    def title(self, lang: Lang) -> str:
        return self.title_vi if lang == "vi" else self.title_en


@dataclass(frozen=True, slots=True)
class Flag:
    """A sign for which a dossier or unit is chosen; risk is the sum of the weights of those that hold."""

    id: str
    about: Literal["dossier", "unit"]
    weight: int
    ground: str
    evidence: Evidence
    limit: int = 0
    """From where on it holds, of a sign that is measured."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """One field that was drawn from."""

    field: str
    frame: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Taken:
    """One dossier that was drawn or chosen. Moments are ISO, "" for none."""

    dossier: str
    unit: str
    field: str
    procedure: str
    received: str
    due: str
    finished: str
    source: str
    sheet: str
    row: int
    answers: Mapping[str, str]
    """Check -> what the data say, where they say something."""
    flags: tuple[str, ...]
    risk: int


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """What the data say of a check of the unit: `faulty` of `of`; of = 0 where they say nothing."""

    check: str
    answer: str = ""
    faulty: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn of one unit and period; enough to draw it again and to tell whether the data are the same."""

    id: str
    unit: str
    unit_name: str
    period: str
    start: str
    last_day: str
    as_of: str
    seed: str
    size: int
    """As asked for."""
    frame_size: int
    frame_hash: str
    outside: int
    """Dossiers of the frame in fields that are not drawn from."""
    outside_fields: int
    strata: tuple[Stratum, ...]
    random: tuple[Taken, ...]
    chosen: tuple[Taken, ...]
    flagged: int
    """Dossiers of the frame with some flag; the heaviest of them are chosen."""
    flag_counts: Mapping[str, int]
    unit_answers: tuple[UnitAnswer, ...]
    checks: tuple[Check, ...]
    flags: tuple[Flag, ...]
    fix_by: str
    """The day by which what is found is to be put right, where nothing else is said; ISO."""

    @property
    def covered(self) -> int:
        """Dossiers of the fields that are drawn from."""
        return sum(one.frame for one in self.strata)

    @property
    def dossier_checks(self) -> tuple[Check, ...]:
        return tuple(one for one in self.checks if one.about == "dossier")

    @property
    def unit_checks(self) -> tuple[Check, ...]:
        return tuple(one for one in self.checks if one.about == "unit")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A row of the sheet of findings: what data tell, for the team to confirm or strike out."""

    id: str
    way: int
    taken: Taken | None
    check: Check
    due: date | None


def document(draw: Draw) -> dict[str, Any]:
    """The documented object of a draw (docs/inspection.md)."""
    return {"schema": FORMAT, **asdict(draw)}


def of_document(raw: Mapping[str, Any]) -> Draw:
    """The draw that `document` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    if raw["schema"] != FORMAT:
        raise ValueError(raw["schema"])
    plain = {name: value for name, value in raw.items() if name != "schema"}
    parts: dict[str, Any] = {
        "strata": Stratum, "random": _taken, "chosen": _taken, "unit_answers": UnitAnswer, "checks": Check,
        "flags": Flag,
    }  # fmt: skip
    for name, make in parts.items():
        plain[name] = tuple(make(**one) for one in plain[name])
    return Draw(**plain)


def _taken(**raw: Any) -> Taken:
    return Taken(**{**raw, "flags": tuple(raw["flags"])})
