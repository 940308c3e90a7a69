"""The periodic report put together: every number of the outline for three periods, the words that people typed, what is
missing and what whoever makes it should know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli import schema
from tthc_cli.errors import nearest
from tthc_cli.results.notes import note
from tthc_cli.results.periodic import Kind, Periodic, Row, Section, Sentence, Value, change
from tthc_cli.statements.periodic.outline import MeasureSpec, Outline, SectionSpec
from tthc_cli.statements.periodic.seen import Seen, counted, percent, ratio, share
from tthc_cli.statements.periodic.spreads import SPREADS, Line, Three, tasks_of
from tthc_cli.statements.periodic.tables import TABLES

if TYPE_CHECKING:
    from tthc_cli.results.form import Form
    from tthc_cli.statements.plan.tasks import Task

_FIELD = re.compile(r"\{(\w+)\}")
_KINDS: dict[str, Kind] = {"share": "share", "ratio": "share", "table_share": "share", "points": "points"}


def periodic(
    outline: Outline, seen: tuple[Seen, Seen, Seen], forms: Sequence[Form], notes: Sequence[str], *, brief: bool = False
) -> Periodic:
    """The report. seen: this period, the last one, the same one last year; notes: further ones for whoever makes the
    report; brief: whether it is to be on one page, which asks for fewer words."""
    this = seen[0]
    assert this.card is not None
    words = words_of(this)
    three = Three(*seen, tuple({name: make(one) for name, make in TABLES.items()} for one in seen), outline.under)
    sections = tuple(_section(spec, three, words) for spec in outline.sections)
    reporter = this.subjects(this.card)
    return Periodic(
        period=this.period.id, window=this.period.style, start=this.period.start.date(), end=this.period.end.date(),
        as_of=this.until.isoformat(), last=seen[1].period.id, last_year=seen[2].period.id, unit=this.unit,
        reporter=reporter[0].name if len(reporter) == 1 else "", cite=outline.cite, sections=sections,
        forms=tuple(forms), notes=(*notes, *_notes(outline, three, sections, words, brief)),
    )  # fmt: skip


def words_of(seen: Seen) -> dict[str, list[str]]:
    """Section -> the paragraphs typed for it, of the period and the unit that reports, in the order of the file."""
    rows = [r for r in seen.warehouse.read("narrative").to_pylist() if r["Ky"] == seen.period.id]
    rows.sort(key=lambda r: (r[schema.SOURCE] or "", r[schema.SHEET] or "", r[schema.ROW] or 0))
    found: dict[str, list[str]] = {}
    for row, mine in zip(rows, seen.is_reporter([str(r["DonVi"] or "") for r in rows]), strict=True):
        if mine:
            found.setdefault(section_id(str(row["Muc"])), []).append(str(row["NoiDung"]))
    return found


def section_id(text: str) -> str:
    """A section as the outline writes it.

    >>> section_id(" i.5 a. "), section_id("Mục I.10:")
    ('I.5.a', 'I.10')
    """
    parts = re.findall(r"[0-9]+|[A-Za-z]+", re.sub(r"^\s*mục\s+", "", text, flags=re.IGNORECASE))
    return ".".join([parts[0].upper(), *(part.lower() for part in parts[1:])]) if parts else ""


def _section(spec: SectionSpec, three: Three, words: Mapping[str, Sequence[str]]) -> Section:
    rows = tuple(row for measure in spec.measures for row in _rows(measure, spec.id, three))
    typed = tuple(words.get(spec.id, ()))
    known = {row.measure: row for row in rows if row.this is not None}
    return Section(
        id=spec.id, title_vi=spec.vi, title_en=spec.en, cite=spec.cite, from_memory=spec.evidence == "memory",
        sentences=tuple(_sentences(spec, known)),
        rows=tuple(row for row in rows if (row.this, row.last, row.last_year) != (None, None, None)),
        items=tuple(_items(spec, three)), words=typed, asks_words=spec.words == "asked",
        missing=tuple(name for name in spec.tables if not three.this.warehouse.has(name)), brief_words=spec.brief,
    )  # fmt: skip


def _sentences(spec: SectionSpec, known: Mapping[str, Row]) -> Iterator[Sentence]:
    for one in spec.sentences:
        names = list(dict.fromkeys(_FIELD.findall(one.vi + one.en)))
        if all(name in known for name in names):
            values = tuple((name, known[name].kind, known[name].this or Fraction(0)) for name in names)
            yield Sentence(one.vi, one.en, values)


def _rows(spec: MeasureSpec, section: str, three: Three) -> Iterator[Row]:
    if spec.take == "spread":
        for line in SPREADS[spec.of[0]](three):
            yield _row(spec, section, line, f"{spec.id}.{line.id}")
        return
    values = tuple(_value(spec, seen, tables) for seen, tables in zip(three.all, three.tables, strict=True))
    yield _row(spec, section, Line(spec.id, "", "", _KINDS.get(spec.take, "count"), values), spec.id)


def _value(spec: MeasureSpec, seen: Seen, tables: Mapping[str, Mapping[str, int] | None]) -> Fraction | None:
    if spec.take == "count":
        return counted(seen, spec.of)
    if spec.take == "share":
        return share(seen, spec.of, spec.per)
    if spec.take == "ratio":
        return ratio(seen, spec.of[0])
    if spec.take == "points":
        return percent(seen)
    value = _told(tables, spec.of[0])
    if spec.take == "table_share":
        whole = _told(tables, spec.per[0])
        return value / whole if value is not None and whole else None
    return value


def _told(tables: Mapping[str, Mapping[str, int] | None], source: str) -> Fraction | None:
    table, _, name = source.partition(".")
    value = (tables[table] or {}).get(name)
    return None if value is None else Fraction(value)


def _row(spec: MeasureSpec, section: str, line: Line, measure: str) -> Row:
    this, last, last_year = line.values
    vi, en = spec.vi.replace("{label}", line.vi), spec.en.replace("{label}", line.en)
    return Row(
        section=section, measure=measure, label_vi=vi, label_en=en, kind=line.kind, this=this, last=last,
        last_year=last_year, change_last=change(this, last, line.kind), change_year=change(this, last_year, line.kind),
        source=_source(spec), brief_vi=(spec.brief_vi or vi) if spec.brief else "",
        brief_en=(spec.brief_en or en) if spec.brief else "",
    )  # fmt: skip


_SPREAD_SOURCES = {"causes": "table:dossiers", "plan": "plan", "nine_grades": "score:nine-criteria"}
_TABLE_SOURCES = {"late": "dossiers", "reports": "reports_due", "review": "review_items"}


def _source(spec: MeasureSpec) -> str:
    if spec.take in ("table", "table_share"):
        table = spec.of[0].partition(".")[0]
        return f"table:{_TABLE_SOURCES.get(table, table)}"
    if spec.take == "spread":
        return _SPREAD_SOURCES.get(spec.of[0], "score")
    return "score" if spec.take == "points" else f"score:{spec.of[0].partition(':')[0]}"


def _items(spec: SectionSpec, three: Three) -> Iterator[Sentence]:
    """Tasks of the plan that are overdue at the end of the period, or due from then to the end of the next one."""
    planned = three.this.plan
    if not spec.items or planned is None:
        return
    end = three.this.period.end.date()
    ahead = end + (end - three.this.period.start.date())
    for task in tasks_of(three.this, planned):
        stands = planned.standing(task)
        if spec.items == "overdue_tasks" and stands.state == "overdue":
            yield _task(task, planned.unit(task.lead)[1], task.result)
        elif spec.items == "coming_tasks" and stands.state == "not_due" and task.due is not None and task.due <= ahead:
            yield _task(task, planned.unit(task.lead)[1], "")


def _task(task: Task, lead: str, result: str) -> Sentence:
    assert task.due is not None
    values: list[tuple[str, Kind, Value]] = [("content", "count", task.content), ("due", "count", task.due)]
    vi, en = "{content} (hạn {due}", "{content} (due {due}"
    if lead:
        values.append(("lead", "count", lead))
        vi, en = vi + "; chủ trì: {lead}", en + "; in charge: {lead}"
    if result:
        values.append(("result", "count", result))
        vi, en = vi + "; kết quả: {result}", en + "; result: {result}"
    return Sentence(vi + ").", en + ").", tuple(values))


def _notes(
    outline: Outline, three: Three, sections: Sequence[Section], words: Mapping[str, Sequence[str]], brief: bool
) -> Iterator[str]:
    for key, seen in (("periodic_last_not_scored", three.last), ("periodic_year_not_scored", three.last_year)):
        if seen.card is None:
            yield note(key, period=seen.period.id)
    if three.this.nine is None:
        yield note("periodic_no_nine")
    asked = [section for section in sections if section.asks_words and (section.brief_words or not brief)]
    empty = [section.id for section in asked if not section.words]
    if empty:
        yield note("periodic_no_words", sections=", ".join(empty), period=three.this.period.id)
    for table in dict.fromkeys(name for section in sections for name in section.missing):
        where = ", ".join(section.id for section in sections if table in section.missing)
        yield note("periodic_no_table", table=table, sections=where)
    known = [section.id for section in sections]
    for name in sorted(set(words) - set(known)):
        yield note("periodic_unknown_section", section=name or "–", nearest=nearest(name, known) or "–")
    if outline.frame == "memory":
        yield note("periodic_frame")


def until_of(end: datetime, now: datetime) -> datetime:
    """The last second that is seen of a period."""
    return min(end - timedelta(seconds=1), now)
