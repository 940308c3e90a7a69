"""What the national portal published, typed by hand into a workspace without a single dossier, comes out again."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.command import component, scored, taken_in
from tests.test_published import PORTAL_CODES

PUBLISHED = Path(__file__).parents[1] / "published"
TOLERANCE = Decimal("0.015")
GROUPS = {"GROUP:CKMB": "1", "GROUP:TDGQ": "2", "GROUP:MDSH": "4", "GROUP:MDHL": "5"}
NOT_COUNTED = ("GROUP:ONLINE", "GROUP:TTTT")
"""Of group 3 the portal published points of the departments, but not what they were counted from."""
UNITS = "MaDonVi,TenDonVi,Cap,DonViCha,TenKhac,HieuLucTu,HieuLucDen,DonViKeThua\n"
TYPED = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon\n"


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


GIA_LAI = rows("gialai-departments-2026.csv")
DEPARTMENTS = sorted({r["unit_code"] for r in GIA_LAI})


def close(found: float | None, published: str) -> bool:
    if found is None or published == "":
        return found is None and published == ""
    return abs(Decimal(str(found)) - Decimal(published)) <= TOLERANCE


@pytest.fixture(scope="module")
def gia_lai(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    names = {r["unit_code"]: r["unit_name"] for r in GIA_LAI}
    units = ["H21,UBND tỉnh Gia Lai,tinh,,,,,", *(f'{code},"{name}",so,H21,,,,' for code, name in names.items())]
    typed = []
    for row in GIA_LAI:
        if row["metric"] in PORTAL_CODES:
            counts = (row["numerator"], row["denominator"]) if row["denominator"] else (row["ratio_percent"], "100")
            typed.append(f"{row['unit_code']},2026,{PORTAL_CODES[row['metric']]},{counts[0]},{counts[1]},Cổng DVCQG")
    folder = taken_in(tmp_path_factory.mktemp("gialai"), units=UNITS + "\n".join(units), typed=TYPED + "\n".join(typed))
    return scored(folder, "2026", "--reading", "portal")


def test_the_departments_are_all_there(gia_lai: dict[str, Any]) -> None:
    assert len(DEPARTMENTS) == 14
    assert sorted(u["id"] for u in gia_lai["units"]) == ["H21", *DEPARTMENTS]


@pytest.mark.parametrize("unit", DEPARTMENTS)
def test_components_of_a_department(gia_lai: dict[str, Any], unit: str) -> None:
    published = {
        PORTAL_CODES[r["metric"]]: r for r in GIA_LAI if r["unit_code"] == unit and r["metric"] in PORTAL_CODES
    }
    assert len(published) == 15
    wrong = {}
    for wanted, row in published.items():
        found = component(gia_lai, unit, wanted)
        if not close(found["points"], row["score"]):
            wrong[wanted] = (found, row)
    assert wrong == {}


@pytest.mark.parametrize("unit", DEPARTMENTS)
def test_groups_and_total_of_a_department(gia_lai: dict[str, Any], unit: str) -> None:
    published = {r["metric"]: r["score"] for r in GIA_LAI if r["unit_code"] == unit}
    found = next(u for u in gia_lai["units"] if u["id"] == unit)
    assert {g: close(found["groups"][own], published[g]) for g, own in GROUPS.items()} == dict.fromkeys(GROUPS, True)
    without = Decimal(published["TOTAL"]) - sum(Decimal(published[g]) for g in NOT_COUNTED)
    assert abs(Decimal(str(found["total"])) - without) <= TOLERANCE * 4
    assert found["groups"]["3"] is None
    assert (found["assessed_max"], found["provisional"]) == (78, True)


def test_ranks_follow_the_totals_without_group_3(gia_lai: dict[str, Any]) -> None:
    units = [u for u in gia_lai["units"] if u["level"] == "so"]
    assert all(u["rank"] == 1 + sum(o["total"] > u["total"] for o in units) for u in units)


def test_the_province_adds_up_dossiers_and_nothing_else(gia_lai: dict[str, Any]) -> None:
    on_time = [r for r in GIA_LAI if r["metric"] == "ON_TIME"]
    found = component(gia_lai, "H21", "2.1")
    assert found["numerator"] == sum(int(r["numerator"]) for r in on_time)
    assert found["denominator"] == sum(int(r["denominator"]) for r in on_time)
    assert component(gia_lai, "H21", "1.1")["status"] == "not_assessed"
    assert component(gia_lai, "H21", "4.7")["status"] == "not_assessed"
    assert component(gia_lai, "H21", "5.1")["status"] == "not_assessed"


# ---- Phú Thọ: a whole province, group 3 from its counts ----

PERIODS = {"year": "2026", "quarter": "2026Q3", "month": "2026-08"}
FROM_COUNTS = {
    "2.1": ("totalOnTime", "totalReceived"), "3.1": ("partialCount fullCount", "authorityCount"),
    "3.2": ("onlineDossierCount", "onlineServiceTotal"), "3.3": ("channelOnlineSum", "channelTotalSum"),
    "3.4": ("totalFeeDossierFormality", "totalFeeFormality"),
    "3.5": ("totalDossierOnlineFormalityPaymentSuccess", "totalFeeDossierFormalityDistinct"),
    "3.6": ("totalDossierOnlinePaymentSuccess", "totalDossierFinancialObligation"),
}  # fmt: skip
PORTAL_GROUPS = {
    "1": ("transparency",), "2": ("dvc-progress-tree",), "4": ("dossier-digitized",), "5": ("handling-satisfaction",),
    "3": ("provide-online-tree", "formality-online-payment-tree"),
}  # fmt: skip


@pytest.fixture(scope="module")
def phu_tho(tmp_path_factory: pytest.TempPathFactory) -> Path:
    typed = []
    for portal_period, period in PERIODS.items():
        fields = {r["field"]: r["value"] for r in rows("phutho-province-2026.csv") if r["period"] == portal_period}
        counts = {
            component_id: tuple(str(sum(int(fields[n]) for n in names.split())) for names in pair)
            for component_id, pair in FROM_COUNTS.items()
        }
        for code, component_id in PORTAL_CODES.items():
            if f"{code}.ratio" in fields:
                own = fields[f"{code}.numerator"], fields[f"{code}.denominator"]
                counts[component_id] = own if own[1] else (fields[f"{code}.ratio"], "100")
        typed += [f"H44,{period},{c},{n},{d},Cổng DVCQG" for c, (n, d) in counts.items()]
    units = UNITS + "H44,UBND tỉnh Phú Thọ,tinh,,,,,\n"
    return taken_in(tmp_path_factory.mktemp("phutho"), units=units, typed=TYPED + "\n".join(typed))


@pytest.mark.parametrize("portal_period", PERIODS)
def test_groups_and_total_of_phu_tho(phu_tho: Path, portal_period: str) -> None:
    published = [r for r in rows("phutho-province-2026.csv") if r["period"] == portal_period]
    points = {r["group"]: Decimal(r["score"]) for r in published if r["field"] == "totalScore"}
    card = scored(phu_tho, PERIODS[portal_period], "--reading", "portal")
    (found,) = card["units"]
    for group, names in PORTAL_GROUPS.items():
        assert close(found["groups"][group], str(sum(points[n] for n in names))), group
    assert abs(Decimal(str(found["total"])) - sum(points.values())) <= TOLERANCE * len(points)
    assert (found["assessed_max"], found["provisional"], found["rank"]) == (100, False, 1)
    for row in published:
        code, _, part = row["field"].partition(".")
        if code in PORTAL_CODES and part == "ratio":
            assert close(component(card, "H44", PORTAL_CODES[code])["points"], row["score"]), row
