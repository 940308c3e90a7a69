"""Account, password and secret address of notices: from the environment, or from a file that its owner alone may read.
They are in no setting, message or log."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError

if TYPE_CHECKING:
    from tthc_cli.workspace import Workspace

VARIABLES = {"user": "TTHC_SMTP_USER", "password": "TTHC_SMTP_PASSWORD", "ping": "TTHC_PING_URL"}


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is kept out of the settings."""

    user: str = ""
    password: str = ""
    ping: str = ""

    def __repr__(self) -> str:
        return "Secrets(…)"


def read_secrets(workspace: Workspace, environment: Mapping[str, str]) -> Secrets:
    """The secrets: each from its variable, else from the file that `[notify]` names. Raises InputError when the file
    cannot be read, holds something else, or may be read by others."""
    name = workspace.settings.notify.secret_file
    kept = _file(workspace.root / name) if name else {}
    found = {key: environment.get(variable) or kept.get(key, "") for key, variable in VARIABLES.items()}
    return Secrets(**found)


def _file(path: Path) -> dict[str, str]:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("no_secrets", path=str(path), detail=error) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise InputError("open_secrets", path=str(path), mode=f"{stat.S_IMODE(mode):04o}")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise InputError("bad_secrets", path=str(path), known=", ".join(VARIABLES)) from None
    if not all(key in VARIABLES and isinstance(value, str) for key, value in raw.items()):
        raise InputError("bad_secrets", path=str(path), known=", ".join(VARIABLES))
    return raw
