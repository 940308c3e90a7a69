"""Marks on slips: of a dossier, of an official, or of a unit as a whole.

A slip that names a dossier marks the dossier alone, so that what is said of a whole unit or of a person never mixes
into means over dossiers. Of several slips of one dossier the last that has a mark counts, criterion by criterion;
slips of a unit or an official are all counted. A blank is no mark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.marks.model import CRITERIA, MARKS, Kind, Mark, Subject

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period

_KINDS: tuple[tuple[Kind, str], ...] = (("dossier", "MaHoSo"), ("official", "MaCanBo"), ("unit", "DonVi"))
"""Whom a slip is about: the first of these that it names."""


def within(period: Period, times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which times lie in a period, its last minute included; a blank does not. Shape of times."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = pa.timestamp("s")
    begun = pc.greater_equal(times, pa.scalar(period.start, kind))
    return pc.fill_null(pc.and_(begun, pc.less(times, pa.scalar(period.end, kind))), False)


def of_slips(
    slips: pa.Table, period: Period, kinds: Collection[Kind] = ("dossier", "official", "unit")
) -> Iterator[tuple[Subject, str, Mark]]:
    """The marks of each subject, of some kinds, that slips filled in within the period name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    left = slips.filter(within(period, slips["NgayDanhGia"]))
    for kind, column in _KINDS:
        named = pc.fill_null(pc.greater(pc.utf8_length(left[column].cast(pa.string())), 0), False)
        if kind in kinds:
            yield from _of(kind, column, left.filter(named))
        left = left.filter(pc.invert(named))


def undated(slips: pa.Table) -> int:
    """Slips that no period counts, having no day."""
    return int(slips["NgayDanhGia"].null_count)


def _of(kind: Kind, column: str, slips: pa.Table) -> Iterator[tuple[Subject, str, Mark]]:
    import pyarrow as pa

    slips = slips.sort_by([("NgayDanhGia", "ascending"), ("MaPhieu", "ascending")])
    encoded = slips[column].cast(pa.string()).combine_chunks().dictionary_encode()
    ids, place = encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    for criterion in CRITERIA:
        marks = slips[f"TieuChi{criterion[1:]}"].cast(pa.int64()).fill_null(-1).to_numpy()
        told = np.isin(marks, MARKS)
        counts = _counted(place[told], marks[told], len(ids), last=kind == "dossier")
        for at in np.flatnonzero(counts.any(axis=1)).tolist():
            none, one, two = counts[at].tolist()
            yield Subject(kind, ids[at]), criterion, Mark("slip", (none, one, two))


def _counted(
    place: npt.NDArray[np.int64], marks: npt.NDArray[np.int64], n: int, *, last: bool
) -> npt.NDArray[np.int64]:
    """How many marks of 0, 1 and 2 each subject has, from slips in the order in which they were filled in; `last`: only
    its last. Shape (n, 3)."""
    counts = np.zeros((n, len(MARKS)), np.int64)
    if last:
        final = np.full(n, -1, np.int64)
        final[place] = marks
        place, marks = np.flatnonzero(final >= 0), final[final >= 0]
    np.add.at(counts, (place, marks), 1)
    return counts
