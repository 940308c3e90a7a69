"""Late steps: a participating unit or division past its own step, even when the dossier is on time.

Analysed, never scored by Decision 766. A step belongs to the unit in its dossier's code (MaHoSo begins with it) and to
the division that did it (PhongBanXuLy); it is late when it was done after its own due time (`facts.late.steps`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.columns import Column, whole
from tthc_cli.facts.late.steps import is_late
from tthc_cli.results.beside import StepCount
from tthc_cli.results.scorecard import UNMATCHED_ID
from tthc_cli.storage.parquet import open_parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree


def count_steps(run: Run, tree: ScoredTree) -> tuple[StepCount, ...]:
    """Steps done in the period and up to the cutoff, by unit and division; in the order of the tree, then by name."""
    total: Counter[tuple[str, str]] = Counter()
    late: Counter[tuple[str, str]] = Counter()
    columns = ["MaHoSo", "PhongBanXuLy", "ThoiDiemXuLy", "NgayKetThucTheoQuyDinh"]
    for partition in run.warehouse.partitions("process_log"):
        with open_parquet(run.warehouse.path(partition)) as file:
            for group in range(file.num_row_groups):
                _add(file.read_row_group(group, columns=columns), run, total, late)
    names = sorted({code for code, _ in total})
    place = dict(zip(names, tree.place(names), strict=True))
    found: Counter[tuple[int, str]] = Counter()
    found_late: Counter[tuple[int, str]] = Counter()
    for (code, division), count in total.items():
        found[(place[code], division)] += count
        found_late[(place[code], division)] += late[(code, division)]
    return tuple(
        StepCount(
            tree.ids[unit] if unit < len(tree.ids) else UNMATCHED_ID, division, count, found_late[(unit, division)]
        )
        for (unit, division), count in sorted(found.items())
    )


def _add(chunk: pa.Table, run: Run, total: Counter[tuple[str, str]], late: Counter[tuple[str, str]]) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    at, due = (Column(whole(chunk.column(name))).seconds for name in ("ThoiDiemXuLy", "NgayKetThucTheoQuyDinh"))
    inside = np.flatnonzero((at >= run.start) & (at <= run.cutoff))
    rows = chunk.take(pa.array(inside))
    table = pa.table(
        {
            "code": pc.replace_substring_regex(rows.column("MaHoSo"), r"-\d{6}-.*$", ""),
            "division": pc.fill_null(rows.column("PhongBanXuLy").cast(pa.string()), ""),
            "late": pa.array(is_late(due[inside], at[inside]).astype(np.int64)),
        }
    )
    grouped: list[dict[str, Any]] = (
        table.group_by(["code", "division"]).aggregate([("late", "count"), ("late", "sum")]).to_pylist()
    )
    for row in grouped:
        key = (row["code"], row["division"])
        total[key] += row["late_count"]
        late[key] += row["late_sum"]
