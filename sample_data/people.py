"""Applicants who do not exist: given names that nobody bears, identity numbers of no province, phones of no network."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_SURNAMES = np.array(["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Bùi", "Đỗ", "Lò", "Hà"], dtype=object)
_GIVEN = np.array(["Mẫu", "Nháp", "Giả", "Thí", "Dụ", "Tạm", "Trống", "Ảo"], dtype=object)

Texts = npt.NDArray[np.object_]


def names(person: npt.NDArray[np.int64], kind: npt.NDArray[np.int64]) -> Texts:
    """A person's name, or an invented company's where LoaiDoiTuong is not 1."""
    own = _SURNAMES[person % 10] + " " + _GIVEN[person // 10 % 8]
    company = "Cty Giả Định " + (person % 900 + 100).astype(str).astype(object)
    return np.where(kind == 1, own, company)


def identity_numbers(person: npt.NDArray[np.int64], kind: npt.NDArray[np.int64]) -> Texts:
    """Twelve digits that begin 099000 (no province has 099), or a tax number that begins 99."""
    # Half of the people gave none.
    digits = np.char.zfill(person.astype(str), 6).astype(object)
    own = np.where(person % 2 == 0, "099000" + digits, "")
    return np.where(kind == 1, own, "9900" + digits)


def phones(person: npt.NDArray[np.int64]) -> Texts:
    """Ten digits that begin 0000; five in six people gave none."""
    digits = np.char.zfill((person * 7 % 10**6).astype(str), 6).astype(object)
    return np.where(person % 6 == 0, "0000" + digits, "")
