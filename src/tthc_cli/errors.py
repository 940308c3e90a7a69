"""What can go wrong: errors that stop a run, and issues that concern one row of data.

Both carry a stable code and fields; the sentence is made from the message catalogue in the reader's language:
what, where (file › sheet › row › column: value), what next.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Literal

from tthc_cli.machine import in_use
from tthc_cli.messages import Lang, say, say_in_two
from tthc_cli.private import masked


class Exit(IntEnum):
    """Exit codes, for cron."""

    DONE = 0
    ROWS_REJECTED = 1
    USAGE = 2
    STOPPED = 3
    LOCKED = 4
    DEFECT = 5


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row was read, as a field of a message."""

    file: str
    sheet: str
    row: int
    end: str = ""
    """What follows it, where it is given."""

    def said(self, lang: Lang) -> str:
        """The place in words, "" where nothing is known of it.

        >>> RowPlace("donvi.xlsx", "", 4, ": ").said("vi")
        'donvi.xlsx › dòng 4: '
        """
        row = say("errors.where_row", lang, row=self.row) if self.row else ""
        parts = [part for part in (self.file, self.sheet, row) if part]
        return " › ".join(parts) + self.end if parts else ""


class TthcError(Exception):
    """A run stops. `code` names the template `errors.<code>` in the catalogue; `fields` fill it."""

    exit_code = Exit.STOPPED

    def __init__(self, code: str, /, **fields: object) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields

    def message(self, lang: Lang) -> str:
        return say(f"errors.{self.code}", lang, **{k: in_words(v, lang) for k, v in self.fields.items()})

    def in_two(self, lang: Lang) -> tuple[str, str]:
        """What is wrong, and what to do next ("" where nothing is said of it)."""
        return say_in_two(f"errors.{self.code}", lang, **{k: in_words(v, lang) for k, v in self.fields.items()})

    @property
    def file(self) -> str:
        """The file or folder that it is about; "" for none."""
        where = self.fields.get("where")
        return masked(str(self.fields.get("path") or (where.file if isinstance(where, RowPlace) else "")))

    def __str__(self) -> str:
        return self.message("en")


def in_words(value: object, lang: Lang) -> object:
    """A field as a message tells it: what may be a person's is masked."""
    told = _told(value, lang)
    return masked(told) if isinstance(told, str) else told


def _told(value: object, lang: Lang) -> object:
    if isinstance(value, Exception) and not isinstance(value, OSError):
        return str(value)
    if isinstance(value, OSError):
        return system_reason(value, lang)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if lang == "vi" else value.isoformat()
    return value.said(lang) if isinstance(value, RowPlace) else value


class UsageError(TthcError):
    """The command was given something it cannot mean."""

    exit_code = Exit.USAGE


class InputError(TthcError):
    """A file, rulebook or setting is bad, or a thing that is needed is missing."""


class LockedError(TthcError):
    """Another run holds the workspace."""

    exit_code = Exit.LOCKED


class DefectError(TthcError):
    """The program itself went wrong."""

    exit_code = Exit.DEFECT


Severity = Literal["rejected", "warning"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One row of data that was rejected, or kept with a doubt.

    `code` names the templates `issues.<code>` (what is wrong, with {column} and {value}) and
    `issues_next.<code>` (what to do). `row` is numbered as Excel or a text editor shows it, from 1;
    0 = the whole sheet.
    """

    code: str
    severity: Severity
    file: str
    sheet: str
    row: int
    column: str
    value: str

    def heading(self, lang: Lang) -> str:
        """The column as people head it."""
        from tthc_cli.schema import headed

        return headed(self.column, lang)

    def message(self, lang: Lang) -> str:
        return say(f"issues.{self.code}", lang, column=self.heading(lang), value=self.value)

    def next_step(self, lang: Lang) -> str:
        return say(f"issues_next.{self.code}", lang, column=self.heading(lang), value=self.value)


_REASONS = (
    "ENOENT",
    "EACCES",
    "EPERM",
    "ENOSPC",
    "EDQUOT",
    "EROFS",
    "EEXIST",
    "ENOTDIR",
    "EISDIR",
    "EIO",
    "ESTALE",
    "ENODEV",
)


def system_reason(error: OSError, lang: Lang) -> str:
    """Why the system refused, in the reader's language where the reason is a common one.

    >>> system_reason(OSError(28, "No space left on device"), "vi")
    'ổ đĩa đã đầy'
    """
    if in_use(error):
        return say("system.in_use", lang)
    name = errno.errorcode.get(error.errno or 0, "")
    return say(f"system.{name}", lang) if name in _REASONS else error.strerror or str(error)


def nearest(name: str, known: list[str]) -> str | None:
    """The known name most like `name`, for "did you mean"; None when nothing is near."""
    from difflib import get_close_matches

    from tthc_cli.text import fold

    folded = {fold(k): k for k in known}
    hits = get_close_matches(fold(name), folded, n=1, cutoff=0.6)
    return folded[hits[0]] if hits else None
