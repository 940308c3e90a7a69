"""Vietnam's time: UTC+7, no summer time, whatever the clock and zone of the machine.

The only module that asks what time it is; times everywhere else are local to Vietnam and carry no zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

AHEAD = 7 * 3600
"""Seconds by which Vietnam is ahead of UTC."""
_EPOCH = datetime(1970, 1, 1)


def now() -> datetime:
    """The time in Vietnam."""
    return datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=AHEAD)


def instant() -> float:
    """The present instant, in seconds since 1970 in UTC, to set against the times that files have."""
    return datetime.now(UTC).timestamp()


def today() -> date:
    """The day in Vietnam."""
    return now().date()


def local_seconds(instant: float) -> int:
    """Vietnam's time, in seconds since 1970, of an instant in seconds since 1970 in UTC (as files have)."""
    return int(instant) + AHEAD


def instant_of(moment: datetime) -> float:
    """The instant, in seconds since 1970 in UTC, of a time in Vietnam."""
    return (moment - _EPOCH).total_seconds() - AHEAD


def machine_ahead() -> int:
    """Seconds by which the zone of this machine is ahead of UTC at present."""
    offset = datetime.now(UTC).astimezone().utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
