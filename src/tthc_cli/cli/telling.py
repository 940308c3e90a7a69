"""`--notify`: who is told of a run, made ready before it begins, and told when it ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tthc_cli.errors import Exit

if TYPE_CHECKING:
    from tthc_cli.cli.session import Session
    from tthc_cli.periods import Period


def make_ready(session: Session) -> None:
    """From here on, somebody is told how the run ends. Raises UsageError or InputError when nobody could be."""
    from tthc_cli.jobs.notify.secrets import read_secrets
    from tthc_cli.jobs.notify.telling import check_told

    secrets = read_secrets(session.workspace, os.environ)
    check_told(session.workspace.settings.notify, secrets)
    session.notify = secrets


def remember_score(session: Session, period: Period, rulebook: str) -> None:
    """Keep the score that stands before the run, to tell what the run changes."""
    from tthc_cli.jobs.notify.changes import score_before

    if session.notify:
        session.record.before = score_before(session.workspace, period, rulebook)


def tell_end(session: Session, code: Exit, message: str) -> Exit:
    """Tell how the run ended. A run that is done but could not be told of ends with 1."""
    from tthc_cli.jobs.notify.changes import grade_changes
    from tthc_cli.jobs.notify.telling import News, tell

    record, log = session.record, session.for_log
    changes = None if record.after is None else grade_changes(record.before, record.after, log.lang)
    news = News(record.document(log, int(code), message), changes, record.page)
    assert session.notify is not None
    told = tell(session.workspace, news, session.notify, log.lang, session.now())
    record.facts["notified"] = {way: error is None for way, error in told.items()}
    for error in told.values():
        if error is not None:
            session.log(error.message(log.lang))
            session.note(error.message(session.lang))
            code = max(code, Exit.ROWS_REJECTED)
    return code
