"""What to do next in this folder: shown below the help page that `tthc` alone prints."""

from __future__ import annotations

from pathlib import Path

from tthc_cli.cli.registry import top_names
from tthc_cli.errors import TthcError
from tthc_cli.messages import Lang, say
from tthc_cli.workspace import SETTINGS_FILE, Workspace, find_workspace

EXPORTS = "exports"


def next_step(folder: Path, lang: Lang) -> str:
    """One sentence or two, with the command to type; it depends on what the folder holds."""
    from tthc_cli.storage.glimpse import has_tables, last_score

    try:
        workspace = find_workspace(folder)
    except TthcError as error:
        return say("next_step.settings", lang, detail=error.message(lang))
    except OSError:
        return ""
    local = all(isinstance(place, Path) for place in (workspace.warehouse, workspace.scores))
    last = last_score(workspace.scores)
    if not local:
        return say("next_step.elsewhere", lang)
    if last is not None:
        return say("next_step.scored", lang, period=last[0])
    if has_tables(workspace.warehouse):
        return say("next_step.taken_in", lang)
    return say(f"next_step.{_before(workspace)}", lang)


def _before(workspace: Workspace) -> str:
    """Where nothing is stored yet."""
    if any(path.is_file() and not path.name.startswith(".") for path in (workspace.root / EXPORTS).rglob("*")):
        return "exports"
    if (workspace.root / SETTINGS_FILE).is_file():
        return "workspace"
    return "nothing_or_demo" if "demo" in top_names() else "nothing"
