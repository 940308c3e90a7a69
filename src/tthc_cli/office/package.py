"""Office packages (xlsx, docx), the same bytes every time: fixed times of their parts, one moment of last change."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Archive(zipfile.ZipFile):
    """A zip file whose entries all have the same time and rights."""

    def __init__(self, target: io.BytesIO) -> None:
        super().__init__(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: object, **__: object) -> None:
        super().writestr(_entry(zinfo_or_arcname), data)

    def write_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        with self.open(_entry(name), "w") as stream:
            for piece in pieces:
                stream.write(piece)


def fixed_times(package: bytes, moment: str) -> bytes:
    """An Office package with the same bytes every time: fixed times of its parts, `moment` (ISO) as last change."""
    result = io.BytesIO()
    stamp = datetime.fromisoformat(moment).isoformat(timespec="seconds")
    with zipfile.ZipFile(io.BytesIO(package)) as source, Archive(result) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rf"\g<1>{stamp}Z\g<2>", data.decode("utf-8")).encode("utf-8")
            target.writestr(name, data)
    return result.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
