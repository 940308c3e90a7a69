"""A workbook being written: its sheets, named cells, and bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.utils import quote_sheetname

from tthc_cli.office import styles
from tthc_cli.office.book import BookFile, Properties
from tthc_cli.office.workbook import row_heights, row_xml
from tthc_cli.render.excel.sheet import Sheet, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.messages import Lang
    from tthc_cli.office.workbook import PlainValue
    from tthc_cli.render.view.model import CardView

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_TAKEN_BY_EXCEL = "history"


class Book:
    """Collects the sheets of one workbook."""

    def __init__(self, card: CardView) -> None:
        self.card = card
        self.lang: Lang = "vi" if card.lang == "vi" else "en"
        self.styles = styles.stylesheet(self.lang)
        self.contents: list[tuple[str, str]] = []
        """Titles of the sheets that are told in the contents, and what is on them, in their order."""
        self._titles: set[str] = set()
        self._tables: set[str] = set()
        told = Properties(f"tthc {card.version}", card.title, card.period, card.lang, card.as_of)
        self._file = BookFile(told, self.styles.part)

    def title(self, wanted: str, ending: str = "") -> str:
        """A sheet name that Excel takes, not given before; `ending` is kept whole where the name is too long."""
        stem, ending = (_NOT_IN_TITLES.sub("_", part) for part in (wanted, ending[: _LONGEST_TITLE // 2]))
        stem = stem.lstrip("=+-@").strip("' ") or "_"
        room = _LONGEST_TITLE - len(ending)
        if len(stem) > room:
            stem = stem[: room - 1].rstrip() + "…"
        stem = (stem + ending).strip("'")
        name, number = f"{stem}_" if stem.casefold() == _TAKEN_BY_EXCEL else stem, 2
        while name.lower() in self._titles:
            tail = f" ({number})"
            name, number = stem[: _LONGEST_TITLE - len(tail)] + tail, number + 1
        self._titles.add(name.lower())
        return name

    def sheet(self, title: str, told: str = "") -> Sheet:
        """A new sheet, the last one; `told`: what is on it, for the contents."""
        if told:
            self.contents.append((title, told))
        return Sheet(self, self._file.sheet(title))

    def table_name(self, wanted: str) -> str:
        """A name for a table, not given before."""
        while wanted.casefold() in self._tables:
            wanted += "_"
        self._tables.add(wanted.casefold())
        return wanted

    def name(self, name: str, sheet: Sheet, cells: str) -> None:
        """Give cells ("$A$1:$B$9") a name for formulas."""
        self._file.name(name, f"{quote_sheetname(sheet.title)}!{cells}")

    def close(
        self,
        sheet: Sheet,
        first: int = 0,
        rows: Sequence[Sequence[PlainValue]] = (),
        widths: Sequence[float] = (),
    ) -> None:
        """Write a sheet out, when all its cells are there; nothing can be put on it any more.

        `rows`: many rows of clean text and numbers that follow from row `first` on (at most 26 columns), each as high
        as its longest text needs in columns of these `widths`.
        """
        if not rows:
            self._file.write(sheet.xml)
            return
        last = at(max(map(len, rows), default=1), first + len(rows) - 1)
        xml = row_xml(first, rows, styles.long_list_styles(self.styles.numbers), row_heights(first, rows, widths))
        self._file.write(sheet.xml, xml, last)

    def to_bytes(self) -> bytes:
        """The workbook, once every sheet is closed."""
        return self._file.to_bytes()
