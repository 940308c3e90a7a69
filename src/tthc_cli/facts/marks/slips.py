"""Marks on slips: of a dossier, of an official, or of a unit as a whole.

A slip counts in the period in which it was filled in, to 23:59:59 of its last day. One without a day that names a
dossier counts with that dossier, before those that have a day; one without a day of a unit or an official is in no
period. A slip that names a dossier marks the dossier alone, so that what is said of a whole unit or of a person never
mixes into means over dossiers. Of several slips of one dossier the last that has a mark counts, criterion by
criterion; slips of a unit or an official are all counted. A blank is no mark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.marks.model import CRITERIA, MARKS, Hashes, Kind, Mark, Subject, Window

if TYPE_CHECKING:
    import pyarrow as pa

_ABOUT: tuple[tuple[Kind, str], ...] = (("official", "MaCanBo"), ("unit", "DonVi"))
"""Whom a slip that names no dossier is about: the first of these that it names."""


def answer_column(criterion: str) -> str:
    """The column of the answers by one criterion.

    >>> answer_column("c10")
    'TieuChi10'
    """
    return f"TieuChi{criterion[1:]}"


def of_window(slips: pa.Table, window: Window) -> pa.Table:
    """The slips that count in a window, in the order in which they were filled in; those without a day first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    times, kind = slips["NgayDanhGia"], pa.timestamp("s")
    begun = pc.greater_equal(times, pa.scalar(window.start, kind))
    dated = pc.fill_null(pc.and_(begun, pc.less_equal(times, pa.scalar(window.until, kind))), False)
    with_dossier = pc.and_(pc.is_null(times), _of_dossier(slips))
    kept = slips.filter(pc.or_(dated, with_dossier))
    kept = kept.sort_by([("NgayDanhGia", "ascending"), ("MaPhieu", "ascending")])
    blank = kept["NgayDanhGia"].is_null()
    return pa.concat_tables([kept.filter(blank), kept.filter(pc.invert(blank))])


def _of_dossier(slips: pa.Table) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.not_equal(slips[schema.KEY_HASH], pa.scalar(0, pa.uint64()))


def undated(slips: pa.Table) -> int:
    """Slips that no period counts, having no day and naming no dossier."""
    import pyarrow.compute as pc

    blank = pc.and_(pc.is_null(slips["NgayDanhGia"]), pc.invert(_of_dossier(slips)))
    return int(pc.sum(blank).as_py() or 0)


def of_dossiers(slips: pa.Table, criteria: Collection[str]) -> Mapping[tuple[str, int], Hashes]:
    """(criterion, mark) -> sorted `key_hash` of the dossiers whose last slip with a mark gives it. slips: as
    `of_window` gives them."""
    hashes: Hashes = slips[schema.KEY_HASH].to_numpy()[::-1]
    found: dict[tuple[str, int], Hashes] = {}
    for criterion in criteria:
        marks = _marks(slips, criterion)[::-1]
        told = np.isin(marks, MARKS) & (hashes != 0)
        dossiers, last = np.unique(hashes[told], return_index=True)
        given = marks[told][last]
        found |= {(criterion, mark): dossiers[given == mark] for mark in MARKS if (given == mark).any()}
    return found


def of_others(slips: pa.Table) -> Iterator[tuple[Subject, str, Mark]]:
    """The marks of each official and unit. slips: as `of_window` gives them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    left = slips.filter(pc.invert(_of_dossier(slips)))
    for kind, column in _ABOUT:
        named = pc.fill_null(pc.greater(pc.utf8_length(left[column].cast(pa.string())), 0), False)
        yield from _counted(kind, column, left.filter(named))
        left = left.filter(pc.invert(named))


def _counted(kind: Kind, column: str, slips: pa.Table) -> Iterator[tuple[Subject, str, Mark]]:
    import pyarrow as pa

    encoded = slips[column].cast(pa.string()).combine_chunks().dictionary_encode()
    ids, place = encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    for criterion in CRITERIA:
        marks = _marks(slips, criterion)
        told = np.isin(marks, MARKS)
        counts = np.zeros((len(ids), len(MARKS)), np.int64)
        np.add.at(counts, (place[told], marks[told]), 1)
        for at in np.flatnonzero(counts.any(axis=1)).tolist():
            none, one, two = counts[at].tolist()
            yield Subject(kind, ids[at]), criterion, Mark("slip", (none, one, two))


def _marks(slips: pa.Table, criterion: str) -> npt.NDArray[np.int64]:
    """The answers of slips by a criterion; -1 for a blank."""
    found: npt.NDArray[np.int64] = slips[answer_column(criterion)].cast("int64").fill_null(-1).to_numpy()
    return found
