"""An HTML page as UTF-8, in whatever encoding it is; what is no text in it is replaced, and told."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from tthc_cli.ingest.cleaning import legacy_fonts
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.ingest.files.texts.encoding import mended, single_byte

LOST = "\ufffd"
"""Stands for what could not be read."""
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\f\r")
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})""", re.IGNORECASE)
_AT_FRONT = 1 << 16
_KNOWN = ("cp125", "iso8859-", "koi8-", "mac-", "utf-16", "big5", "gb", "ascii", "cp437", "cp850")
_LATIN = ("cp1252", "iso8859-1", "ascii")
"""Named by many a page that is written in another of single bytes."""
_FOREIGN = re.compile("[\udc80-\udcff]+")
_REACH = 200


@dataclass(frozen=True, slots=True)
class PageText:
    """A page in UTF-8."""

    data: bytes
    guessed: str = ""
    """"told > taken" when the page is not in the encoding that it tells."""
    mixed: bool = False
    """Some of its text is in Windows-1258, the rest in UTF-8."""


def as_utf8(data: bytes, told: str = "") -> PageText:
    """The page in UTF-8. `told`: its encoding as what holds the page says. Raises UnreadableError for one with zero
    bytes in it: where they stand, rows may have stood."""
    page = _decoded(data, told)
    text = page.data.rstrip(b"\0\x1a")
    if (lost := text.find(b"\0")) >= 0:
        raise UnreadableError("ingest.left_zero_bytes", str(lost + 1))
    if len(text.translate(None, _CONTROLS)) != len(text):
        text = _CONTROL.sub(LOST.encode(), text)
    return PageText(text, page.guessed, page.mixed)


def _decoded(data: bytes, told: str) -> PageText:
    if data.startswith(codecs.BOM_UTF8):
        data, told = data[3:], "utf-8"
    wide = _wide(data)
    if wide:
        return PageText(data.decode(wide, "replace").removeprefix("\ufeff").encode("utf-8", "replace"))
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError:
        pass
    else:
        return PageText(data)
    declared = _DECLARED.search(data[:_AT_FRONT])
    name = told or (declared[1].decode("ascii", "replace") if declared else "")
    text = data.decode("utf-8", "surrogateescape")
    foreign = sum(len(m[0]) for m in _FOREIGN.finditer(text))
    letters = len(text) - foreign - int(np.count_nonzero(np.frombuffer(data, np.uint8) < 128))
    if foreign <= letters:
        return _mended(text, f"{name} > utf-8" if name and _codec(name) != "utf-8" else "")
    codec = _codec(name)
    taken = single_byte(data) if codec in ("", "utf-8", *_LATIN) else codec
    plain = data.decode(taken, "replace")
    plain = unicodedata.normalize("NFC", plain) if taken == "cp1258" else plain
    guessed = f"{name} > {taken}" if name and codec in ("", "utf-8") else ""
    return PageText(plain.encode("utf-8", "replace"), guessed)


def _wide(data: bytes) -> str:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    front = data[:4096]
    if front.count(b"\0") * 3 > len(front):
        return "utf-16-le" if front[1:2] == b"\0" else "utf-16-be"
    return ""


def _codec(name: str) -> str:
    """The name under which Python knows an encoding of texts; "" when it does not."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return codec if codec == "utf-8" or (codec.startswith(_KNOWN) and not codec.startswith("utf-16")) else ""


def _mended(text: str, guessed: str) -> PageText:
    """A page of UTF-8 with stray bytes: those that make Vietnamese words of Windows-1258 are read so, others lost."""
    parts: list[str] = []
    end = 0
    mixed = False
    for found in _FOREIGN.finditer(text):
        if found.start() < end:
            continue
        start = max(text.rfind(">", max(end, found.start() - _REACH), found.start()) + 1, end)
        stop = text.find("<", found.end(), found.end() + _REACH)
        cell = text[start:stop] if stop > 0 and start else ""
        good, words = legacy_fonts.score([mended(cell)])
        if cell and good == words:
            mixed = True
            parts += text[end:start], mended(cell)
            end = stop
        else:
            parts += text[end : found.start()], LOST
            end = found.end()
    parts.append(text[end:])
    return PageText("".join(parts).encode(), guessed, mixed)
