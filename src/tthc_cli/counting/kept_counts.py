"""Counts of stored files, kept from one scoring to the next, so that scoring again costs only what changed.

An entry is one file, named by what its counts depend on whatever happens: content of the stored file, period,
procedures, calendar, parameters, the program itself. What may change without touching every count is checked when an
entry is read: the cutoff, the columns that its sources had, the complaints about its dossiers, the files of the
process log that they are in. All complaints are kept beside the entries, once for all that were made with them. An
entry that does not fit, or is damaged, is as good as none; the folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import machine, program
from tthc_cli.counting import packed_counts
from tthc_cli.counting.chunks import hashes_of, sources_of
from tthc_cli.counting.duration_counts import Lengths
from tthc_cli.counting.measures import Measures
from tthc_cli.counting.tally import ChunkCounts
from tthc_cli.facts.context import READ_COLUMNS, Context
from tthc_cli.facts.hash_set import HashSet
from tthc_cli.storage.location import tidy_away
from tthc_cli.storage.strays import in_the_making

if TYPE_CHECKING:
    from tthc_cli.storage.warehouse import Partition, Warehouse

LIMIT = 512 << 20
"""Bytes the folder may hold; the entries not used for longest go first."""
_COUNTS, _COMPLAINTS = ".counts", ".complaints"
_HEADER_BYTES = 8


def _feed(digest: Any, value: object) -> None:
    """Add a value, its type and its structure to a digest."""
    digest.update(f"<{type(value).__name__}>".encode())
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value):
        for f in fields(value):
            _feed(digest, f.name)
            _feed(digest, getattr(value, f.name))
    elif isinstance(value, dict):
        for key in sorted(value):
            _feed(digest, key)
            _feed(digest, value[key])
    elif isinstance(value, set | frozenset):
        _feed(digest, sorted(value))
    elif isinstance(value, tuple | list):
        for item in value:
            _feed(digest, item)
    elif hasattr(value, "__dict__"):
        _feed(digest, {k: v for k, v in vars(value).items() if not callable(v)})
    else:
        text = repr(value).encode()
        digest.update(f"{len(text)}:".encode())
        digest.update(text)
    digest.update(b"</>")


def fingerprint(*values: object) -> str:
    """A hash of values: numbers, texts, arrays, and whatever is made of them."""
    digest = hashlib.sha256()
    for value in values:
        _feed(digest, value)
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _program(measures: Measures) -> str:
    """A hash of the code that verdicts come from: all that counting and its judges import, and the dictionary."""
    judges = {judge.cases.__module__ for judge in measures.judges} | {measures.times.__module__}
    return program.fingerprint("tthc_cli.counting.dossier_pass", *sorted(judges))


@dataclass(frozen=True)
class Kept:
    """The counts of one stored file as they were kept."""

    _told: dict[str, Any]
    _body: bytes

    def counts(self) -> ChunkCounts:
        return _unpacked(self._told, self._body)


class CountCache:
    """The kept counts that fit one context."""

    def __init__(
        self, folder: Path, warehouse: Warehouse, context: Context, measures: Measures, limit: int = LIMIT
    ) -> None:
        self._folder = folder
        self._warehouse = warehouse
        self._context = context
        self._limit = limit
        self._fixed = fingerprint(
            _program(measures), measures.layout, packed_counts.plan(measures).lanes, context.start, context.end,
            context.rules, context.calendar, context.catalogue, context.fieldless,
            *([] if context.marking is None else context.marking.told),
        )  # fmt: skip
        self._complaints = fingerprint(context.complained)
        self._changed: dict[str, HashSet | None] = {}
        self._log = {p.month: p.sha256 for p in warehouse.partitions("process_log")} if context.log else {}

    def _path(self, partition: Partition) -> Path:
        return self._folder / f"{fingerprint(self._fixed, partition.sha256, bool(self._context.log))}{_COUNTS}"

    def _told(self, partition: Partition) -> dict[str, list[str]]:
        """Of each source of the file: which of the columns that are read it had."""
        told, wanted = self._context.told, set(READ_COLUMNS)
        sources = sorted(sources_of(self._warehouse.path(partition)))
        return {s: sorted(told.get(s, frozenset()) & wanted) for s in sources}

    def get(self, partition: Partition) -> Kept | None:
        """The counts of a stored file; None when they are not kept, or something that they depend on has changed."""
        path = self._path(partition)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        size = int.from_bytes(data[:_HEADER_BYTES], "little")
        body = data[_HEADER_BYTES + size :]
        try:
            told = json.loads(data[_HEADER_BYTES : _HEADER_BYTES + size])
        except ValueError:
            return None
        if told["sha256"] != hashlib.sha256(body).hexdigest() or not self._fits(told, partition):
            return None
        os.utime(path)
        return Kept(told, body)

    def _fits(self, told: dict[str, Any], partition: Partition) -> bool:
        if not told["cutoff"] <= self._context.cutoff < told["changes_at"]:
            return False
        if any(self._log.get(month) != digest for month, digest in told["log"].items()):
            return False
        if told["told"] != self._told(partition):
            return False
        if told["complaints"] == self._complaints:
            return True
        changed = self._changed_since(told["complaints"])
        if changed is None:
            return False
        return not any(len(changed.rows(hashes)) for hashes in hashes_of(self._warehouse.path(partition)))

    def _changed_since(self, complaints: str) -> HashSet | None:
        """Dossiers complained about then and not now, or now and not then; None when that is not known any more."""
        if complaints not in self._changed:
            before = self._complaints_of(complaints)
            changed = None if before is None else np.setxor1d(before, self._context.complained, assume_unique=True)
            self._changed[complaints] = None if changed is None else HashSet(changed)
        return self._changed[complaints]

    def _complaints_of(self, digest: str) -> npt.NDArray[np.uint64] | None:
        path = self._folder / f"{digest}{_COMPLAINTS}"
        try:
            found = np.frombuffer(path.read_bytes(), np.uint64)
            os.utime(path)
        except (OSError, ValueError):
            return None
        return found if fingerprint(found) == digest else None

    def put(self, partition: Partition, counts: ChunkCounts, log_months: frozenset[str]) -> None:
        """Keep the counts of a stored file."""
        header, body = _packed(counts)
        header |= {
            "sha256": hashlib.sha256(body).hexdigest(),
            "cutoff": self._context.cutoff,
            "changes_at": counts.changes_at,
            "told": self._told(partition),
            "log": {month: self._log.get(month) for month in sorted(log_months)},
            "complaints": self._complaints,
        }
        head = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
        self._keep_complaints()
        path = self._path(partition)
        self._write(path, len(head).to_bytes(_HEADER_BYTES, "little") + head + body)
        self._prune(path)

    def _keep_complaints(self) -> None:
        path = self._folder / f"{self._complaints}{_COMPLAINTS}"
        try:
            os.utime(path)
        except OSError:
            self._write(path, self._context.complained.tobytes())

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with in_the_making(path) as temporary:
            temporary.write_bytes(data)
            machine.replace_file(temporary, path)

    def _prune(self, newest: Path) -> None:
        files = (p for p in self._folder.iterdir() if p.suffix in (_COUNTS, _COMPLAINTS))
        kept = sorted(((p.stat().st_mtime_ns, p.stat().st_size, p) for p in files), reverse=True)
        total = 0
        for _, size, path in kept:
            total += size
            if total > self._limit and path != newest:
                tidy_away(path)


def smallest(numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whole numbers that are not negative, in as few bytes as they need."""
    most = int(numbers.max()) if numbers.size else 0
    return numbers.astype(next(dtype for dtype in ("<u1", "<u2", "<u4", "<u8") if most <= np.iinfo(dtype).max))


def _packed(counts: ChunkCounts) -> tuple[dict[str, Any], bytes]:
    import pyarrow as pa

    pieces, lengths = len(counts.unit), counts.lengths
    a_piece = np.bincount(lengths.group, minlength=pieces)
    arrays = [
        smallest(counts.unit), smallest(counts.procedure), counts.times.astype("<i8"), smallest(counts.verdicts),
        smallest(a_piece), smallest(lengths.tenths), smallest(lengths.dossiers),
    ]  # fmt: skip
    raw = b"".join(a.tobytes() for a in arrays)
    body = pa.Codec("zstd", compression_level=1).compress(raw, asbytes=True)
    head = {
        "units": list(counts.units), "bytes": len(raw), "arrays": [[a.dtype.str, *a.shape] for a in arrays],
        "own_fields": [[*pair, *reasons] for pair, reasons in counts.own_fields.items()],
    }  # fmt: skip
    return head, body


def _unpacked(told: dict[str, Any], body: bytes) -> ChunkCounts:
    import pyarrow as pa

    raw = pa.Codec("zstd").decompress(body, told["bytes"])
    arrays, at = [], 0
    for dtype, *shape in told["arrays"]:
        found = np.frombuffer(raw, dtype, int(np.prod(shape)), at).reshape(shape)
        at += found.nbytes
        arrays.append(found)
    unit, procedure, times, verdicts, a_piece, tenths, dossiers = arrays
    lengths = Lengths(np.repeat(np.arange(len(a_piece), dtype=np.int32), a_piece), tenths, dossiers)
    units = tuple(told["units"])
    own_fields = {(by, field): tuple(reasons) for by, field, *reasons in told["own_fields"]}
    return ChunkCounts(units, unit, procedure, verdicts, times, lengths, own_fields, told["changes_at"])
