"""The dated unit tree: who stands below whom on a day, and which unit a name means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tthc_cli import schema
from tthc_cli.errors import InputError, RowPlace
from tthc_cli.units.codes import unit_code
from tthc_cli.units.names import resolve
from tthc_cli.units.tree import Unit, UnitsOnDay, UnitTree, guess_level, implicit_tree, load_units

LAST_OLD, FIRST_NEW = date(2025, 6, 30), date(2025, 7, 1)
Q2_2025, Q3_2025 = date(2025, 6, 30), date(2025, 9, 30)


def u(code: str, name: str, level: str, parent: str | None = None, **more: object) -> Unit:
    return Unit(code, name, level, parent, **more)  # type: ignore[arg-type]


# A province as it stood before and after 1/7/2025: the districts end; three communes become one.
MERGER = UnitTree([
    u("H99", "UBND tỉnh Sơn Hà", "tinh"),
    u("H99.01", "Sở Y tế", "so", "H99", other_names=("Sở Y tế tỉnh", "SYT")),
    u("H99.02", "Sở Kế hoạch và Đầu tư", "so", "H99", valid_to=date(2025, 2, 28), successor="H99.03"),
    u("H99.03", "Sở Tài chính", "so", "H99"),
    u("H99.20", "UBND huyện Bình Sơn", "huyen", "H99", valid_to=LAST_OLD),
    u("H99.21", "UBND huyện Trà Giang", "huyen", "H99", valid_to=LAST_OLD),
    u("H99.20.01", "UBND xã Tân An", "xa", "H99.20", valid_to=LAST_OLD, successor="H99.50"),
    u("H99.20.02", "UBND xã Hòa Lạc", "xa", "H99.20", valid_to=LAST_OLD, successor="H99.50"),
    u("H99.21.01", "UBND xã Tân An", "xa", "H99.21", valid_to=LAST_OLD, successor="H99.51"),
    u("H99.21.05", "UBND xã Núi Cao", "xa", "H99.21"),
    u("H99.50", "UBND xã Đông Sơn", "xa", "H99", valid_from=FIRST_NEW),
    u("H99.51", "UBND phường Trà Giang", "xa", "H99", valid_from=FIRST_NEW),
])  # fmt: skip


def meaning(units: UnitsOnDay, name: str) -> str:
    """The code a name means, or why it means none."""
    result = resolve(units, [name])
    return units.units[result.indices[0]].code if result.indices[0] >= 0 else result.unmatched[0].reason


@pytest.fixture(scope="module")
def before() -> UnitsOnDay:
    return MERGER.at(Q2_2025)


@pytest.fixture(scope="module")
def after() -> UnitsOnDay:
    return MERGER.at(Q3_2025)


def test_parents_come_before_children_departments_before_districts(before: UnitsOnDay) -> None:
    assert [x.code for x in before.units] == [
        "H99", "H99.03", "H99.01", "H99.20", "H99.20.02", "H99.20.01", "H99.21", "H99.21.05", "H99.21.01",
    ]  # fmt: skip
    assert before.parents == (-1, 0, 0, 0, 3, 3, 0, 6, 6)
    assert before.depths == (0, 1, 1, 1, 2, 2, 1, 2, 2)
    assert before.province == 0


def test_after_the_merger_there_are_no_districts(after: UnitsOnDay) -> None:
    assert {x.code for x in after.units} == {"H99", "H99.01", "H99.03", "H99.21.05", "H99.50", "H99.51"}
    assert "huyen" not in after.levels


def test_a_commune_of_an_abolished_district_stands_below_the_province(after: UnitsOnDay) -> None:
    assert after.parents[after.index["H99.21.05"]] == after.index["H99"]


def test_the_last_day_of_validity_still_counts() -> None:
    assert "H99.20" in MERGER.at(LAST_OLD).index
    assert "H99.20" not in MERGER.at(FIRST_NEW).index


def test_a_unit_is_as_deep_as_units_stand_above_it(before: UnitsOnDay) -> None:
    depth = {unit.code: before.depths[i] for i, unit in enumerate(before.units)}
    assert [depth[code] for code in ("H99", "H99.20", "H99.20.01")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("H99.01", "H99.01"), ("000.00.01.H99", "H99.01"), ("000.01.20.H99", "H99.20.01"), ("h99.20.01", "H99.20.01"),
        ("Sở Y tế", "H99.01"), ("SỞ Y TẾ", "H99.01"), ("so y te", "H99.01"), ("Sở  Y tế.", "H99.01"),
        ("syt", "H99.01"), ("Sở Y tế - tỉnh Sơn Hà", "H99.01"), ("Sở Y tế, tỉnh nào đó", "H99.01"),
        ("UBND xã Hòa Lạc - huyện Bình Sơn", "H99.20.02"),
        ("UBND xã Tân An - huyện Bình Sơn", "H99.20.01"), ("UBND xã Tân An – huyện Trà Giang", "H99.21.01"),
        ("UBND xã Tân An, UBND huyện Trà Giang - tỉnh Sơn Hà", "H99.21.01"),
        ("Xã Hòa Lạc", "H99.20.02"), ("Ủy ban nhân dân huyện Bình Sơn", "H99.20"),
        ("UBND xã Tân An", "ambiguous"), ("UBND xã Tân An - tỉnh Sơn Hà", "ambiguous"),
        ("UBND xã Hòa Lạc - huyện Trà Giang", "other_parent"),
        ("Sở Kế hoạch và Đầu tư", "H99.03"), ("H99.02", "H99.03"),
        ("UBND xã Đông Sơn", "ambiguous"), ("UBND phường Trà Giang", "H99.21.01"),
        ("Chi cục Thuế", "unknown"), ("H99.77", "unknown"),
    ],
)  # fmt: skip
def test_names_in_2025q2(before: UnitsOnDay, name: str, code: str) -> None:
    assert meaning(before, name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UBND xã Hòa Lạc", "H99.50"), ("H99.20.01", "H99.50"), ("000.01.21.H99", "H99.51"),
        ("UBND xã Tân An - huyện Bình Sơn", "H99.50"), ("UBND xã Tân An - huyện Trà Giang", "H99.51"),
        ("UBND xã Tân An", "ambiguous"), ("UBND xã Đông Sơn", "H99.50"),
        ("UBND huyện Bình Sơn", "ended"), ("H99.20", "ended"), ("UBND xã Núi Cao - huyện Trà Giang", "H99.21.05"),
    ],
)  # fmt: skip
def test_names_in_2025q3(after: UnitsOnDay, name: str, code: str) -> None:
    assert meaning(after, name) == code


def test_successors_are_followed_to_the_end() -> None:
    tree = UnitTree([
        u("A", "Một", "khac", valid_to=date(2020, 12, 31), successor="B"),
        u("B", "Hai", "khac", valid_from=date(2021, 1, 1), valid_to=date(2022, 12, 31), successor="C"),
        u("C", "Ba", "khac", valid_from=date(2023, 1, 1)),
    ])  # fmt: skip
    assert meaning(tree.at(date(2024, 1, 1)), "Một") == "C"
    assert meaning(tree.at(date(2020, 1, 1)), "Ba") == "A"
    assert meaning(tree.at(date(2021, 6, 1)), "Một") == "B"


def test_a_unit_that_begins_out_of_nothing_is_not_there_before() -> None:
    tree = UnitTree([u("A", "Một", "khac"), u("B", "Hai", "khac", valid_from=date(2023, 1, 1))])
    assert meaning(tree.at(date(2022, 1, 1)), "Hai") == "not_yet"


def test_a_unit_renamed_keeps_its_code() -> None:
    tree = UnitTree([
        u("H99.09", "Sở Lao động", "so", valid_to=date(2025, 2, 28)),
        u("H99.09", "Sở Nội vụ", "so", valid_from=date(2025, 3, 1)),
    ])  # fmt: skip
    assert tree.at(date(2025, 2, 28)).units[0].name == "Sở Lao động"
    assert tree.at(date(2025, 3, 1)).units[0].name == "Sở Nội vụ"
    assert meaning(tree.at(date(2025, 3, 1)), "Sở Lao động") == "H99.09"
    assert meaning(tree.at(date(2025, 2, 28)), "Sở Nội vụ") == "H99.09"


def test_accents_settle_names_that_fold_alike() -> None:
    units = UnitTree([u("X1", "Xã Tân An", "xa"), u("X2", "Xã Tấn An", "xa")]).at(Q2_2025)
    assert meaning(units, "Xã Tấn An") == "X2"
    assert meaning(units, "xã tân an") == "X1"
    assert meaning(units, "Xa Tan An") == "ambiguous"


def test_an_unknown_name_is_answered_with_the_nearest(before: UnitsOnDay) -> None:
    (unmatched,) = resolve(before, ["Sở Ytế"]).unmatched
    assert unmatched.near == "Sở Y tế"
    (division,) = resolve(before, ["H99.01.07"]).unmatched
    assert (division.reason, division.near) == ("unknown", "H99.01")


def test_blank_names_mean_nothing_and_are_not_reported(before: UnitsOnDay) -> None:
    result = resolve(before, ["", "  ", "Sở Y tế"])
    assert result.indices == (-1, -1, before.index["H99.01"])
    assert result.unmatched == ()


def test_several_provinces_are_roots_of_their_own() -> None:
    units = UnitTree([u("H01", "Tỉnh A", "tinh"), u("H02", "Tỉnh B", "tinh"), u("H02.1", "Sở", "so", "H02")]).at(
        Q2_2025
    )
    assert [units.units[i].code for i in units.roots] == ["H01", "H02"]
    assert units.province == -1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([u("A", "Sở Y tế", "so", "H9", place=RowPlace("donvi.xlsx", "DS", 7)), u("H99", "Tỉnh", "tinh")],
         'donvi.xlsx › DS › row 7: unit A (Sở Y tế): its parent "H9" is not in the unit table (nearest: H99)'),
        ([u("A", "Sở Y tế", "so", successor="B")], 'its successor "B" is not in the unit table'),
        ([u("A", "Một", "khac", "B"), u("B", "Hai", "khac", "C"), u("C", "Ba", "khac", "A")], "A → B → C → A"),
        ([u("A", "Một", "khac", "A")], "A → A"),
        ([u("A", "Một", "khac", "B"), u("B", "Hai", "khac", valid_to=date(2022, 12, 31)),
          u("B", "Hai", "khac", "A", valid_from=date(2023, 1, 1))], "B → A → B"),
        ([u("A", "Một", "khac", valid_to=date(2023, 6, 30)),
          u("A", "Hai", "khac", valid_from=date(2023, 6, 30), place=RowPlace("donvi.csv", "", 9))],
         "donvi.csv › row 9: unit A: two rows are valid at the same time (the other: Một)"),
        ([u("A", "Một", "khac", valid_from=date(2024, 1, 1), valid_to=date(2023, 1, 1))],
         "begins 2024-01-01, after it ends 2023-01-01"),
    ],
)  # fmt: skip
def test_a_wrong_tree_is_refused(rows: Sequence[Unit], words: str) -> None:
    with pytest.raises(InputError) as caught:
        UnitTree(rows)
    assert words in caught.value.message("en")
    assert caught.value.message("vi")


def test_loading_from_the_stored_table() -> None:
    row = {
        "MaDonVi": "000.00.01.H99", "TenDonVi": "Sở  Y tế", "Cap": 2, "DonViCha": "000.00.00.H99",
        "TenKhac": "SYT; Sở Y tế tỉnh;", "HieuLucTu": date(2020, 1, 1), "HieuLucDen": None, "DonViKeThua": None,
        "CapBanSaoDienTu": None, "_source": "abc", "_sheet": "DS", "_row": 7, "_exported_at": None,
    }  # fmt: skip
    province = {**row, "MaDonVi": "H99", "TenDonVi": "Tỉnh Sơn Hà", "Cap": 1, "DonViCha": None, "TenKhac": None}
    table = pa.Table.from_pylist([row, province], schema.arrow_schema("units"))
    unit = load_units(table, {"abc": "donvi.xlsx"}).by_code["H99.01"][0]
    assert unit == Unit(
        "H99.01",
        "Sở Y tế",
        "so",
        "H99",
        ("SYT", "Sở Y tế tỉnh"),
        date(2020, 1, 1),
        None,
        None,
        RowPlace("donvi.xlsx", "DS", 7),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H99", "H99"), ("000.00.00.H99", "H99"), ("000.16.22.H99", "H99.22.16"), ("H99.22.00", "H99.22"),
        (" h99.22 ", "H99.22"), ("Sở Y tế", None), ("", None), ("99.H", None),
    ],
)  # fmt: skip
def test_unit_codes(text: str, code: str | None) -> None:
    assert unit_code(text) == code


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Sở Y tế", "so"), ("Ban Quản lý Khu kinh tế", "so"), ("Thanh tra tỉnh", "so"), ("Văn phòng UBND tỉnh", "so"),
        ("UBND huyện Bình Sơn", "huyen"), ("Thị xã An Nhơn", "huyen"), ("UBND thành phố Quy Nhơn", "huyen"),
        ("UBND xã Tân An", "xa"), ("Ủy ban nhân dân phường 5", "xa"), ("Thị trấn Phú Phong", "xa"),
        ("Chi cục Thuế", "khac"), ("Soạn thảo", "khac"), ("H99.22", "khac"),
    ],
)  # fmt: skip
def test_levels_guessed_from_the_first_word(name: str, level: str) -> None:
    assert guess_level(name) == level


def test_an_implicit_tree_has_every_name_below_one_province() -> None:
    tree = implicit_tree(["Sở Y tế", "SỞ Y TẾ", "UBND xã Tân An", "H99.22", "000.00.22.H99", "", "Tỉnh Sơn Hà"],
                         "H99", "Tỉnh Sơn Hà")  # fmt: skip
    units = tree.at(Q2_2025)
    assert {(x.code, x.level) for x in units.units} == {
        ("H99", "tinh"), ("SỞ Y TẾ", "so"), ("UBND xã Tân An", "xa"), ("H99.22", "khac"),
    }  # fmt: skip
    assert set(units.parents[1:]) == {0}
    assert meaning(units, "sở y tế") == "SỞ Y TẾ"
    assert meaning(units, "Tỉnh Sơn Hà") == "H99"
    assert meaning(units, "000.00.22.H99") == "H99.22"


@pytest.mark.parametrize(
    ("names", "root"), [(["H99.1", "H99.22", "H99.23"], "H99"), (["H99.22", "H98.22"], "ALL"), (["Sở Y tế"], "ALL")]
)
def test_the_root_of_an_implicit_tree(names: list[str], root: str) -> None:
    assert implicit_tree(names).at(Q2_2025).units[0].code == root


WORDS = st.sampled_from([
    "UBND xã Tân An", "UBND xã Hòa Lạc", "Sở Y tế", "huyện Bình Sơn", " - ", ", ", "H99.20.01", "000.01.20.H99", "X",
])  # fmt: skip
NAMES = st.one_of(st.text(max_size=20), st.lists(WORDS, max_size=4).map("".join))


@given(st.lists(NAMES, max_size=12), st.dates(date(2024, 1, 1), date(2026, 1, 1)))
def test_every_text_means_one_unit_or_is_unmatched(names: list[str], day: date) -> None:
    units = MERGER.at(day)
    result = resolve(units, names)
    unmatched = {x.name for x in result.unmatched}
    assert len(result.indices) == len(names)
    for name, index in zip(names, result.indices, strict=True):
        assert -1 <= index < len(units)
        assert (index >= 0) + (name in unmatched) + (not name.strip()) == 1


@given(st.lists(st.text(max_size=12), max_size=12))
def test_an_implicit_tree_knows_every_name_it_was_made_of(names: list[str]) -> None:
    units = implicit_tree(names).at(Q2_2025)
    result = resolve(units, names)
    for name, index in zip(names, result.indices, strict=True):
        assert index >= 0 or not " ".join(name.split())


@given(st.dates(date(2024, 1, 1), date(2026, 1, 1)))
def test_each_valid_unit_stands_once_in_the_tree(day: date) -> None:
    units = MERGER.at(day)
    assert {x.code for x in units.units} == {x.code for x in MERGER.rows if x.valid_on(day)}
    assert all(parent < i for i, parent in enumerate(units.parents))
