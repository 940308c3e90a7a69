"""Opens workbooks in a process of its own, so that one made to harm ends that process and not the run.

A request is a line of JSON on standard input; the answer is a line of JSON on standard output, followed by an Arrow
stream where it says so. The process may take a bounded amount of memory, where the system has such a bound. Run by
`machine.child_command`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from tthc_cli import machine
from tthc_cli.ingest.files.books.book import Account
from tthc_cli.ingest.files.refused import UnreadableError

LEAST, MOST = 3 << 30, 8 << 30
"""Bytes of memory that the process may ask for: as much as the machine has, within these bounds."""

Answer = tuple[dict[str, Any], Any]
"""What is said of a sheet, and its rows or None."""


class Book(Protocol):
    """An open workbook."""

    names: list[str]

    def sheet(self, number: int) -> Answer: ...


_PROPERTIES = 1 << 20
"""Larger properties of a workbook are not looked at."""


def main() -> None:
    """Answer requests until there are no more."""
    machine.bound_memory(LEAST, MOST)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    asked = _Asked()
    for line in sys.stdin.buffer:
        rows = None
        answer: dict[str, Any]
        try:
            answer, rows = asked.answer(json.loads(line))
        except UnreadableError as error:
            answer = {"reason": error.reason, "error": error.detail}
        except BaseException as error:
            answer = {"error": str(error).split("\n", maxsplit=1)[0] or type(error).__name__}
        answers.write(json.dumps(answer).encode() + b"\n")
        if rows is not None:
            _send(rows, answers)
        answers.flush()


class _Asked:
    """Keeps the workbook open that was asked about last."""

    def __init__(self) -> None:
        self._version: tuple[str, int, int, int] | None = None
        self._book: Book | None = None

    def answer(self, request: dict[str, Any]) -> Answer:
        """What there is to say, and rows."""
        path = Path(request["file"])
        if request["ask"] == "kind":
            return {"kind": _kind(path)}, None
        version = _version(path)
        if self._book is None or version != self._version:
            self._book = None
            self._book = _opened(path, request["kind"])
            self._version = version
        if request["ask"] == "names":
            return {"names": self._book.names, "made": _made(path)}, None
        return self._book.sheet(request["sheet"])


def _version(path: Path) -> tuple[str, int, int, int]:
    """What changes when another file comes to lie in the same place."""
    status = path.stat()
    return str(path), status.st_ino, status.st_size, status.st_mtime_ns


def _kind(path: Path) -> str:
    from tthc_cli.ingest.files.books.kinds import kind_of_archive, kind_of_container

    with path.open("rb") as stream:
        return kind_of_archive(path) if stream.read(2) == b"PK" else kind_of_container(path)


def _made(path: Path) -> str:
    """When a workbook was made, as its properties tell; "" when they do not."""
    import zipfile
    from xml.etree import ElementTree as ET

    try:
        with zipfile.ZipFile(path) as archive:
            for part, tag in (("docProps/core.xml", "created"), ("meta.xml", "creation-date")):
                if part in archive.namelist() and archive.getinfo(part).file_size <= _PROPERTIES:
                    found = (e.text for e in ET.fromstring(archive.read(part)).iter() if e.tag.endswith("}" + tag))
                    return (next(found, "") or "")[:40]
    except (zipfile.BadZipFile, ET.ParseError, OSError, ValueError, RuntimeError, NotImplementedError):
        pass  # what the reader makes of the workbook is told by the reader
    return ""


def _opened(path: Path, kind: str) -> Book:
    from tthc_cli.ingest.files.books import plain_books

    if kind == "html":
        return _page(path)
    if kind == "xml":
        return _Own(*plain_books.sheets_of_xml(path))
    if kind == "biff":
        return _Own([plain_books.sheet_of_records(path)], False)
    return _Read(_counted(path, kind), path if path.suffix.lower() == f".{kind}" and str(path).isprintable() else None)


def _page(path: Path) -> Book:
    import gc

    from tthc_cli.ingest.files.pages.read_html import Page

    gc.disable()  # millions of cells are kept, none in a circle
    try:
        return Page(path)
    finally:
        gc.enable()


def _counted(source: Path | bytes, kind: str) -> Any:
    """The workbook as it is counted."""
    from tthc_cli.ingest.files.books.kinds import kind_of_archive
    from tthc_cli.ingest.files.books.ods import Ods
    from tthc_cli.ingest.files.books.xls import Xls, is_encrypted, opened_up
    from tthc_cli.ingest.files.books.xlsb import Xlsb
    from tthc_cli.ingest.files.books.xlsx import Xlsx

    if kind in ("locked", "xls") and isinstance(source, Path) and (kind == "locked" or is_encrypted(source)):
        source = opened_up(source)
        kind = kind_of_archive(source) if source[:2] == b"PK" else "xls"
    if kind not in ("xlsx", "xlsb", "xls", "ods"):
        raise UnreadableError(f"ingest.left_{kind}")
    return {"xlsx": Xlsx, "xlsb": Xlsb, "xls": Xls, "ods": Ods}[kind](source)


class _Read:
    """A workbook that fastexcel reads, each sheet checked against what was counted."""

    def __init__(self, counted: Any, named: Path | None) -> None:
        import fastexcel

        self._counted = counted
        source = counted.source
        # a file whose name does not say its kind, or is no UTF-8, cannot be handed on by name
        self._workbook = fastexcel.read_excel((named or source.read_bytes()) if isinstance(source, Path) else source)
        self.names = self._workbook.sheet_names
        if len(self.names) != counted.count:
            raise UnreadableError("ingest.left_miscounted", f"{len(self.names)} ≠ {counted.count}")

    def sheet(self, number: int) -> Answer:
        sheet = self._workbook.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
        rows = sheet.to_arrow() if sheet.height and sheet.width else None
        cells = 0 if rows is None else rows.num_rows * rows.num_columns - sum(c.null_count for c in rows.columns)
        account = self._counted.account(number, cells)
        account.check(self.names[number], 0 if rows is None else rows.num_rows, cells)
        return _told(account, sheet.visible != "visible", rows, self._counted.from_1904), rows


class _Own:
    """A workbook that is read here."""

    def __init__(self, sheets: list[Any], from_1904: bool) -> None:
        self._sheets = sheets
        self._from_1904 = from_1904
        self.names = [sheet.name for sheet in sheets]

    def sheet(self, number: int) -> Answer:
        sheet = self._sheets[number]
        rows = sheet.rows()
        return _told(sheet.account, sheet.hidden, rows, self._from_1904), rows


def _told(account: Account, hidden: bool, rows: Any, from_1904: bool) -> dict[str, Any]:
    formulas = [[column, count, first] for column, (count, first) in sorted(account.formulas.items())]
    return {
        "hidden": hidden, "rows": rows is not None, "merges": account.merges, "formulas": formulas,
        "left": account.left, "from_1904": from_1904,
    }  # fmt: skip


def _send(rows: Any, answers: BinaryIO) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(answers, rows.schema) as writer:
        writer.write_batch(rows)


if __name__ == "__main__":
    main()
