"""The files of a site: what the last publication left, and what this one writes.

SHA256SUMS          every file of the site; the list of what is ours
publication.json    what every part was made from, so that the next publication leaves alone what is as it was
.publishing/        while a publication is under way, or where one was killed: what it was going to write
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tthc_cli import machine
from tthc_cli.storage.location import Location, Remote, files_below, tidy_away, write_atomic

SUMS, RECORD, JOURNAL = "SHA256SUMS", "publication.json", ".publishing"
BEFORE = "before.json"
FORMAT = 1
_SIDE_BY_SIDE = 16


@dataclass(frozen=True, slots=True)
class Target:
    """Where a site is written, and what lies there."""

    root: Location
    known: Mapping[str, str]
    """Files of the last publication and their SHA-256, without those that a killed one may have touched."""
    present: frozenset[str]

    def put(self, path: str, data: bytes) -> str:
        """Write a file unless it is there with these very bytes. Returns its SHA-256."""
        if not self.has(path, data):
            write_atomic(self.root / path, data, settled=False)
        return hashlib.sha256(data).hexdigest()

    def has(self, path: str, data: bytes) -> bool:
        """Whether a file is there with these very bytes."""
        if path not in self.present:
            return False
        if self.known.get(path) == hashlib.sha256(data).hexdigest():
            return True
        try:
            return (self.root / path).read_bytes() == data
        except FileNotFoundError:
            return False

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> list[tuple[str, str]]:
        """Write files as they come; returns (path, SHA-256) of each. A server is written to side by side."""
        if not isinstance(self.root, Remote):
            return [(path, self.put(path, data)) for path, data in files]
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            found = [(path, pool.submit(self.put, path, data)) for path, data in files]
            return [(path, digest.result()) for path, digest in found]

    def part(self, *folders: str) -> Target:
        """The same for those of some folders only, which is less to send to another process."""
        chosen = tuple(f"{folder}/" for folder in folders)
        known = {path: digest for path, digest in self.known.items() if path.startswith(chosen)}
        return Target(self.root, known, frozenset(path for path in self.present if path.startswith(chosen)))

    def announce(self, name: str, paths: Iterable[str]) -> None:
        """Say what is about to be written, so that nothing is left over when the run is killed."""
        write_atomic(self.root / JOURNAL / name, json.dumps(sorted(paths)).encode(), settled=False)


@dataclass(frozen=True, slots=True)
class Left:
    """What an earlier publication left."""

    target: Target
    listed: frozenset[str]
    """What SHA256SUMS names."""
    touched: frozenset[str]
    """What a killed publication was going to write."""
    record: Mapping[str, Any]
    before: Mapping[str, Any]
    """What a killed publication had read of the scores that it was about to replace."""

    @property
    def ours(self) -> frozenset[str]:
        return self.listed | self.touched


def found_at(root: Location) -> Left:
    """What lies at a place, as far as earlier publications wrote it."""
    present = frozenset(files_below(root))
    sums = _sums(root)
    before: dict[str, Any] = {}
    touched: set[str] = set()
    for name in sorted(p for p in present if p.startswith(f"{JOURNAL}/") and p.endswith(".json")):
        found = _json(root / name)
        if name == f"{JOURNAL}/{BEFORE}":
            before = found if isinstance(found, dict) else {}
        elif isinstance(found, list):
            touched |= {path for path in found if isinstance(path, str) and _inside(path)}
    record = _json(root / RECORD)
    known = {path: digest for path, digest in sums.items() if path not in touched}
    kept = record if _is_record(record) else {}
    return Left(Target(root, known, present), frozenset(sums), frozenset(touched), kept, before)


def _is_record(found: Any) -> bool:
    """Whether a document is what a publication of this version remembers; of any other everything is made again."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return False
    wanted = {"cards": ("key", "sha256", "summary"), "trends": ("key", "summary")}
    parts = [(found.get(name), keys) for name, keys in wanted.items()]
    return all(
        isinstance(part, dict) and all(isinstance(one, dict) and {*keys} <= {*one} for one in part.values())
        for part, keys in parts
    )


def _json(place: Location) -> Any:
    with suppress(FileNotFoundError, ValueError):
        return json.loads(place.read_bytes())
    return {}


def _sums(root: Location) -> dict[str, str]:
    try:
        text = (root / SUMS).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return {}
    pairs = (line.split("  ", 1) for line in text.splitlines() if "  " in line)
    return {path: digest for digest, path in pairs if _inside(path)}


def _inside(path: str) -> bool:
    """Whether a path stays in the site, whatever somebody wrote into the list."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and ":" not in parts[0]


def sums_text(files: Mapping[str, str]) -> bytes:
    """SHA256SUMS, as `sha256sum -c` reads it."""
    return "".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()


def settle_site(root: Location) -> None:
    """Make sure that a power cut undoes nothing of what was written so far."""
    if isinstance(root, Path):
        machine.settle_all()


def remove_stale(left: Left, files: Iterable[str]) -> int:
    """Remove what earlier publications wrote and this one has not; how many files."""
    gone = sorted((left.ours & left.target.present) - set(files) - {SUMS, RECORD})
    for path in gone:
        tidy_away(left.target.root / path)
    _remove_empty(left.target.root, gone)
    return len(gone)


def end_journal(root: Location) -> None:
    """The publication is whole: nothing remembers that it was under way."""
    names = files_below(root / JOURNAL)
    for name in sorted(names, key=lambda one: one == BEFORE):
        tidy_away(root / JOURNAL / name)
    _remove_empty(root, [f"{JOURNAL}/{name}" for name in names])


def _remove_empty(root: Location, gone: Iterable[str]) -> None:
    if not isinstance(root, Path):
        return
    folders = {parent for path in gone for parent in PurePosixPath(path).parents if parent.parts}
    for folder in sorted(folders, key=lambda one: -len(one.parts)):
        with suppress(OSError):
            (root / folder).rmdir()
