"""`tthc form cost`: the compliance cost of a procedure, or of all that were reviewed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.errors import Exit

if TYPE_CHECKING:
    from tthc_cli.cli.session import Session
    from tthc_cli.periods import Period


def show_cost(
    session: Session, now: datetime, procedure: str | None, period: Period | None, shape: str | None, out: str | None
) -> Exit:
    """On the terminal (shape None), or into a file; a workbook where "table" is asked for with a folder."""
    from tthc_cli.jobs.control.costs import cost_of
    from tthc_cli.text import file_part

    paper = cost_of(session.workspace, now, procedure, period)
    if session.json:
        from tthc_cli.results.control.cost import public_json

        session.emit(public_json(paper, session.lang))
    elif shape is None:
        from tthc_cli.render.control.cost import cost_view

        session.show(cost_view(paper, session.lang, session.out.width))
    else:
        from tthc_cli.render.control.cost import cost_bytes
        from tthc_cli.storage.location import write_atomic

        kind = "xlsx" if shape == "table" else shape
        folder = session.location(out, session.workspace.reports)
        own = f"-{file_part(procedure)}" if procedure else ""
        path = folder / f"cost-{paper.as_of[:10]}{own}.{kind}"
        write_atomic(path, cost_bytes(paper, kind, session.lang))
        session.show(session.say("cost.written", path=str(path)), whole=True)
    return Exit.DONE
