"""`tthc demo`: the sample province in a folder of its own, taken in, scored and shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tthc_cli.cli.choosing import chosen_rulebook
from tthc_cli.cli.main.ingest_output import ingest_json, ingest_notes, ingest_table
from tthc_cli.cli.main.main_job import FormatsOption, do_ingest, do_score
from tthc_cli.cli.main.report import check_format
from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit


@command("demo", purpose="main", settled=False)
def demo(
    session: Session,
    folder: Annotated[Path, typer.Argument(help=h("demo_folder"), metavar=h("folder"), show_default=False)],
    wanted: FormatsOption = None,
) -> Exit:
    from tthc_cli.jobs import sample
    from tthc_cli.jobs.reporting import report
    from tthc_cli.jobs.running import FORMATS
    from tthc_cli.periods import parse_period
    from tthc_cli.render import ranking_table

    formats = wanted or list(FORMATS)
    for one in formats:
        check_format(one)
    exports = sample.make_sample_workspace(folder, session.lang)
    session.folder = folder.resolve()
    period = parse_period(sample.PERIOD)
    with session.workspace.lock():
        came_in = do_ingest(session, [exports.resolve()])
        if not session.json and not session.quiet:
            session.show(ingest_table(session, came_in))
        card = do_score(session, period, chosen_rulebook(session, period, None, None), None)
        files = [str(file) for file in report(session.workspace, card, formats, session.lang)]
    session.log(session.say("demo.logged", units=len(card.units), files=", ".join(files)))
    if session.json:
        session.emit({"schema": 1, "folder": str(session.folder), "period": card.period, "files": files,
                      "ingest": ingest_json(came_in)})  # fmt: skip
        return Exit.DONE
    for line in ingest_notes(session, came_in):
        session.note(line)
    session.show(ranking_table(card, session.lang, session.out.width))
    for line in (session.say("demo.scorecards"), *(f"  {file}" for file in files), "", session.say("demo.not_real")):
        session.show(line, whole=True)
    session.show(session.say("demo.next", folder=str(folder)), whole=True)
    return Exit.DONE
