"""One apology letter to be written: what its named fields say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BLANK = "…" * 16
"""What is left for the office to fill in."""
FIELDS = (
    "mau", "co_quan_cap_tren", "co_quan_ban_hanh", "co_quan", "dia_danh", "thang", "nam", "kinh_gui", "so_dinh_danh",
    "dia_chi", "dien_thoai", "ma_ho_so", "thu_tuc", "ngay_tiep_nhan", "hen_tra_cu", "hen_tra_moi", "ly_do", "chuc_vu",
    "nguoi_ky",
)  # fmt: skip
"""Names that a template may use, in double braces."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of one dossier."""

    dossier: str
    values: Mapping[str, str] = field(default_factory=dict)
    """By name of the field; BLANK where nothing is known."""
    proposed: frozenset[str] = frozenset()
    """Fields that the office is to check: they are marked."""
