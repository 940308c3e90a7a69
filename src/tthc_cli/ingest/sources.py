"""What came in, and taking it out again."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tthc_cli.errors import InputError, UsageError, nearest
from tthc_cli.ingest.run import clear_away, finish_forgetting
from tthc_cli.ingest.storing import forget as forgetting
from tthc_cli.ingest.storing import officials, personal
from tthc_cli.ingest.storing.publish import publish_erasing, stored
from tthc_cli.private import label
from tthc_cli.storage.warehouse import Earlier, SourceRecord
from tthc_cli.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What `forget` took out."""

    sources: tuple[SourceRecord, ...]
    """The sources taken out, with their accounts before."""
    removed: int
    """Rows that stood and are gone."""
    restored: int
    """Rows of other sources that stand again."""
    personal_erased: bool = False
    officials_erased: bool = False
    """Something of officials was there, and is gone."""
    scores_erased: int = 0
    """Stored scores of officials."""
    papers_erased: int = 0
    """Lists and reports of officials, files in the folder of reports."""


def list_sources(workspace: Workspace) -> tuple[SourceRecord, ...]:
    """Every file in the warehouse, by path."""
    return stored(workspace.warehouse).sources


def list_earlier(workspace: Workspace) -> tuple[Earlier, ...]:
    """Versions that are no longer listed, by path."""
    return stored(workspace.warehouse).earlier


def find_sources(known: Sequence[SourceRecord], wanted: str) -> tuple[SourceRecord, ...]:
    """The sources named by an id, the beginning of one (4 characters at least), or a path: every version of it.

    Raises UsageError when nothing or more than one id fits.
    """
    wanted = label(unicodedata.normalize("NFC", wanted))
    by_path = tuple(s for s in known if s.path == wanted or Path(s.path) == Path(wanted))
    if by_path:
        return by_path
    by_id = tuple(s for s in known if len(wanted) >= 4 and s.id.startswith(wanted.lower()))
    if len(by_id) == 1:
        return by_id
    if by_id:
        raise UsageError("source_ambiguous", value=wanted, ids=", ".join(s.id for s in by_id))
    near = nearest(wanted, [s.path for s in known])
    raise UsageError("source_unknown", value=wanted, near=near or "-")


def forget_source(wanted: str, workspace: Workspace) -> ForgetReport:
    """Take a source out as if it had never come in. The caller holds `workspace.lock()`.

    A file that still lies in an exports folder comes in again at the next ingest of that folder.
    """
    before = stored(workspace.warehouse)
    finish_forgetting(workspace, before)
    chosen = find_sources(before.sources, wanted)
    try:
        work = personal.open_work(workspace)
        after = forgetting.without(before, {s.id for s in chosen}, work)
        publish_erasing(after, before)
    except OSError as error:
        where = str(error.filename or workspace.warehouse)
        raise InputError("cannot_write", path=where, detail=error) from None
    finally:
        shutil.rmtree(workspace.work, ignore_errors=True)
    clear_away(workspace, after)
    removed = sum(sheet.accepted for s in chosen for sheet in s.sheets)
    standing = sum(sheet.accepted for s in before.sources for sheet in s.sheets)
    left = sum(sheet.accepted for s in after.sources for sheet in s.sheets)
    return ForgetReport(chosen, removed, left - (standing - removed))


def forget_personal(workspace: Workspace) -> ForgetReport:
    """Erase the file of personal data kept for letters, if there is one. The caller holds `workspace.lock()`."""
    return ForgetReport((), 0, 0, personal.erase(workspace))


def forget_officials(workspace: Workspace) -> ForgetReport:
    """Erase every code and hash of officials from the warehouse, and then the key. The caller holds
    `workspace.lock()`. Files that still lie in an exports folder bring them in again while `[officials]` keeps them."""
    before = stored(workspace.warehouse)
    finish_forgetting(workspace, before)
    try:
        work = personal.open_work(workspace)
        after = officials.without_officials(before, work)
        if after != before:
            publish_erasing(after, before)
            clear_away(workspace, after)
    except OSError as error:
        where = str(error.filename or workspace.warehouse)
        raise InputError("cannot_write", path=where, detail=error) from None
    finally:
        shutil.rmtree(workspace.work, ignore_errors=True)
    had_key = officials.erase_key(workspace)
    return ForgetReport((), 0, 0, officials_erased=had_key or after != before)
