"""What the stored scores say of themselves, without their tables."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tthc_cli.storage.location import Location, files_below
from tthc_cli.storage.stored_scores import MANIFEST


@dataclass(frozen=True, slots=True)
class ScoreHead:
    """One stored score: what was scored, by which rules, from which files."""

    period: str
    window: str
    rulebook: str
    rules_sha256: str
    version: str
    sources: frozenset[str]
    """sha256 of each file behind it."""


def score_heads(scores: Location) -> tuple[ScoreHead, ...]:
    """The head of every stored score, by place; what is no score is passed over."""
    found = []
    for file in files_below(scores):
        if not file.endswith(f"/{MANIFEST}"):
            continue
        try:
            raw = json.loads((scores / file).read_bytes())
            found.append(
                ScoreHead(
                    str(raw["period"]), str(raw["window"]), str(raw["rulebook"]["id"]), str(raw["rulebook"]["sha256"]),
                    str(raw["version"]), frozenset(str(s["sha256"]) for s in raw["sources"]),
                )
            )  # fmt: skip
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def heads_of_period(scores: Location, period: str, window: str) -> tuple[ScoreHead, ...]:
    """The heads of the scores of one period."""
    folder = scores / (period if window == "calendar" else f"{period}-{window}")
    return tuple(head for head in score_heads(folder) if (head.period, head.window) == (period, window))
