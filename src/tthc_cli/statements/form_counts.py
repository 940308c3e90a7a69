"""What a statutory form counts of the stored dossiers in a window, as they stood at its end: by unit and field.

The judge is that of form II.06; a dossier is in one way in (online, directly, by post, carried over) and one state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.chunks import chunk_columns, may_matter
from tthc_cli.counting.own_fields import fields_of
from tthc_cli.facts.codes import POSTAL, WITHDRAWN
from tthc_cli.facts.columns import among
from tthc_cli.facts.context import OWN_FIELDS
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.strangers import by_code
from tthc_cli.forms.layout import COUNTS
from tthc_cli.indicators.registry import MEASURES
from tthc_cli.results.beside import form_columns
from tthc_cli.storage.parquet import open_parquet
from tthc_cli.text import fold

if TYPE_CHECKING:
    from tthc_cli.statements.dossiers.asking import Asked

Ints = npt.NDArray[np.int64]
Counted = Mapping[tuple[int, str], Ints]
"""(index of the unit, name of the field) -> figures, by COUNTS."""


def counted(asked: Asked, start: int, end: int, withdrawn: str) -> Counted:
    """The figures of the dossiers that the window counts. start, end: its first second, and the first after it; the
    moment asked for says up to when is seen."""
    context = replace(asked.context, start=start, end=end)
    columns = [*chunk_columns(context), *OWN_FIELDS]
    total: dict[tuple[int, str], Ints] = defaultdict(lambda: np.zeros(len(COUNTS), np.int64))
    spelled: dict[str, str] = {"": ""}
    for path, group, month, names in asked.chunks:
        if not may_matter(month, context) or not any(asked.wants(name) for name in names):
            continue
        with open_parquet(path) as file:
            stored = set(file.schema_arrow.names)
            wanted = [name for name in dict.fromkeys(columns) if name in stored]
            chunk = file.read_row_group(group, columns=wanted, use_threads=False)
        facts = DossierFacts(by_code(chunk, context.strangers), context)
        verdict = MEASURES.form.judge(facts)
        rows = np.flatnonzero(verdict != 0)
        unit = asked.unit_of(facts)
        if asked.units is not None:
            rows = rows[np.isin(unit[rows], list(asked.units))]
        gone = among(facts.status, WITHDRAWN) & facts.finished
        if withdrawn == "excluded":
            rows = rows[~gone[rows]]
        figures = _figures(facts, np.asarray(verdict), gone)[rows]
        field, fields = _fields(facts, rows)
        keys, inverse = np.unique(unit[rows].astype(np.int64) * len(fields) + field, return_inverse=True)
        summed = np.zeros((len(keys), len(COUNTS)), np.int64)
        np.add.at(summed, inverse, figures)
        for key, row in zip(keys.tolist(), summed, strict=True):
            name = fields[key % len(fields)]
            total[key // len(fields), spelled.setdefault(fold(name), name)] += row
    return dict(total)


def _figures(facts: DossierFacts, verdict: npt.NDArray[np.integer], gone: npt.NDArray[np.bool_]) -> Ints:
    """1 where a dossier counts in a figure. Shape (n, COUNTS)."""
    cells = np.zeros((len(MEASURES.form.reasons), len(COUNTS)), np.int64)
    for place, reason in enumerate(MEASURES.form.reasons[1:], start=1):
        for name in form_columns(reason.key):
            cells[place, COUNTS.index(name)] = 1
    out: Ints = cells[verdict]
    direct, post = COUNTS.index("direct"), COUNTS.index("post")
    by_post = among(facts.code("KenhThucHien"), POSTAL)
    out[:, post] = out[:, direct] * by_post
    out[:, direct] -= out[:, post]
    out[:, COUNTS.index("withdrawn")] = (verdict != 0) & gone
    return out


def _fields(facts: DossierFacts, rows: npt.NDArray[np.intp]) -> tuple[Ints, list[str]]:
    """The field of each of some dossiers: its procedure's in the catalogue, else the one that it names; and all names,
    "" for none. Shape of rows."""
    listed = [*facts.context.catalogue.fields, ""]
    known = np.array([bool(fold(name)) for name in listed])
    procedure = facts.procedure[rows].astype(np.int64)
    own, names = fields_of(facts, rows)
    return np.where(known[procedure], procedure, len(listed) + own), [*listed, *names]
