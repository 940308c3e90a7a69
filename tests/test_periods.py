"""Periods by name, and by words seen from a day; borders of both windows worked on the calendar."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tthc_cli.errors import UsageError
from tthc_cli.periods import Period, PeriodKind, WindowStyle, parse_period


@pytest.mark.parametrize(
    ("text", "style", "start", "end"),
    [
        ("2023-12", "calendar", datetime(2023, 12, 1), datetime(2024, 1, 1)),
        ("2023q4", "calendar", datetime(2023, 10, 1), datetime(2024, 1, 1)),
        ("2023H2", "calendar", datetime(2023, 7, 1), datetime(2024, 1, 1)),
        ("2023", "calendar", datetime(2023, 1, 1), datetime(2024, 1, 1)),
        ("2023-01", "nd09", datetime(2022, 12, 15), datetime(2023, 1, 15)),
        ("2023Q1", "nd09", datetime(2022, 12, 15), datetime(2023, 3, 15)),
        ("2023", "nd09", datetime(2022, 12, 15), datetime(2023, 12, 15)),
    ],
)
def test_borders(text: str, style: WindowStyle, start: datetime, end: datetime) -> None:
    period = parse_period(text, style)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    ("word", "kind", "style", "today", "expected"),
    [
        ("last", "quarter", "calendar", date(2023, 7, 1), "2023Q2"),
        ("last", "quarter", "calendar", date(2023, 6, 30), "2023Q1"),
        ("truoc", "month", "calendar", date(2023, 1, 31), "2022-12"),
        ("Trước", "half", "calendar", date(2023, 1, 1), "2022H2"),
        ("last", "year", "calendar", date(2023, 12, 31), "2022"),
        ("this", "quarter", "calendar", date(2023, 6, 30), "2023Q2"),
        ("nay", "year", "calendar", date(2023, 1, 1), "2023"),
        ("last", "quarter", "nd09", date(2023, 6, 14), "2023Q1"),  # quý II: 15/3–14/6
        ("last", "quarter", "nd09", date(2023, 6, 15), "2023Q2"),
        ("this", "quarter", "nd09", date(2023, 12, 15), "2024Q1"),
        ("this", "year", "nd09", date(2023, 12, 20), "2024"),
    ],
)
def test_words_seen_from_a_day(word: str, kind: PeriodKind, style: WindowStyle, today: date, expected: str) -> None:
    assert parse_period(word, style, kind, today).id == expected


@pytest.mark.parametrize("text", ["", "Q2", "last", "spring"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(UsageError, match="is not a reporting period"):
        parse_period(text)


def test_a_period_of_another_kind() -> None:
    with pytest.raises(UsageError, match="cannot be used with --"):
        parse_period("2023-06", kind="quarter")


CASES = yaml.safe_load((Path(__file__).parent / "cases" / "periods.yaml").read_text(encoding="utf-8"))
SEEN_FROM = date(2023, 7, 5)


def named(case: dict[str, Any]) -> str:
    return f"{case.get('option', '')} {case['spelling']}".strip()


@pytest.mark.parametrize("case", CASES["understood"], ids=named)
def test_what_people_write_is_understood(case: dict[str, Any]) -> None:
    assert parse_period(case["spelling"], kind=case.get("option"), today=SEEN_FROM).id == case["period"]


@pytest.mark.parametrize("case", CASES["refused"], ids=named)
def test_what_is_none_is_answered_with_what_may_be_meant(case: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        parse_period(case["spelling"], kind=case.get("option"), today=SEEN_FROM)
    assert (refused.value.code, refused.value.fields.get("near", "–")) == (case["code"], case["near"])
    assert ("(" in refused.value.message("vi").partition("Viết")[0]) == (case["near"] != "–")


def test_what_may_be_meant_is_itself_a_period() -> None:
    for case in CASES["refused"]:
        for near in case["near"].split(", "):
            assert near == "–" or parse_period(near).id == near


def test_the_one_before() -> None:
    assert Period("quarter", 2023, 1).previous().id == "2022Q4"
    assert Period("year", 2023, 1, "nd09").previous() == Period("year", 2022, 1, "nd09")
