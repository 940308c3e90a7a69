"""`tthc publish`: a static site of all stored scores, with open data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit, UsageError

if TYPE_CHECKING:
    from tthc_cli.jobs.publishing.publish import Published

SCHEMA = 1


@command("publish", purpose="papers", logged=True, locks=True)
def publish(
    session: Session,
    out: Annotated[
        str | None, typer.Option("--out", help=h("publish_out"), metavar=h("folder"), show_default=False)
    ] = None,
) -> Exit:
    if not out:
        raise UsageError("no_publish_folder")
    from tthc_cli.jobs.publishing.publish import publish as write

    place = session.location(out, session.workspace.reports)
    with session.hold(), session.progress(session.say("publish.writing")) as progress:
        done = write(session.workspace, place, session.lang, progress)
    figures = {
        "scores": done.scores, "made": done.made, "files": done.files, "written": done.written,
        "removed": done.removed,
    }  # fmt: skip
    session.log(session.for_log.say("publish.summary", folder=str(place), **figures))
    if session.json:
        session.emit({"schema": SCHEMA, "site": str(place), **figures, "changes": done.changes})
    _show(session, done, figures)
    return Exit.DONE


def _show(session: Session, done: Published, figures: dict[str, int]) -> None:
    same = not (done.written or done.removed)
    session.show(session.say("publish.nothing_changed" if same else "publish.shown", **figures))
    session.show(str(done.root / "index.html"), whole=True)
