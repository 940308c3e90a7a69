"""How the columns of a sheet are written, as the rows of its first block prove: dates, decimals, codes, fonts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.cleaning import clean_codes
from tthc_cli.ingest.cleaning.clean import Manner
from tthc_cli.ingest.cleaning.clean_numbers import decimal_marks
from tthc_cli.ingest.cleaning.days_from_1904 import counted_from_1900
from tthc_cli.ingest.cleaning.legacy_fonts import Font, font_of
from tthc_cli.ingest.cleaning.named_periods import periods_in_name
from tthc_cli.ingest.cleaning.nothing import without_guards
from tthc_cli.ingest.cleaning.rows import Plan
from tthc_cli.ingest.files.raw import Block, GridSheet, RawSheet
from tthc_cli.ingest.files.texts.read_csv import CsvSheet
from tthc_cli.ingest.issues import SCHEMA, one_issue, shown
from tthc_cli.ingest.layout.groups import find_groups
from tthc_cli.ingest.layout.locate import Located
from tthc_cli.ingest.layout.merged_cells import filled_down
from tthc_cli.ingest.layout.orders import orders
from tthc_cli.ingest.layout.shifted import columns_of, shifted

Jobs = Iterator[Callable[[], Block]]


def planned(
    sheet: RawSheet,
    located: Located,
    source: str,
    keep_personal: bool,
    officials: bytes | None = None,
    file: str = "",
) -> tuple[Plan, Jobs, list[pa.Table]]:
    """How the rows of a sheet are to be read, the blocks of them, and a warning for each thing that is not usual."""
    spec = located.match.table
    groups = None
    workbook = False
    if isinstance(sheet, GridSheet):
        sheet = filled_down(counted_from_1900(sheet, located), located)
        workbook = sheet.workbook
        if spec.name == "dossiers":
            groups = find_groups(sheet.columns, sheet.rows, located.first, sheet.name)
    plan = Plan(
        spec, located, source, sheet.name, keep_personal=keep_personal, groups=groups, workbook=workbook,
        officials=officials, periods=periods_in_name(file),
    )  # fmt: skip
    if isinstance(sheet, CsvSheet):
        sheet.repetitive = {
            p for name, p in plan.columns.items() if spec.column(name).type == "category" and name not in spec.key
        }
    width = len(located.headings)
    told = _told(sheet) if isinstance(sheet, GridSheet) else []
    if isinstance(sheet, CsvSheet):
        width = sheet.width_below(located.first, located.headings)
        if sheet.mixed:
            _warn(told, plan, "mixed_encoding", "", "")
        if sheet.padded:
            _warn(told, plan, "zero_bytes_at_end", "", "")
    for name, count, rows in uncalculated_of(sheet, located):
        told.append(one_issue("uncalculated", "warning", sheet.name, rows[0], name, _counted(count, rows)))

    def again() -> Jobs:
        return sheet.blocks(located.first, plan.wanted, width)

    plan, jobs, issues = _first_look(plan, again(), again)
    return plan, jobs, [*told, *issues]


def uncalculated_of(sheet: RawSheet, located: Located) -> list[tuple[str, int, Sequence[int]]]:
    """(column, how many formulas in it have no value, first rows with one) of the columns that are used."""
    if not isinstance(sheet, GridSheet) or located.first >= len(sheet.rows):
        return []
    first, last = int(sheet.rows[located.first]), int(sheet.rows[-1])
    names = located.match.columns
    return [
        (names[at], count, rows) for at, count, rows in sheet.uncalculated
        if at in names and first <= rows[-1] and rows[0] <= last
    ]  # fmt: skip


def _counted(count: int, rows: Sequence[int]) -> str:
    return f"{count}: {', '.join(map(str, rows))}{', …' if count > len(rows) else ''}"


def _first_look(plan: Plan, jobs: Jobs, again: Callable[[], Jobs]) -> tuple[Plan, Jobs, list[pa.Table]]:
    job = next(jobs, None)
    if job is None:
        return plan, jobs, []
    first = _unguarded(job())
    issues: list[pa.Table] = []
    manners = {**_dates(plan, first, again, issues), **_decimals(plan, first), **_codes(plan, first, issues)}
    adapted = replace(plan, manners=manners, fonts=_fonts(plan, first, issues))
    return adapted, chain([lambda: first], (_unguarding(job) for job in jobs)), issues


def _unguarding(job: Callable[[], Block]) -> Callable[[], Block]:
    return lambda: _unguarded(job())


def _unguarded(block: Block) -> Block:
    return replace(block, columns={at: without_guards(texts) for at, texts in block.columns.items()})


def _told(sheet: GridSheet) -> list[pa.Table]:
    cells = [(code, "warning", sheet.name, row, "", value) for code, row, value in sheet.told]
    columns = (
        [pa.array(column, field.type) for column, field in zip(zip(*cells, strict=True), SCHEMA, strict=True)]
        if cells
        else []
    )
    return [pa.table(columns, schema=SCHEMA)] if cells else []


def _warn(issues: list[pa.Table], plan: Plan, code: str, column: str, value: str) -> None:
    issues.append(one_issue(code, "warning", plan.sheet, 0, column, shown(column, value)))


def _of_type(plan: Plan, first: Block, *types: str) -> dict[str, pa.Array]:
    wanted = {c.name for c in plan.spec.stored if c.type in types}
    return {n: first.columns[p] for n, p in sorted(plan.columns.items()) if n in wanted and p in first.columns}


def _dates(plan: Plan, first: Block, again: Callable[[], Jobs], issues: list[pa.Table]) -> dict[str, Manner]:
    texts = _of_type(plan, first, "timestamp", "date")
    found = orders(texts)
    for column, (order, proof) in sorted(found.items()):
        _warn(issues, plan, "month_first" if order == "mdy" else "days_swapped", column, proof)
    manners = {column: Manner(order=order) for column, (order, _) in found.items()}
    usual = Manner()
    moved = shifted(
        plan.spec, texts, lambda name: manners.get(name, usual).order, lambda names: columns_of(again(), plan, names)
    )
    for column, proof in sorted(moved.items()):
        _warn(issues, plan, "shifted_days", column, proof)
        manners[column] = replace(manners.get(column, usual), days=True)
    return manners


def _decimals(plan: Plan, first: Block) -> dict[str, Manner]:
    texts = {n: [t for t in pc.unique(c).to_pylist() if t] for n, c in _of_type(plan, first, "decimal").items()}
    return {column: Manner(mark=mark) for column, mark in decimal_marks(texts, plan.workbook).items() if mark}


def _codes(plan: Plan, first: Block, issues: list[pa.Table]) -> dict[str, Manner]:
    manners = {}
    for name, texts in _of_type(plan, first, "text").items():
        if plan.spec.column(name).normalise == "dossier" and (example := clean_codes.are_numbers(texts)):
            manners[name] = Manner(numeric=True)
            _warn(issues, plan, "numeric_codes", name, example)
    return manners


def _fonts(plan: Plan, first: Block, issues: list[pa.Table]) -> dict[int, Font]:
    fonts = {}
    for column, texts in _of_type(plan, first, "text", "category", "enum", "flag").items():
        if plan.spec.column(column).normalise == "dossier":
            continue
        font = font_of(pc.unique(texts.slice(0, 50_000)).drop_null().to_pylist())
        if font is not None:
            fonts[plan.columns[column]] = font
            _warn(issues, plan, "legacy_font", column, font)
    return fonts
