"""Tell the encoding of a text file, and give a UTF-8 copy of one that is not UTF-8."""

from __future__ import annotations

import codecs
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Literal

Encoding = Literal["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1258", "cp1252"]
_SAMPLE = 1 << 20


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def detect(path: Path) -> Encoding:
    """The encoding by byte order mark, else by zero bytes, else by whether it is valid UTF-8; Windows-1258 is told from
    legacy fonts (read as Windows-1252) by its combining tone marks."""
    with path.open("rb") as stream:
        data = stream.read(_SAMPLE)
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    if data.count(b"\0") * 4 > len(data):
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    if _is_utf8(data):
        return "utf-8"
    return "cp1258" if tones_fit(data) else "cp1252"


_TONES = {0xCC, 0xD2, 0xDE, 0xEC, 0xF2}


def tones_fit(data: bytes) -> bool:
    """Whether the bytes of Windows-1258's tone marks follow letters, and mostly vowels, as in Vietnamese."""
    high = sum(b >= 128 for b in data)
    marks = fits = 0
    for before, byte in pairwise(data):
        if byte in _TONES:
            marks += 1
            letter = bytes([before]).decode("cp1258", "ignore").lower()
            base = unicodedata.normalize("NFD", letter)[:1]
            fits += base in "aeiouy" and base != ""
    return marks > 0 and fits * 10 >= marks * 8 and marks * 10 >= high


def to_utf8(path: Path, encoding: Encoding, target: Path) -> None:
    """A copy of the file in UTF-8, composed (NFC) when it comes from Windows-1258, with plain line ends."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        held = ""
        while True:
            data = source.read(_SAMPLE)
            text = held + decoder.decode(data, final=not data)
            if data:
                cut = text.rfind("\n") + 1
                text, held = text[:cut], text[cut:]
            text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            out.write(unicodedata.normalize("NFC", text) if encoding == "cp1258" else text)
            if not data:
                return
