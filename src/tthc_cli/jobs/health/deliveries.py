"""Checks of what comes in: each sender against its own rhythm, and files that wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tthc_cli.clock import instant_of
from tthc_cli.ingest.files.find import Found, sha256_of, walk
from tthc_cli.ingest.report import FileReport
from tthc_cli.jobs.health.model import Answers, Finding, Situation, bad, median_gap, note, ok
from tthc_cli.private import MEMBER
from tthc_cli.schema import table
from tthc_cli.storage.warehouse import SourceRecord

RHYTHM_OF = 3
"""Days of delivery from which a rhythm is known."""
SILENT = timedelta(days=92)
"""A quarter: a sender that nobody has heard of for longer is told of even where its rhythm is not known."""
A_DAY = timedelta(days=1)
_NAMED = 5


def senders(situation: Situation) -> Answers:
    """What each sender last sent and how long ago, those that are behind first; a sender is late after twice
    the median gap between the days on which its exports were made."""
    warehouse = situation.warehouse
    days: dict[str, set[datetime]] = {}
    latest: dict[str, SourceRecord] = {}
    for source in warehouse.sources if warehouse is not None else ():
        if source.exported_at and _over_time(source):
            name = situation.senders[source.id]
            days.setdefault(name, set()).add(_day(source))
            if name not in latest or source.exported_at > latest[name].exported_at:
                latest[name] = source
    if not days:
        yield note("no_deliveries")
    found = [_sender(name, sorted(days[name]), latest[name], situation.now) for name in sorted(days)]
    yield from sorted(found, key=lambda one: ("bad", "note", "ok").index(one.state))


def _over_time(source: SourceRecord) -> bool:
    return any(sheet.table and not table(sheet.table).hand_kept for sheet in source.sheets)


def _day(source: SourceRecord) -> datetime:
    return datetime.fromisoformat(source.exported_at[:10])


def _sender(name: str, days: list[datetime], latest: SourceRecord, now: datetime) -> Finding:
    ago = now - days[-1]
    fields = {"sender": name, "file": latest.path.rpartition("/")[2], "day": days[-1], "ago": ago}
    if len(days) < RHYTHM_OF:
        told = note if ago > SILENT else ok
        return told("sender_no_rhythm", **fields, times=len(days))
    gap = median_gap(days)
    late = ago > max(2 * gap, gap + A_DAY)
    return bad("sender_late", **fields, gap=gap) if late else ok("sender_in_time", **fields, gap=gap)


def waiting(situation: Situation) -> Answers:
    """Files in the exports folder that are not in the warehouse; after a day somebody must see to them."""
    folders = _exports(situation)
    if not folders:
        yield note("no_exports")
        return
    unusable = _unusable(situation)
    files = [file for file in _not_in(situation, folders) if not _in_vain(file, unusable)]
    if files:
        oldest = min(map(_came, files))
        ago = timedelta(seconds=max(0.0, instant_of(situation.now) - oldest))
        fields = {"count": len(files), "names": _names(file.label for file in files), "ago": ago}
        yield bad("waiting_long", **fields) if ago > A_DAY else note("waiting", **fields)
    else:
        yield ok("nothing_waits", folders=", ".join(map(str, folders)))
    if unusable:
        yield note("unusable", count=len(unusable), names=_names(unusable))


def _exports(situation: Situation) -> list[Path]:
    """exports/ and the folders that the last run read."""
    root = situation.workspace.root
    given = [root / path for path in (situation.intakes[0].get("paths", ()) if situation.intakes else ())]
    return [path for path in dict.fromkeys((root / "exports", *given)) if path.is_dir()]


def _unusable(situation: Situation) -> dict[str, float]:
    """Files that the last run could not use -> the instant at which it ended."""
    if not situation.intakes:
        return {}
    last = situation.intakes[0]
    end = instant_of(datetime.fromisoformat(last["end"]))
    return {str(file["path"]): end for file in last.get("left_out", ())}


def _in_vain(file: Found, unusable: dict[str, float]) -> bool:
    return file.label in unusable and file.modified <= unusable[file.label]


def _came(file: Found) -> float:
    status = file.path.stat()
    return max(status.st_mtime, status.st_ctime)


def _not_in(situation: Situation, folders: list[Path]) -> list[Found]:
    workspace = situation.workspace
    sources = situation.warehouse.sources if situation.warehouse is not None else ()
    stands = {(s.path, s.size, s.modified_at) for s in sources}
    archives = {s.path.partition(MEMBER)[0] for s in sources if MEMBER in s.path}
    hashes = {s.sha256 for s in sources}
    sizes = {s.size for s in sources}
    own = [p for p in (workspace.warehouse, workspace.scores, workspace.reports) if isinstance(p, Path)]
    own += [workspace.log_file.parent, workspace.rulebooks, workspace.issues]
    own += [
        workspace.root / name
        for name in ("tthc.toml", "issues.csv", "issues.xlsx", "personal.parquet", "officials.key")
    ]
    last = instant_of(datetime.fromisoformat(situation.intakes[0]["end"])) if situation.intakes else 0.0
    found = []
    for file in walk(folders, workspace.root, own):
        if isinstance(file, FileReport) or (file.label in archives and file.modified <= last):
            continue
        changed = datetime.fromtimestamp(int(file.modified), UTC).replace(tzinfo=None).isoformat()
        if (file.label, file.size, changed) in stands:
            continue
        if file.size not in sizes or sha256_of(file.path) not in hashes:
            found.append(file)
    return found


def _names(labels: Iterable[str]) -> str:
    labels = list(labels)
    more = f", … ({len(labels)})" if len(labels) > _NAMED else ""
    return ", ".join(labels[:_NAMED]) + more
