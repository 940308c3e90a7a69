"""A stored score as pandas tables, for an analyst's notebook.

Counts and points are floats here; the exact ones are in the scorecard. The command line does not come by here: pandas
takes half a second to load.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from tthc_cli.errors import UsageError
from tthc_cli.results.scorecard import Scorecard, public_json
from tthc_cli.storage import stored_scores
from tthc_cli.workspace import find_workspace


def scorecard(workspace: Path, period: str | None = None, rulebook: str | None = None) -> Scorecard:
    """The stored score of a workspace: of a period ("2023Q2") and a rulebook ("qd766"), or the one scored last.

    Raises InputError when it was not scored, UsageError when only one of the two is given.
    """
    found = find_workspace(workspace, workspace)
    if (period is None) != (rulebook is None):
        raise UsageError("no_period")
    if period is None or rulebook is None:
        return stored_scores.load(found.scores, *stored_scores.latest(found.scores))
    return stored_scores.load(found.scores, period, rulebook, found.settings.scoring.window)


def units(card: Scorecard) -> pd.DataFrame:
    """One row a unit, in the order of the ranking: total, grade, rank, and the points of each group as "group.<id>"."""
    rows = []
    for unit in public_json(card)["units"]:
        groups = unit.pop("groups")
        rows.append({**unit, **{f"group.{group}": points for group, points in groups.items()}})
    return pd.DataFrame(rows)


def components(card: Scorecard) -> pd.DataFrame:
    """One row a unit and component: numerator, denominator, ratio, points, max, status."""
    return pd.DataFrame(public_json(card)["components"])


def reasons(card: Scorecard) -> pd.DataFrame:
    """One row a unit, component and reason: how many subjects got that verdict, and where it counts."""
    return pd.DataFrame([asdict(reason) for reason in card.reasons])
