"""What the workbook of an inspection's team holds, sheet by sheet: headings, rows in words, lists to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.results.control.inspection import ANSWERS, CHOSEN, RANDOM, FindingLine

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tthc_cli.messages import Lang
    from tthc_cli.results.control.inspection import Check, Draw, Flag, Taken

Value = str | int | datetime | None
BLANK_FINDINGS = 40
"""Rows for what the team finds itself."""
_GUIDE_WIDTH = 112.0
_MARKS = {"second": "second_hand", "memory": "from_memory", "inferred": "chosen"}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. typed: people write in it; choices: the words they choose from; code: a second heading below."""

    head: str
    width: float
    code: str = ""
    typed: bool = False
    choices: tuple[str, ...] = ()
    day: bool = False
    alarm: str = ""
    """The word that is coloured."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below headings; `blanks` more rows to write in."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: Sequence[Sequence[Value]]
    blanks: int = 0
    roomy: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet: a heading, lines, tables. first_page: columns of its first band; printed: columns that are printed;
    repeated: columns before every band."""

    title: str
    heading: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    first_page: int = 0
    printed: int = 0
    repeated: int = 0


def parts_of(draw: Draw, lang: Lang) -> Iterator[Part]:
    """The sheets in order."""
    yield _guide(draw, lang)
    yield _dossiers(draw, lang, RANDOM)
    yield _dossiers(draw, lang, CHOSEN)
    yield _unit(draw, lang)
    yield _findings(draw, lang)


def mark(evidence: str, lang: Lang) -> str:
    """What is said behind a ground that was not read in the law itself.

    >>> mark("found", "vi"), mark("memory", "en")
    ('', ' [from memory: to be checked]')
    """
    return say(f"inspection.mark.{_MARKS[evidence]}", lang) if evidence in _MARKS else ""


def _ground(one: Check | Flag, lang: Lang) -> str:
    return one.ground + mark(one.evidence, lang)


def _words(lang: Lang, kind: str, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(say(f"inspection.{kind}.{key}", lang) for key in keys)


def _head(key: str, lang: Lang) -> str:
    return say(f"inspection.column.{key}", lang)


def _guide(draw: Draw, lang: Lang) -> Part:
    """How the sample was drawn, how the workbook is filled in, and what each check stands on: a sentence a row, which
    nothing takes for a row of data."""
    period = {"first": formats.day(draw.start, lang), "last": formats.day(draw.last_day, lang)}
    facts = {
        "unit": f"{draw.unit_name} ({draw.unit})", "period": draw.period, "frame": draw.frame_size,
        "hash": draw.frame_hash, "seed": draw.seed, "as_of": formats.day(draw.as_of, lang), "covered": draw.covered,
        "outside": draw.outside, "fields": draw.outside_fields, "random": len(draw.random), "flagged": draw.flagged,
        "chosen": len(draw.chosen), "id": draw.id, **period,
    }  # fmt: skip
    lines = [
        say(f"inspection.guide.{key}", lang, **facts)
        for key in ("scope", "frame", "covered" if draw.outside else "all", "drawn", "chosen")
    ]
    lines += [say(f"inspection.guide.fill_{n}", lang, **facts) for n in range(1, 6)]
    strata = [
        say("inspection.guide.stratum", lang, field=one.field or say("inspection.no_field", lang), frame=one.frame,
            drawn=one.drawn)
        for one in draw.strata
    ]  # fmt: skip
    flags = [
        say("inspection.guide.flag", lang, flag=say(f"inspection.flag.{one.id}", lang), weight=one.weight,
            dossiers=draw.flag_counts[one.id], ground=_ground(one, lang))
        for one in draw.flags if one.id in draw.flag_counts
    ]  # fmt: skip
    checks = [
        say("inspection.guide.check", lang, id=one.id, title=one.title(lang), ground=_ground(one, lang),
            told=say(f"inspection.data.{one.data}", lang))
        for one in draw.checks
    ]  # fmt: skip
    tables = tuple(
        Table("", (TableColumn(say(f"inspection.guide.{key}", lang), _GUIDE_WIDTH),), [[line] for line in rows])
        for key, rows in (("strata", strata), ("flags", flags), ("checks", checks))
    )
    heading = say("inspection.guide.heading", lang, id=draw.id)
    return Part(say("inspection.sheet.guide", lang), heading, tuple(lines), tables)


def _dossiers(draw: Draw, lang: Lang, way: int) -> Part:
    key = "random" if way == RANDOM else "chosen"
    answers, yes_no = _words(lang, "answer", ANSWERS[1:]), _words(lang, "yes_no", ("yes", "no"))
    columns = [
        TableColumn(_head("number", lang), 5), TableColumn(_head("dossier", lang), 22),
        TableColumn(_head("stratum", lang), 18), TableColumn(_head("procedure", lang), 36 if way == RANDOM else 28),
        *(TableColumn(_head(name, lang), 11) for name in ("received", "due", "finished")),
        TableColumn(_head("source", lang), 25),
    ]  # fmt: skip
    if way == CHOSEN:
        columns += [TableColumn(_head("why", lang), 20), TableColumn(_head("risk", lang), 6)]
    first_page = len(columns)
    columns += [
        TableColumn(one.title(lang), 7.6, code=one.id, typed=True, choices=answers, alarm=answers[1])
        for one in draw.dossier_checks
    ]
    columns.append(TableColumn(_head("examined", lang), 9, typed=True, choices=yes_no))
    printed = len(columns)
    columns += [TableColumn(_head("draw", lang), 30), TableColumn(_head("way", lang), 20)]
    taken = draw.random if way == RANDOM else draw.chosen
    rows = [
        [
            number, one.dossier, one.field, one.procedure, _day(one.received, lang), _day(one.due, lang),
            _day(one.finished, lang), _source(one, lang), *_why(one, way, lang),
            *(_answer(one.answers.get(check.id, ""), lang) for check in draw.dossier_checks), None,
            draw.id, say(f"inspection.way.{key}", lang),
        ]
        for number, one in enumerate(taken, 1)
    ]  # fmt: skip
    lines = (say(f"inspection.guide.{key}_only", lang, id=draw.id, n=len(taken)), say("inspection.guide.legend", lang))
    table = Table("", tuple(columns), rows, roomy=True)
    heading = say(f"inspection.sheet.{key}_heading", lang, unit=draw.unit_name, period=draw.period)
    return Part(say(f"inspection.sheet.{key}", lang), heading, lines, (table,), first_page, printed, repeated=2)


def _why(one: Taken, way: int, lang: Lang) -> list[Value]:
    return [] if way == RANDOM else ["; ".join(_words(lang, "flag", one.flags)), one.risk]


def _answer(answer: str, lang: Lang) -> str | None:
    return say(f"inspection.answer.{answer}", lang) if answer else None


def _day(moment: str, lang: Lang) -> str:
    return formats.day(moment, lang) if moment else ""


def _source(one: Taken, lang: Lang) -> str:
    row = say("errors.where_row", lang, row=one.row) if one.row else ""
    return " › ".join(part for part in (one.source, one.sheet, row) if part)


def _unit(draw: Draw, lang: Lang) -> Part:
    told = {one.check: one for one in draw.unit_answers}
    answers = _words(lang, "answer", ANSWERS[1:])
    columns = (
        TableColumn(_head("check", lang), 10), TableColumn(_head("what", lang), 54),
        TableColumn(_head("ground", lang), 50), TableColumn(_head("told", lang), 30),
        TableColumn(_head("result", lang), 16, typed=True, choices=answers, alarm=answers[1]),
        TableColumn(_head("unit", lang), 16),
        TableColumn(_head("draw", lang), 30),
    )  # fmt: skip
    rows: list[list[Value]] = []
    for one in draw.unit_checks:
        said = told.get(one.id)
        figures = say("inspection.faulty_of", lang, faulty=said.faulty, of=said.of) if said and said.of else ""
        rows.append([
            one.id, one.title(lang), _ground(one, lang), figures,
            _answer(said.answer, lang) if said else None, draw.unit, draw.id,
        ])  # fmt: skip
    heading = say("inspection.sheet.unit_heading", lang, unit=draw.unit_name)
    return Part(
        say("inspection.sheet.unit", lang), heading, (say("inspection.guide.unit", lang),),
        (Table("", columns, rows),), repeated=1,
    )  # fmt: skip


def finding_lines(draw: Draw) -> Iterator[FindingLine]:
    """What data tell, of dossiers drawn and chosen and of the unit, in the order of the sheets."""
    checks = {one.id: one for one in draw.checks}
    due = date.fromisoformat(draw.fix_by)
    number = 0
    for way, sheet in ((RANDOM, draw.random), (CHOSEN, draw.chosen)):
        for taken in sheet:
            for check in (checks[name] for name, said in taken.answers.items() if said == "not_met"):
                number += 1
                yield FindingLine(f"{draw.id}-{number:03d}", way, taken, check, due)
    for told in draw.unit_answers:
        if told.answer == "not_met":
            number += 1
            yield FindingLine(f"{draw.id}-{number:03d}", 0, None, checks[told.check], due)


def _findings(draw: Draw, lang: Lang) -> Part:
    columns = (
        TableColumn(_head("finding", lang), 34, typed=True), TableColumn(_head("dossier", lang), 22, typed=True),
        TableColumn(_head("check", lang), 9, typed=True, choices=tuple(one.id for one in draw.checks)),
        TableColumn(_head("severity", lang), 12, typed=True, choices=_words(lang, "severity", ("1", "2", "3"))),
        TableColumn(_head("evidence", lang), 34, typed=True), TableColumn(_head("ground", lang), 34, typed=True),
        TableColumn(_head("asked", lang), 24, typed=True),
        TableColumn(_head("found_at", lang), 12, typed=True, day=True),
        TableColumn(_head("fix_by", lang), 12, typed=True, day=True),
        TableColumn(_head("fixed_at", lang), 12, typed=True, day=True),
        TableColumn(_head("status", lang), 16, typed=True, choices=_words(lang, "status", ("5", "1", "2", "3", "4"))),
        TableColumn(_head("unit", lang), 14, typed=True), TableColumn(_head("way", lang), 18),
        TableColumn(_head("stratum", lang), 20), TableColumn(_head("draw", lang), 30, typed=True),
    )  # fmt: skip
    lines = (say("inspection.guide.findings", lang, id=draw.id), say("inspection.guide.no_names", lang))
    rows = [_finding(one, draw, lang) for one in finding_lines(draw)]
    table = Table("", columns, rows, BLANK_FINDINGS)
    heading = say("inspection.sheet.findings_heading", lang, unit=draw.unit_name)
    return Part(say("inspection.sheet.findings", lang), heading, lines, (table,), 6, 11, repeated=2)


def _finding(one: FindingLine, draw: Draw, lang: Lang) -> list[Value]:
    taken, check = one.taken, one.check
    found = datetime.fromisoformat(draw.as_of[:10])
    due = None if one.due is None else datetime.fromisoformat(one.due.isoformat())
    way = {RANDOM: "random", CHOSEN: "chosen"}.get(one.way)
    return [
        one.id, taken.dossier if taken else None, check.id, None, _source(taken, lang) if taken else None,
        _ground(check, lang), None, found, due, None, say("inspection.status.5", lang),
        taken.unit if taken else draw.unit, say(f"inspection.way.{way}", lang) if way else None,
        taken.field if taken else None, draw.id,
    ]  # fmt: skip


def strata_table(draw: Draw, lang: Lang, width: int) -> RenderableType:
    """The strata for a terminal."""
    from rich import box
    from rich.table import Table as Shown

    shown = Shown(box=box.SIMPLE_HEAD, width=width, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column(_head("field_of_stratum", lang), ratio=1, overflow="fold")
    for key in ("in_frame", "drawn"):
        shown.add_column(_head(key, lang), justify="right")
    for one in draw.strata:
        shown.add_row(
            one.field or say("inspection.no_field", lang), *(formats.plain(n, lang) for n in (one.frame, one.drawn))
        )
    return shown
