"""A list: rows of one kind below headings, as it is handed to whatever writes it (terminal, xlsx, csv, html, json).

A list says what it holds by keys; titles and headings are `lists.<name>.title`, `lists.<name>.about` and
`lists.column.<id>` in the catalogue (or `lists.<name>.<id>`, where a column means something of its own there).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from tthc_cli.messages import Lang, catalogue, say
from tthc_cli.results.notes import note_text
from tthc_cli.schema import table

SCHEMA = 1
Cell = str | int | float | datetime | None
ColumnType = Literal["text", "count", "number", "moment", "word"]
"""text, whole number, other number, moment; word: the key of a sentence of the catalogue (see `Column.words`)."""
TABLES = "tables"
"""`Column.words` of a cell that names tables ("dossiers, petitions"): their labels in the schema."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list."""

    id: str
    type: ColumnType = "text"
    words: str = ""
    """Of a word: the catalogue in which its values are keys, such as "reasons" for "2.1.late"."""
    share: int = 0
    """On a terminal: its share of the room; 0 = as wide as its content."""
    on_screen: bool = True
    """Whether a terminal has room for it; files have all columns."""
    people: tuple[str, ...] = ()
    """Personal columns of dossiers that it may be filled with, in a file that its owner alone can read."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows below columns, at a moment, of one unit with all below it or of all."""

    name: str
    as_of: str
    """ISO; up to when the data are seen."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    unit: str = ""
    """Id of the unit that was asked for; "" = all."""
    totals: Mapping[str, int | float] = field(default_factory=dict)
    """What is counted over all rows: by column; by "column.value", the rows of one value; else the number of rows."""
    more: int = 0
    """Rows that the list has beyond those held here; totals count them too."""
    notes: tuple[str, ...] = ()
    """As `results.notes.note` writes them."""
    is_data: bool = False
    """Whether a workbook of it is for `tthc ingest` to take in, where other lists are refused."""
    private: bool = False
    """Whether it tells of persons: its file is for its owner alone."""

    def title(self, lang: Lang) -> str:
        return say(f"lists.{self.name}.title", lang)

    def about(self, lang: Lang, as_of: str) -> str:
        """What is listed, in a sentence. as_of: the moment as the reader writes it."""
        return say(f"lists.{self.name}.about", lang, as_of=as_of)

    def headings(self, lang: Lang) -> list[str]:
        """A heading a column."""
        own = catalogue(lang, "lists")
        keys = ((f"lists.{self.name}.{column.id}", f"lists.column.{column.id}") for column in self.columns)
        return [own[mine] if mine in own else own[shared] for mine, shared in keys]

    def total_lines(self, lang: Lang) -> list[tuple[str, int | float]]:
        """What is counted over all rows, named."""
        return [(self._total_name(key, lang), value) for key, value in self.totals.items()]

    def _total_name(self, key: str, lang: Lang) -> str:
        name, _, value = key.partition(".")
        at = self.place(name)
        if value and at is not None and self.columns[at].type == "word":
            value = say(f"{self.columns[at].words}.{value}", lang)
        return say(f"lists.total.{name}", lang, value=value)

    def note_lines(self, lang: Lang) -> list[str]:
        return [note_text(note, lang) for note in self.notes]

    def worded(self, lang: Lang) -> list[list[Cell]]:
        """The rows with words in place of their keys."""
        places = [(at, column.words) for at, column in enumerate(self.columns) if column.type == "word"]
        rows = [list(row) for row in self.rows]
        for at, words in places:
            for row in rows:
                row[at] = _in_words(words, row[at], lang) if row[at] else None
        return rows

    def place(self, column: str) -> int | None:
        """The place of a column; None when there is none of that id."""
        return next((at for at, c in enumerate(self.columns) if c.id == column), None)

    def only(self, rows: tuple[tuple[Cell, ...], ...]) -> Listing:
        """Some of the rows, counted anew."""
        return replace(self, rows=rows, totals={key: self._total(key, rows) for key in self.totals}, more=0)

    def _total(self, key: str, rows: tuple[tuple[Cell, ...], ...]) -> int | float:
        at = self.place(key)
        if at is not None:
            values = [row[at] for row in rows]
            return sum(v for v in values if isinstance(v, int | float))
        name, _, value = key.partition(".")
        at = self.place(name) if value else None
        return len(rows) if at is None else sum(str(row[at]) == value for row in rows)


def _in_words(words: str, key: Cell, lang: Lang) -> str:
    if words != TABLES:
        return say(f"{words}.{key}", lang)
    labels = [(one.label_vi if lang == "vi" else one.label_en) for one in map(table, str(key).split(", "))]
    return ", ".join(labels)


def public_json(listing: Listing, lang: Lang) -> dict[str, Any]:
    """The documented object of a list (docs/interfaces.md). Words are given as their keys; moments as ISO text."""
    headings = listing.headings(lang)
    return {
        "schema": SCHEMA,
        "list": listing.name,
        "as_of": listing.as_of,
        "unit": listing.unit or None,
        "columns": [
            {"id": column.id, "title": " ".join(title.split()), "type": column.type}
            for column, title in zip(listing.columns, headings, strict=True)
        ],
        "rows": [[v.isoformat() if isinstance(v, datetime) else v for v in row] for row in listing.rows],
        "totals": dict(listing.totals),
        "notes": listing.note_lines(lang),
    }
