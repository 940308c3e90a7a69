"""Checks of the runs: how the last ones ended, whether one is missing, died, or goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tthc_cli.errors import Exit
from tthc_cli.jobs.health.model import Answers, Finding, Situation, bad, median_gap, note, ok
from tthc_cli.storage.lock import holder, is_held

SHOWN = 3
"""Runs that are told of."""
LONG_HELD = timedelta(hours=6)
RHYTHM_OF = 4
"""Runs from which their rhythm is known."""
_MESSAGE = 300


def last_runs(situation: Situation) -> Answers:
    """The last runs; only the latest one can be bad: a fault that a later run did not have is mended."""
    if not situation.runs:
        yield note("no_runs")
    for number, run in enumerate(situation.runs[:SHOWN]):
        yield _ended(run, situation, latest=number == 0)
    failed = [way for way, sent in situation.runs[0].get("notified", {}).items() if not sent] if situation.runs else []
    if failed:
        yield bad("untold", ways=", ".join(failed))
    yield from _missed(situation)
    root = situation.workspace.root
    left = holder(root)
    if left is not None and not is_held(root):
        yield bad("run_died", command=left.command, since=datetime.fromisoformat(left.since))


def _ended(run: dict[str, Any], situation: Situation, *, latest: bool) -> Finding:
    end = datetime.fromisoformat(run["end"])
    fields = {
        "end": end, "command": f"tthc {run['command']}", "code": int(run["exit"]),
        "ago": situation.now - end, "took": timedelta(seconds=int(run.get("seconds", 0))),
    }  # fmt: skip
    if run["exit"] > Exit.ROWS_REJECTED:
        told = {**fields, "message": str(run.get("message", ""))[:_MESSAGE]}
        return bad("run_failed", **told) if latest else note("run_failed", **told)
    if run["exit"] == Exit.ROWS_REJECTED:
        rejected = int(run.get("counts", {}).get("rejected", 0))
        return note("run_with_faults", **fields, rejected=rejected, left_out=len(run.get("left_out", ())))
    return ok("run_done", **fields)


def _missed(situation: Situation) -> Answers:
    """Whether a run that comes in a rhythm did not come: the schedule is gone, or the machine was off."""
    ends = [datetime.fromisoformat(run["end"]) for run in situation.runs if run["command"] == "run"]
    if len(ends) < RHYTHM_OF:
        return
    gap = median_gap(ends)
    ago = situation.now - ends[0]
    if gap >= timedelta(hours=1) and ago > 2 * gap:
        yield bad("run_missed", ago=ago, gap=gap)


def lock(situation: Situation) -> Answers:
    """Whether a run holds the workspace, and whether it has for too long."""
    root = situation.workspace.root
    found = holder(root)
    if found is None or not is_held(root):
        yield ok("lock_free")
        return
    since = datetime.fromisoformat(found.since)
    held = situation.now - since
    fields = {"command": found.command, "process": str(found.process), "machine": found.machine, "since": since}
    yield bad("lock_long", **fields, held=held) if held > LONG_HELD else note("lock_held", **fields, held=held)
