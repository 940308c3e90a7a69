"""Which sheets of the nine criteria a workbook has, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tthc_cli.render.excel.nine.beside import write_both, write_faults
from tthc_cli.render.excel.nine.officials import write_officials
from tthc_cli.render.excel.nine.parts import words
from tthc_cli.render.excel.nine.province import write_province
from tthc_cli.render.excel.nine.units import write_units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.excel.units import UnitCells
    from tthc_cli.render.view.nine.model import NineView


_TOLD = {"both": "section.both", "faults": "section.faults"}


class Forms:
    """The sheets are made first, so that they come in order, and written once the sheets of units are. `unit`: of whom
    alone the workbook is."""

    def __init__(self, book: Book, unit: str | None = None) -> None:
        self.book, self.unit = book, unit
        self.sheets: dict[str, Sheet] = {}
        if unit is not None and book.card.nine is not None:
            book.card = replace(book.card, nine=_of_unit(book.card.nine, unit), both=())

    def begin(self) -> None:
        """Make the sheets that have something to show."""
        nine = self.book.card.nine
        shown = {
            "form03": nine and nine.province, "form02": nine and nine.units, "form01": nine and nine.officials,
            "both": self.book.card.both, "faults": nine and nine.faults_told,
        }  # fmt: skip
        for key, lines in shown.items():
            if lines:
                self.sheets[key] = self.book.sheet(
                    self.book.title(words(self.book, f"sheet.{key}")), words(self.book, _TOLD.get(key, f"{key}.title"))
                )

    def write(self, cells: Mapping[str, UnitCells]) -> None:
        book, sheets = self.book, self.sheets
        papers = write_units(book, sheets["form02"], cells) if "form02" in sheets else {}
        if "form03" in sheets:
            write_province(book, sheets["form03"], papers)
        for key, write in (("form01", write_officials), ("both", write_both), ("faults", write_faults)):
            if key in sheets:
                write(book, sheets[key])


def _of_unit(nine: NineView, unit: str) -> NineView:
    """What is about one unit alone."""
    return replace(
        nine,
        units=tuple(paper for paper in nine.units if paper.unit_id == unit),
        officials=tuple(paper for paper in nine.officials if paper.unit_id == unit),
        faults=tuple(line for line in nine.faults if line.unit_id == unit),
        province=(),
        officials_note="",
    )
