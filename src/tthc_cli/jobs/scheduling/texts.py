"""A run every day, as cron, systemd and the Task Scheduler of Windows want to be told of it."""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from tthc_cli.clock import AHEAD
from tthc_cli.errors import UsageError
from tthc_cli.text import fold

ZONE = "Asia/Ho_Chi_Minh"
_DAILY = re.compile(r"([01]?\d|2[0-3])[:hg]([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One command line, run every day at a time of Vietnam in the folder of a workspace."""

    root: Path
    """Absolute."""
    words: tuple[str, ...]
    daily: time
    ahead: int
    """Seconds by which the machine's zone is ahead of UTC: cron goes by it."""

    @property
    def name(self) -> str:
        """Of the units and the task; different for every workspace."""
        told = hashlib.sha256(str(self.root).encode("utf-8", "surrogatepass")).hexdigest()[:6]
        return f"tthc-{fold(self.root.name).replace(' ', '-') or 'goc'}-{told}"

    @property
    def local(self) -> time:
        """The time on the machine's own clock."""
        moment = datetime.combine(date(2000, 1, 2), self.daily) + timedelta(seconds=self.ahead - AHEAD)
        return moment.time()


def parse_daily(text: str) -> time:
    """A time of day. Raises UsageError.

    >>> parse_daily("2:15"), parse_daily("02h15")
    (datetime.time(2, 15), datetime.time(2, 15))
    """
    hit = _DAILY.fullmatch(text.strip().lower())
    if hit is None:
        raise UsageError("bad_daily", value=text)
    return time(int(hit[1]), int(hit[2]))


def crontab(schedule: Schedule) -> str:
    """Lines of a crontab, between two marks by which they are found again. In a crontab "%" is a line break."""
    local = schedule.local
    command = f"cd {shlex.quote(str(schedule.root))} && {shlex.join(schedule.words)}".replace("%", "\\%")
    begin, end = marks(schedule)
    return f"{begin}\n{local.minute} {local.hour} * * * {command}\n{end}\n"


def marks(schedule: Schedule) -> tuple[str, str]:
    return f"# {schedule.name} begin", f"# {schedule.name} end"


def service(schedule: Schedule) -> str:
    """The unit that runs once; exit code 1 is a run that is done."""
    return (
        f"[Unit]\nDescription={schedule.name}\n\n[Service]\nType=oneshot\n"
        f"WorkingDirectory={str(schedule.root).replace('%', '%%')}\n"
        f"ExecStart={' '.join(map(_for_systemd, schedule.words))}\nSuccessExitStatus=1\n"
    )


def _for_systemd(word: str) -> str:
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return word if re.fullmatch(r"[\w@%+=:,./\-]+", word, re.ASCII) else f'"{word}"'


def timer(schedule: Schedule) -> str:
    """The unit that calls it every day, also later on a day on which the machine was off."""
    return (
        f"[Unit]\nDescription={schedule.name}\n\n[Timer]\n"
        f"OnCalendar=*-*-* {schedule.daily:%H:%M:%S} {ZONE}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )


_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>{name}</Description></RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{day}T{time}+07:00</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT12H</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def task(schedule: Schedule, first: date) -> str:
    """The task of Windows, as XML that `schtasks /Create /XML` takes once it is stored as UTF-16."""
    program, *arguments = schedule.words
    fields = {
        "name": schedule.name, "day": first.isoformat(), "time": f"{schedule.daily:%H:%M:%S}", "program": program,
        "arguments": subprocess.list2cmdline(arguments), "folder": str(schedule.root),
    }  # fmt: skip
    return _TASK.format(**{name: escape(value) for name, value in fields.items()})
