"""Who acted: a typed code, else a keyed hash of the name. A name itself is never kept."""

from __future__ import annotations

import re
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.cleaning import clean_codes
from tthc_cli.ingest.cleaning.nothing import is_nothing
from tthc_cli.units.officials import hashed

_CODE = re.compile(r"(?=\D*\d)[A-Za-z0-9][A-Za-z0-9._/\-]{0,39}")
_CATEGORY = pa.dictionary(pa.int32(), pa.string())


@lru_cache(maxsize=65536)
def is_code(text: str) -> bool:
    """Whether a text is a code and no name: Latin letters and digits without blanks, a digit among them, and nothing
    like a phone, an identity number or an address.

    >>> [is_code(t) for t in ("CB-0017", "99.08/12", "Trần Mẫu", "tranmau", "0912345678")]
    [True, True, False, False, False]
    """
    return bool(_CODE.fullmatch(text)) and not clean_codes.like_personal(text)


def filled(typed: pa.Array | None, names: pa.Array, dossiers: pa.Array, key: bytes) -> pa.DictionaryArray:
    """The typed code of each step; where there is none, the hash of its name within the unit of the dossier's code."""
    given = pa.nulls(len(names), pa.string()) if typed is None else typed.cast(pa.string())
    units = pc.fill_null(clean_codes.units_of_dossiers(dossiers), "")
    both = pc.binary_join_element_wise(units, pc.fill_null(names.cast(pa.string()), ""), "\x1f").dictionary_encode()
    hashes = [_hash_of(text, key) for text in both.dictionary.to_pylist()]
    found = pa.array(hashes, pa.string()).take(both.indices)
    return pc.coalesce(given, found).dictionary_encode().cast(_CATEGORY)


def _hash_of(text: str, key: bytes) -> str | None:
    unit, _, name = text.partition("\x1f")
    return None if not name.strip() or is_nothing(name) else hashed(key, name, unit)
