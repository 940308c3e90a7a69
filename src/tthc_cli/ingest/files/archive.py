"""Unpack ZIP archives, one archive inside another at most, within bounds and never outside the work folder."""

from __future__ import annotations

import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tthc_cli.ingest.files.find import Found, kind_of
from tthc_cli.ingest.report import FileReport

MAX_MEMBERS = 5_000
MAX_BYTES = 20 << 30
MAX_RATIO = 200
"""A member may unpack to this many times its packed size, once it is over 64 MiB."""
_FREE = 64 << 20


@dataclass(slots=True)
class _Budget:
    members: int = MAX_MEMBERS
    size: int = MAX_BYTES
    number: int = 0


def unpack(outer: Found, work: Path) -> Iterator[Found | FileReport]:
    """The members of an archive as files in the work folder; what cannot be used comes as a FileReport.

    No two files have the same name, also not those of two archives: a workbook is known by where it lies.
    """
    yield from _unpack(outer, Path(tempfile.mkdtemp(prefix="zip-", dir=work)), 0, _Budget())


def _unpack(outer: Found, folder: Path, depth: int, budget: _Budget) -> Iterator[Found | FileReport]:
    try:
        archive = zipfile.ZipFile(outer.path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        yield FileReport(outer.label, "ingest.left_zip_damaged", {"detail": str(error)[:200]})
        return
    folder.mkdir(parents=True, exist_ok=True)
    with archive:
        for member in sorted(archive.infolist(), key=lambda m: m.filename):
            name = member.filename.replace("\\", "/")
            base = name.rsplit("/", 1)[-1]
            if member.is_dir() or base.startswith((".", "~$")) or "__MACOSX" in name:
                continue
            label = f"{outer.label} › {name}"
            budget.members -= 1
            if budget.members < 0:
                yield FileReport(outer.label, "ingest.left_zip_too_many", {"limit": str(MAX_MEMBERS)})
                return
            if member.flag_bits & 1:
                yield FileReport(label, "ingest.left_locked", {"detail": ""})
                continue
            budget.number += 1
            target = folder / f"{budget.number:05d}-{depth}{Path(base).suffix[:8]}"
            reason = _extract(archive, member, target, budget)
            if reason is not None:
                target.unlink(missing_ok=True)
                yield FileReport(label, reason, {"detail": ""})
                continue
            found = Found(target, label, target.stat().st_size, _modified(member))
            if kind_of(target) != "zip":
                yield found
            elif depth == 0:
                yield from _unpack(found, folder, 1, budget)
            else:
                yield FileReport(label, "ingest.left_zip_nested")
            target.unlink(missing_ok=True)


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, budget: _Budget) -> str | None:
    """Write a member to `target`, whose name is ours; the reason when it cannot be, or grows beyond bounds."""
    limit = max(_FREE, member.compress_size * MAX_RATIO)
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as out:
            while data := source.read(1 << 20):
                written += len(data)
                budget.size -= len(data)
                if written > limit or budget.size < 0:
                    return "ingest.left_zip_bomb"
                out.write(data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        return "ingest.left_zip_damaged"
    return None


def _modified(member: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*member.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
