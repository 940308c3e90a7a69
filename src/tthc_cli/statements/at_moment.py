"""The stored dossiers and units at a moment, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tthc_cli import schema
from tthc_cli.counting.chunks import chunk_columns, may_matter, read_chunk
from tthc_cli.errors import InputError
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.scoring.scored_tree import ScoredTree, scored_tree
from tthc_cli.statements.dossier_rows import PLACE_COLUMNS

if TYPE_CHECKING:
    from tthc_cli.facts.moment import Moment


def dossiers_of(moment: Moment) -> Iterator[DossierFacts]:
    """Facts of all dossiers, a chunk at a time, with the columns that tell where each was read."""
    columns = list(dict.fromkeys([*chunk_columns(moment.context), *PLACE_COLUMNS]))
    for partition, group in moment.warehouse.row_groups("dossiers", []):
        if may_matter(partition.month, moment.context):
            yield DossierFacts(read_chunk(moment.warehouse.path(partition), group, columns), moment.context)


def tree_of(moment: Moment) -> ScoredTree:
    """The units of the day of the moment. Raises InputError when nothing is stored, or the unit table is at fault."""
    names: set[str] = set()
    for partition, group in moment.warehouse.row_groups("dossiers", []):
        chunk = read_chunk(moment.warehouse.path(partition), group, [schema.UNIT_KEY])
        names.update(name or "" for name in chunk.column(schema.UNIT_KEY).cast("string").unique().to_pylist())
    if not names:
        raise InputError("nothing_to_list")
    tree = scored_tree(moment.warehouse, moment.at.date(), moment.settings, sorted(names), ())
    return replace(tree, has_unmatched=True)
