"""The periodic report as it is handed to whatever writes it: sections with numbers of this period, the last one and the
same one last year, typed words, and the forms attached. Nothing that writes it computes a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.results.notes import note_text
from tthc_cli.results.rounding import half_up

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.form import Form

SCHEMA = 1
Kind = Literal["count", "share", "points"]
"""A number of things; a share of 1; points of 100."""
Value = Fraction | str | date
_COLUMNS = (
    Column("section"), Column("title", on_screen=False), Column("measure"), Column("label", share=4),
    Column("measure_kind", "word", "lists.measure_kind"), Column("this", "number"), Column("last", "number"),
    Column("change_last", "number"), Column("change_last_percent", "number", on_screen=False),
    Column("last_year", "number"), Column("change_year", "number"),
    Column("change_year_percent", "number", on_screen=False), Column("from", on_screen=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a number differs from an earlier one: counts in their own unit, shares in percentage points."""

    by: Fraction
    percent: Fraction | None
    """Of the earlier one; None of shares and points, and where it was 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a section."""

    section: str
    measure: str
    label_vi: str
    label_en: str
    kind: Kind
    this: Fraction | None
    last: Fraction | None
    last_year: Fraction | None
    change_last: Change | None
    change_year: Change | None
    source: str
    """score:<indicator>, table:<name> or plan."""
    brief_vi: str = ""
    brief_en: str = ""
    """What it is called in the report of one page; "" where it is not in it."""

    def label(self, lang: Lang) -> str:
        return self.label_vi if lang == "vi" else self.label_en

    def brief(self, lang: Lang) -> str:
        return self.brief_vi if lang == "vi" else self.brief_en


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with numbers in them, to be written as the reader's language writes numbers."""

    vi: str
    en: str
    values: tuple[tuple[str, Kind, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section."""

    id: str
    title_vi: str
    title_en: str
    cite: str
    from_memory: bool
    sentences: tuple[Sentence, ...] = ()
    rows: tuple[Row, ...] = ()
    items: tuple[Sentence, ...] = ()
    words: tuple[str, ...] = ()
    """Paragraphs that people typed."""
    asks_words: bool = False
    """Whether there is a place for such words when there are none."""
    missing: tuple[str, ...] = ()
    """Tables that would fill it and are empty."""
    brief_words: bool = False

    def title(self, lang: Lang) -> str:
        return self.title_vi if lang == "vi" else self.title_en

    @property
    def depth(self) -> int:
        """0 for a part, 1 for a section, 2 for a line of its own within one."""
        return self.id.count(".")


@dataclass(frozen=True, slots=True)
class Periodic:
    """The report of one period."""

    period: str
    window: str
    start: date
    end: date
    """The first day after the period."""
    as_of: str
    last: str
    last_year: str
    unit: str
    """Id of the unit that reports; "" = the whole tree."""
    reporter: str
    cite: str
    sections: tuple[Section, ...]
    forms: tuple[Form, ...] = ()
    notes: tuple[str, ...] = ()
    """For whoever makes the report, never for whom it is sent to; as `results.notes.note` writes them."""

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.sections for row in section.rows)

    def note_lines(self, lang: Lang) -> list[str]:
        return [note_text(one, lang) for one in self.notes]


def change(this: Fraction | None, before: Fraction | None, kind: Kind) -> Change | None:
    """The change from an earlier number; None where one of them is not known.

    >>> change(Fraction(120), Fraction(100), "count")
    Change(by=Fraction(20, 1), percent=Fraction(20, 1))
    """
    if this is None or before is None:
        return None
    by = (this - before) * (100 if kind == "share" else 1)
    return Change(by, by * 100 / before if kind == "count" and before else None)


def listing(report: Periodic, lang: Lang) -> Listing:
    """All numbers as a list, a row each."""
    titles = {section.id: section.title(lang) for section in report.sections}
    rows = tuple(_cells(row, titles[row.section], lang) for row in report.rows)
    return Listing("periodic", report.as_of, _COLUMNS, rows, unit=report.unit, notes=report.notes)


def _cells(row: Row, title: str, lang: Lang) -> tuple[Cell, ...]:
    def changed(by: Change | None) -> tuple[Cell, Cell]:
        return (None, None) if by is None else (_float(by.by), _float(by.percent))

    this, last, year = (_number(value, row.kind) for value in (row.this, row.last, row.last_year))
    return (
        row.section, title, row.measure, row.label(lang), row.kind, this, last, *changed(row.change_last), year,
        *changed(row.change_year), row.source,
    )  # fmt: skip


def _number(value: Fraction | None, kind: Kind) -> float | None:
    """As lists and JSON have it: shares in percent."""
    return _float(value * 100 if value is not None and kind == "share" else value)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(half_up(value, 2))


def public_json(report: Periodic, lang: Lang) -> dict[str, Any]:
    """The documented object of the report (docs/periodic_report.md); shares in percent."""
    return {
        "schema": SCHEMA,
        "period": report.period,
        "window": report.window,
        "from": report.start.isoformat(),
        "to": report.last_day.isoformat(),
        "as_of": report.as_of,
        "last": report.last,
        "last_year": report.last_year,
        "unit": report.unit or None,
        "reporter": report.reporter,
        "sections": [_section_json(section, lang) for section in report.sections],
        "forms": [form.code for form in report.forms],
        "notes": report.note_lines(lang),
    }


def _section_json(section: Section, lang: Lang) -> dict[str, Any]:
    return {
        "id": section.id, "title": section.title(lang), "cite": section.cite,
        "evidence": "memory" if section.from_memory else "found", "words": list(section.words),
        "missing": list(section.missing), "rows": [_row_json(row, lang) for row in section.rows],
    }  # fmt: skip


def _row_json(row: Row, lang: Lang) -> dict[str, Any]:
    def changed(by: Change | None) -> dict[str, Any] | None:
        return None if by is None else {"by": _float(by.by), "percent": _float(by.percent)}

    return {
        "measure": row.measure, "label": row.label(lang), "kind": row.kind, "this": _number(row.this, row.kind),
        "last": _number(row.last, row.kind), "last_year": _number(row.last_year, row.kind),
        "change_last": changed(row.change_last), "change_year": changed(row.change_year), "source": row.source,
    }  # fmt: skip
