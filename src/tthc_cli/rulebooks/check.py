"""Whether a resolved rulebook makes sense: sums, bands, ids, dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from tthc_cli import schema
from tthc_cli.errors import nearest
from tthc_cli.indicators.registry import components
from tthc_cli.rulebooks.document import KEYS, OPTIONAL, SECTIONS, Document, Entry
from tthc_cli.rulebooks.faults import RuleProblem
from tthc_cli.rulebooks.known import (
    CHOICES,
    DAYS,
    DEFAULTS,
    FULL_MARK,
    MARKS,
    NO_MARK,
    PARAMETERS,
    SOURCES,
    SUBJECTS,
    TYPED,
)

HUNDRED = Decimal(100)


def check(document: Document) -> tuple[RuleProblem, ...]:
    """Every fault of a resolved rulebook that reading it did not show."""
    missing = list(_missing(document))
    if missing:
        return tuple(missing)
    components = [fault for entry in document.sections["component"] for fault in _component(document, entry)]
    return (
        *_dates(document.root),
        *_places(document.root),
        *_subjects(document.root),
        *(components or _sums(document)),
        *_bands(document),
        *_parameters(document),
        *_checks(document),
    )


def _missing(document: Document) -> Iterator[RuleProblem]:
    for section in SECTIONS[:3]:
        if not document.sections.get(section):
            yield document.root.fault("no_section", value=section)
    for entry in (document.root, *(e for section in SECTIONS for e in document.sections.get(section, ()))):
        for key in KEYS[entry.section]:
            if key not in entry.at and key not in OPTIONAL[entry.section] and key != "cite":
                yield entry.fault("missing_key", value=key)


def _dates(entry: Entry) -> Iterator[RuleProblem]:
    first, last = entry.day("effective_from"), entry.day("effective_to")
    if first and last and first > last:
        yield entry.fault("dates_order", "effective_to", first=first.isoformat(), last=last.isoformat())


def _places(entry: Entry) -> Iterator[RuleProblem]:
    places = entry.values.get("places")
    if isinstance(places, int) and not 0 <= places <= 2:
        yield entry.fault("places_range", "places", value=places)


def _subjects(root: Entry) -> Iterator[RuleProblem]:
    """Whom it assesses, and whom of them without a grade."""
    for kind in root.texts("subjects"):
        if kind not in SUBJECTS:
            near = nearest(kind, list(SUBJECTS))
            yield root.fault("unknown_subject_kind", "subjects", value=kind, known=", ".join(SUBJECTS), near=near)
    assessed = root.texts("subjects") or ("units",)
    for kind in root.texts("ungraded"):
        if kind not in assessed:
            yield root.fault("ungraded_unknown", "ungraded", value=kind, known=", ".join(assessed))


def _marks(entry: Entry) -> Iterator[RuleProblem]:
    """A mean of marks: 2 is the most, and each mark comes from somewhere."""
    sources = entry.texts("sources")
    if entry.text("rule") != "mean":
        if sources:
            yield entry.fault("sources_unused", "sources", rule=entry.text("rule"))
        return
    if entry.number("max") != FULL_MARK:
        yield entry.fault("mark_max", "max", value=entry.number("max"), most=FULL_MARK)
    if not sources:
        yield entry.fault("no_source", known=", ".join(SOURCES))
    for source in sources:
        if source not in SOURCES:
            yield entry.fault("unknown_source", "sources", value=source, near=nearest(source, list(SOURCES)))
    if {"slip", "inspection"} & set(sources[sources.index("derived") :] if "derived" in sources else ()):
        yield entry.fault("derived_first", "sources")


def _component(document: Document, entry: Entry) -> Iterator[RuleProblem]:
    groups = [group.id for group in document.sections["group"]]
    subject, rule, target = entry.text("subject"), entry.text("rule"), entry.number_or_none("target")
    if entry.text("group") not in groups:
        near = nearest(entry.text("group"), groups)
        yield entry.fault("unknown_group", "group", value=entry.text("group"), near=near)
    counted = components(document.root.text("evaluation") or str(DEFAULTS["evaluation"]))
    if subject != TYPED and entry.id not in counted:
        yield entry.fault("unknown_component", "id")
    elif subject not in (TYPED, counted.get(entry.id)):
        yield entry.fault("wrong_subject", "subject", value=subject, known=counted[entry.id])
    if entry.number("max") < 0:
        yield entry.fault("negative", "max", value=entry.number("max"))
    if rule == "target" and target is None:
        yield entry.fault("target_missing", "rule")
    if rule != "target" and target is not None:
        yield entry.fault("target_unused", "target", rule=rule)
    if target is not None and not 0 < target <= 1:
        yield entry.fault("target_range", "target", value=target)
    if (rule == "analysis") != (entry.number("max") == 0):
        here = "max" if entry.at["max"][0] == str(document.path) else "rule"
        yield entry.fault("analysis_max", here, value=entry.number("max"), rule=rule)
    yield from _marks(entry)
    columns = _columns()
    for need in entry.texts("needs"):
        for one in need.split("|"):
            if one not in columns:
                yield entry.fault("unknown_need", "needs", value=one, near=nearest(one, columns))


def _columns() -> list[str]:
    return [f"{table.name}.{column.name}" for table in schema.all_tables() for column in table.stored]


def _here(document: Document, first: Entry, others: list[Entry]) -> RuleProblem:
    """A fault of maxima, placed in the file that is being checked: at `first`, else at one of `others`."""
    file = str(document.path)
    for entry in (first, *others):
        if entry.at["max"][0] == file:
            return RuleProblem(file, entry.at["max"][1], "")
    return RuleProblem(file, document.root.place[1], "")


def _sums(document: Document) -> Iterator[RuleProblem]:
    groups = document.sections["group"]
    for group in groups:
        parts = [c for c in document.sections["component"] if c.text("group") == group.id]
        total = sum((c.number("max") for c in parts), Decimal(0))
        if total != group.number("max"):
            place = _here(document, group, parts)
            fields = {"id": group.id, "max": group.number("max"), "sum": total}
            yield RuleProblem(place.file, place.line, "group_sum", fields)
    total = sum((g.number("max") for g in groups), Decimal(0))
    wanted = document.root.number_or_none("total") or HUNDRED
    if total != wanted:
        place = _here(document, groups[0], list(groups[1:]))
        yield RuleProblem(place.file, place.line, "total_sum", {"total": wanted, "sum": total})


def _bands(document: Document) -> Iterator[RuleProblem]:
    bands = sorted(document.sections["grade"], key=lambda band: band.number("lower"))
    if bands[0].number("lower") != 0:
        yield bands[0].fault("grade_start", "lower", value=bands[0].number("lower"))
    for band, better in zip(bands, [*bands[1:], None], strict=True):
        lower, upper = band.number("lower"), band.number_or_none("upper")
        if upper is not None and upper <= lower:
            yield band.fault("grade_order", "upper", lower=lower, upper=upper)
        elif better is not None and better.number("lower") == lower:
            yield better.fault("grade_same", "lower", other=band.id, value=lower)
        elif better is not None and upper is not None and upper != better.number("lower"):
            code = "grade_gap" if upper < better.number("lower") else "grade_overlap"
            yield band.fault(code, "upper", other=better.id, upper=upper, lower=better.number("lower"))


def _parameters(document: Document) -> Iterator[RuleProblem]:
    entries = document.sections.get("parameter", ())
    for entry in entries:
        yield from _dates(entry)
        if entry.id not in PARAMETERS:
            yield entry.fault("unknown_parameter", "id", near=nearest(entry.id, list(PARAMETERS)))
        yield from _value(entry)
    counted = {c.id for c in document.sections["component"] if c.text("subject") != TYPED}
    given = {entry.id for entry in entries}
    for name, used_by in PARAMETERS.items():
        if name not in given and (uses := [c for c in used_by if c in counted]):
            yield document.root.fault("missing_parameter", value=name, component=", ".join(uses))
    for name in sorted(given):
        yield from _in_turn(document.root, [e for e in entries if e.id == name])


def _checks(document: Document) -> Iterator[RuleProblem]:
    """The mark that a finding of each check gives, by a criterion that there is."""
    criteria = [c.id for c in document.sections["component"]]
    for entry in document.sections.get("check", ()):
        if entry.text("component") not in criteria:
            near = nearest(entry.text("component"), criteria)
            yield entry.fault("check_unknown", "component", value=entry.text("component"), near=near)
        if entry.number("mark") not in range(FULL_MARK + 1):
            yield entry.fault("check_mark", "mark", value=entry.number("mark"), most=FULL_MARK)


def _value(entry: Entry) -> Iterator[RuleProblem]:
    """A parameter is a word of a few, a day, or a whole number: which of them, its id says."""
    value = entry.values["value"]
    if choices := CHOICES.get(entry.id):
        if value not in choices:
            near = nearest(str(value), list(choices))
            yield entry.fault("bad_choice", "value", value=value, choices=", ".join(choices), near=near)
    elif entry.id in MARKS:
        if value not in (*range(FULL_MARK + 1), NO_MARK):
            yield entry.fault("bad_mark", "value", value=value, most=FULL_MARK, none=NO_MARK)
    elif entry.id in DAYS:
        if not isinstance(value, date):
            yield entry.fault("wrong_type", "value", value=value, expected="date")
    elif not isinstance(value, Decimal):
        yield entry.fault("wrong_type", "value", value=value, expected="number")
    elif value < 0:
        yield entry.fault("negative", "value", value=value)
    elif value % 1:
        yield entry.fault("not_whole", "value", value=value)


def _in_turn(root: Entry, entries: list[Entry]) -> Iterator[RuleProblem]:
    """Values of one parameter follow one another without overlap or gap while the rulebook is in force."""
    expected = root.day("effective_from") or date.min
    for number, entry in enumerate(sorted(entries, key=_begins)):
        if number and _begins(entry) < expected:
            yield entry.fault("parameter_overlap", "effective_from")
        elif _begins(entry) > expected:
            yield entry.fault("parameter_gap", "effective_from", day=expected.isoformat())
        last = entry.day("effective_to")
        expected = date.max if last in (None, date.max) else max(expected, last + timedelta(days=1))
    if expected <= (root.day("effective_to") or date.max) and expected != date.max:
        yield entries[-1].fault("parameter_gap", "effective_to", day=expected.isoformat())


def _begins(entry: Entry) -> date:
    return entry.day("effective_from") or date.min
