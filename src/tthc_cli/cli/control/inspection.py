"""`tthc inspection draw|report`: what of a unit's dossiers is looked at, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.choosing import Asked, AsOfOption, parse_moment, period_command
from tthc_cli.cli.session import Session, h
from tthc_cli.errors import Exit, InputError, UsageError

if TYPE_CHECKING:
    from tthc_cli.jobs.inspection import Drawn
    from tthc_cli.results.control.conclusion import Conclusion
    from tthc_cli.storage.location import Location

UnitOption = Annotated[str | None, typer.Option("--unit", help=h("inspection_unit"), metavar=h("unit_name_metavar"))]
OutOption = Annotated[str | None, typer.Option("--out", help=h("inspection_out"), metavar=h("folder"))]


@period_command("inspection draw", purpose="control", logged=True)
def draw(
    session: Session,
    asked: Asked,
    unit: UnitOption = None,
    size: Annotated[int, typer.Option("--size", help=h("inspection_size"), metavar="N")] = 30,
    seed: Annotated[str | None, typer.Option("--seed", help=h("inspection_seed"), metavar="2020")] = None,
    chosen: Annotated[int, typer.Option("--chosen", help=h("inspection_chosen"), metavar="N")] = 20,
    as_of: AsOfOption = None,
    out: OutOption = None,
    force: Annotated[bool, typer.Option("--force", help=h("inspection_force"))] = False,
) -> Exit:
    from tthc_cli.jobs.inspection import DrawAsked, draw_inspection
    from tthc_cli.render.excel.inspection import team_book
    from tthc_cli.storage.location import write_atomic
    from tthc_cli.text import file_part

    if unit is None:
        raise UsageError("inspection_whom")
    period, at = asked.required_period(), parse_moment(as_of) if as_of else session.now()
    wanted = DrawAsked(unit, period, size, seed or f"{at:%Y%m%d}", chosen, at, bool(as_of), force)
    drawn = draw_inspection(session.workspace, wanted)
    path = session.location(out, session.workspace.reports) / f"{file_part(drawn.draw.id)}.xlsx"
    data = team_book(drawn.draw, session.lang)
    if path.exists() and not force and path.read_bytes() != data:
        raise InputError("team_book_there", path=str(path))
    write_atomic(path, data)
    session.log(session.for_log.say("inspection.drawn.written", path=str(path)))
    if session.json:
        from tthc_cli.results.control.inspection import document

        session.emit({**document(drawn.draw), "workbook": str(path), "again": drawn.again})
        return Exit.DONE
    _show(session, drawn, path, f"--{period.kind} {period.id}")
    return Exit.DONE


def _show(session: Session, drawn: Drawn, path: Location, period: str) -> None:
    from tthc_cli.render.control.inspection import strata_table

    made, say = drawn.draw, session.say
    told = {
        "id": made.id, "frame": made.frame_size, "random": len(made.random), "covered": made.covered,
        "strata": len(made.strata), "chosen": len(made.chosen), "flagged": made.flagged, "outside": made.outside,
        "fields": made.outside_fields, "seed": made.seed, "hash": made.frame_hash[:16],
    }  # fmt: skip
    session.show(say("inspection.drawn.summary", **told))
    session.show(strata_table(made, session.lang, session.out.width))
    if made.outside:
        session.show(say("inspection.drawn.outside", **told))
    counts = ", ".join(f"{say(f'inspection.flag.{name}')} {n}" for name, n in made.flag_counts.items() if n)
    if counts:
        session.show(say("inspection.drawn.flag_counts", counts=counts))
    session.show(say("inspection.drawn.hash", **told))
    if drawn.again:
        session.show(say("inspection.drawn.again"))
    session.show(say("inspection.drawn.stored", path=str(drawn.path)), whole=True)
    session.show(say("inspection.drawn.written", path=str(path)), whole=True)
    session.show(say("inspection.drawn.next", path=str(path), unit=made.unit, period=period), whole=True)


FILE_FORMATS = ("docx", "xlsx", "json")


@period_command("inspection report", purpose="control", logged=True)
def report(
    session: Session,
    asked: Asked,
    unit: UnitOption = None,
    draw_id: Annotated[str | None, typer.Option("--draw", help=h("inspection_which"), metavar="ID")] = None,
    as_of: AsOfOption = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help=h("inspection_format"), metavar="docx|xlsx|json")
    ] = None,
    out: OutOption = None,
) -> Exit:
    from tthc_cli.jobs.inspection import ReportAsked, inspection_report
    from tthc_cli.render.control.conclusion import conclusion_screen
    from tthc_cli.results.control.conclusion import public_json
    from tthc_cli.storage.location import write_atomic
    from tthc_cli.text import file_part

    if unit is None:
        raise UsageError("inspection_whom")
    wanted = tuple(dict.fromkeys(formats or ["docx", "xlsx"]))
    for one in wanted:
        if one not in FILE_FORMATS:
            raise UsageError("unknown_format", value=one, known=", ".join(FILE_FORMATS))
    at = parse_moment(as_of) if as_of else session.now()
    made = inspection_report(
        session.workspace, ReportAsked(unit, asked.required_period(), at, draw_id or ""), session.lang
    )
    folder = session.location(out, session.workspace.reports)
    files = [folder / f"{file_part(made.draw.id)}-{session.say('inspection.file')}.{form}" for form in wanted]
    for form, path in zip(wanted, files, strict=True):
        write_atomic(path, _bytes(session, made, form))
    if session.json:
        session.emit({**public_json(made, session.lang), "files": [str(path) for path in files]})
        return Exit.DONE
    session.show(conclusion_screen(made, session.lang, session.out.width))
    for path in files:
        session.show(session.say("inspection.paper.written", path=str(path)), whole=True)
    return Exit.DONE


def _bytes(session: Session, made: Conclusion, form: str) -> bytes:
    if form == "xlsx":
        from tthc_cli.render.control.conclusion import conclusion_book

        return conclusion_book(made, session.lang)
    if form == "json":
        import json

        from tthc_cli.results.control.conclusion import public_json

        return (json.dumps(public_json(made, session.lang), ensure_ascii=False, indent=1) + "\n").encode()
    from tthc_cli.render.word.conclusion import Office, conclusion_document

    settings = session.workspace.settings
    head = settings.letterhead
    office = Office(
        head.superior, head.agency or settings.province.name or "…………", head.place, head.signer_title, head.signer_name
    )
    return conclusion_document(made, office, session.lang)
