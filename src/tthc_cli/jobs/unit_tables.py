"""A draft of the unit table from what is stored, and a look at the table that is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError
from tthc_cli.render.listing import write_listing
from tthc_cli.scoring.run import latest_event
from tthc_cli.statements.unit_table.checking import check_listing, findings
from tthc_cli.statements.unit_table.draft import Draft, draft
from tthc_cli.statements.unit_table.evidence import gather
from tthc_cli.statements.unit_table.listing import draft_listing
from tthc_cli.statements.unit_table.successors import became, succeeded
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.tree import stored_units

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.listing import Listing
    from tthc_cli.storage.location import Location
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Workspace

FILE = "units.xlsx"
"""Where a draft is written when nothing is said: in the workspace."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A draft, and where it was written."""

    draft: Draft
    listing: Listing
    path: Location


def propose_units(
    workspace: Workspace,
    lang: Lang = "vi",
    *,
    out: Location | None = None,
    province: str | None = None,
    over: bool = False,
) -> Proposed:
    """Draft the unit table from everything stored, and write it as a file that `ingest` takes (.xlsx or .csv).

    `province`: with what became of its communes on 1 July 2025; `over`: also over a file that is there already. Raises
    InputError when nothing that names a unit is stored, the file is there, or successors cannot be told.
    """
    path = out or workspace.root / FILE
    if path.exists() and not over:
        raise InputError("draft_there", path=str(path))
    warehouse = open_warehouse(workspace.warehouse)
    told = workspace.settings.province
    evidence = gather(warehouse)
    if not evidence.texts and not evidence.codes:
        raise InputError("no_unit_names")
    latest = _latest(warehouse)
    made = draft(evidence, stored_units(warehouse), (told.code, told.name), latest.date())
    if province is not None:
        made = succeeded(made, became(province))
    listing = draft_listing(made, latest.isoformat())
    write_listing(path, listing, lang)
    return Proposed(made, listing, path)


def check_units(workspace: Workspace) -> Listing:
    """What to look at in the unit table, on the last day that the data tell of.

    Raises InputError when there is no unit table, or it is at fault.
    """
    warehouse = open_warehouse(workspace.warehouse)
    tree = stored_units(warehouse)
    if tree is None:
        raise InputError("no_unit_table")
    latest = _latest(warehouse)
    return check_listing(findings(tree, gather(warehouse), latest.date()), latest.isoformat())


def _latest(warehouse: Warehouse) -> datetime:
    """The latest event of the dossiers, else of any file."""
    exported = [datetime.fromisoformat(s.exported_at) for s in warehouse.sources if s.exported_at]
    return latest_event(warehouse.sources) or max(exported, default=datetime(2000, 1, 1))
