"""The sample province that comes with the program: exports of a province that does not exist."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import tthc_cli
from tthc_cli import clock
from tthc_cli.errors import InputError
from tthc_cli.workspace import create_workspace

if TYPE_CHECKING:
    from tthc_cli.messages import Lang

PERIOD = "2023Q2"
"""The period that its files tell most of."""
_EXPORTED = datetime(2023, 8, 3, 8)
"""When its last files were exported: what is kept by hand counts from there, so that every demo is the same."""
_PROGRAM = Path(tthc_cli.__file__).parent
_HOMES = (_PROGRAM / "sample", _PROGRAM.parents[1] / "sample_data" / "exports")
"""Where its files lie: in the installed program, or in the checkout that the program is run from."""


def sample_exports() -> Path:
    """The folder of its files. Raises InputError where the program was packed without them."""
    found = next((home for home in _HOMES if home.is_dir()), None)
    if found is None:
        raise InputError("no_sample", path=str(_HOMES[0]))
    return found


def make_sample_workspace(folder: Path, lang: Lang) -> Path:
    """Make a workspace in a new or empty folder, with the files of the sample in `exports/`; returns that folder.

    Raises InputError when something lies in the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("sample_folder_taken", path=str(folder))
    files = sample_exports()
    exports = create_workspace(folder, lang) / "exports"
    for file in sorted(files.iterdir()):
        if file.is_file():
            copy = shutil.copyfile(file, exports / file.name)
            os.utime(copy, (clock.instant_of(_EXPORTED),) * 2)
    return exports
