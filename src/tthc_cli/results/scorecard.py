"""The contract between scoring and rendering: counts, scores, grades, and where they come from.

A scorecard is frozen once computed. It is stored as Parquet beside a JSON manifest, and rendered from there;
nothing that renders it computes a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from tthc_cli.messages import Lang, say
from tthc_cli.results.beside import NOTHING_BESIDE, Beside
from tthc_cli.results.self_marks import SelfMark
from tthc_cli.results.standing import told_anyway

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

JSON_SCHEMA = 2
FORMAT = 1

UNMATCHED_ID = "?"
"""Id of the unit that stands for everything that names no known unit; it is below the province, of level khac."""

Status = Literal["scored", "not_assessed", "no_score", "analysis"]
SubjectKind = Literal["units", "divisions", "officials"]
"""Whom a scorecard is of."""
Ungraded = Literal[
    "", "nothing_to_count", "too_little_assessed", "unmatched", "no_unit_table", "few_matched", "not_in_law"
]
"""Why a unit has no grade: it has nothing to count; too small a part of the points was assessed; it stands for what
names no known unit; the units are not known, because there is no unit table, or too few dossiers match one; the rules
give such subjects points and no grade."""
Basis = Literal["data", "typed", "override", "children", "inspection", "slip", "none"]
"""Where numerator and denominator come from: counted from data; typed by hand; typed and used instead of the data;
the sum over the units below; findings, or slips, about the subject as a whole; nothing could tell."""
COUNTED = ("data", "children")
"""Those of which the counts by reason tell the figure."""


@dataclass(frozen=True, slots=True)
class GradeBand:
    """A grade: everything from `lower` (included) up to the next band."""

    key: str
    label_vi: str
    label_en: str
    lower: Decimal
    cite: str = ""


@dataclass(frozen=True, slots=True)
class ComponentInfo:
    """What a rulebook says of one component indicator, for people to read."""

    id: str
    group: str
    title_vi: str
    title_en: str
    max: Decimal
    """0 for an analysis component."""
    rule_vi: str
    rule_en: str
    """The rule in words, e.g. "điểm = 6 × min(1; tỷ lệ / 50%)"."""
    numerator_vi: str
    numerator_en: str
    denominator_vi: str
    denominator_en: str
    subject: str
    """What is counted: dossier, procedure, petition, decision, unit, or typed (hand-typed figures only)."""
    cite: str
    places: int = 2
    """Decimals to which its points are rounded, half-up."""
    target: Fraction | None = None
    """Points are max × min(1, ratio / target); None = linear (target 1)."""
    when_zero: str = "zero"
    """With denominator 0: "zero" points, "full" points, or "no_score"."""
    needs: tuple[str, ...] = ()
    """Canonical tables and columns ("dossiers.Gia") without which it cannot be assessed from data;
    "a|b" = one of them is enough."""
    sources: tuple[str, ...] = ()
    """Where its marks may come from, the one that wins first; of components that are means of marks."""

    def missing(self, present: Collection[str]) -> tuple[str, ...]:
        """The needs that `present` columns ("dossiers.Gia") leave unmet."""
        return tuple(need for need in self.needs if not any(one in present for one in need.split("|")))


@dataclass(frozen=True, slots=True)
class GroupInfo:
    id: str
    title_vi: str
    title_en: str
    max: Decimal
    cite: str = ""


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """What the rules use (days, parts, a way of counting), in force from and to a day (included, ISO; None = open)."""

    id: str
    value: Decimal | str
    """A number; else a word, or a day (ISO)."""
    title_vi: str
    title_en: str
    cite: str
    effective_from: str | None = None
    effective_to: str | None = None


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """The mark that a finding of one check of an inspection gives."""

    id: str
    component: str
    mark: Decimal
    title_vi: str
    title_en: str
    cite: str


@dataclass(frozen=True, slots=True)
class RulebookInfo:
    """The rulebook a score was computed by."""

    id: str
    revision: int
    sha256: str
    reading: str
    title_vi: str
    title_en: str
    cite: str
    effective_from: str
    effective_to: str | None
    no_score: Literal["zero", "excluded"]
    groups: tuple[GroupInfo, ...]
    components: tuple[ComponentInfo, ...]
    grades: tuple[GradeBand, ...]
    """Best first."""
    parameters: tuple[ParameterInfo, ...] = ()
    lineage: tuple[str, ...] = ()
    """Ids of the rulebooks it extends, nearest first."""
    evaluation: str = "qd766"
    """The law that is assessed by; rulebooks of several are in force on one day."""
    graded_on: Literal["percent", "total"] = "percent"
    """Whether grades are taken on the percentage of the maximum that counts, or on the total."""
    subjects: tuple[str, ...] = ("units",)
    """What it assesses: units, divisions, officials."""
    ungraded: tuple[str, ...] = ()
    """Those of them that get points and no grade."""
    chosen: Literal["in_force", "by_name"] = "in_force"
    """Whether it is taken when it is in force, or only when it is asked for by its id."""
    checks: tuple[CheckInfo, ...] = ()
    """Which findings of inspections give marks."""

    def grade(self, key: str) -> GradeBand:
        return next(g for g in self.grades if g.key == key)

    def component(self, component_id: str) -> ComponentInfo:
        return next(c for c in self.components if c.id == component_id)

    def parameter(self, parameter_id: str, on: date) -> Decimal | str:
        """The value of a parameter in force on a day. Raises KeyError when there is none."""
        day = on.isoformat()
        for p in self.parameters:
            if p.id == parameter_id and (p.effective_from or day) <= day <= (p.effective_to or day):
                return p.value
        raise KeyError((parameter_id, day))


@dataclass(frozen=True, slots=True, order=True)
class ReasonCount:
    """How many subjects of a unit (with everything below it) got one verdict of a component."""

    unit: str
    component: str
    reason: str
    """Key of the sentence `reasons.<component>.<reason>` in the catalogue, e.g. "late"."""
    in_denominator: bool
    in_numerator: bool
    count: int
    short: bool = field(default=False, compare=False)
    """In the numerator, but with less than a subject can earn: a mark of 1, of 2."""

    @property
    def loses(self) -> bool:
        """It costs points."""
        return self.in_denominator and (self.short or not self.in_numerator)


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One component of one unit."""

    unit: str
    id: str
    numerator: Fraction | None
    denominator: Fraction | None
    points: Decimal | None
    """Rounded half-up to 2 decimals; None unless status is scored."""
    max: Decimal
    status: Status
    basis: Basis
    source: str = ""
    """For typed figures: what the person gave as source; for data "" (see the manifest)."""
    note: str = ""
    unknown: int = 0
    """Subjects in the denominator of which no source tells whether they count; they are not in the numerator."""
    untold: int = 0
    """Subjects left out because their file lacks the column that tells; the figure stands for the others."""

    @property
    def ratio(self) -> Fraction | None:
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class LostDossier:
    """One dossier that is in a component's denominator and earns less than it can, and where it was read."""

    unit: str
    component: str
    dossier: str
    """MaHoSo."""
    procedure: str
    received: str
    due: str
    finished: str
    """ISO moments; "" when there is none."""
    reason: str
    """Key of the sentence `reasons.<component>.<reason>`."""
    source: str
    sheet: str
    row: int
    overdue_hours: float | None = None
    """Working hours from the due time to the finish (or to the moment of judging), waiting left out; negative when
    early. None where no due time is known."""


@dataclass(frozen=True, slots=True)
class UnitScore:
    """One unit's total, grade and rank."""

    id: str
    name: str
    level: str
    """tinh, so, huyen, xa or khac."""
    parent: str | None
    groups: Mapping[str, Decimal | None]
    """Group id -> points; None when nothing in it was assessed."""
    total: Decimal | None
    """None when nothing was assessed."""
    assessed_max: Decimal
    """The maximum that counts: of what was assessed, less what the rulebook excludes."""
    provisional: bool
    percent: Decimal | None
    """total × 100 / assessed_max, rounded half-up to 2 decimals; the grade is taken on it."""
    grade: str | None
    """Key of the grade band; None where there is no sufficient ground for one."""
    rank: int | None
    """Within its level; None for a unit without a grade."""
    ungraded_reason: Ungraded = ""
    """Why there is no grade; "" where there is one."""

    def called(self, lang: Lang) -> str:
        """Its name, which for what names no known unit is a word of the reader's language."""
        return say("units.unmatched", lang) if self.id == UNMATCHED_ID else self.name


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """One file behind the numbers."""

    path: str
    sha256: str
    tables: tuple[str, ...]
    rows_read: int
    accepted: int
    superseded: int
    rejected: int
    exported_at: str = ""
    """When it was exported (ISO), as far as it or its name says; "" in scores stored before that was kept."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of one period under one rulebook."""

    period: str
    period_start: str
    period_end: str
    """First and last day, ISO."""
    window: str
    as_of: str
    """What is open is judged at this moment: the end of the period, or of the extract if that is earlier (ISO)."""
    province: str
    """Id of the unit at the root; "" if there is none."""
    rulebook: RulebookInfo
    version: str
    sources: tuple[SourceInfo, ...]
    units: tuple[UnitScore, ...]
    """By level (tinh, so, huyen, xa, khac), then rank, then name in Vietnamese order."""
    components: tuple[ComponentScore, ...]
    """By unit in the order of `units`, then component in the order of the rulebook."""
    reasons: tuple[ReasonCount, ...] = ()
    beside: Beside = NOTHING_BESIDE
    """Statements of the same period, from the same counts."""
    unmatched: tuple[tuple[str, int, str], ...] = ()
    """Unit names in the data that the unit table does not know: (name, dossiers, nearest known name or "")."""
    notes: tuple[str, ...] = ()
    """What a reader should know, as `note` writes it and `note_text` reads it."""
    lost_file: str = field(default="", compare=False, repr=False)
    """Where the subjects that lost points are stored with it, so that both are of one version; "" if not stored."""
    grade_from: Decimal = Decimal(0)
    """The share of the points, of 100, that must have been assessed for a grade."""
    subjects: SubjectKind = "units"
    """Whom `units` are."""
    self_marks: tuple[SelfMark, ...] = ()
    """What units mark themselves; it counts for nothing. results/self_marks.py adds it up."""

    @property
    def place(self) -> str:
        """Where it is stored among those of its period."""
        return place_of(self.rulebook.id, self.subjects)

    def unit(self, unit_id: str) -> UnitScore:
        return next(u for u in self.units if u.id == unit_id)

    def components_of(self, unit_id: str) -> tuple[ComponentScore, ...]:
        return tuple(c for c in self.components if c.unit == unit_id)


_UNSAID: dict[str, object] = {"subjects": ("units",), "ungraded": (), "chosen": "in_force", "checks": ()}


def rulebook_document(rulebook: RulebookInfo) -> dict[str, Any]:
    """A rulebook as it is written down, without what it means anyway."""
    said = asdict(rulebook)
    for component in said["components"]:
        if not component["sources"]:
            del component["sources"]
    return {key: value for key, value in said.items() if key not in _UNSAID or value != _UNSAID[key]}


def place_of(rulebook_id: str, subjects: SubjectKind = "units") -> str:
    """Where a scorecard is stored among those of its period: divisions and officials apart from units."""
    return rulebook_id if subjects == "units" else f"{rulebook_id}/{subjects}"


def number(value: Decimal | Fraction | None) -> int | float | None:
    """A JSON number: whole ones without a decimal point."""
    if value is None:
        return None
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return int(value) if value == value.to_integral_value() else float(value)


def public_json(card: Scorecard) -> dict[str, Any]:
    """The documented object that `tthc score --json` prints (docs/interfaces.md, schema 2)."""
    return {
        "schema": JSON_SCHEMA,
        "period": card.period,
        "rulebook": {"id": card.rulebook.id, "revision": card.rulebook.revision, "sha256": card.rulebook.sha256},
        "as_of": card.as_of,
        **told_anyway(card.notes),
        "units": [
            {
                "id": u.id, "name": u.name, "level": u.level, "parent": u.parent,
                "groups": {g: number(p) for g, p in u.groups.items()},
                "total": number(u.total), "assessed_max": number(u.assessed_max), "provisional": u.provisional,
                "grade": u.grade, "rank": u.rank, "ungraded_reason": u.ungraded_reason or None,
            }
            for u in card.units
        ],
        "components": [
            {
                "unit": c.unit, "id": c.id, "numerator": number(c.numerator), "denominator": number(c.denominator),
                "ratio": None if c.ratio is None else float(c.ratio), "points": number(c.points),
                "max": number(c.max), "status": c.status,
            }
            for c in card.components
        ],
    }  # fmt: skip
