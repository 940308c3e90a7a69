"""Unpack ZIP archives, one archive inside another at most, within bounds and never outside the work folder."""

from __future__ import annotations

import errno
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tthc_cli.clock import instant_of
from tthc_cli.ingest.files.find import Found, kind_of, zip_damage
from tthc_cli.ingest.report import FileReport
from tthc_cli.private import label as tellable

MAX_MEMBERS = 5_000
MAX_BYTES = 20 << 30
MAX_RATIO = 200
"""A member may unpack to this many times its packed size, once it is over 64 MiB."""
_FREE = 64 << 20
_END = 65_557
"""Bytes at the end of an archive among which the record of its end lies."""
_COUNTED = 1 << 16


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
    except zip_damage() as error:
        if _of_disk(error):
            raise
        yield FileReport(outer.label, "ingest.left_zip_damaged")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with archive:
        members = sorted(archive.infolist(), key=lambda m: m.filename)
        if _declared(outer.path) not in (None, len(members) % _COUNTED):
            yield FileReport(outer.label, "ingest.left_zip_damaged")
            return
        seen: Counter[str] = Counter()
        for member in members:
            name = member.filename.replace("\\", "/")
            seen[name] += 1
            label = f"{outer.label} › {tellable(name)}" + (f" ({seen[name]})" if seen[name] > 1 else "")
            if _no_data(name):
                if not _is_known(archive, member):
                    yield FileReport(label, "ingest.left_zip_member", {"detail": ""})
                continue
            budget.members -= 1
            if budget.members < 0:
                yield FileReport(outer.label, "ingest.left_zip_too_many", {"limit": str(MAX_MEMBERS)})
                return
            budget.number += 1
            target = folder / f"{budget.number:05d}-{depth}{_suffix(name)}"
            reason = _extract(archive, member, target, budget)
            if reason is not None:
                target.unlink(missing_ok=True)
                yield FileReport(label, reason, {"detail": str(member.compress_type)})
                continue
            found = Found(target, label, target.stat().st_size, _modified(member))
            if kind_of(target) != "zip":
                yield found
            elif depth == 0:
                yield from _unpack(found, folder, 1, budget)
            else:
                yield FileReport(label, "ingest.left_zip_nested")
            target.unlink(missing_ok=True)


def _no_data(name: str) -> bool:
    """Whether a member is a folder, hidden, or one of those that Excel and macOS leave."""
    return name.endswith("/") or name.rsplit("/", 1)[-1].startswith((".", "~$")) or "__MACOSX" in name


def _suffix(name: str) -> str:
    """The suffix of a member's name, without what no file name may hold."""
    return "".join(c for c in Path(name.rsplit("/", 1)[-1]).suffix[:8] if c.isprintable())


def _is_known(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a member that is passed over for its name has that name in front of its data too, and is no file with
    the name of a folder."""
    try:
        archive.open(member).close()
    except RuntimeError:  # protected, or packed in an unknown way; its names agree
        return True
    except zip_damage():
        return False
    return not member.filename.endswith("/") or not member.file_size


def _declared(path: Path) -> int | None:
    """How many members the end of an archive says there are, modulo _COUNTED; None when it does not say."""
    with path.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, 2) - _END))
        tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    count = int.from_bytes(tail[at + 10 : at + 12], "little") if at >= 0 else _COUNTED - 1
    return None if count == _COUNTED - 1 else count


def _of_disk(error: Exception) -> bool:
    """Whether an error comes of the disk, and not of the data: what cannot be sought for, or unpacked, is damage."""
    return isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, budget: _Budget) -> str | None:
    """Write a member to `target`, whose name is ours; the reason when it cannot be, or grows beyond bounds."""
    if member.flag_bits & 1:
        return "ingest.left_locked"
    limit = max(_FREE, member.compress_size * MAX_RATIO)
    written = 0
    with target.open("wb") as out, ExitStack() as opened:
        source = None
        while True:
            try:
                source = source or opened.enter_context(archive.open(member))
                data = source.read(1 << 20)
            except NotImplementedError:
                return "ingest.left_zip_method"
            except zip_damage() as error:
                if _of_disk(error):
                    raise
                return "ingest.left_zip_member"
            if not data:
                return None if written == member.file_size else "ingest.left_zip_member"
            written += len(data)
            budget.size -= len(data)
            if written > limit or budget.size < 0:
                return "ingest.left_zip_bomb"
            out.write(data)


def _modified(member: zipfile.ZipInfo) -> float:
    try:
        return instant_of(datetime(*member.date_time))
    except ValueError:
        return 0.0
