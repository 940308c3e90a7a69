"""The compliance cost as tables of texts: the tasks before and after, and what is saved by procedure and field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.results.control.cost import once, share_of, totals, yearly
from tthc_cli.results.rounding import half_up

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.control.cost import CostPaper, Priced, Task

TASK_COLUMNS = (
    "number", "task", "hours", "income", "services", "fee", "times", "subjects", "cost", "yearly", "ground",
)  # fmt: skip
SUMMARY_COLUMNS = ("ordinal", "procedure", "before", "after", "saving", "percent")
WORDS = frozenset({"number", "task", "ground", "ordinal", "procedure"})
"""Columns of words; the others are figures."""
Depth = Literal["total", "group", "line"]


@dataclass(frozen=True, slots=True)
class CostTable:
    """One table."""

    title: str
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Depth, tuple[str, ...]], ...]


def cost_tables(paper: CostPaper, lang: Lang) -> list[CostTable]:
    """Before and after of every procedure, then the summary."""
    out: list[CostTable] = []
    for one in paper.procedures:
        out += [task_table(one, kind, tasks, lang) for kind, tasks in (("before", one.before), ("after", one.after))]
    return [*(table for table in out if table.rows), summary_table(paper, lang)]


def heads_of(columns: tuple[str, ...], lang: Lang) -> tuple[str, ...]:
    return tuple(say(f"cost.column.{name}", lang) for name in columns)


def table_title(one: Priced, kind: str, lang: Lang) -> str:
    return say(f"cost.{kind}", lang, procedure=f"{one.code} {one.name}".strip())


def task_table(one: Priced, kind: str, tasks: tuple[Task, ...], lang: Lang) -> CostTable:
    """The tasks of one variant, by group, and their sum."""
    rows: list[tuple[Depth, tuple[str, ...]]] = []
    for group, task in grouped(tasks):
        if task is None:
            rows.append(("group", ("", group_name(group, lang), *[""] * (len(TASK_COLUMNS) - 2))))
        else:
            rows.append(("line", _task_cells(task, lang)))
    if tasks:
        sums = (dong_text(once(tasks), lang), dong_text(yearly(tasks), lang), "")
        rows.append(("total", ("", say("cost.total", lang), *[""] * (len(TASK_COLUMNS) - 5), *sums)))
    return CostTable(table_title(one, kind, lang), TASK_COLUMNS, heads_of(TASK_COLUMNS, lang), tuple(rows))


def grouped(tasks: tuple[Task, ...]) -> Iterator[tuple[int | None, Task | None]]:
    """The tasks in order, a group before those that are in it (with None)."""
    last: int | None = None
    for task in tasks:
        if task.group != last and task.group is not None:
            yield task.group, None
        last = task.group
        yield task.group, task


def group_name(group: int | None, lang: Lang) -> str:
    return say(f"cost.group.{group}", lang)


def task_name(task: Task, lang: Lang) -> str:
    """What is done, and by whom of the applicants."""
    return task.name if task.channel is None else f"{task.name} ({say(f'cost.channel.{task.channel}', lang)})"


def _task_cells(task: Task, lang: Lang) -> tuple[str, ...]:
    def marked(text: str, origin: str) -> str:
        return text + {"data": " *", "parameter": " †"}.get(origin, "")

    return (
        task.number, task_name(task, lang), formats.plain(task.hours, lang),
        marked(dong_text(task.income.value, lang), task.income.origin) if task.hours else "",
        dong_text(task.services, lang), marked(dong_text(task.fee.value, lang), task.fee.origin),
        formats.plain(task.times.value, lang), marked(formats.plain(task.subjects.value, lang), task.subjects.origin),
        dong_text(task.cost, lang), dong_text(task.yearly, lang), task.ground,
    )  # fmt: skip


def summary_table(paper: CostPaper, lang: Lang) -> CostTable:
    """The yearly cost before and after, by field and procedure, and of all."""
    rows: list[tuple[Depth, tuple[str, ...]]] = []
    number = 0
    for name, those in paper.fields:
        rows.append(("group", ("", name or say("forms.unknown_field", lang), *_sums(*totals(those), lang))))
        for one in those:
            number += 1
            sums = _sums(one.year_before, one.year_after, lang)
            share = formats.NOTHING if one.share is None else formats.fixed(one.share, lang)
            rows.append(("line", (str(number), f"{one.code} {one.name}".strip(), *sums[:-1], share)))
    rows.append(("total", ("", say("cost.total", lang), *_sums(*totals(paper.procedures), lang))))
    return CostTable(say("cost.summary", lang), SUMMARY_COLUMNS, heads_of(SUMMARY_COLUMNS, lang), tuple(rows))


def _sums(before: Fraction, after: Fraction | None, lang: Lang) -> tuple[str, str, str, str]:
    if after is None:
        return dong_text(before, lang), formats.NOTHING, formats.NOTHING, formats.NOTHING
    share = share_of(before, after)
    shown = formats.NOTHING if share is None else formats.fixed(share, lang)
    return dong_text(before, lang), dong_text(after, lang), dong_text(before - after, lang), shown


def dong_text(value: Fraction, lang: Lang) -> str:
    """Whole đồng, half-up."""
    return formats.fixed(half_up(value, 0), lang, 0)


def head_lines(paper: CostPaper, lang: Lang) -> list[str]:
    """What stands above the tables."""
    return [
        say("cost.reporter", lang, name=paper.reporter or "…"),
        say("cost.as_of", lang, day=formats.day(paper.as_of[:10], lang)),
    ]


def foot_lines(paper: CostPaper, lang: Lang) -> list[str]:
    """What stands below them: where figures come from, notes, grounds."""
    cites = [say("cost.cite", lang, cite=cite) for cite in paper.cites]
    return [say("cost.marks", lang), *paper.note_lines(lang), *cites, say("cost.from_memory", lang)]


def title_of(paper: CostPaper, lang: Lang) -> str:
    return say("cost.title", lang)
