"""Put a daily run into the crontab of this account, or among its systemd timers, in place of what was there for the
workspace before."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from tthc_cli.errors import InputError
from tthc_cli.jobs.scheduling.texts import Schedule, crontab, marks, service, timer
from tthc_cli.storage.location import write_atomic

Way = Literal["cron", "systemd"]
_SECONDS = 60


def install(schedule: Schedule, units: Path, wanted: Way | None = None) -> Way:
    """Install by the way that is wanted, else by the first that is there. `units`: the folder of this account's units.

    Raises InputError when there is none, or it refuses."""
    for way in ("cron", "systemd") if wanted is None else (wanted,):
        if way == "cron" and shutil.which("crontab"):
            _into_crontab(schedule)
            return "cron"
        if way == "systemd" and _has_user_units():
            _as_units(schedule, units)
            return "systemd"
    raise InputError("nothing_schedules", wanted=wanted or "crontab, systemctl --user")


def _run(words: Sequence[str], given: str | None = None) -> subprocess.CompletedProcess[bytes]:
    data = None if given is None else given.encode("utf-8", "surrogateescape")
    try:
        return subprocess.run(words, input=data, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError("scheduler_refused", program=words[0], detail=type(error).__name__) from None


def _refused(words: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> InputError:
    detail = " ".join(done.stderr.decode("utf-8", "replace").split())[:200] or str(done.returncode)
    return InputError("scheduler_refused", program=words[0], detail=detail)


def _into_crontab(schedule: Schedule) -> None:
    listed = _run(["crontab", "-l"])
    if listed.returncode and b"no crontab" not in listed.stderr.lower():
        raise _refused(["crontab"], listed)
    before = "" if listed.returncode else listed.stdout.decode("utf-8", "surrogateescape")
    words = ["crontab", "-"]
    done = _run(words, with_lines(before, schedule))
    if done.returncode:
        raise _refused(words, done)


def with_lines(before: str, schedule: Schedule) -> str:
    """A crontab with the lines of a schedule in place of those it had; every other line stays."""
    begin, end = marks(schedule)
    kept: list[str] = []
    inside = False
    for line in before.splitlines():
        inside = inside or (line == begin and end in before.splitlines())
        if not inside:
            kept.append(line)
        inside = inside and line != end
    return "".join(f"{line}\n" for line in kept) + crontab(schedule)


def _has_user_units() -> bool:
    return bool(shutil.which("systemctl")) and _run(["systemctl", "--user", "show-environment"]).returncode == 0


def _as_units(schedule: Schedule, units: Path) -> None:
    files = {units / f"{schedule.name}.service": service(schedule), units / f"{schedule.name}.timer": timer(schedule)}
    for path, text in files.items():
        write_atomic(path, text.encode("utf-8", "surrogateescape"))
    for words in (["daemon-reload"], ["enable", "--now", f"{schedule.name}.timer"]):
        done = _run(["systemctl", "--user", *words])
        if done.returncode:
            for path in files:
                with suppress(OSError):
                    path.unlink()
            raise _refused(["systemctl --user"], done)
