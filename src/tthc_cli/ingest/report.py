"""What an ingest run did, as frozen data: per file and sheet, with totals. Light to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tthc_cli.messages import Lang, say
from tthc_cli.private import masked
from tthc_cli.schema import headed, table


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What came of one sheet; rows_read = accepted + superseded + rejected."""

    path: str
    sheet: str
    table: str
    """Canonical table; "" when the sheet was left out (then `note` says why)."""
    rows_read: int = 0
    accepted: int = 0
    superseded: int = 0
    rejected: int = 0
    warnings: int = 0
    note: str = ""
    """Key of the message that tells something about the sheet (`ingest.note_...`), or ""."""
    note_fields: dict[str, str] = field(default_factory=dict)
    ignored_headings: tuple[str, ...] = ()
    """Headings that mean no column; their content is not kept."""
    lines_skipped: int = 0
    """Lines that are no data: totals, repeated headings, signatures, group titles."""
    rows_left: int = 0
    """Rows that may be data, of a sheet that was left out."""
    uncalculated: int = 0
    """Formulas without a value in the columns that are used."""

    @property
    def left_unread(self) -> bool:
        """Whether something of the sheet may be missing from what was taken in."""
        return self.uncalculated > 0 or (not self.table and self.rows_left > 1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "note_fields", _tellable(self.note_fields))


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file that was left out as a whole, or changed nothing."""

    path: str
    reason: str
    """Key of the message (`ingest.left_...`)."""
    fields: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", _tellable(self.fields))


def _tellable(fields: Mapping[str, str]) -> dict[str, str]:
    """Fields of a message, without what may be a person's."""
    return {key: masked(value) for key, value in fields.items()}


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Everything one run did."""

    sheets: tuple[SheetReport, ...]
    """Sheets of the files taken in by this run."""
    left_out: tuple[FileReport, ...]
    """Files that could not be used, with the reason."""
    unchanged: tuple[FileReport, ...]
    """Files that are already in the warehouse, under this name or another."""
    issues_path: Path | None
    """The list of rejected rows and warnings; None when there is none."""
    issue_counts: dict[str, int]
    """Issue code -> entries of the list, over all current sources; a row may have several."""
    new_sources: int
    all_sources: int
    dropped: int = 0
    """Superseded rows of older versions, of any run, that are no longer kept since this one."""

    def _sum(self, name: str) -> int:
        return sum(int(getattr(s, name)) for s in self.sheets)

    @property
    def rows_read(self) -> int:
        return self._sum("rows_read")

    @property
    def accepted(self) -> int:
        return self._sum("accepted")

    @property
    def superseded(self) -> int:
        return self._sum("superseded")

    @property
    def rejected(self) -> int:
        return self._sum("rejected")

    @property
    def warnings(self) -> int:
        return self._sum("warnings")


def sentence(key: str, fields: Mapping[str, str], lang: Lang) -> str:
    """What a note or a reason says, its tables and columns named as people know them beside their names in the
    dictionary."""

    named = dict(fields)
    if "table" in fields:
        named["table_label"] = _label(fields["table"], lang)
    if "tables" in fields:
        named["tables_label"] = ", ".join(f"{_label(name, lang)} ({name})" for name in fields["tables"].split(", "))
    if "column" in fields:
        named["column_headed"] = headed(fields["column"], lang)
    if "columns" in fields:
        named["columns_headed"] = ", ".join(headed(name, lang) for name in fields["columns"].split(", "))
    return say(key, lang, **named)


def _label(name: str, lang: Lang) -> str:
    spec = table(name)
    return spec.label_vi if lang == "vi" else spec.label_en
