"""What a run leaves in `logs/`: lines for people in tthc.log, one record for programs in runs.jsonl."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tthc_cli import __version__
from tthc_cli.cli.endings import printable
from tthc_cli.errors import Exit, TthcError, system_reason
from tthc_cli.private import masked
from tthc_cli.storage.run_log import RUNS, append

if TYPE_CHECKING:
    from tthc_cli.cli.session import Session
    from tthc_cli.ingest import IngestReport
    from tthc_cli.results.scorecard import Scorecard

NEXT = {
    Exit.ROWS_REJECTED: "mend_rows", Exit.USAGE: "mend_command", Exit.STOPPED: "mend_cause", Exit.LOCKED: "wait",
    Exit.DEFECT: "tell_maintainer",
}  # fmt: skip


@dataclass
class RunRecord:
    """What is told of one run; commands add to `facts`, a line for people each to `lines`."""

    command: str
    start: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    before: Scorecard | None = None
    """The score that stood before the run."""
    after: Scorecard | None = None
    page: tuple[str, bytes] | None = None
    """(name, content) of a page that goes with the mail."""

    def add_ingest(self, report: IngestReport) -> None:
        """What came in: totals, then a line a file."""
        names = ("rows_read", "accepted", "superseded", "rejected", "warnings")
        self.facts["counts"] = {name: getattr(report, name) for name in names}
        files: dict[str, dict[str, int]] = {}
        for sheet in report.sheets:
            counts = files.setdefault(sheet.path, dict.fromkeys(names, 0))
            for name in names:
                counts[name] += getattr(sheet, name)
        self.facts["files"] = [{"path": path, **counts} for path, counts in files.items()]
        self.facts["left_out"] = [{"path": file.path, "reason": file.reason} for file in report.left_out]
        self.facts["unchanged"] = len(report.unchanged)

    def document(self, session: Session, exit_code: int, message: str) -> dict[str, Any]:
        """The record as it is written."""
        end = session.now()
        told = {
            "schema": 1, "command": self.command, "start": self.start.isoformat(), "end": end.isoformat(),
            "seconds": int((end - self.start).total_seconds()), "version": __version__, "exit": exit_code, **self.facts,
        }  # fmt: skip
        if message:
            told["message"] = " ".join(printable(masked(message)).split())
        if exit_code in NEXT:
            told["next"] = session.say(f"unattended.next_{NEXT[Exit(exit_code)]}")
        return told


def write_down(session: Session, exit_code: int, message: str = "") -> dict[str, Any]:
    """Write what a run did, or what stopped it, into the log; returns its record. A log that cannot be written stops
    nothing, and a folder that is no workspace is left as it is by a command that failed."""
    record = session.record
    try:
        workspace = session.workspace
    except (TthcError, OSError):
        return record.document(session, exit_code, message)
    told = record.document(session.for_log, exit_code, message)
    if exit_code > Exit.ROWS_REJECTED and not workspace.made:
        return told
    settings = workspace.settings.log
    moment = f"{session.now():%Y-%m-%dT%H:%M:%S}"
    lines = [f"{moment} {' '.join(printable(masked(line)).split())}" for line in record.lines]
    try:
        for line in lines:
            append(workspace.log_file, line, settings.most, settings.keep)
        document = json.dumps(told, ensure_ascii=False)
        append(workspace.log_file.with_name(RUNS), document, settings.most, settings.keep)
    except OSError as error:
        detail = system_reason(error, session.lang)
        with suppress(OSError):
            session.note(session.say("cli.no_log", path=str(workspace.log_file), detail=detail))
    return told
