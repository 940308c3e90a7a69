"""Every numerator, denominator and score that the national portal published comes out of the portal rulebook."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from tthc_cli.rulebooks import by_id
from tthc_cli.scoring.points import points

PUBLISHED = Path(__file__).parent / "published"
TOLERANCE = Decimal("0.015")
PORTAL_CODES = {
    "PUBLISH_ON_TIME": "1.1", "PUBLIC_UPDATE_ON_TIME": "1.2", "PUBLIC_CONTENT_FULL": "1.3", "DOSSIER_SYNC": "1.4",
    "ON_TIME": "2.1", "ORIGINAL_RESULT_AVAILABLE": "4.1", "SO_HOA_GIAY_TO_GIAI_QUYET": "4.2",
    "ELECTRONIC_CERTIFIED_COPY": "4.3", "REUSED_DIGITIZED_DATA": "4.4", "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": "4.5",
    "CITIZEN_DATA_CONNECTED_DOSSIER": "4.6", "CITIZEN_DATA_CONNECTED_FORMALITY": "4.7",
    "PETITION_PROCESSING_ON_TIME": "5.1", "PETITION_HANDLING_SATISFACTION": "5.2",
    "DOSSIER_RECEIVING_SATISFACTION": "5.3",
}  # fmt: skip
BOOK = by_id("qd766-portal", None)


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def scored(component: str, numerator: str, denominator: str, ratio: str) -> Decimal | None:
    """Points of one published row; where the portal gave only a ratio, that ratio in a hundred."""
    counts = (numerator, denominator) if denominator else (ratio, "100")
    return points(BOOK.component(component), Fraction(counts[0]), Fraction(counts[1]))[0]


def same(got: Decimal | None, published: str) -> bool:
    if published == "" or got is None:
        return published == "" and got is None
    return abs(got - Decimal(published)) <= TOLERANCE


GIA_LAI = [r for r in rows("gialai-departments-2026.csv") if r["metric"] in PORTAL_CODES]


def test_the_files_are_whole() -> None:
    assert len(GIA_LAI) == 14 * 15
    assert len({r["field"] for r in rows("phutho-province-2026.csv")}) > 60


@pytest.mark.parametrize("row", GIA_LAI, ids=lambda r: f"{r['unit_code']}-{r['metric']}")
def test_departments_of_gia_lai(row: dict[str, str]) -> None:
    got = scored(PORTAL_CODES[row["metric"]], row["numerator"], row["denominator"], row["ratio_percent"])
    assert same(got, row["score"]), (got, row)


@pytest.mark.parametrize(
    ("code", "components"),
    [
        ("GROUP:CKMB", ("1.1", "1.2", "1.3", "1.4")),
        ("GROUP:TDGQ", ("2.1",)),
        ("GROUP:MDSH", ("4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7")),
        ("GROUP:MDHL", ("5.1", "5.2", "5.3")),
    ],
)
def test_groups_of_gia_lai(code: str, components: tuple[str, ...]) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in GIA_LAI:
        if PORTAL_CODES[row["metric"]] in components:
            got = scored(PORTAL_CODES[row["metric"]], row["numerator"], row["denominator"], row["ratio_percent"])
            sums[row["unit_code"]] += got or Decimal(0)
    published = {r["unit_code"]: r["score"] for r in rows("gialai-departments-2026.csv") if r["metric"] == code}
    assert len(published) == 14
    for unit, score in published.items():
        assert same(sums[unit], score), (unit, sums[unit], score)


PERIODS = ("year", "quarter", "month")


@cache
def phu_tho(period: str, group: str) -> dict[str, dict[str, str]]:
    return {r["field"]: r for r in rows("phutho-province-2026.csv") if r["period"] == period and r["group"] == group}


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("group", ["transparency", "dossier-digitized", "handling-satisfaction"])
def test_groups_of_phu_tho(period: str, group: str) -> None:
    fields = phu_tho(period, group)
    total = Decimal(0)
    found = 0
    for code, component in PORTAL_CODES.items():
        if f"{code}.ratio" not in fields:
            continue
        found += 1
        cells = {part: fields[f"{code}.{part}"] for part in ("numerator", "denominator", "ratio")}
        got = scored(component, *(cells[part]["value"] for part in ("numerator", "denominator", "ratio")))
        assert same(got, cells["ratio"]["score"]), (code, got, cells)
        total += got or Decimal(0)
    assert found in {3, 4, 7}
    assert same(total, fields["totalScore"]["score"])


def value(period: str, group: str, *names: str) -> str:
    return str(sum(Decimal(phu_tho(period, group)[n]["value"]) for n in names))


@pytest.mark.parametrize("period", PERIODS)
def test_progress_of_phu_tho(period: str) -> None:
    counts = (value(period, "dvc-progress-tree", n) for n in ("totalOnTime", "totalReceived"))
    assert same(scored("2.1", *counts, ""), phu_tho(period, "dvc-progress-tree")["totalScore"]["score"])


@pytest.mark.parametrize("period", PERIODS)
def test_online_services_of_phu_tho(period: str) -> None:
    group = "provide-online-tree"
    parts = (
        scored("3.1", value(period, group, "partialCount", "fullCount"), value(period, group, "authorityCount"), ""),
        scored("3.2", value(period, group, "onlineDossierCount"), value(period, group, "onlineServiceTotal"), ""),
        scored("3.3", value(period, group, "channelOnlineSum"), value(period, group, "channelTotalSum"), ""),
    )
    assert same(sum((p or Decimal(0) for p in parts), Decimal(0)), phu_tho(period, group)["totalScore"]["score"])


@pytest.mark.parametrize("period", PERIODS)
def test_online_payment_of_phu_tho(period: str) -> None:
    group = "formality-online-payment-tree"
    pairs = {
        "3.6": ("totalDossierOnlinePaymentSuccess", "totalDossierFinancialObligation"),
        "3.5": ("totalDossierOnlineFormalityPaymentSuccess", "totalFeeDossierFormalityDistinct"),
        "3.4": ("totalFeeDossierFormality", "totalFeeFormality"),
    }
    parts = [scored(c, value(period, group, n), value(period, group, d), "") for c, (n, d) in pairs.items()]
    assert same(sum((p or Decimal(0) for p in parts), Decimal(0)), phu_tho(period, group)["totalScore"]["score"])
