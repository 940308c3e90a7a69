"""Figures of the nine criteria: what somebody gave a whole subject, else what its dossiers and tables say.

A mark given to a subject as a whole stands for it alone: the units above it stay the mean over their dossiers, and
nothing is a mean of means. Of its sources (Thông tư 01/2018/TT-VPCP, Điều 14 khoản 3) the first in the order of the
rulebook wins. Slips about a whole unit or official say nothing of any dossier: they stand only where no dossier has a
mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.facts.marks.known import known_marks
from tthc_cli.facts.marks.model import Known, Mark, Subject, checks_of
from tthc_cli.facts.moment import moment_of
from tthc_cli.indicators.nd61.dossiers import PUBLICATION_SLIPS, source_of
from tthc_cli.results.beside import GivenMarks
from tthc_cli.results.rounding import half_up
from tthc_cli.results.scorecard import Basis, ComponentInfo
from tthc_cli.results.self_marks import SelfMark
from tthc_cli.scoring.assess import NOTHING, Figure
from tthc_cli.verdicts import Reason

if TYPE_CHECKING:
    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree

_OF_SUBJECT = {"typed": "appraised", "inspection": "finding", "slip": "slip"}
"""Source as rulebooks name it -> as marks of whole subjects do."""
_NAMED = {mark: source for source, mark in _OF_SUBJECT.items()}
UnitMarks = Mapping[tuple[int, str], Known]
"""(unit index, criterion) -> what is known of the unit as a whole."""


def told(run: Run) -> Mapping[tuple[Subject, str], Known]:
    """The marks of whole subjects that count in a period, named as in the tables."""
    slips, found, typed = (run.warehouse.read(name) for name in ("slips", "findings", "typed_figures"))
    return known_marks(slips, found, typed, run.period, checks_of(run.rulebook), moment_of(run.cutoff))


def of_units(marks: Mapping[tuple[Subject, str], Known], tree: ScoredTree) -> UnitMarks:
    """What is known of every unit, under its own code and under names and codes that mean it: of what was typed the
    own code's line stands, else that of the first code."""
    out: dict[tuple[int, str], Known] = {}
    named = sorted({subject.id for subject, _ in marks if subject.kind == "unit"})
    places = dict(zip(named, tree.find(named), strict=True))
    units = sorted(named, key=lambda name: (places[name] < 0 or tree.ids[places[name]] != name, name))
    order = {name: number for number, name in enumerate(units)}
    for (subject, criterion), known in sorted(marks.items(), key=lambda pair: order.get(pair[0][0].id, -1)):
        if subject.kind == "unit" and places[subject.id] >= 0:
            key = places[subject.id], criterion
            out[key] = out[key].with_other(known) if key in out else known
    return out


def mark_figures(
    component: ComponentInfo, judged: Mapping[str, Judgement], known: UnitMarks, units: int, *, data: bool = True
) -> list[Figure]:
    """The sum of marks and the number of marks of every unit, by one criterion. data: whether the columns that it
    needs are there."""
    judgement = judged.get(component.id) if data else None
    behind = judged.get(PUBLICATION_SLIPS.id) if component.id == "c6" else None
    return [
        mark_figure(component, counted(component, judgement, unit), known.get((unit, component.id)),
                    counted(component, behind, unit, "slip"))
        for unit in range(units)
    ]  # fmt: skip


def mark_figure(component: ComponentInfo, found: Figure, known: Known | None, slips: Figure = NOTHING) -> Figure:
    """The figure of one subject by one criterion. found: what its dossiers and tables say; known: what somebody gave
    the subject itself; slips: what slips of its dossiers say, of a criterion that is else of the subject as a whole."""
    by_dossier = component.subject == "dossier"
    given = {source: _given(source, known, found) for source in component.sources}
    if known is not None and any(m.overrides and m.source == "appraised" for m in known.marks) and given.get("typed"):
        return given["typed"] or NOTHING
    for source in component.sources:
        own = given[source]
        if source in ("typed", "inspection") and own is not None:
            return own
        if source == "slip" and not by_dossier and (own is not None or slips.known):
            return slips if slips.known else own or NOTHING
        if found.known and (source == "derived" or (source in ("inspection", "slip") and by_dossier)):
            return found
    return given.get("slip") or NOTHING


def _given(source: str, known: Known | None, found: Figure) -> Figure | None:
    """What one source gave the subject as a whole."""
    mark = None if known is None or source not in _OF_SUBJECT else next(
        (m for m in known.marks if m.source == _OF_SUBJECT[source]), None
    )  # fmt: skip
    if mark is None:
        return None
    return Figure(mark.value * mark.number, Fraction(mark.number), _basis(mark, found), *_words(mark))


def _basis(mark: Mark, found: Figure) -> Basis:
    if mark.source == "finding":
        return "inspection"
    return "slip" if mark.source == "slip" else "override" if found.known else "typed"


def _words(mark: Mark) -> tuple[str, str]:
    """Source and note of a figure."""
    if mark.source == "finding":
        return ", ".join(mark.told_by), ""
    return (mark.told_by or ("",))[0], "; ".join(t for t in (mark.reason, *mark.told_by[1:]) if t)


def counts_by(component: ComponentInfo, reason: Reason) -> bool:
    """Whether a verdict counts: it does, and the rulebook takes marks from where it comes from."""
    return reason.counted and source_of(reason.key) in component.sources


def counted(component: ComponentInfo, judgement: Judgement | None, unit: int, basis: Basis = "data") -> Figure:
    """What the data count; nothing where no subject has a mark."""
    if judgement is None:
        return NOTHING
    return figure_of(component, judgement.reasons, judgement.counts[unit].tolist(), basis)


def figure_of(
    component: ComponentInfo, reasons: Sequence[Reason], counts: Sequence[int], basis: Basis = "data"
) -> Figure:
    """The sum of marks and their number, from the counts by reason."""
    marked = [(r, n) for r, n in zip(reasons, counts, strict=True) if n and counts_by(component, r)]
    if not marked:
        return NOTHING
    untold = sum(n for r, n in zip(reasons, counts, strict=True) if r.unknown and not r.counted)
    earned = Fraction(sum(r.earned * n for r, n in marked))
    return Figure(earned, Fraction(sum(n for _, n in marked)), basis, untold=untold)


def given_marks(known: Mapping[tuple[str, str], Known]) -> Iterator[GivenMarks]:
    """What inspections and slips give whole subjects. known: (id, criterion) -> what is known of it."""
    for (subject, criterion), found in sorted(known.items()):
        for mark in found.marks:
            if mark.source in ("finding", "slip"):
                yield GivenMarks(subject, criterion, _NAMED[mark.source], *mark.counts)


def self_marks(
    components: Sequence[ComponentInfo], known: Mapping[tuple[str, str], Known], order: Sequence[str]
) -> Iterator[SelfMark]:
    """What subjects mark themselves, in their order. known: (id, criterion) -> what is known of it."""
    for subject in order:
        for component in components:
            found = known.get((subject, component.id))
            own = None if found is None else found.of("self")
            if found is not None and own is not None:
                appraised = found.of("appraised")
                reason = (appraised.reason if appraised else "") or own.reason
                yield SelfMark(subject, component.id, half_up(own.value, component.places), reason)
