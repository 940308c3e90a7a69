"""Every now and today is Vietnam's, whatever the zone and clock of the machine."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import tthc_cli
from tthc_cli import clock

SOURCES = sorted(Path(tthc_cli.__file__).parent.rglob("*.py"))
ASKS = re.compile(
    r"\b(?:date|datetime)\.today\(|\bdatetime\.(?:now|utcnow)\(|\btime\.(?:time|localtime|gmtime|mktime|strftime)\("
    r"|\.astimezone\(|\btzset\b|ZoneInfo"
)


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Ho_Chi_Minh", "XYZ-14"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_now_is_seven_hours_ahead_of_utc(zone: str) -> None:
    assert zone
    expected = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=7)
    assert abs(clock.now() - expected) < timedelta(seconds=5)


def test_a_quarter_begins_at_midnight_in_vietnam(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """19:15 UTC on 30 June is 02:15 on 1 July in Vietnam."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:
            assert tz is UTC
            return cls(2023, 6, 30, 19, 15, tzinfo=UTC)

    assert zone
    monkeypatch.setattr(clock, "datetime", Clock)
    assert clock.today() == date(2023, 7, 1)


def test_times_of_files_are_vietnams(zone: str) -> None:
    """1,688,152,500 is 19:15 UTC on 30 June 2023."""
    assert zone
    assert datetime(1970, 1, 1) + timedelta(seconds=clock.local_seconds(1_688_152_500.0)) == datetime(2023, 7, 1, 2, 15)
    assert clock.instant_of(datetime(2023, 7, 1, 2, 15)) == 1_688_152_500.0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_nothing_else_asks_what_time_it_is(path: Path) -> None:
    if path == Path(clock.__file__):
        pytest.skip("the one that does")
    assert ASKS.findall(path.read_text(encoding="utf-8")) == []
