"""Opens workbooks in a process of its own, so that one made to harm ends that process and not the run.

A request is a line of JSON on standard input; the answer is a line of JSON on standard output, followed by an Arrow
stream where it says so. The process may take a bounded amount of memory. Run as `python -m`.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

LEAST, MOST = 3 << 30, 8 << 30
"""Bytes of memory that the process may ask for: as much as the machine has, within these bounds."""


_PROPERTIES = 1 << 20
"""Larger properties of a workbook are not looked at."""


def main() -> None:
    """Answer requests until there are no more."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = max(LEAST, min(MOST, memory))
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    opened: tuple[Any, Any] = (None, None)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        rows = None
        answer: dict[str, Any]
        try:
            if request["ask"] == "merges":
                answer = {"merges": _merges(Path(request["file"]), request["sheet"])}
            else:
                version = _version(request["file"])
                if version != opened[0]:
                    opened = (None, None)
                    opened = version, _opened(Path(request["file"]), request["by_name"])
                if request["ask"] == "names":
                    answer = {"names": opened[1].sheet_names, "made": _made(Path(request["file"]))}
                else:
                    answer, rows = _sheet(opened[1], request["sheet"])
        except BaseException as error:
            answer = {"error": str(error).split("\n", maxsplit=1)[0] or type(error).__name__}
        answers.write(json.dumps(answer).encode() + b"\n")
        if rows is not None:
            _send(rows, answers)
        answers.flush()


def _version(file: str) -> tuple[str, int, int, int]:
    """What changes when another file comes to lie in the same place."""
    status = os.stat(file)  # noqa: PTH116
    return file, status.st_ino, status.st_size, status.st_mtime_ns


def _opened(path: Path, by_name: bool) -> Any:
    import fastexcel

    named = by_name and str(path).isprintable()  # a name that is no UTF-8 cannot be handed on
    return fastexcel.read_excel(path if named else path.read_bytes())


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


def _sheet(workbook: Any, number: int) -> tuple[dict[str, Any], Any]:
    sheet = workbook.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
    rows = sheet.to_arrow() if sheet.height and sheet.width else None
    return {"hidden": sheet.visible != "visible", "rows": rows is not None}, rows


def _send(rows: Any, answers: BinaryIO) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(answers, rows.schema) as writer:
        writer.write_batch(rows)


def _merges(path: Path, number: int) -> list[tuple[int, int, int]]:
    """(column from 0, first row, last row from 1) of the cells of an XLS sheet that are merged down."""
    import python_calamine

    with path.open("rb") as stream:
        workbook = python_calamine.CalamineWorkbook.from_filelike(stream)
    found = workbook.get_sheet_by_index(number).merged_cell_ranges or []
    return [(left, top + 1, bottom + 1) for (top, left), (bottom, right) in found if left == right and top != bottom]


if __name__ == "__main__":
    main()
