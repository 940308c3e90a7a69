"""The mail about a run: how it ended, what came in, what changed in grades, and the faults of each sender attached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING, Any

from tthc_cli.clock import AHEAD
from tthc_cli.errors import Exit
from tthc_cli.ingest.sender_books import SenderBook, read_index
from tthc_cli.messages import Lang, say
from tthc_cli.private import masked
from tthc_cli.render.formats import day, plain

if TYPE_CHECKING:
    from tthc_cli.jobs.notify.telling import News
    from tthc_cli.workspace import Workspace

MOST_ATTACHED = 15_000_000
"""Bytes of books in one mail; mail servers refuse more. Those beyond are named."""
_FILES, _CHANGES = 40, 60
_ZONE = timezone(timedelta(seconds=AHEAD))
_SHEET = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def letter(workspace: Workspace, news: News, lang: Lang, now: datetime) -> EmailMessage:
    """The mail, ready to be sent."""
    notify = workspace.settings.notify
    message = EmailMessage()
    message["Subject"] = _subject(workspace, news.record, lang)
    message["From"] = notify.mail_from
    message["To"] = ", ".join(notify.mail_to)
    message["Date"] = format_datetime(now.replace(tzinfo=_ZONE))
    message["Message-ID"] = make_msgid(domain=notify.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    books = read_index(workspace.issues) if "counts" in news.record else ()
    attached = _attached(workspace, books)
    message.set_content(masked("\n".join(_body(news, books, attached, lang))) + "\n")
    for name, data in attached.items():
        message.add_attachment(data, maintype=_SHEET[0], subtype=_SHEET[1], filename=name)
    if news.page is not None:
        message.add_attachment(news.page[1], maintype="text", subtype="html", filename=news.page[0])
    return message


def _subject(workspace: Workspace, record: dict[str, Any], lang: Lang) -> str:
    key = "done" if record["exit"] == Exit.DONE else "faults" if record["exit"] == Exit.ROWS_REJECTED else "stopped"
    who = workspace.settings.province.name or workspace.root.resolve().name
    subject = say(f"notify.subject_{key}", lang, period=record.get("period", ""), code=record["exit"], who=who)
    return " ".join(masked(subject).split())


def _attached(workspace: Workspace, books: tuple[SenderBook, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    room = MOST_ATTACHED
    for book in books:
        try:
            data = (workspace.issues / book.file).read_bytes()
        except OSError:
            continue
        if len(data) <= room:
            found[book.file] = data
            room -= len(data)
    return found


def _body(news: News, books: tuple[SenderBook, ...], attached: dict[str, bytes], lang: Lang) -> Iterator[str]:
    record = news.record
    start, end = day(record["start"], lang), day(record["end"], lang)
    yield say("notify.run", lang, command=f"tthc {record['command']}", start=start, end=end, code=record["exit"])
    if "message" in record:
        yield record["message"]
    if "next" in record:
        yield say("notify.next", lang, next=record["next"])
    if "today" in record:
        yield ""
        yield from (f"{say(f'today.measure.{key}', lang)}: {plain(n, lang)}" for key, n in record["today"].items())
    if "counts" in record:
        yield ""
        yield say("notify.counts", lang, **_told(record["counts"], lang))
        yield from (
            "  " + say("notify.file", lang, path=file["path"], **_told(file, lang)) for file in record["files"][:_FILES]
        )
        yield from _more(len(record["files"]) - _FILES, lang)
        yield from ("  " + say("notify.left_out", lang, path=file["path"]) for file in record["left_out"][:_FILES])
        yield from _more(len(record["left_out"]) - _FILES, lang)
    yield from _grades(news, lang)
    if books:
        yield ""
        yield say("notify.books", lang)
    for book in books:
        key = "book" if book.file in attached else "book_too_large"
        counts = {"rejected": plain(book.rejected, lang), "warnings": plain(book.warnings, lang)}
        yield "  " + say(f"notify.{key}", lang, sender=book.sender, file=book.file, **counts)


def _grades(news: News, lang: Lang) -> Iterator[str]:
    changes = news.changes
    if changes is None:
        return
    yield ""
    if not changes.against:
        yield say("notify.first_score", lang)
        return
    key = "same" if changes.same_period else "earlier"
    yield say(f"notify.grades_{key}", lang, count=len(changes.lines), against=changes.told_against(lang))
    yield from ("  " + line for line in changes.lines[:_CHANGES])
    yield from _more(len(changes.lines) - _CHANGES, lang)


def _more(count: int, lang: Lang) -> Iterator[str]:
    if count > 0:
        yield "  " + say("notify.more", lang, count=count)


def _told(counts: dict[str, Any], lang: Lang) -> dict[str, str]:
    return {name: plain(counts[name], lang) for name in ("rows_read", "accepted", "superseded", "rejected")}
