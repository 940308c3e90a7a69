"""Tell the encoding of a text file, and give a UTF-8 copy of one that is not UTF-8."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path
from typing import Literal

from tthc_cli.ingest.cleaning import legacy_fonts
from tthc_cli.ingest.files.find import without_zeros
from tthc_cli.ingest.files.refused import UnreadableError

Encoding = Literal["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1258", "cp1252"]
_SAMPLE = 1 << 20
LONGEST = 16 << 20
"""Bytes of a line; what is longer is no list."""


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def detect(path: Path) -> Encoding:
    """The encoding by byte order mark, else by zero bytes, else by whether it is valid UTF-8, else by what reads as
    Vietnamese."""
    with path.open("rb") as stream:
        data = stream.read(_SAMPLE)
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    data = without_zeros(data)
    if data.count(b"\0") * 4 > len(data):
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    if _is_utf8(data):
        return "utf-8"
    return single_byte(data[:65_536])


def single_byte(data: bytes) -> Encoding:
    """Windows-1258, or Windows-1252 for text in a legacy font: whichever gives more Vietnamese syllables."""
    plain = data.decode("cp1252", "replace")
    shares: dict[Encoding, float] = {}
    good, words = legacy_fonts.score([data.decode("cp1258", "replace")])
    shares["cp1258"] = good / max(1, words)
    fonts: tuple[legacy_fonts.Font, ...] = ("TCVN3", "VNI")
    found = [legacy_fonts.score([legacy_fonts.convert(plain, font)]) for font in fonts]
    shares["cp1252"] = max(good / max(1, words) for good, words in found)
    return "cp1258" if shares["cp1258"] >= shares["cp1252"] else "cp1252"


_FOREIGN = re.compile("[\udc80-\udcff]")


def is_foreign(text: str) -> bool:
    """Whether a text decoded with "surrogateescape" holds bytes that are no UTF-8."""
    return _FOREIGN.search(text) is not None


def mended(text: str) -> str:
    """Such a text, read as Windows-1258 when it holds bytes that are no UTF-8."""
    if not is_foreign(text):
        return text
    return unicodedata.normalize("NFC", text.encode("utf-8", "surrogateescape").decode("cp1258", "replace"))


def _bounded(line: str | bytes) -> None:
    if len(line) >= LONGEST:
        raise UnreadableError("ingest.left_long_line", f"{LONGEST >> 20} MB")


def _by_lines(path: Path, encoding: Encoding, target: Path) -> bool:
    """A UTF-8 copy of a file of single bytes, in which some lines may be UTF-8 already; whether there are any."""
    mixed = False
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        while line := source.readline(LONGEST):
            _bounded(line)
            try:
                text = line.decode("utf-8")
                mixed |= not line.isascii()
            except UnicodeDecodeError:
                text = line.decode(encoding, "replace")
                text = unicodedata.normalize("NFC", text) if encoding == "cp1258" else text
            out.write(text.replace("\r\n", "\n").replace("\r", "\n"))
    return mixed


def to_utf8(path: Path, encoding: Encoding, target: Path) -> bool:
    """A copy of the file in UTF-8, composed (NFC) when it comes from Windows-1258, with plain line ends; whether it
    had lines in UTF-8 among others."""
    if encoding in ("cp1258", "cp1252"):
        return _by_lines(path, encoding, target)
    wide = encoding.startswith("utf-16")
    if wide and path.stat().st_size % 2:
        raise UnreadableError("ingest.left_cut_off", "")
    decoder = codecs.getincrementaldecoder(encoding)("replace" if wide else "surrogateescape")
    with path.open("rb") as source, target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out:
        held = ""
        while True:
            data = source.read(_SAMPLE)
            text = held + decoder.decode(data, final=not data)
            if data:
                cut = max(text.rfind("\n"), text.rfind("\r", 0, len(text) - 1)) + 1
                text, held = text[:cut], text[cut:]
                _bounded(held)
            text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            out.write(text)
            if not data:
                return False
