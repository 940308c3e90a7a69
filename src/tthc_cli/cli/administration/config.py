"""`tthc config`: the settings in force, and where each of them comes from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tthc_cli.cli.session import Session, command, fitted_table
from tthc_cli.errors import Exit

if TYPE_CHECKING:
    from tthc_cli.settings.in_force import InForce


def _command_line(session: Session) -> list[InForce]:
    """What is no setting of the file: the folder and the language."""
    from tthc_cli.settings.in_force import InForce, Source

    folder: Source = "option" if session.folder else "found" if session.workspace.settings_file else "current"
    named = {"option": "--lang", "environment": "TTHC_LANG"}.get(session.lang_from, "")
    return [
        InForce(
            "workspace", str(session.workspace.root.resolve()), folder, name="--workspace" if session.folder else ""
        ),
        InForce("lang", session.lang, session.lang_from, name=named),
    ]


def _from(session: Session, one: InForce) -> str:
    return session.say(f"config.from.{one.source}", line=one.line, name=one.name)


def _shown(session: Session, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "–"
    return "–" if value in ("", None) else str(value)


@command("config", purpose="administration")
def config(session: Session) -> Exit:
    from tthc_cli.settings.in_force import in_force
    from tthc_cli.workspace import settings_text

    file = session.workspace.settings_file
    variables = {"storage.endpoint": session.endpoint_variable}
    settings = session.workspace.settings.model_dump(mode="json")
    found = [*_command_line(session), *in_force(settings, settings_text(file) if file else "", variables)]
    if session.json:
        rows = [{**asdict(one), "line": one.line or None, "name": one.name or None} for one in found]
        session.emit({"schema": 1, "file": str(file) if file else None, "settings": rows})
    session.show(session.say("config.file", path=str(file)) if file else session.say("config.no_file"), whole=True)
    heads = (("key", "left", 0), ("value", "left", 1), ("from", "left", 0))
    table = fitted_table(
        session.out.width, *((session.say(f"config.head_{key}"), side, share) for key, side, share in heads)
    )
    for one in found:
        table.add_row(one.key, _shown(session, one.value), _from(session, one))
    session.show(table)
    return Exit.DONE
