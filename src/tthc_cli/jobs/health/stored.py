"""Checks of what is stored: scores that newer files or rules have overtaken, and whether the places answer."""

from __future__ import annotations

from tthc_cli import __version__, rulebooks
from tthc_cli.errors import InputError, TthcError
from tthc_cli.ingest.storing.officials import key_file, read_key
from tthc_cli.jobs.health.model import Answers, Finding, Situation, bad, note, ok
from tthc_cli.jobs.officials import half_forgotten, left_over
from tthc_cli.storage import stored_scores
from tthc_cli.storage.location import Remote, write_atomic
from tthc_cli.storage.score_heads import ScoreHead, score_heads

_PROBE = ".tthc-probe"


def scores(situation: Situation) -> Answers:
    """Whether the score made last still stands on what is in the warehouse and in the rulebook. Of earlier periods it
    is only told how many do not: they are scored again when somebody wants them."""
    heads = score_heads(situation.workspace.scores)
    if situation.warehouse is None or not heads:
        yield note("nothing_scored")
        return
    try:
        period, book, window = stored_scores.latest(situation.workspace.scores)
    except InputError:
        period, book, window = heads[-1].period, heads[-1].rulebook, "calendar"
    earlier = 0
    for head in heads:
        answers = list(_overtaken(head, situation))
        if (head.period, head.rulebook, head.window) == (period, book, window):
            yield from answers or [ok("score_stands", **_name(head))]
        else:
            earlier += any(one.state == "bad" for one in answers)
    if earlier:
        yield note("scores_overtaken", count=earlier)


def _name(head: ScoreHead) -> dict[str, object]:
    return {"period": head.period, "rulebook": head.rulebook}


def _overtaken(head: ScoreHead, situation: Situation) -> Answers:
    assert situation.warehouse is not None
    now = {s.sha256 for s in situation.warehouse.sources}
    if now != head.sources:
        yield bad("score_older", **_name(head), new=len(now - head.sources), gone=len(head.sources - now))
    try:
        rules = rulebooks.by_id(head.rulebook, situation.workspace.rulebooks)
    except TthcError as error:
        yield bad("rules_gone", **_name(head), detail=error)
        return
    if rules.sha256 != head.rules_sha256:
        yield bad("rules_changed", **_name(head))
    if head.version != __version__:
        yield note("other_version", **_name(head), version=head.version, now=__version__)


def officials(situation: Situation) -> Answers:
    """Whether more of officials is stored than the settings say. Raises InputError when others may read the key."""
    workspace = situation.workspace
    if half_forgotten(workspace).exists():
        yield bad("officials_half")
    elif left_over(workspace, situation.warehouse):
        yield bad("officials_left")
    elif workspace.settings.officials.keep != "code":
        yield ok("officials_none")
    else:
        if key_file(workspace).exists():
            read_key(key_file(workspace))
        yield ok("officials_kept")


def storage(situation: Situation) -> Answers:
    """Whether every place where something is stored can be written and read again."""
    workspace = situation.workspace
    for place in dict.fromkeys((workspace.warehouse, workspace.scores, workspace.reports)):
        if isinstance(place, Remote):
            yield _answers(place)
    if situation.warehouse is not None:
        yield ok("warehouse_whole", files=len(situation.warehouse.sources))


def _answers(place: Remote) -> Finding:
    probe = place / _PROBE
    try:
        write_atomic(probe, b"tthc")
        whole = probe.read_bytes() == b"tthc"
        probe.unlink(missing_ok=True)
    except (TthcError, OSError) as error:
        return bad("storage_fails", place=str(place), detail=error)
    return ok("storage_answers", place=str(place)) if whole else bad("storage_lies", place=str(place))
