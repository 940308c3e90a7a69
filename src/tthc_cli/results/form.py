"""A statutory form filled in, as it is handed to whatever writes it (terminal, xlsx, docx, html, json, csv)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from tthc_cli.messages import say
from tthc_cli.results.notes import note_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tthc_cli.messages import Lang

SCHEMA = 1
NAMED = 5
"""So many dossiers are named below a form; JSON has all."""
OF_LEVEL = "level:"
"""Begins the label of a line that is of a level, not of one unit; its key follows."""
Depth = Literal["total", "group", "line"]
Kind = Literal["ordinal", "label", "figure", "text", "moment", "word"]
Figure = int | str | None
"""A number; of a column that is no figure, a text, an ISO moment or the key of a word; None where a person types."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One numbered column; its headings from the widest down to its own."""

    number: int
    heads_vi: tuple[str, ...]
    heads_en: tuple[str, ...]
    kind: Kind
    columns: tuple[int, ...] = ()
    """The numbers of the columns that it adds up; () for one that is no sum."""
    words: str = ""
    """Of a column of words: the table of the catalogue that has them."""

    def heads(self, lang: Lang) -> tuple[str, ...]:
        return self.heads_vi if lang == "vi" else self.heads_en


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row. label: a name, or OF_LEVEL and a level; "" for a field or procedure that is not known; of a group, the
    key of a level."""

    depth: Depth
    ordinal: str
    label: str
    figures: tuple[Figure, ...]
    """By column but those of ordinals and labels; None where a person types it in."""


@dataclass(frozen=True, slots=True)
class FormCheck:
    """What a form must satisfy, and the two figures that were compared."""

    column: int
    equals: tuple[int, ...]
    previous: int
    """The column of the period before; 0 where columns of this period are compared."""
    left: int
    right: int
    dossiers: tuple[str, ...] = ()
    """Codes of dossiers that one of the two has and the other has not, as far as they are known."""

    @property
    def holds(self) -> bool:
        return self.left == self.right

    def sentence(self, lang: Lang) -> str:
        key = "previous" if self.previous else "identity"
        other = self.previous or " + ".join(f"({n})" for n in self.equals)
        verdict = say(f"forms.check.{'holds' if self.holds else 'differs'}", lang, by=abs(self.left - self.right))
        said = say(f"forms.check.{key}", lang, column=self.column, other=other, left=self.left, right=self.right)
        named = say("forms.check.dossiers", lang, codes=", ".join(self.dossiers[:NAMED])) if self.dossiers else ""
        more = len(self.dossiers) - NAMED
        named += say("forms.check.more", lang, count=more) if more > 0 else ""
        return " ".join(part for part in (said, verdict, named) if part)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one period, of one unit or of all."""

    code: str
    circular: str
    title_vi: str
    title_en: str
    period: str
    window: str
    start: date
    end: date
    """The first day after the period."""
    as_of: str
    """ISO; up to when the data are seen."""
    unit: str
    """Id of the unit that reports; "" = the whole tree."""
    reporter: str
    """Its name; "" where nothing tells."""
    addressee_vi: str
    addressee_en: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    checks: tuple[FormCheck, ...] = ()
    notes: tuple[str, ...] = ()
    """As `results.notes.note` writes them."""
    from_memory: bool = False
    due: date | None = None
    due_from_memory: bool = False
    filled_by_vi: str = ""
    filled_by_en: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """What stands above the table in place of reporter, addressee and period: keys of `forms.head`, texts or ISO."""
    parts: tuple[Form, ...] = ()
    """Further tables of the form, each with its own title."""

    @property
    def figures(self) -> tuple[FormColumn, ...]:
        return tuple(column for column in self.columns if column.kind not in ("ordinal", "label"))

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def title(self, lang: Lang) -> str:
        return self.title_vi if lang == "vi" else self.title_en

    def addressee(self, lang: Lang) -> str:
        return self.addressee_vi if lang == "vi" else self.addressee_en

    def label(self, row: FormRow, lang: Lang) -> str:
        """What stands in the column of names."""
        if row.depth == "total":
            return say("forms.total", lang)
        if row.depth == "group":
            return say(f"render.level.{row.label}", lang)
        if row.label.startswith(OF_LEVEL):
            return say("forms.of_level", lang, level=say(f"render.level.{row.label.removeprefix(OF_LEVEL)}", lang))
        return row.label or say("forms.unknown_field", lang)

    def closing_lines(self, lang: Lang) -> list[str]:
        """What stands below the table: what is counted, who fills it in, then the notes."""
        first = [] if self.facts else [say("forms.counted_in", lang)]
        by = self.filled_by_vi if lang == "vi" else self.filled_by_en
        first += [say("forms.filled_by", lang, name=by)] if by else []
        return [*first, *self.note_lines(lang)]

    def note_lines(self, lang: Lang) -> list[str]:
        """The notes of the sheet: first how sure the layout is, last what the checks found."""
        first = [say("forms.from_memory", lang)] if self.from_memory else []
        return [*first, *(note_text(one, lang) for one in self.notes), *(one.sentence(lang) for one in self.checks)]

    def head_lines(self, lang: Lang, written: Callable[[str], str]) -> list[str]:
        """What stands above the table. written: a day or moment (ISO) as the reader writes it."""
        first = say("forms.head.code", lang, code=self.code, circular=self.circular)
        if self.facts:
            return [first, *(say(f"forms.head.{key}", lang, value=written(value) or "…") for key, value in self.facts)]
        days = {"first": written(self.start.isoformat()), "last": written(self.last_day.isoformat())}
        key = "due_memory" if self.due_from_memory else "due"
        due = [say(f"forms.head.{key}", lang, day=written(self.due.isoformat()))] if self.due else []
        return [
            first,
            say("forms.head.reporter", lang, name=self.reporter or "…"),
            say("forms.head.addressee", lang, name=self.addressee(lang) or "…"),
            say("forms.head.period", lang, period=self.period, **days),
            *due,
        ]


def _table_json(form: Form, lang: Lang) -> dict[str, Any]:
    numbers = [str(column.number) for column in form.figures]
    return {
        "columns": [
            {"number": column.number, "heads": list(column.heads(lang)), "sum_of": list(column.columns)}
            for column in form.columns
        ],
        "rows": [
            {
                "depth": row.depth,
                "label": form.label(row, lang),
                "figures": dict(zip(numbers, row.figures, strict=True)),
            }
            for row in form.rows
        ],
    }


def public_json(form: Form, lang: Lang) -> dict[str, Any]:
    """The documented object of a form (docs/forms.md)."""
    return {
        "schema": SCHEMA,
        "form": form.code,
        "circular": form.circular,
        "title": form.title(lang),
        "period": form.period or None,
        "window": form.window,
        "from": form.start.isoformat(),
        "to": form.last_day.isoformat(),
        "as_of": form.as_of,
        "unit": form.unit or None,
        "reporter": form.reporter,
        "addressee": form.addressee(lang),
        "filled_by": form.filled_by_vi if lang == "vi" else form.filled_by_en,
        "due": form.due.isoformat() if form.due else None,
        "layout": "memory" if form.from_memory else "found",
        **({"about": dict(form.facts)} if form.facts else {}),
        **_table_json(form, lang),
        **({"parts": [{"title": p.title(lang), **_table_json(p, lang)} for p in form.parts]} if form.parts else {}),
        "checks": [
            {
                "column": one.column, "equals": list(one.equals), "previous": one.previous or None,
                "left": one.left, "right": one.right, "holds": one.holds, "dossiers": list(one.dossiers),
            }
            for one in form.checks
        ],
        "notes": form.note_lines(lang),
    }  # fmt: skip
