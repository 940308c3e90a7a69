"""`tthc letters`: the apology letters owed at a moment, as Word files for the office to check and sign."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli.cli.choosing import AsOfOption, parse_moment
from tthc_cli.cli.session import Session, command, fitted_table, h
from tthc_cli.errors import Exit, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tthc_cli.jobs.letters import LettersMade

SHOWN = 40


@command("letters", purpose="daily", logged=True)
def letters(
    session: Session,
    unit: Annotated[str | None, typer.Option("--unit", help=h("list_unit"), metavar=h("unit_name_metavar"))] = None,
    as_of: AsOfOption = None,
    due_within: Annotated[str, typer.Option("--due-within", help=h("letters_days"), metavar="1d|3d")] = "1d",
    dossier: Annotated[list[str] | None, typer.Option("--dossier", help=h("letters_dossier"), metavar="MaHoSo")] = None,
    out: Annotated[str | None, typer.Option("--out", help=h("letters_out"), metavar=h("folder"))] = None,
    save: Annotated[Path | None, typer.Option("--save-template", help=h("letters_save"), metavar="FILE.docx")] = None,
) -> Exit:
    from tthc_cli.jobs.letters import make_letters, save_template

    at = parse_moment(as_of) if as_of else session.now()
    days = re.fullmatch(r"(\d{1,3})d?", due_within)
    if days is None:
        raise UsageError("bad_due_within", value=due_within)
    if save is not None:
        form = save_template(at, save)
        if session.json:
            session.emit({"schema": 1, "template": str(save), "form": _form(form)})
        session.show(session.say("letters.made.template", path=str(save)), whole=True)
        return Exit.DONE
    if out is None:
        raise UsageError("letters_where")
    folder = session.location(out, Path())
    if not isinstance(folder, Path):
        raise UsageError("letters_place", path=str(folder))
    made = make_letters(session.workspace, at, folder, unit=unit, days=int(days[1]), dossiers=dossier or ())
    if session.json:
        session.emit(_json(made))
    _show(session, made, folder, int(days[1]), at)
    return Exit.ROWS_REJECTED if made.refused and (dossier or not made.owed) else Exit.DONE


def _form(form: Any) -> dict[str, Any]:
    return {"circular": form.circular, "number": form.number, "cite": form.cite, "from_memory": form.from_memory}


def _json(made: LettersMade) -> dict[str, Any]:
    return {
        "schema": 1,
        "form": _form(made.form),
        "letters": [
            {
                "dossier": one.dossier, "unit": one.unit, "state": one.state, "due": one.due.isoformat(),
                "proposed": one.new_due.isoformat(), "cause": one.cause or None, "file": str(file),
            }
            for one, file in zip(made.owed, made.files, strict=True)
        ],
        "merged": None if made.merged is None else str(made.merged),
        "names": made.names,
        "refused": [{"dossier": r.dossier, "reason": r.reason, "number": r.number or None} for r in made.refused],
    }  # fmt: skip


def _show(session: Session, made: LettersMade, folder: Path, days: int, at: datetime) -> None:
    from tthc_cli.render.formats import day
    from tthc_cli.results.notes import note_text

    say = session.say
    for note in made.notes:
        session.show(note_text(note, session.lang))
    if made.owed:
        heads = (("dossier", 0), ("due", 0), ("new_due", 0), ("state", 1))
        table = fitted_table(session.out.width, *((say(f"letters.made.{key}"), "left", share) for key, share in heads))
        for one in made.owed[:SHOWN]:
            times = (day(value.isoformat(), session.lang) for value in (one.due, one.new_due))
            table.add_row(one.dossier, *times, say(f"letters.state.{one.state}"))
        session.show(table)
        if len(made.owed) > SHOWN:
            session.show(say("lists.more_rows", shown=SHOWN, all=len(made.owed)))
        summary = {"count": len(made.owed), "folder": str(folder), "merged": str(made.merged)}
        session.show(say("letters.made.summary", **summary), whole=True)
        valid = {"number": made.form.number, "circular": made.form.circular, "day": day(f"{at:%Y-%m-%d}", session.lang)}
        session.show(say("letters.made.form", **valid))
        for key in ("from_memory",) if made.form.from_memory else ():
            session.show(say(f"letters.made.{key}"))
        session.show(say("letters.made.proposed"))
        session.show(say("letters.made.names" if made.names else "letters.made.blanks"))
    else:
        session.show(say("letters.made.none", days=days, as_of=day(at.isoformat(), session.lang)))
    if made.refused:
        session.show(say("letters.made.refused"))
    for refused in made.refused:
        number = refused.number or say("letters.refused.logged")
        told = {"dossier": refused.dossier, "number": number, "day": refused.issued, "path": refused.path}
        session.show("  " + say(f"letters.refused.{refused.reason}", **told), whole=True)
