"""Checks of the machine: room on the disk, folders, the browser that prints, fonts, the clock."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from tthc_cli.errors import TthcError
from tthc_cli.jobs.health.model import Answers, Situation, Size, bad, note, ok
from tthc_cli.storage.location import files_below, write_atomic

LEAST_FREE = 10**9
"""Bytes that must be free whatever the workspace uses."""
_ZONE = 7 * 3600
_SECONDS = 60
_PAGE = "<!doctype html><meta charset=utf-8><p>Thử tiếng Việt</p>"


def _own_folders(situation: Situation) -> list[Path]:
    workspace = situation.workspace
    places = (workspace.warehouse, workspace.scores, workspace.reports, workspace.log_file.parent, workspace.issues)
    return [place for place in places if isinstance(place, Path)]


def disk(situation: Situation) -> Answers:
    """Room for what the next run may need: as much again as is stored, for the new stands beside the old until it is
    whole."""
    used = sum((folder / file).stat().st_size for folder in _own_folders(situation) for file in files_below(folder))
    free = shutil.disk_usage(situation.workspace.root).free
    fields = {"free": Size(free), "used": Size(used)}
    yield bad("disk_full", **fields) if free < max(used, LEAST_FREE) else ok("disk_free", **fields)


def folders(situation: Situation) -> Answers:
    """Whether files can be written where runs write them."""
    root = situation.workspace.root
    failed = False
    for folder in [root, *(f for f in _own_folders(situation) if f.is_dir())]:
        probe = folder / ".tthc-probe"
        try:
            write_atomic(probe, b"tthc")
            probe.unlink()
        except OSError as error:
            failed = True
            yield bad("folder_closed", path=str(folder), detail=error)
    if not failed:
        yield ok("folders_open", path=str(root))


def browser(situation: Situation) -> Answers:
    """Whether a page can be printed to PDF; only `--format pdf` needs it."""
    from tthc_cli.render.pdf import pdf_bytes

    try:
        printed = pdf_bytes(_PAGE)
    except TthcError as error:
        yield note("no_pdf", detail=error)
        return
    yield ok("pdf_printed") if printed.startswith(b"%PDF") else note("no_pdf", detail="")


def fonts(situation: Situation) -> Answers:
    """Whether a font with Vietnamese letters is there for PDF, where the system can be asked (fontconfig)."""
    program = shutil.which("fc-list")
    if program is None:
        yield ok("fonts_unasked")
        return
    try:
        listed = subprocess.run(
            [program, ":lang=vi", "family"], capture_output=True, timeout=_SECONDS, check=False
        ).stdout.decode("utf-8", "replace")  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        yield ok("fonts_unasked")
        return
    families = sorted({line.partition(",")[0].strip() for line in listed.splitlines() if line.strip()})
    yield ok("fonts_there", count=len(families), name=families[0]) if families else note("no_fonts")


def clock(situation: Situation) -> Answers:
    """Whether the machine's clock can be right, and tells Vietnam's time."""
    newest = max((s.exported_at for s in situation.warehouse.sources), default="") if situation.warehouse else ""
    if newest and datetime.fromisoformat(newest) > situation.now:
        yield bad("clock_behind", now=situation.now, newest=datetime.fromisoformat(newest))
    elif situation.ahead != _ZONE:
        hours, minutes = divmod(abs(situation.ahead) // 60, 60)
        sign = "-" if situation.ahead < 0 else "+"
        yield note("other_zone", zone=f"UTC{sign}{hours:02}:{minutes:02}", now=situation.now)
    else:
        yield ok("clock_right", now=situation.now)
