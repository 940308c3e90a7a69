"""Read delimited text: column-wise and on all cores while the text is clean, record by record where it is not.

The file is cut into chunks at record ends outside quotes. The rows that the fast parser returns are counted against
the record ends of the chunk; on any difference the chunk is read again the careful way.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pcsv

from tthc_cli.ingest.files.find import sha256_of
from tthc_cli.ingest.files.raw import HEAD_ROWS, Block
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.ingest.files.texts import encoding, ending
from tthc_cli.ingest.files.texts.records import delimiter_of, records, text_lines
from tthc_cli.ingest.vectors import one_piece

CHUNK = 8 << 20
_PARSED = 1 << 20
"""Bytes parsed at a time: what the parser notes of them fits in the cache of a core."""
_HEAD_BYTES = 512 << 10
_CACHED = 128 << 10
_HELD_LINES = 256
"""Lines a quoted field may reach over, when the end of a record is looked for."""


class _Hashing:
    """A text file that is hashed as it is read. A zero byte in it raises UnreadableError: no text has any."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._taken = 0
        self.digest = hashlib.sha256()
        self.done = False

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._took(data)
        return data

    def fill(self, buffer: memoryview) -> int:
        """Read into a buffer, over what it held; how many bytes."""
        size = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        self._took(buffer[:size])
        return int(size)

    def _took(self, data: bytes | memoryview) -> None:
        _no_zeros(data, self._taken)
        self.digest.update(data)
        self._taken += len(data)
        self.done = not data


class CsvSheet:
    """A UTF-8 text file of records; `name` is empty, for a text file has no sheets.

    `repetitive`: positions of the columns whose values are best held as a dictionary.
    """

    hidden = False
    mixed = False
    """Whether some lines were in another encoding than the rest."""
    padded = False
    """Whether zero bytes at the end were left out."""

    def __init__(self, path: Path, name: str = "") -> None:
        self.name = name
        self.path = path
        self._hashing: _Hashing | None = None
        self.repetitive: Collection[int] = ()
        with path.open("rb") as stream:
            start = stream.read(_HEAD_BYTES)
            whole = len(start) < _HEAD_BYTES
        self._bom = 3 if start.startswith(b"\xef\xbb\xbf") else 0
        text = start[self._bom :]
        if not whole:
            text = text[: text.rfind(b"\n") + 1]
            if not text:
                raise UnreadableError("ingest.left_long_line", f"{_HEAD_BYTES >> 10} KB")
        _no_zeros(start, 0)
        lines = text_lines(text.decode("utf-8", "replace"))[: HEAD_ROWS * 5]
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
        self._ends = _line_ends(text)

    @property
    def head(self) -> list[list[str]]:
        return [r.cells for r in self._records]

    def sha256(self) -> str:
        """The hash of the file, made while its rows were read if they were."""
        hashed = self._hashing
        return hashed.digest.hexdigest() if hashed is not None and hashed.done else sha256_of(self.path)

    def width_below(self, first: int, headings: Sequence[str]) -> int:
        """Cells of a row, where the headings and the rows differ by blank cells at their ends alone."""
        rows = [r.cells for r in self._records[first:] if len(r.cells) > 1]
        common = Counter(map(len, rows)).most_common(1)[0][0] if rows else len(headings)
        extra = [*headings[common:], *(cell for row in rows if len(row) == common for cell in row[len(headings) :])]
        return len(headings) if any(cell.strip() for cell in extra) else common

    def cut_off(self, first: int, width: int) -> bool:
        """Whether the file ends in the middle of a row, the first of which is at `first` in the head."""
        return ending.cut_off(self.path, self.delimiter, width, self.head[:first])

    def blocks(self, first: int, wanted: Collection[int], width: int) -> Iterator[Callable[[], Block]]:
        line = sum(r.lines for r in self._records[:first])
        if line > len(self._ends):
            return
        offset = self._bom + (int(self._ends[line - 1]) + 1 if line else 0)
        with self.path.open("rb") as stream:
            self._hashing = _Hashing(stream)
            self._hashing.read(offset)
            yield from self._chunks(self._hashing, sorted(p for p in wanted if p < width), width)

    def _chunks(self, stream: _Hashing, wanted: Collection[int], width: int) -> Iterator[Callable[[], Block]]:
        held = b""
        free: list[bytearray] = []
        while True:
            data = free.pop() if free else bytearray(CHUNK + (CHUNK >> 3))
            whole = memoryview(data)
            if len(held) > CHUNK >> 3:
                whole = memoryview(bytearray(held) + bytes(CHUNK))
            whole[: len(held)] = held
            read = stream.fill(whole[len(held) : len(held) + CHUNK])
            size = len(held) + read
            if not size:
                return
            last = size if read < CHUNK else _line_end(whole, size)
            quotes = _count(whole[:last], 34)
            if read == CHUNK and (not last or quotes % 2):
                buffer = bytes(whole[:size])
                last = _cut(buffer)
                quotes = 0
                if last == 0:
                    if size >= 2 * CHUNK:
                        yield from self._careful_rest(stream, buffer, wanted, width)
                        return
                    held = buffer
                    continue
            held = bytes(whole[last:size])

            def load(data: bytearray = data, chunk: memoryview = whole[:last], closed: bool = quotes % 2 == 0) -> Block:
                block = self._parse(chunk, wanted, width, closed)
                free.append(data)
                return block

            yield load

    def _careful_rest(
        self, stream: _Hashing, start: bytes, wanted: Collection[int], width: int
    ) -> Iterator[Callable[[], Block]]:
        """The rest of a file whose quotes cannot be trusted."""
        held = start
        while True:
            data = stream.read(CHUNK)
            lines = (held + data).decode("utf-8", "surrogateescape").split("\n")
            ready = lines if not data else lines[: max(0, len(lines) - _HELD_LINES)]
            held = "\n".join(lines[len(ready) :]).encode("utf-8", "surrogateescape") if data else b""
            if len(held) > encoding.LONGEST:
                raise UnreadableError("ingest.left_long_line", f"{encoding.LONGEST >> 20} MB")
            if not data and ready and ready[-1] == "":
                ready.pop()

            def load(ready: list[str] = ready) -> Block:
                return self._careful(ready, wanted, width)

            yield load
            if not data:
                return

    def _parse(self, chunk: memoryview, wanted: Collection[int], width: int, closed: bool) -> Block:
        few = pa.dictionary(pa.int32(), pa.string())
        types = {f"c{i}": few if i in self.repetitive else pa.string() for i in wanted}
        try:
            table = pcsv.read_csv(
                pa.BufferReader(chunk),
                read_options=pcsv.ReadOptions(
                    column_names=[f"c{i}" for i in range(width)], block_size=_PARSED, use_threads=False
                ),
                parse_options=pcsv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                convert_options=pcsv.ConvertOptions(
                    column_types=types, include_columns=list(types), strings_can_be_null=True, null_values=[""],
                    quoted_strings_can_be_null=True, check_utf8=False,
                ),
            )  # fmt: skip
            columns = {i: _valid(table.column(f"c{i}")) for i in wanted}
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            table = None
        rows = None if table is None else _row_numbers(chunk, table.num_rows, self.delimiter, width, closed)
        if rows is None:
            lines = str(chunk, "utf-8", "surrogateescape").split("\n")
            if lines[-1] == "":
                lines.pop()
            return self._careful(lines, wanted, width)
        return Block(columns, rows.numbers, advance=rows.taken)

    def _careful(self, lines: list[str], wanted: Collection[int], width: int) -> Block:
        kept: list[list[str]] = []
        rows: list[int] = []
        ragged: list[int] = []
        guessed: list[int] = []
        number = parted = 0
        if any("\r" in line for line in lines):
            lines = [part for line in lines for part in text_lines(line)]
        for number, record in enumerate(records(lines, self.delimiter, width), 1):
            cells = record.cells
            parted += record.lines
            if any(map(encoding.is_foreign, cells)):
                cells = [encoding.mended(cell) for cell in cells]
                guessed.append(number)
            if len(cells) == 1 and not cells[0].strip():
                continue
            if len(cells) < width or any(c.strip() for c in cells[width:]):
                ragged.append(number)
                continue
            kept.append(cells)
            rows.append(number)
        if parted != len(lines):
            raise UnreadableError("ingest.left_damaged", f"{parted} / {len(lines)}")
        columns = {
            i: pc.utf8_normalize(pa.array([r[i] or None for r in kept], pa.string()), form="NFC") for i in wanted
        }
        return Block(columns, np.array(rows, np.int64), tuple(ragged), number, tuple(guessed))


def _valid(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece, its texts composed (NFC). Raises ArrowInvalid when they are not UTF-8."""
    whole = one_piece(column.unify_dictionaries())
    if not pa.types.is_dictionary(whole.type):
        return _composed(whole)
    texts = _composed(whole.dictionary)
    return whole if texts is whole.dictionary else pa.DictionaryArray.from_arrays(whole.indices, texts)


def _composed(texts: pa.Array) -> pa.Array:
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    if not len(data) or data.max() < 128:
        return texts
    texts.validate(full=True)
    marked = any(_count(data, mark) for mark in (0xCC, 0xCD))
    return pc.utf8_normalize(texts, form="NFC") if marked else texts


def _no_zeros(data: bytes | memoryview, before: int) -> None:
    """Raises UnreadableError for a zero byte in a piece of a text that has `before` bytes before it."""
    cells = np.frombuffer(data, np.uint8)
    if len(cells) and not cells.min():
        raise UnreadableError("ingest.left_zero_bytes", f"{before + int(np.argmin(cells)) + 1:,}")


def _line_ends(text: bytes) -> npt.NDArray[np.int64]:
    """Where the lines of a text end, as `text_lines` parts them."""
    cells = np.frombuffer(text, np.uint8)
    ends = cells == 10
    if b"\r" in text:
        ends[:-1] |= (cells[:-1] == 13) & (cells[1:] != 10) & (cells[1:] != 13)
    return np.flatnonzero(ends)


def _line_end(data: memoryview, size: int) -> int:
    """Where the last line of the first `size` bytes ends; 0 when there is none."""
    step = 1 << 16
    for stop in range(size, 0, -step):
        at = bytes(data[max(0, stop - step) : stop]).rfind(b"\n")
        if at >= 0:
            return max(0, stop - step) + at + 1
    return 0


def _count(data: memoryview | npt.NDArray[np.uint8], byte: int) -> int:
    """How often a byte occurs; a piece at a time, which the cache of a core holds."""
    cells = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(cells[i : i + _CACHED] == byte)) for i in range(0, len(cells), _CACHED))


def _cut(buffer: bytes) -> int:
    """Where the last record of the buffer ends, judged by the quotes before; 0 when that cannot be told."""
    last = buffer.rfind(b"\n") + 1
    quotes = buffer.count(b'"', 0, last)
    for _ in range(_HELD_LINES):
        if quotes % 2 == 0:
            return last
        before = buffer.rfind(b"\n", 0, last - 1) + 1
        quotes -= buffer.count(b'"', before, last)
        last = before
    return 0


@dataclass(frozen=True, slots=True)
class _Rows:
    numbers: npt.NDArray[np.int64]
    taken: int


def _row_numbers(chunk: memoryview, found: int, delimiter: str, width: int, closed: bool) -> _Rows | None:
    """The numbers of the `found` rows of a chunk, in which all quotes are `closed` or not; None when they cannot be
    all its records.

    As many rows as lines: each line is a record. Else blank lines and line breaks in quotes must account for the
    difference, and no field may look as if a stray quote had made one of whole records.
    """
    lines = _count(chunk, 10) + (chunk[-1] != 10)
    if found == lines and closed:
        return _Rows(np.arange(1, lines + 1, dtype=np.int64), lines)
    cells = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(cells == 10)
    if chunk[-1] != 10:
        ends = np.append(ends, len(chunk))
    quotes = np.flatnonzero(cells == 34)
    if len(quotes) % 2:
        return None
    inside = np.searchsorted(quotes, ends) % 2 == 1
    marks = np.flatnonzero(cells == ord(delimiter))
    within = np.flatnonzero(inside)
    counts = np.searchsorted(marks, ends[np.minimum(within + 1, len(ends) - 1)]) - np.searchsorted(marks, ends[within])
    if width > 2 and (counts >= width - 1).any():
        return None
    stops = ends[~inside]
    starts = np.concatenate([[0], stops[:-1] + 1])
    size = stops - starts
    size -= (size > 0) & (cells[np.maximum(stops - 1, 0)] == 13)
    numbers = np.flatnonzero(size > 0) + 1
    return _Rows(numbers, len(stops)) if len(numbers) == found else None
