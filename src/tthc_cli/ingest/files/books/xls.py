"""XLS workbooks: whether the stream is whole, and what its sheets hold, counted without the reader."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from tthc_cli.ingest.files.books.book import BROKEN, MAX_SHEETS, Account
from tthc_cli.ingest.files.refused import UnreadableError

_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _DATEMODE = 0x809, 0x0A, 0x85, 0x2F, 0x22
_MERGED = 0xE5
_FORMULA, _MULTIPLE, _BOOLERR = 0x06, 0xBD, 0x205
_BLANK = {0x201, 0xBE}
_CELLS = {0x203, 0x204, 0x27E, 0xD6, 0xFD, _FORMULA, _MULTIPLE, _BOOLERR, *_BLANK}
"""Records of MS-XLS with cells: NUMBER, LABEL, RK, RSTRING, LABELSST, FORMULA, MULRK, BOOLERR, BLANK, MULBLANK."""
_LEAST = 6
"""Bytes of the record of a cell, at least."""
_SIZES = {
    **dict.fromkeys((0x0C, 0x0D, 0x0E, 0x0F, 0x11, 0x12, 0x2A, 0x2B, 0x55, 0x5F, 0x81, 0x82, 0x83, 0x84), 2), 0x225: 4,
    **dict.fromkeys((0x10, 0x26, 0x27, 0x28, 0x29, 0x80), 8), 0x208: 16, 0xFD: 10, 0x203: 14, 0x27E: 10, 0x205: 8,
    0x201: 6,
}  # fmt: skip
"""Records of a sheet that have one size: another would hide what comes behind."""
_SHEET, _MODULE = 0, 6
_BOF_KINDS = {_SHEET: {b"\x10\0"}, 1: {b"\x40\0", b"\x10\0"}, 2: {b"\x20\0"}, _MODULE: {b"\x06\0"}}
"""Kind of a sheet as listed -> kinds that its part may say it is."""
_ODD: tuple[type[Exception], ...] = (*BROKEN, AttributeError, IndexError, TypeError, struct.error)
"""What the libraries raise for a container that is not as it says."""
PASSWORD = "VelvetSweatshop"
"""With which Excel itself encrypts what is only protected against changes, and opens it without asking."""


def opened_up(path: Path) -> bytes:
    """An encrypted workbook without Excel's own password. Raises UnreadableError when it has another one, or what
    is encrypted is damaged."""
    import msoffcrypto  # type: ignore[import-untyped]
    from msoffcrypto.exceptions import (  # type: ignore[import-untyped]
        DecryptionError,
        FileFormatError,
        InvalidKeyError,
        ParseError,
    )  # fmt: skip

    out = io.BytesIO()
    with path.open("rb") as stream:
        try:
            file = msoffcrypto.OfficeFile(stream)
            file.load_key(password=PASSWORD, **({"verify_password": True} if file.format == "ooxml" else {}))
        except (InvalidKeyError, DecryptionError, FileFormatError, ParseError, *_ODD):
            raise UnreadableError("ingest.left_locked") from None
        try:
            file.decrypt(out)
        except InvalidKeyError:
            raise UnreadableError("ingest.left_locked") from None
        except (DecryptionError, FileFormatError, ParseError, *_ODD):
            raise UnreadableError("ingest.left_protected") from None
    return out.getvalue()


def is_encrypted(path: Path) -> bool:
    """Whether an XLS workbook is encrypted. Raises UnreadableError when it cannot be read."""
    return any(code == _FILEPASS for code, _, _ in _records(_stream(path), 0))


class Xls:
    """One workbook in an OLE container. `source` is what the reader is given."""

    def __init__(self, source: Path | bytes) -> None:
        self.source = source
        self._data = data = _stream(source)
        self.from_1904 = False
        self._sheets: list[int] = []
        listed: set[int] = set()
        for code, at, size in _records(data, 0):
            if code == _DATEMODE:
                self.from_1904 = data[at : at + 2] == b"\1\0"
            if code == _BOUNDSHEET and size >= 6:
                offset, _, kind = struct.unpack_from("<IBB", data, at)
                if kind not in _BOF_KINDS or data[offset + 6 : offset + 8] not in _BOF_KINDS[kind]:
                    raise UnreadableError("ingest.left_damaged", f"BOUNDSHEET {offset:,}")
                listed.add(offset)
                if kind != _MODULE:
                    self._sheets.append(offset if kind == _SHEET else -1)
        if len(self._sheets) > MAX_SHEETS:
            raise UnreadableError("ingest.left_too_many_sheets", f"{len(self._sheets):,}")
        self.count = len(self._sheets)
        if listed != set(_parts(data)):
            raise UnreadableError("ingest.left_damaged", f"BOUNDSHEET {len(listed)}")

    def account(self, number: int, cells: int) -> Account:
        """What a sheet holds. Raises UnreadableError when its records break off, or a cell has strayed."""
        if self._sheets[number] < 0:
            return Account()
        account = Account()
        data = self._data
        order: list[int] = []
        for code, at, size in _records(data, self._sheets[number]):
            if size != _SIZES.get(code, size) or (code == _MULTIPLE and size % 6):
                raise UnreadableError("ingest.left_damaged", f"BIFF {code:#x}")
            if code == _MERGED:
                (count,) = struct.unpack_from("<H", data, at)
                for area in range(min(count, (size - 2) // 8)):
                    top, bottom, left, right = struct.unpack_from("<HHHH", data, at + 2 + 8 * area)
                    account.merged(left, right, top + 1, bottom + 1)
                continue
            if code not in _CELLS or size < _LEAST:
                continue
            row, column = struct.unpack_from("<HH", data, at)
            order.append(row << 16 | column)
            if code == _MULTIPLE:
                for more in range((size - _LEAST) // 6):
                    account.value(row + 1, column + more)
            elif code not in _BLANK:
                account.value(row + 1, column, doubtful=_is_doubtful(code, data, at))
        if 0 < _strayed(order) <= MAX_STRAYED:
            raise UnreadableError("ingest.left_damaged", "BIFF: row, column")
        return account


def _is_doubtful(code: int, data: bytes, at: int) -> bool:
    """Whether a cell holds an error, or a formula whose text may be empty."""
    if code == _FORMULA:
        return data[at + 12 : at + 14] == b"\xff\xff" and data[at + 6] != 1
    return code == _BOOLERR and data[at + 7] == 1


MAX_STRAYED = 3
"""Cells out of place, up to which a sheet is damaged; one with more was written in no order."""


def _strayed(order: Sequence[int]) -> int:
    """Cells that lie elsewhere than between the one before and the one after, which are of one row or the next."""
    return sum(
        before < after and (after >> 16) - (before >> 16) <= 1 and not before < cell < after
        for before, cell, after in zip(order, order[1:], order[2:], strict=False)
    )


def _parts(data: bytes) -> Iterator[int]:
    """Where each part behind the first begins."""
    at = _end(data, 0)
    while data[at : at + 2] == _BOF.to_bytes(2, "little"):
        yield at
        at = _end(data, at)


def _end(data: bytes, offset: int) -> int:
    """Where the part ends that begins there."""
    last = offset + 4 + int.from_bytes(data[offset + 2 : offset + 4], "little")
    for _, at, size in _records(data, offset, everything=True):
        last = at + size
    return last


def _stream(source: Path | bytes) -> bytes:
    """The records of the workbook. Raises UnreadableError when the container does not hold as many bytes as it says."""
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(str(source) if isinstance(source, Path) else source) as container:
            name = next((n for n in ("Workbook", "Book") if container.exists(n)), None)
            if name is None:
                raise UnreadableError("ingest.left_damaged", "Workbook")
            data = bytes(container.openstream(name).read())
            size = int(container.get_size(name))
    except _ODD as error:
        raise UnreadableError("ingest.left_damaged", str(error)[:200]) from None
    if len(data) != size:
        raise UnreadableError("ingest.left_damaged", f"{len(data):,} ≠ {size:,} B")
    return data


def _records(data: bytes, offset: int, everything: bool = False) -> Iterator[tuple[int, int, int]]:
    """(code, place, size) of the records of one part, from its beginning to its end, charts inside it left out unless
    `everything` is asked.

    Raises UnreadableError when the part does not begin where it should, or breaks off.
    """
    depth = 0
    at, end = offset, len(data)
    while at + 4 <= end:
        code, size = struct.unpack_from("<HH", data, at)
        at += 4
        if at + size > end or (depth == 0 and code != _BOF) or code == size == 0:
            break
        if code == _BOF:
            depth += 1
        elif code == _EOF:
            depth -= 1
        if everything or (depth == 1 and code not in (_BOF, _EOF)):
            yield code, at, size
        if not depth:
            return
        at += size
    raise UnreadableError("ingest.left_damaged", f"BIFF {at:,} / {end:,}")
