"""A file that is exported again and again under one path: what is kept of its older versions.

Of the rows of one key that do not stand, those of the newest version of each path are kept, so that `forget` can put
them back; the rows of versions before that are dropped and counted. A version that has no row left is no longer listed;
its rows are counted with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli.ingest.vectors import one_piece, vector
from tthc_cli.schema import SOURCE
from tthc_cli.storage.warehouse import Earlier, SourceRecord

KEYS_AT_ONCE = 1_000_000
"""Rows that do not stand are looked through so many at a time."""
LISTED = 2
"""Of each path, so many of the newest versions are always listed, whether a row of theirs is left or not."""

Mask = npt.NDArray[np.bool_]
Version = tuple[int, int]
"""(number of the path, place of the version among all sources by time changed)."""


def versions_of(sources: Sequence[SourceRecord]) -> dict[str, Version]:
    """Source id -> which version of which path it is; by (time changed, sha256) as everywhere."""
    ordered = sorted(sources, key=lambda s: (s.modified_at, s.sha256))
    paths: dict[str, int] = {}
    return {s.id: (paths.setdefault(s.path, len(paths)), place) for place, s in enumerate(ordered)}


def kept(
    keys: Sequence[Callable[[], npt.NDArray[np.uint64]]], sources: Sequence[Callable[[], pa.Table]],
    fallen: Sequence[Mask], versions: Mapping[str, Version],
) -> list[Mask]:  # fmt: skip
    """For each part the mask of the rows to keep among those that do not stand (`fallen`).

    `keys` and `sources` give the key hashes and the sources of the rows of each part.
    """
    count = sum(int(mask.sum()) for mask in fallen)
    places = [_versions(load().column(SOURCE), versions)[mask] for load, mask in zip(sources, fallen, strict=True)]
    stays = [np.zeros(len(mask), bool) for mask in fallen]
    at = [np.flatnonzero(mask) for mask in fallen]
    ranges = max(1, -(-count // KEYS_AT_ONCE))
    for low, high in pairwise([2**64 * i // ranges for i in range(ranges + 1)]):
        chosen, numbers = [], []
        for load, rows in zip(keys, at, strict=True):
            found = load()[rows]
            some = np.flatnonzero((found >= np.uint64(low)) & (found <= np.uint64(high - 1)))
            chosen.append(some)
            numbers.append(found[some])
        newest = _newest(
            np.concatenate(numbers), np.concatenate([p[some] for p, some in zip(places, chosen, strict=True)])
        )
        ends = np.cumsum([len(some) for some in chosen])[:-1]
        for mask, rows, some, stay in zip(stays, at, chosen, np.split(newest, ends), strict=True):
            mask[rows[some[stay]]] = True
    return stays


def _versions(column: pa.ChunkedArray, versions: Mapping[str, Version]) -> npt.NDArray[np.int64]:
    """(path, place) of each row's source, in two columns."""
    codes = one_piece(column)
    known = np.array([versions.get(s, (-1, -1)) for s in codes.dictionary.to_pylist()], np.int64).reshape(-1, 2)
    found: npt.NDArray[np.int64] = known[vector(codes.indices)]
    return found


def _newest(keys: npt.NDArray[np.uint64], versions: npt.NDArray[np.int64]) -> Mask:
    """The rows of the newest version among those with the same key and path."""
    if not len(keys):
        return np.zeros(0, bool)
    path, place = versions[:, 0], versions[:, 1]
    order = np.lexsort([place, path, keys])
    keys, path, place = keys[order], path[order], place[order]
    last = np.append((keys[1:] != keys[:-1]) | (path[1:] != path[:-1]), True)
    ends = np.flatnonzero(last)
    newest = np.zeros(len(keys), bool)
    newest[order] = place == place[ends[np.searchsorted(ends, np.arange(len(keys)))]]
    return newest


def fold(
    sources: Sequence[SourceRecord], earlier: Sequence[Earlier]
) -> tuple[tuple[SourceRecord, ...], tuple[Earlier, ...]]:
    """(sources that are listed on, by path what is no longer listed): a version without a row left goes, but for the
    newest two of its path."""
    told = {e.path: e for e in earlier}
    newer: dict[str, int] = {}
    listed = []
    for source in sorted(sources, key=lambda s: (s.modified_at, s.sha256), reverse=True):
        newer[source.path] = newer.get(source.path, 0) + 1
        if newer[source.path] <= LISTED or any(s.accepted or s.superseded > s.dropped for s in source.sheets):
            listed.append(source)
            continue
        before = told.get(source.path, Earlier(source.path))
        told[source.path] = replace(
            before, versions=before.versions + 1, rows_read=before.rows_read + _sum(source, "rows_read"),
            superseded=before.superseded + _sum(source, "superseded"),
            rejected=before.rejected + _sum(source, "rejected"),
        )  # fmt: skip
    paths = {s.path for s in listed}
    listed.sort(key=lambda s: (s.path, s.id))
    return tuple(listed), tuple(told[path] for path in sorted(told) if path in paths)


def _sum(source: SourceRecord, name: str) -> int:
    return sum(int(getattr(sheet, name)) for sheet in source.sheets)
