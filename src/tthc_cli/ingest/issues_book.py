"""The list of issues as a workbook: first what is wrong and how often, grouped, then every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.errors import Issue
from tthc_cli.ingest.issues import FOR_THE_GROUP, neutral
from tthc_cli.messages import Lang, say
from tthc_cli.storage.location import remove, write_atomic

if TYPE_CHECKING:
    from tthc_cli.office.workbook import PlainValue

DETAILS = 20_000
"""Rows listed one by one; issues.csv has them all."""
_FIXED = "2000-01-01T00:00:00"
_LISTED = ("file", "sheet", "row", "column", "value", "severity", "issue", "next", "code")
_GROUPED = ("file", "column", "severity", "issue", "next", "code", "count", "example")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class _Group:
    example: Issue
    count: int = 0


class Book:
    """A list of issues in the making: every issue is counted, the first are kept to be listed."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.counts: Counter[str] = Counter()
        """By severity."""
        self._groups: dict[tuple[str, str, str], _Group] = {}
        self._details: list[Issue] = []

    def add(self, issue: Issue) -> None:
        group = self._groups.setdefault((issue.file, issue.code, issue.column), _Group(issue))
        group.count += 1
        self.counts[issue.severity] += 1
        if len(self._details) < DETAILS:
            self._details.append(issue)

    def write(self, path: Path) -> None:
        """Write the workbook. Formulas in values are neutralised, bytes are stable."""
        from tthc_cli.office.listing import ListSheet, list_book

        lang = self.lang
        summary = [
            _safe(
                file, group.example.heading(lang), *_words(group.example, lang), group.count, group.example.row or None
            )
            for (file, _, _), group in sorted(self._groups.items(), key=lambda item: (-item[1].count, item[0]))
        ]
        details = [
            _safe(i.file, i.sheet, i.row or None, i.heading(lang), i.value, *_words(i, lang)) for i in self._details
        ]
        sheets = [
            ListSheet(say(f"ingest.book_{title}", lang), [say(f"ingest.issue_{head}", lang) for head in heads], rows)
            for title, heads, rows in (("summary", _GROUPED, summary), ("rows", _LISTED, details))
        ]
        write_atomic(path, list_book(sheets, _FIXED, lang), mode=FOR_THE_GROUP)


def write_book(path: Path, issues: Iterable[Issue], lang: Lang = "vi") -> None:
    """Write issues.xlsx; without issues the file is removed."""
    book = Book(lang)
    for issue in issues:
        book.add(issue)
    if book.counts:
        book.write(path)
    else:
        remove(path)


def _words(issue: Issue, lang: Lang) -> list[str]:
    severity = say(f"ingest.severity_{issue.severity}", lang)
    return [severity, issue.message(lang), issue.next_step(lang), issue.code]


def _safe(*values: PlainValue) -> list[PlainValue]:
    """The values with texts that no spreadsheet takes for a formula, and without signs that a workbook cannot hold."""
    return [_UNWRITABLE.sub("", neutral(value)) if isinstance(value, str) else value for value in values]
