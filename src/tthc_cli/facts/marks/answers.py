"""What slips say of a dossier besides the marks that count: how satisfied one is with the whole, and criterion 6.

The whole is TieuChi11; where that is blank, DanhGia. A blank is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Ints = npt.NDArray[np.int64]
WHOLE = "c11"
ANSWERS = (0, 1, 2)
"""Dissatisfied, satisfied, very satisfied."""
COLUMNS = ("MaPhieu", "MaHoSo", "NgayDanhGia", "DanhGia", "TieuChi6", "TieuChi11")
NO_ANSWER = -1


def _codes(slips: pa.Table, column: str) -> Ints:
    codes: Ints = slips[column].cast("int64").fill_null(NO_ANSWER).to_numpy()
    return np.where(np.isin(codes, ANSWERS), codes, NO_ANSWER)


def last_of_dossiers(slips: pa.Table, until: pa.Scalar) -> Mapping[str, Mapping[str, int]]:
    """ "c6" and WHOLE -> MaHoSo -> what the last slip that says something, up to a moment, says of it. A slip without a
    day comes before all others."""
    import pyarrow.compute as pc

    dated = pc.fill_null(pc.less_equal(slips["NgayDanhGia"], until), True)
    slips = slips.filter(dated).sort_by([("NgayDanhGia", "ascending"), ("MaPhieu", "ascending")])
    undated = slips["NgayDanhGia"].is_null().to_numpy()
    slips = slips.take(np.argsort(~undated, kind="stable"))
    dossiers = slips["MaHoSo"].to_pylist()
    whole = _codes(slips, "TieuChi11")
    whole = np.where(whole == NO_ANSWER, _codes(slips, "DanhGia"), whole)
    told = {"c6": _codes(slips, "TieuChi6"), WHOLE: whole}
    return {
        question: {dossiers[i]: int(codes[i]) for i in np.flatnonzero(codes != NO_ANSWER).tolist() if dossiers[i]}
        for question, codes in told.items()
    }
