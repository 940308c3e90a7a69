"""Read delimited text: column-wise and on all cores while the text is clean, record by record where it is not.

The file is cut into chunks at record ends outside quotes. The rows that the fast parser returns are counted against
the record ends of the chunk; on any difference the chunk is read again the careful way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pcsv

from tthc_cli.ingest.raw import HEAD_ROWS, Block, Kind
from tthc_cli.ingest.records import delimiter_of, records

CHUNK = 16 << 20
_HEAD_BYTES = 512 << 10
_CAREFUL_LINES = 50_000


class CsvSheet:
    """A UTF-8 text file of records; `name` is empty, for a text file has no sheets."""

    hidden = False

    def __init__(self, path: Path, name: str = "") -> None:
        self.name = name
        self._path = path
        with path.open("rb") as stream:
            start = stream.read(_HEAD_BYTES)
            whole = len(start) < _HEAD_BYTES
        self._bom = 3 if start.startswith(b"\xef\xbb\xbf") else 0
        text = start[self._bom :]
        if not whole:
            text = text[: text.rfind(b"\n") + 1]
        lines = text.decode("utf-8", "replace").split("\n")[: HEAD_ROWS * 5]
        if lines and lines[-1] == "":
            lines.pop()
        declared = lines[0].strip() if lines else ""
        if declared.lower().startswith("sep=") and len(declared) == 5:
            self.delimiter = declared[-1]
        else:
            self.delimiter = delimiter_of(lines)
        self._records = []
        for record in records(lines, self.delimiter):
            self._records.append(record)
            if len(self._records) == HEAD_ROWS:
                break
        self._ends = np.flatnonzero(np.frombuffer(text, np.uint8) == 10)

    @property
    def head(self) -> list[list[str]]:
        return [r.cells for r in self._records]

    def blocks(self, first: int, wanted: Mapping[int, Kind], width: int) -> Iterator[Callable[[], Block]]:
        line = sum(r.lines for r in self._records[:first])
        if line > len(self._ends):
            return
        offset = self._bom + (int(self._ends[line - 1]) + 1 if line else 0)
        with self._path.open("rb") as stream:
            stream.seek(offset)
            yield from self._chunks(stream, first + 1, dict(wanted), width)

    def _chunks(self, stream: BinaryIO, row: int, wanted: dict[int, Kind], width: int) -> Iterator[Callable[[], Block]]:
        held = b""
        while True:
            data = stream.read(CHUNK)
            if not data and not held:
                return
            buffer = held + data if held else data
            cut, count = _cut(buffer, final=len(data) < CHUNK)
            if cut == 0:
                if len(buffer) >= 2 * CHUNK:
                    yield from self._careful_rest(stream, buffer, row, wanted, width)
                    return
                held = buffer
                continue
            held = buffer[cut:]
            chunk = memoryview(buffer)[:cut]

            def load(chunk: memoryview = chunk, row: int = row, count: int = count) -> Block:
                return self._parse(chunk, row, count, wanted, width)

            yield load
            row += count

    def _careful_rest(
        self, stream: BinaryIO, start: bytes, row: int, wanted: dict[int, Kind], width: int
    ) -> Iterator[Callable[[], Block]]:
        """The rest of a file whose quotes cannot be trusted."""
        held = start
        while True:
            data = stream.read(CHUNK)
            text = (held + data).decode("utf-8", "replace")
            lines = text.split("\n")
            keep = 0 if not data else min(len(lines) - 1, 256)
            ready = lines[: len(lines) - keep]
            if not data and ready and ready[-1] == "":
                ready.pop()
            held = "\n".join(lines[len(ready) :]).encode() if keep else b""
            block = self._careful(ready, row, wanted, width)
            row += sum(1 for _ in records(ready, self.delimiter, width))
            yield lambda block=block: block  # type: ignore[misc]
            if not data:
                return

    def _parse(self, chunk: memoryview, row: int, count: int, wanted: dict[int, Kind], width: int) -> Block:
        names = [f"c{i}" for i in range(width)]
        types = {f"c{i}": pa.string() if kind == "string" else pa.dictionary(pa.int32(), pa.string())
                 for i, kind in wanted.items() if i < width}  # fmt: skip
        spoiled: list[int] = []

        def note(_: object) -> str:
            spoiled.append(1)
            return "skip"

        rows = _row_numbers(chunk, row, count)
        try:
            table = pcsv.read_csv(
                pa.BufferReader(pa.py_buffer(chunk)),
                read_options=pcsv.ReadOptions(column_names=names, block_size=len(chunk) + 1, use_threads=False),
                parse_options=pcsv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=note
                ),
                convert_options=pcsv.ConvertOptions(
                    column_types=types, include_columns=list(types), strings_can_be_null=True, null_values=[""],
                    quoted_strings_can_be_null=True,
                ),
            )  # fmt: skip
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            table = None
        if table is None or spoiled or table.num_rows != len(rows) or _swallowed(chunk, self.delimiter, width):
            lines = bytes(chunk).decode("utf-8", "replace").split("\n")
            if lines and lines[-1] == "":
                lines.pop()
            return self._careful(lines, row, wanted, width)
        columns = {i: _one(table.column(f"c{i}")) for i in wanted if i < width}
        if _has_marks(chunk):
            columns = {i: _composed(c) for i, c in columns.items()}
        return Block(columns, rows)

    def _careful(self, lines: list[str], row: int, wanted: dict[int, Kind], width: int) -> Block:
        kept: list[list[str]] = []
        rows: list[int] = []
        ragged: list[int] = []
        for number, record in enumerate(records(lines, self.delimiter, width), row):
            cells = record.cells
            if len(cells) == 1 and not cells[0].strip():
                continue
            extra = cells[width:]
            if len(cells) < width or any(c.strip() for c in extra):
                ragged.append(number)
                continue
            kept.append(cells)
            rows.append(number)
        columns = {}
        for i, kind in wanted.items():
            if i < width:
                column = pa.array([r[i] or None for r in kept], pa.string())
                columns[i] = _composed(column.dictionary_encode() if kind == "dictionary" else column)
        return Block(columns, np.array(rows, np.int64), tuple(ragged))


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _whole(chunk: memoryview) -> bytes:
    """The buffer that the chunk is the beginning of."""
    assert isinstance(chunk.obj, bytes)
    return chunk.obj


def _has_marks(chunk: memoryview) -> bool:
    """Whether the text may hold combining marks (U+0300 to U+036F)."""
    data = _whole(chunk)
    return b"\xcc" in data or b"\xcd" in data


def _composed(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        plain = pc.utf8_normalize(column.dictionary, form="NFC")
        return pa.DictionaryArray.from_arrays(column.indices, plain)
    return pc.utf8_normalize(column, form="NFC")


def _outside_quotes(data: memoryview | bytes) -> npt.NDArray[np.int64]:
    """Positions of the line ends outside quotes."""
    cells = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(cells == 10)
    quotes = np.flatnonzero(cells == 34)
    if len(quotes):
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return ends


def _swallowed(chunk: memoryview, delimiter: str, width: int) -> bool:
    """Whether a stray quote may have made one field of whole records: a quote is left open, or a line inside quotes has
    as many delimiters as a record."""
    cells = np.frombuffer(chunk, np.uint8)
    quotes = np.flatnonzero(cells == 34)
    if not len(quotes):
        return False
    if len(quotes) % 2:
        return True
    ends = np.flatnonzero(cells == 10)
    inside = np.flatnonzero(np.searchsorted(quotes, ends) % 2 == 1)
    if not len(inside):
        return False
    stops = np.append(ends, len(cells))
    marks = np.flatnonzero(cells == ord(delimiter))
    counts = np.searchsorted(marks, stops[inside + 1]) - np.searchsorted(marks, ends[inside])
    return width > 2 and bool((counts >= width - 1).any())


def _cut(buffer: bytes, final: bool) -> tuple[int, int]:
    """(bytes up to the last record end outside quotes, records in them); all of it when `final`."""
    if b'"' in buffer:
        ends = _outside_quotes(buffer)
        count, last = len(ends), int(ends[-1]) + 1 if len(ends) else 0
    else:
        last = buffer.rfind(b"\n") + 1
        count = buffer.count(b"\n", 0, last)
    if final and last < len(buffer):
        return len(buffer), count + 1
    return last, count


def _row_numbers(chunk: memoryview, row: int, count: int) -> npt.NDArray[np.int64]:
    """The number of every record that is not blank."""
    data = _whole(chunk)
    rows = np.arange(row, row + count, dtype=np.int64)
    starts_blank = bytes(chunk[:1]) == b"\n" or bytes(chunk[:2]) == b"\r\n"
    if not starts_blank and b"\n\n" not in data and b"\n\r" not in data:
        return rows
    ends = _outside_quotes(chunk)
    starts = np.concatenate([[0], ends + 1])[:count]
    stops = np.concatenate([ends, [len(chunk)]])[:count]
    cells = np.frombuffer(chunk, np.uint8)
    size = stops - starts
    size -= (size > 0) & (cells[np.maximum(stops - 1, 0)] == 13)
    numbers: npt.NDArray[np.int64] = rows[size > 0]
    return numbers
