"""When a file was exported, as the file itself tells it; see "Dòng nào được dùng" in docs/ingest.md.

In this order: a line above or below its table, a date in its name, the time its workbook was made, its time in the
archive. A time before the day of the latest event in the file is not the one of its export. The time at which a file
was last saved tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from tthc_cli.clock import local_seconds
from tthc_cli.ingest.cleaning.date_words import any_of, load, odd_time, plain
from tthc_cli.ingest.files.find import Found

_DAY = 86_400
_LAST_SECOND = _DAY - 1
_WORDS_OF_A_TIME = 12
MEMBER = " › "
"""Between an archive and its member."""
_CLOCK = r"(?:[-_ t.]{0,3}(?!20\d\d[-_.]?\d\d[-_.]?\d\d)([01]\d|2[0-3])[-_:h.]?([0-5]\d)(?:[-_:.]?([0-5]\d))?)?(?!\d)"
_IN_NAME = (
    re.compile(rf"(?<!\d)(?P<y>20\d\d)(?P<s>[-_.]?)(?P<m>\d\d)(?P=s)(?P<d>\d\d){_CLOCK}"),
    re.compile(rf"(?<!\d)(?P<d>\d\d)(?P<s>[-_.]?)(?P<m>\d\d)(?P=s)(?P<y>20\d\d){_CLOCK}"),
)


@cache
def _line() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{any_of(load()['exported'])})(?![a-z])[\s:\-]{{0,5}}")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load()[name])


def in_lines(rows: Iterable[Sequence[str]]) -> int:
    """The latest time of export that lines beside a table tell, in seconds since 1970; 0 for none."""
    return max((_in_line(" ".join(cells)) for cells in rows), default=0)


def _in_line(text: str) -> int:
    if not any(c.isdigit() for c in text):
        return 0
    line = plain(text[:1000])
    hit = _line().search(line)
    if hit is None:
        return 0
    told = line[hit.end() :].split()[:_WORDS_OF_A_TIME]
    for stop in range(len(told), 0, -1):
        found = odd_time(" ".join(told[:stop]).strip(" ,;.()"))
        if isinstance(found, int):
            return _of_a_day(found)
    return 0


def _of_a_day(seconds: int) -> int:
    """A day without a time: its last second, for every event of the day may be in the file."""
    return seconds if seconds % _DAY else seconds + _LAST_SECOND


def in_name(label: str) -> int:
    """The time of export in the name of a file, else in that of its archive, in seconds since 1970; 0 for none.

    The month or the days of the period are none: "2024-06", "tu_01-06-2024_den_30-06-2024".
    """
    for part in reversed(label.split(MEMBER)):
        found = _in_one_name(plain(part.replace("\\", "/").rpartition("/")[2]))
        if found:
            return found
    return 0


def _in_one_name(name: str) -> int:
    hits = sorted((start, stop, when) for pattern in _IN_NAME for start, stop, when in _dates(pattern, name))
    found: list[int] = []
    period = last = 0
    for start, stop, when in hits:
        words = re.findall("[a-z]+", name[last:start])[-2:]
        last = stop
        before = {" ".join(words), *words[-1:]}
        if before & _words("exported_name"):
            return when
        if before & _words("period_name"):
            period += 1
        else:
            found.append(when)
    return found[0] if len(found) == 1 and period != 1 else 0


def _dates(pattern: re.Pattern[str], name: str) -> Iterable[tuple[int, int, int]]:
    for hit in pattern.finditer(name):
        hour, minute, second = (int(part or 0) for part in hit.groups()[-3:])
        try:
            moment = datetime(int(hit["y"]), int(hit["m"]), int(hit["d"]), hour, minute, second)
        except ValueError:
            continue
        yield hit.start(), hit.end(), _of_a_day(int((moment - datetime(1970, 1, 1)).total_seconds()))


def made_time(text: str) -> int:
    """The time that the properties of a workbook tell, in seconds since 1970; 0 for none."""
    found = odd_time(text)
    return found if isinstance(found, int) else 0


def told_time(found: Found, line: int, made: int, latest: int) -> int:
    """When a file was exported, in seconds since 1970: as it tells, else its `latest` event.

    `line`: what lines beside its table tell; `made`: when its workbook was made; 0 for nothing.
    """
    member = local_seconds(found.modified) if MEMBER in found.label else 0
    told = (line, in_name(found.label), made, member)
    return next((when for when in told if when // _DAY >= latest // _DAY and when), latest)
