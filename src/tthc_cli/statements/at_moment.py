"""The stored dossiers and units at a moment, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tthc_cli.counting.chunks import chunk_columns, may_matter, read_chunk, units_of
from tthc_cli.errors import InputError
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.known import Known
from tthc_cli.facts.late.step_log import StepLog
from tthc_cli.facts.letters.causes import outages, typed_causes
from tthc_cli.facts.letters.state import Letters
from tthc_cli.results.notes import note
from tthc_cli.scoring.scored_tree import ScoredTree, scored_tree
from tthc_cli.statements.dossier_rows import PLACE_COLUMNS
from tthc_cli.statements.dossiers.asking import Asked

if TYPE_CHECKING:
    from tthc_cli.facts.moment import Moment


STALE = timedelta(days=3)
"""Data older than this at a moment are told of: a long weekend without an export is nothing."""


def age_of_data(moment: Moment, key: str = "old_data") -> tuple[str, ...]:
    """A note where the newest export of dossiers is much older than the moment: what happened since is not known.
    key: of the note."""
    exported = [s.exported_at for s in moment.warehouse.sources if s.exported_at and "dossiers" in s.columns]
    newest = datetime.fromisoformat(max(exported)) if exported else moment.at
    ago = moment.at - newest
    return (note(key, day=newest.date().isoformat(), days=ago.days),) if ago > STALE else ()


def dossiers_of(moment: Moment) -> Iterator[DossierFacts]:
    """Facts of all dossiers, a chunk at a time, with the columns that tell where each was read."""
    columns = list(dict.fromkeys([*chunk_columns(moment.context), *PLACE_COLUMNS]))
    for partition, group in moment.warehouse.row_groups("dossiers", []):
        if may_matter(partition.month, moment.context):
            yield DossierFacts(read_chunk(moment.warehouse.path(partition), group, columns), moment.context)


def asked_at(moment: Moment) -> Asked:
    """All dossiers at a moment, and the units of its day. Raises InputError when nothing is stored, or the unit table
    is at fault."""
    chunks = []
    for partition, group in moment.warehouse.row_groups("dossiers", []):
        path = moment.warehouse.path(partition)
        chunks.append((path, group, partition.month, units_of(path, group)))
    names = sorted({name for *_, own in chunks for name in own})
    if not names:
        raise InputError("nothing_to_list")
    tree = replace(scored_tree(moment.warehouse, moment.at.date(), moment.settings, names, ()), has_unmatched=True)
    context = replace(moment.context, strangers=tree.strangers(names))
    known = Known(
        Letters(moment).states, typed_causes(moment.warehouse, moment.context.cutoff), outages(moment.warehouse)
    )
    return Asked(moment, tree, context, tuple(chunks), StepLog.of(moment.warehouse), known=known)


def tree_of(moment: Moment) -> ScoredTree:
    """The units of the day of the moment. Raises as `asked_at`."""
    return asked_at(moment).tree
