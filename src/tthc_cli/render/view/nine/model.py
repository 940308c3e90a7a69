"""The forms of the nine criteria as every format shows them: lines, amounts and words, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tthc_cli.render.view.heads import Amount

DOSSIER_CRITERIA = ("c1", "c2", "c3", "c4", "c6", "c7")
"""Columns of form 01-ĐGHL."""
SUMMED = ("c1", "c2", "c3", "c4", "c7")
"""Those that make an official's total: criterion 6 is shown and not added."""
QUESTIONS = ("c10", "c11", "overall")
"""Of satisfaction: convenience, the whole; the whole where it is the only question."""
WHOLE = ("c11", "overall")
"""The questions that form 03 shows: the first that anybody answered."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What slips answer to one question."""

    question: str
    title: str
    counts: tuple[int, int, int]
    """Dissatisfied, satisfied, very satisfied."""
    shares: tuple[Amount, Amount, Amount]
    """Of those who answered, of 100, one decimal."""

    @property
    def answered(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A line of form 02-ĐGHL."""

    id: str
    number: str
    title: str
    max: Amount
    own: Amount
    """What the unit marks itself."""
    appraised: Amount
    note: str
    """Where the mark is from, and why it differs."""


@dataclass(frozen=True, slots=True)
class UnitPaper:
    """Form 02-ĐGHL: one unit."""

    unit_id: str
    name: str
    slips: int
    lines: tuple[CriterionLine, ...]
    max: Amount
    own: Amount
    total: Amount
    total_note: str
    grade: str
    graded: bool
    """The grade is what the bands say of the total."""
    satisfaction: tuple[Satisfaction, ...]
    whole: str
    """The question that form 03-ĐGHL shows too."""

    def answers(self) -> Satisfaction | None:
        return next((s for s in self.satisfaction if s.question == self.whole), None)


@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """A line of form 03-ĐGHL."""

    unit_id: str
    name: str
    slips: int
    points: tuple[Amount, ...]
    """By criterion, in the order of the rulebook."""
    total: Amount
    grade: str
    graded: bool
    rank: Amount
    satisfaction: Satisfaction | None


@dataclass(frozen=True, slots=True)
class ProvinceLevel:
    """The units of form 03-ĐGHL that are ranked together."""

    label: str
    lines: tuple[ProvinceLine, ...]


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A line of form 01-ĐGHL; marks in the order of DOSSIER_CRITERIA."""

    dossier: str
    marks: tuple[int | None, ...]
    total: int | None
    grade: str
    answer: int | None


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """Form 01-ĐGHL: one official."""

    unit_id: str
    name: str
    parent: str
    lines: tuple[DossierLine, ...]
    means: tuple[Amount, ...]
    """In the order of DOSSIER_CRITERIA."""
    from_lines: tuple[bool, ...]
    """Whether each is the mean of the lines; not so where a person typed it."""
    total: Amount
    grade: str
    graded: bool
    satisfaction: Satisfaction


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault of the period before, and what was done about it."""

    unit_id: str
    unit: str
    source: str
    check: str
    dossier: str
    told: str
    found: datetime | None
    due: datetime | None
    state: str
    """In words, with the day on which it was put right."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stands by one law."""

    total: Amount
    percent: Amount
    grade: str
    rank: Amount


@dataclass(frozen=True, slots=True)
class BothLine:
    """A unit by Decision 766 and by the nine criteria, side by side."""

    unit_id: str
    name: str
    level: str
    decision: Standing
    nine: Standing
    places: Amount
    """Rank by Decision 766 less rank by the nine criteria; positive = ranked higher by the nine."""


@dataclass(frozen=True, slots=True)
class NineView:
    """Everything that a report by the nine criteria adds."""

    subjects: str = "units"
    """Whom the report assesses: "units", "divisions" or "officials"."""
    units: tuple[UnitPaper, ...] = ()
    province: tuple[ProvinceLevel, ...] = ()
    officials: tuple[OfficialPaper, ...] = ()
    officials_note: str = ""
    """Which forms 01-ĐGHL are left out, and how to get them."""
    faults: tuple[FaultLine, ...] = ()
    faults_told: bool = False
    """Whether the report is one that must tell of faults, though there may be none."""
    criteria: tuple[str, ...] = ()
    """Numbers of the criteria, in the order of the rulebook."""
    bands: tuple[str, ...] = ()
    """The grade bands in words, best first."""
