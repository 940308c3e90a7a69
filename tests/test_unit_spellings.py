"""Spellings of unit names; every expected code is worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tthc_cli.units.names import resolve
from tthc_cli.units.tree import Unit, UnitTree

_TREE = UnitTree(
    [
        Unit("H99", "UBND tỉnh Sơn Hà", "tinh"), Unit("H99.01", "Sở Y tế", "so", "H99"),
        Unit("H99.20", "UBND thành phố Thủy Hòa", "huyen", "H99"),
        Unit("H99.20.01", "UBND xã Hòa Túy", "xa", "H99.20"), Unit("H99.20.02", "UBND xã Hóa Tùy", "xa", "H99.20"),
        Unit("H99.20.03", "UBND phường 7", "xa", "H99.20"),
        Unit("H99.20.09", "UBND xã Cũ", "xa", "H99.20", valid_to=date(2025, 6, 30),
             divided_into=("H99.20.01", "H99.20.02")),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [("Uỷ ban nhân dân xã Hoà Tuý", "H99.20.01"), ("X. Hoá Tuỳ", "H99.20.02"), ("P.07", "H99.20.03"),
     ("T.P Thuỷ Hoà", "H99.20"), ("Sở Y tế tỉnh Sơn Hà", "H99.01"), ("[H99.01] Sở Y tế", "H99.01"),
     ("Sở Y tế (SYT)", "H99.01")],
)  # fmt: skip
def test_spelling(text: str, code: str) -> None:
    day = _TREE.at(date(2023, 6, 30))
    assert [day.units[i].code for i in resolve(day, [text]).indices] == [code]


def test_two_units_are_both_named() -> None:
    (told,) = resolve(_TREE.at(date(2023, 6, 30)), ["xã Hoa Tuy"]).unmatched
    assert (told.reason, told.near) == ("ambiguous", "UBND xã Hòa Túy (H99.20.01); UBND xã Hóa Tùy (H99.20.02)")


@pytest.mark.parametrize(("day", "code"), [(date(2025, 6, 30), "H99.20.09"), (date(2025, 9, 30), "H99.20")])
def test_a_divided_commune(day: date, code: str) -> None:
    units = _TREE.at(day)
    assert [units.units[i].code for i in resolve(units, ["H99.20.09"]).indices] == [code]
