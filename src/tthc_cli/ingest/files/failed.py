"""What is said of a file whose reader failed in a way that nobody foresaw: so much for the file, and the run goes on.

The reason has a key of its own, which the tests take for a defect of the program wherever they meet it. It says what
kind of error came up and where in the program, never a word of the file.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from tthc_cli.errors import TthcError
from tthc_cli.ingest.report import FileReport

FAILED = "ingest.left_failed"
_PACKAGE = Path(__file__).parents[1]


def of_storage(error: Exception) -> bool:
    """Whether an error may come of what the product has stored or writes, and not of the file that is read.

    A decoder's complaint about its data can be an OSError too, but has no number.
    """
    if isinstance(error, OSError):
        return error.errno is not None or error.filename is not None
    return isinstance(error, TthcError)


def failed(label: str, error: Exception) -> FileReport:
    """The file is left out; the kind of the error and the place in this package are the detail."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f"{Path(f.filename).name}:{f.lineno}" for f in frames if Path(f.filename).is_relative_to(_PACKAGE)]
    return FileReport(label, FAILED, {"detail": " ".join([type(error).__name__, *own[-1:]])})
