"""A stored scorecard turned into the view that every format renders."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from tthc_cli.errors import InputError, nearest
from tthc_cli.messages import Lang, say
from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.render.view import heads, model
from tthc_cli.render.view.forms import Forms
from tthc_cli.render.view.lists import Lists
from tthc_cli.render.view.lost_lists import lost_lists
from tthc_cli.render.view.nine.both import both_laws
from tthc_cli.render.view.nine.building import Nine
from tthc_cli.render.view.over_time import GroupTrend, grades_then, group_trends, medians
from tthc_cli.render.view.wording import Wording
from tthc_cli.results.nine.papers import NO_PAPERS, Papers
from tthc_cli.results.scorecard import (
    ComponentInfo,
    ComponentScore,
    LostDossier,
    ReasonCount,
    RulebookInfo,
    Scorecard,
    UnitScore,
)
from tthc_cli.results.standing import WITHHELD
from tthc_cli.text import fold, vietnamese_order
from tthc_cli.units.levels import LEVELS

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
MEAN_TIME = "2.2"
"""The one component that is a mean, in working days, and no share."""


def build_view(
    card: Scorecard,
    lang: Lang,
    *,
    units: Collection[str] | None = None,
    history: Sequence[Scorecard] = (),
    lost: Sequence[LostDossier] = (),
    listed: Sequence[LostDossier] = (),
    letterhead: model.Letterhead | None = None,
    papers: Papers = NO_PAPERS,
) -> model.CardView:
    """The view of a scorecard in one language.

    `units`: ids of the units that get a sheet or section of their own (None = all); the ranking always shows all.
    `history`: scorecards of earlier periods, oldest first; the last one is what "change" is measured against.
    `lost`: the dossiers behind lost points, for one list; `listed`: the same, for a list a unit.
    `papers`: what forms of the nine criteria are made from. `letterhead`: who issues and signs, else the province.
    Raises InputError when `units` names a unit that the scorecard does not hold.
    """
    known = {u.id: u for u in card.units}
    asked = _asked(known, units)
    builder = _Units(card, lang, history)
    lists, forms = Lists(card, lang, builder.groups), Forms(card, lang)
    word, reasons = lists.trust()
    levels = builder.levels()
    everyone = tuple(u for level in levels for u in level.units)
    selected = tuple(u for u in everyone if u.id in asked)
    return model.CardView(
        lang=lang,
        title=say(f"render.head.title{_of_law(card)}", lang),
        short_title=say(f"render.head.short_title{_of_law(card)}", lang),
        province=clean(known[card.province].called(lang)) if card.province in known else "",
        root=next((u for u in everyone if u.id == card.province), None),
        period_id=card.period,
        period=formats.period_name(card.period, lang),
        as_of=card.as_of,
        facts=lists.facts(),
        footer=say("render.text.footer", lang, version=card.version, as_of=formats.day(card.as_of, lang)),
        no_score=card.rulebook.no_score,
        ungraded_label=say(f"render.text.{_no_grade(card)}", lang),
        graded_on=card.rulebook.graded_on,
        standing=lists.standing(),
        graded_from=builder.plain(builder.graded_from),
        groups=builder.groups,
        grades=builder.grades,
        levels=levels,
        selected=selected,
        focused=bool(units),
        missing=lists.missing(everyone),
        missing_here=lists.missing(selected, whole=not units),
        sources=lists.sources(),
        trust=word,
        trust_reasons=reasons,
        unmatched=lists.unmatched(),
        notes=lists.notes(),
        told=lists.told(),
        told_standing=lists.told_standing(),
        version=card.version,
        periods=tuple(formats.period_name(c.period, lang) for c in (*history, card)),
        form=forms.by_unit(),
        form_sections=forms.sections(),
        unit_fields=forms.by_unit_and_field(),
        lost=tuple(lists.lost(d) for d in lost if units is None or d.unit in units),
        times=lists.times(),
        steps=lists.steps(),
        letterhead=letterhead or model.Letterhead(),
        lost_lists=lost_lists(listed, units, lang),
        nine=Nine(card, lang).view(levels, selected, papers),
        both=both_laws(lists, papers.other, everyone),
    )


def _asked(known: Collection[str], units: Collection[str] | None) -> frozenset[str]:
    """The ids of the units that get a part of their own. Raises InputError for one that the scorecard does not hold."""
    for wanted in units or ():
        if wanted not in known:
            raise InputError("unknown_unit", unit=wanted, nearest=nearest(wanted, list(known)) or formats.NOTHING)
    return frozenset(known if units is None else units)


def _no_grade(card: Scorecard) -> str:
    """The key of what stands for a grade where there is no ground for one."""
    return "graded_by_no_law" if card.subjects in card.rulebook.ungraded else "ungraded"


def _of_law(card: Scorecard) -> str:
    """The ending of the words that name what is assessed."""
    return "" if card.rulebook.evaluation == "qd766" else "_marks"


_REASONS = ("nothing_to_count", "too_little_assessed", "not_in_law", *WITHHELD)
"""Why there is no ground for a grade, each with words of its own."""


class _Units(Wording):
    """Puts units, groups and components of a stored card into words."""

    def __init__(self, card: Scorecard, lang: Lang, history: Sequence[Scorecard]) -> None:
        super().__init__(card, lang)
        self.cards = (*history, card)
        self.medians = medians(card.units, lang)
        self.history = [(formats.period_name(h.period, lang), {u.id: u for u in h.units}) for h in history]
        by_name = sorted(self.names, key=lambda unit: (vietnamese_order(self.names[unit]), unit))
        self.order = {unit: place for place, unit in enumerate(by_name)}
        self.grades = self._grades(card.rulebook)
        self.groups = self._groups(card.rulebook)
        self.scores: dict[str, dict[str, ComponentScore]] = defaultdict(dict)
        for score in card.components:
            self.scores[score.unit][score.id] = score
        self.reasons: dict[tuple[str, str], list[ReasonCount]] = defaultdict(list)
        for reason in card.reasons:
            self.reasons[reason.unit, reason.component].append(reason)
        self.labels = {u.id: self.label(u.id) for u in card.units}
        before = history[-1].components if history else ()
        self.points_before = {(c.unit, c.id): c.points for c in before if c.points is not None}
        self.anchors = anchors_of(self.labels)

    def _grades(self, book: RulebookInfo) -> tuple[heads.Grade, ...]:
        return tuple(
            heads.Grade(g.key, self.both(g.label_vi, g.label_en), self.plain(g.lower), tone)
            for tone, g in enumerate(book.grades)
        )

    def _groups(self, book: RulebookInfo) -> tuple[heads.GroupHead, ...]:
        components = [
            heads.ComponentHead(
                id=c.id,
                group=c.group,
                title=self.both(c.title_vi, c.title_en),
                max=self.plain(c.max),
                rule=self.both(c.rule_vi, c.rule_en),
                numerator=self.both(c.numerator_vi, c.numerator_en),
                denominator=self.both(c.denominator_vi, c.denominator_en),
                cite=clean(c.cite),
                places=c.places,
                target=c.target if c.target is not None else Fraction(1),
                when_zero=c.when_zero,
                needs=c.needs,
                needs_text=self.needs(c.needs),
                mean_unit=self.mean_unit(c),
                of_catalogue=c.subject == "procedure",
            )
            for c in book.components
        ]
        groups = []
        for g in book.groups:
            title, maximum = self.both(g.title_vi, g.title_en), self.plain(g.max)
            full = self.say("text.group_max", id=g.id, title=title, max=maximum)
            groups.append(heads.GroupHead(g.id, title, full, maximum, tuple(h for h in components if h.group == g.id)))
        return tuple(groups)

    def mean_unit(self, component: ComponentInfo) -> str:
        """Of a mean, the unit that it is in; "" for a share."""
        if component.id == MEAN_TIME:
            return self.say("text.working_days")
        return self.say("text.marks") if component.sources else ""

    def levels(self) -> tuple[model.LevelView, ...]:
        by_level: dict[str, list[UnitScore]] = defaultdict(list)
        for unit in self.card.units:
            by_level[unit.level].append(unit)
        ordered = sorted(by_level, key=lambda level: LEVELS.index(level) if level in LEVELS else len(LEVELS))
        levels = []
        for level in ordered:
            ranked = sum(u.rank is not None for u in by_level[level])
            units = tuple(self.unit(u, ranked) for u in by_level[level])
            counts = tuple((g, sum(u.grade == g for u in units)) for g in self.grades)
            then = grades_then(self.cards, level, self.lang) if len(self.cards) > 1 else ()
            label = self.say(f"level.{level}")
            levels.append(model.LevelView(level, label, units, counts, self.medians.get(level), then))
        return tuple(levels)

    def unit(self, unit: UnitScore, ranked: int) -> model.UnitView:
        grade = next((g for g in self.grades if g.key == unit.grade), None)
        groups = tuple(self.group(unit, head) for head in self.groups)
        provisional = self.say("text.provisional_why", max=self.plain(unit.assessed_max)) if unit.provisional else ""
        rank_text = (
            self.say("text.unranked") if unit.rank is None else self.say("text.rank_of", rank=unit.rank, of=ranked)
        )
        return model.UnitView(
            id=clean(unit.id),
            anchor=self.anchors[unit.id],
            label=self.labels[unit.id],
            name=self.names[unit.id],
            name_order=self.order[unit.id],
            level=unit.level,
            level_label=self.say(f"level.{unit.level}"),
            parent=self.names.get(unit.parent or "", ""),
            parent_id=unit.parent or "",
            total=self.fixed(unit.total),
            percent=self.fixed(unit.percent),
            assessed_max=self.plain(unit.assessed_max),
            provisional=unit.provisional,
            provisional_text=provisional,
            grade=grade,
            grade_label=grade.label if grade else self.no_grade(unit),
            ungraded_reason=unit.ungraded_reason,
            ungraded_text=self.ungraded(unit),
            rank=self.plain(unit.rank),
            rank_text=rank_text,
            groups=groups,
            change=self.change(unit),
            trend=self.trend(unit),
            group_trends=self.group_trends(unit),
        )

    @property
    def graded_from(self) -> Decimal:
        full = sum((g.max for g in self.card.rulebook.groups), Decimal(0))
        return self.card.grade_from * full / 100

    def no_grade(self, unit: UnitScore) -> str:
        """What stands for the grade of a unit without one."""
        grounds = unit.ungraded_reason in _REASONS and unit.total is not None
        if unit.ungraded_reason == "not_in_law":
            return self.say("text.graded_by_no_law")
        return self.say("text.ungraded" if grounds else "text.no_grade")

    def ungraded(self, unit: UnitScore) -> str:
        """Why there is no sufficient ground for a grade, in words; "" where there is."""
        if unit.ungraded_reason not in _REASONS:
            return ""
        return self.say(f"text.ungraded_{unit.ungraded_reason}", least=self.plain(self.graded_from))

    def group(self, unit: UnitScore, head: heads.GroupHead) -> model.GroupCell:
        points = unit.groups.get(head.id)
        cells = tuple(self.cell(self.scores[unit.id][c.id], c) for c in head.components if c.id in self.scores[unit.id])
        counted = sum((Fraction(c.max.value or 0) for c in cells if c.counts), Fraction(0))
        return model.GroupCell(head, self.fixed(points), self.plain(counted), _share(points, head.max.value), cells)

    def cell(self, score: ComponentScore, head: heads.ComponentHead) -> model.Cell:
        counts = score.status == "scored" or (score.status == "no_score" and self.card.rulebook.no_score == "zero")
        lost = score.max - (score.points or Decimal(0)) if counts else None
        notes = [clean(score.source), clean(score.note)]
        if score.untold:
            notes.append(self.say("text.untold_subjects", count=self.plain(score.untold)))
        if score.unknown:
            notes.append(self.say("text.unknown_subjects", count=self.plain(score.unknown)))
        return model.Cell(
            head=head,
            status=score.status,
            status_label=self.say(f"status.{score.status}"),
            numerator=self.plain(score.numerator),
            denominator=self.plain(score.denominator),
            ratio=heads.Amount(score.ratio, self.ratio_text(score, head)),
            points=self.fixed(score.points),
            max=self.plain(score.max),
            lost=self.fixed(lost),
            counts=counts,
            share=_share(score.points, score.max) if counts else None,
            basis=score.basis,
            basis_label=self.say(f"basis.{score.basis}"),
            note="; ".join(n for n in notes if n),
            reasons=self.reason_lines(score),
            change=self.component_change(score),
        )

    def component_change(self, score: ComponentScore) -> heads.Amount:
        """Against the last card of the history."""
        before = self.points_before.get((score.unit, score.id))
        if before is None or score.points is None:
            return heads.NO_AMOUNT
        change = score.points - before
        return heads.Amount(change, formats.signed(change, self.lang))

    def ratio_text(self, score: ComponentScore, head: heads.ComponentHead) -> str:
        """A share as a percentage; a mean as a number with its unit."""
        if not head.mean_unit:
            return formats.percent(score.ratio, self.lang)
        mean = formats.fixed(score.ratio, self.lang)
        return mean if score.ratio is None else f"{mean} {head.mean_unit}"

    def reason_lines(self, score: ComponentScore) -> tuple[model.ReasonLine, ...]:
        counted = sorted(self.reasons.get((score.unit, score.id), ()), key=lambda r: (-r.count, r.reason))
        return tuple(
            model.ReasonLine(
                say(f"reasons.{r.component}.{r.reason}", self.lang),
                self.plain(r.count),
                r.in_denominator,
                r.in_numerator,
                r.loses,
            )
            for r in counted
            if r.count
        )

    def change(self, unit: UnitScore) -> model.Change | None:
        if not self.history:
            return None
        period, units = self.history[-1]
        before = units.get(unit.id)
        points = (
            None if before is None or before.percent is None or unit.percent is None else unit.percent - before.percent
        )
        places = None if before is None or before.rank is None or unit.rank is None else before.rank - unit.rank
        if places is None:
            text = formats.NOTHING
        else:
            text = self.say("text.same" if not places else "text.up" if places > 0 else "text.down", count=abs(places))
        return model.Change(
            period,
            heads.Amount(points, formats.signed(points, self.lang)),
            heads.Amount(places, formats.signed(places, self.lang, 0)),
            text,
            self.fixed(before.percent if before else None),
            self.plain(before.rank if before else None),
            next((g.label for g in self.grades if before and g.key == before.grade), formats.NOTHING),
        )

    def group_trends(self, unit: UnitScore) -> tuple[GroupTrend, ...]:
        if not self.history:
            return ()
        now = formats.period_name(self.card.period, self.lang), unit
        periods = [*((period, units.get(unit.id)) for period, units in self.history), now]
        return group_trends([group.id for group in self.groups], periods, self.lang)

    def trend(self, unit: UnitScore) -> tuple[tuple[str, heads.Amount], ...]:
        past = [(period, units[unit.id].percent) for period, units in self.history if unit.id in units]
        now = (formats.period_name(self.card.period, self.lang), unit.percent)
        return tuple((period, self.fixed(value)) for period, value in [*past, now] if value is not None)


def _share(points: Decimal | None, maximum: Decimal | Fraction | int | None) -> float | None:
    return None if points is None or not maximum else float(Fraction(points) / Fraction(maximum))


def anchors_of(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Unit id -> a fragment name made of the safe letters of its label only, unique."""
    anchors: dict[str, str] = {}
    taken: set[str] = set()
    for unit_id, label in labels.items():
        stem = "u-" + (_UNSAFE.sub("-", label if label.isascii() else fold(label)).strip("-") or "unit")
        name, number = stem, 2
        while name.lower() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.lower())
        anchors[unit_id] = name
    return anchors
