"""Stored scores table by table, without making a record of every row: for what reads thousands of units at once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_cli.errors import InputError
from tthc_cli.results.scorecard import FORMAT, RulebookInfo
from tthc_cli.storage.location import DamagedError, Location, files_below
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.storage.stored_scores import MANIFEST, rulebook_of

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class StoredCard:
    """One stored score: what its manifest says, and where its tables are."""

    scores: Location
    folder: str
    """Below the scores: "2023Q2/qd766"."""
    sha256: str
    """Of the manifest, which names every table by its content."""
    head: dict[str, Any]

    @property
    def rulebook(self) -> RulebookInfo:
        return rulebook_of(self.head["rulebook"])

    def table(self, name: str, columns: tuple[str, ...] | None = None) -> pa.Table:
        """One of its tables. Raises InputError when it is damaged or gone."""
        try:
            return read_parquet(self.scores / self.folder / self.head["files"][name], columns)
        except (DamagedError, FileNotFoundError, KeyError) as error:
            raise InputError("bad_score", path=str(self.scores / self.folder), detail=repr(error)) from None

    @property
    def weight(self) -> int | None:
        """Bytes of its table of units, by which large ones are known; None where asking would take a request."""
        place = self.scores / self.folder / self.head["files"]["units"]
        return place.stat().st_size if isinstance(place, Path) and place.exists() else None


def stored_cards(scores: Location) -> tuple[StoredCard, ...]:
    """Every stored score of units, by folder. Raises InputError for a manifest that cannot be read, or of another
    format."""
    found = []
    for file in files_below(scores):
        if not file.endswith(f"/{MANIFEST}"):
            continue
        folder = file.removesuffix(f"/{MANIFEST}")
        try:
            data = (scores / file).read_bytes()
            head = json.loads(data)
            if head["format"] != FORMAT:
                raise InputError("score_format", path=str(scores / folder), found=head["format"], known=FORMAT)
            if head.get("subjects", "units") == "units":
                found.append(StoredCard(scores, folder, hashlib.sha256(data).hexdigest(), head))
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise InputError("bad_score", path=str(scores / folder), detail=repr(error)) from None
    return tuple(found)
