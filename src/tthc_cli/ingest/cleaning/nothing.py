"""What people and programs write into a cell that holds nothing, and what they put round one that holds something."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.vectors import arrow, text_column, vector
from tthc_cli.schema import word_file

_GUARD = re.compile(r"""\s*=\s*T?\s*\(?\s*(?:"(?P<text>.*)"|'(?P<other>[^']*)')\s*\)?\s*""", re.DOTALL | re.IGNORECASE)
_STROKES = re.compile(r"[\s.\-_\u2010-\u2015\u2212\u2026/]+")


@cache
def _words() -> frozenset[str]:
    return frozenset(word.casefold() for word in word_file("nothing")["words"])


def is_nothing(text: str) -> bool:
    """Whether a text only says that there is no value.

    >>> [is_nothing(t) for t in ("", "NULL", "\\\\N", "#N/A", "--", "chưa có", "Sở Y tế")]
    [True, True, True, True, True, True, False]
    """
    bare = text.strip()
    return not bare or unicodedata.normalize("NFC", bare).casefold() in _words() or bool(_STROKES.fullmatch(bare))


def unguarded(text: str) -> str:
    """A cell without what keeps Excel from changing it.

    >>> unguarded('="H99.22"'), unguarded('=("1.001234")'), unguarded("'0017")
    ('H99.22', '1.001234', '0017')
    """
    hit = _GUARD.fullmatch(text)
    if hit:
        return (hit["text"] if hit["text"] is not None else hit["other"]).replace('""', '"').strip('"')
    return text[1:] if text.startswith("'") else text


def without_guards(texts: pa.Array) -> pa.Array:
    """All cells of a column unguarded, what is empty then as blank; a column without guards is not touched."""
    if pa.types.is_dictionary(texts.type):
        words = texts.dictionary
        plain = without_guards(words)
        return texts if plain is words else pa.DictionaryArray.from_arrays(texts.indices, pc.fill_null(plain, ""))
    if not len(texts) or texts.buffers()[2] is None:
        return texts
    data = np.frombuffer(texts.buffers()[2], np.uint8)
    if not ((data == ord("=")) | (data == ord("'"))).any():
        return texts
    guarded = vector(pc.match_substring_regex(pc.fill_null(texts, ""), r"^\s*[=']"))
    if not guarded.any():
        return texts
    plain = text_column([unguarded(t) or None for t in texts.filter(arrow(guarded)).to_pylist()])
    return pc.replace_with_mask(texts, arrow(guarded), plain)
