"""Roll-up over units, and indicators that count procedures: distinct at every level."""

from __future__ import annotations

import numpy as np

from tests.indicators.dossiers import catalogue_table, context, dossier_table
from tthc_cli.counting.dossier_pass import count_chunk, merge_counts
from tthc_cli.counting.roll_up import judge_matrix, roll_up_any, roll_up_sums
from tthc_cli.facts.catalogue import load_catalogue
from tthc_cli.indicators.qd766.procedures import PROCEDURE, procedure_facts
from tthc_cli.indicators.registry import MEASURES, of

PROVINCE, DISTRICT, COMMUNE_A, COMMUNE_B = range(4)
PARENTS = (-1, PROVINCE, DISTRICT, DISTRICT)
LEVELS = ("tinh", "huyen", "xa", "xa")
NAMES = ("H99", "H99.21", "H99.21.01", "H99.21.02")


def test_sums_and_any_go_up_to_the_root() -> None:
    values = np.array([[1], [0], [2], [3]], np.int64)
    assert roll_up_sums(values, PARENTS)[:, 0].tolist() == [6, 5, 2, 3]
    assert roll_up_any(values > 2, PARENTS)[:, 0].tolist() == [True, True, False, True]


def test_units_may_come_in_any_order() -> None:
    values = np.array([[3], [2], [0], [1]], np.int64)
    assert roll_up_sums(values, (2, 2, 3, -1))[:, 0].tolist() == [3, 2, 5, 6]


CATALOGUE = [
    # code, level of service, fee, subjects, handling level
    {"MaTTHC": "1.000001", "MucDoDVC": 2, "CoPhiLePhi": 1, "DoiTuongThucHien": "1;2", "CapThucHien": "xa"},
    {"MaTTHC": "1.000002", "MucDoDVC": 1, "CoPhiLePhi": 1, "DoiTuongThucHien": "Công dân", "CapThucHien": "xa"},
    {"MaTTHC": "1.000003", "MucDoDVC": 0, "CoPhiLePhi": 0, "DoiTuongThucHien": "2", "CapThucHien": "huyen"},
]


def judged(dossiers):  # type: ignore[no-untyped-def]
    catalogue = load_catalogue(catalogue_table(CATALOGUE))
    counts = count_chunk(dossier_table(dossiers), context(procedures=CATALOGUE), MEASURES)
    place = {name: i for i, name in enumerate(NAMES)}
    facts = procedure_facts(
        catalogue, counts, [place[u] for u in counts.units], PARENTS, LEVELS,
        lambda names: [place.get(n, -1) for n in names], last_day=19538, all_parts=7, measures=MEASURES,
    )  # fmt: skip
    found = [judge_matrix(i.id, i.reasons, i.judge(facts)) for i in of(PROCEDURE)]
    return {j.id: (j.numerator.tolist(), j.denominator.tolist()) for j in found}


def dossier(unit: str, code: str, **more: object) -> dict[str, object]:
    usual = {"NgayTiepNhan": "2023-04-03 08:00", "NgayHenTra": "2023-04-10 16:30", "TrangThaiHoSo": 4}
    return {**usual, "_unit": unit, "MaTTHC": code, **more}


def test_a_procedure_of_two_communes_is_one_at_the_district_and_the_province() -> None:
    found = judged(
        [
            dossier("H99.21.01", "1.000001", KenhThucHien=2, Gia=10000, DaDongBo=1, DuocThanhToanTrucTuyen=1),
            dossier("H99.21.02", "1.000001", KenhThucHien=2, TaiKhoanDuocXacThucVoiVNeID=1),
        ]
    )
    # [province, district, commune A, commune B]
    assert found["3.1"] == ([2, 2, 2, 2], [3, 3, 2, 2])
    assert found["3.2"] == ([1, 1, 1, 1], [2, 2, 2, 2])
    assert found["3.4"] == ([1, 1, 1, 0], [2, 2, 2, 2])
    assert found["3.5"] == ([1, 1, 1, 0], [1, 1, 1, 1])
    assert found["4.7"] == ([1, 1, 0, 1], [2, 2, 2, 2])


def test_no_dossiers_leave_authority_but_nothing_used() -> None:
    found = judged([])
    assert found["3.1"] == ([2, 2, 2, 2], [3, 3, 2, 2])
    assert found["3.2"] == ([0, 0, 0, 0], [2, 2, 2, 2])
    assert found["3.5"] == ([0, 0, 0, 0], [0, 0, 0, 0])


def test_counts_are_the_same_however_the_dossiers_are_split() -> None:
    rows = [
        dossier(NAMES[2 + i % 2], f"1.00000{1 + i % 3}", MaHoSo=f"H99.21.01-230403-{i:04d}", KenhThucHien=1 + i % 3)
        for i in range(60)
    ]
    whole = count_chunk(dossier_table(rows), context(procedures=CATALOGUE), MEASURES)
    parts = [count_chunk(dossier_table(rows[i::7]), context(procedures=CATALOGUE), MEASURES) for i in range(7)]
    merged = merge_counts(parts[::-1], MEASURES)
    assert merged.units == whole.units
    assert (merged.unit == whole.unit).all()
    assert (merged.procedure == whole.procedure).all()
    assert (merged.counts == whole.counts).all()
