"""Send what there is to tell: a mail by SMTP, one ping by HTTP. What cannot be sent is told, and stops nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tthc_cli.errors import Exit, InputError, UsageError
from tthc_cli.jobs.notify.letter import letter

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tthc_cli.jobs.notify.changes import GradeChanges
    from tthc_cli.jobs.notify.secrets import Secrets
    from tthc_cli.messages import Lang
    from tthc_cli.workspace import NotifySettings, Workspace

SECONDS = 20
"""A server that is silent for so long is given up."""
_HERE = ("localhost", "127.0.0.1", "::1", "[::1]")


@dataclass(frozen=True, slots=True)
class News:
    """What a run has to tell."""

    record: dict[str, Any]
    """As in runs.jsonl."""
    changes: GradeChanges | None = None
    """None when nothing was scored."""
    page: tuple[str, bytes] | None = None
    """(name, content) of a page that goes with the mail."""


def check_told(notify: NotifySettings, secrets: Secrets) -> None:
    """Raises UsageError or InputError when nobody could be told, before the work begins."""
    if not notify.mail_to and not (notify.ping or secrets.ping):
        raise UsageError("notify_nobody")
    if notify.mail_to and not (notify.smtp and notify.mail_from):
        raise InputError("notify_incomplete")
    open_line = notify.security == "none" and notify.smtp.rpartition(":")[0] not in _HERE
    if notify.mail_to and secrets.password and open_line:
        raise InputError("notify_open_password", server=notify.smtp)


def tell(workspace: Workspace, news: News, secrets: Secrets, lang: Lang, now: datetime) -> dict[str, InputError | None]:
    """Send mail and ping, as far as the settings ask for them. Returns what was tried: "mail" or "ping" -> why it
    failed, None when it did not."""
    notify = workspace.settings.notify
    found: dict[str, InputError | None] = {}
    if notify.mail_to and (notify.when == "always" or news.record["exit"] != Exit.DONE):
        found["mail"] = _tried(lambda: _mail(notify, letter(workspace, news, lang, now), secrets))
    if notify.ping or secrets.ping:
        found["ping"] = _tried(lambda: _ping(secrets.ping or notify.ping, news))
    return found


def _tried(send: Callable[[], None]) -> InputError | None:
    try:
        send()
    except InputError as error:
        return error
    return None


def _mail(notify: NotifySettings, message: EmailMessage, secrets: Secrets) -> None:
    import smtplib
    import ssl

    host, _, port = notify.smtp.rpartition(":")
    try:
        if notify.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                host, int(port), timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            client = smtplib.SMTP(host, int(port), timeout=SECONDS)
        with client:
            if notify.security == "starttls":
                client.starttls(context=ssl.create_default_context())
            if secrets.user:
                client.login(secrets.user, secrets.password)
            refused = client.send_message(message)
    except (OSError, ValueError) as error:
        raise InputError("mail_failed", server=notify.smtp, detail=_reason(error)) from None
    if refused:
        raise InputError("mail_refused", server=notify.smtp, count=len(refused), all=len(notify.mail_to))


def _reason(error: Exception) -> str:
    """What went wrong, without addresses: the kind of the error, and the number that the server gave."""
    code = getattr(error, "smtp_code", None)
    if code is not None:
        return f"{type(error).__name__} {code}"
    text = getattr(error, "strerror", None) or type(error).__name__
    return " ".join(str(text).split())


def _ping(address: str, news: News) -> None:
    """One POST with the counts; of the address, which may be a secret, errors name the server alone."""
    import http.client
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    data = json.dumps(ping_document(news), ensure_ascii=False).encode()
    server = urlsplit(address).hostname or "?"
    if urlsplit(address).scheme not in ("http", "https"):
        raise InputError("ping_failed", server=server, detail="http(s)://")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "tthc"}
    try:
        with urlopen(Request(address, data, headers, method="POST"), timeout=SECONDS) as answer:
            answer.read(1)
    except HTTPError as error:
        raise InputError("ping_failed", server=server, detail=f"HTTP {error.code}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        inner = getattr(error, "reason", error)
        raise InputError(
            "ping_failed", server=server, detail=_reason(inner if isinstance(inner, Exception) else error)
        ) from None


def ping_document(news: News) -> dict[str, Any]:
    """What is sent to a server that watches: numbers alone."""
    record = news.record
    wanted = ("schema", "command", "exit", "start", "end", "seconds", "version", "period", "units", "counts")
    told = {name: record[name] for name in wanted if name in record}
    told["left_out"] = len(record.get("left_out", ()))
    if news.changes is not None:
        told["grades_changed"] = len(news.changes.lines)
    return told
