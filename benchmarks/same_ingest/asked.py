"""What is asked of the columns of a file, and what every engine does outside its own language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tthc_cli.schema import UNKNOWN_CODE, Column, table

DATES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y")
FIRST_DAY, LAST_DAY = "1990-01-01", "2100-12-31"
KEY, RECEIVED, STATUS = "MaHoSo", "NgayTiepNhan", "TrangThaiHoSo"
ENDED = ("NgayKetThucXuLy", "NgayTra")
"""On a day before the one of receipt they make a row impossible."""
ORDER = ("_unit", "MaTTHC", KEY)
ROW_BEFORE = 1
"""Rows of a file are counted from its headings, which are the first."""


@dataclass(frozen=True)
class Asked:
    """The columns of a file that are stored, in the order of the dictionary."""

    header: tuple[str, ...]
    columns: tuple[Column, ...]

    def typed(self, *kinds: str) -> list[Column]:
        """The columns of some types."""
        return [c for c in self.columns if c.type in kinds]

    @property
    def dates(self) -> list[str]:
        return [c.name for c in self.typed("timestamp")]

    @property
    def events(self) -> list[str]:
        """Dates of which the latest tells how new a row is."""
        return [name for name in self.dates if name in table("dossiers").events]


def asked_of(path: Path) -> Asked:
    """By the headings of a file."""
    with path.open(encoding="utf-8") as stream:
        header = tuple(stream.readline().strip().split(","))
    return Asked(header, tuple(c for c in table("dossiers").stored if c.name in header))


def unknown(column: Column) -> int | None:
    """What is stored for a word that is not on the list."""
    return UNKNOWN_CODE if column.unknown else None


@contextmanager
def hashed_beside(path: Path) -> Iterator[None]:
    """The file is hashed on a thread of its own meanwhile, as an engine reads it."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(sha256, path)
        yield


def sha256(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
