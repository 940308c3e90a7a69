"""How a run that fails ends: one sentence, an exit code, a line in the log."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tthc_cli.errors import DefectError, Exit, TthcError, system_reason
from tthc_cli.messages import Lang, say, say_in_two
from tthc_cli.private import masked
from tthc_cli.storage.location import DamagedError
from tthc_cli.storage.warehouse import origins

if TYPE_CHECKING:
    from tthc_cli.workspace import Workspace

_CONTROL = {code: None for code in (*range(32), *range(127, 160)) if chr(code) != "\n"}


def printable(text: str) -> str:
    """A text without control characters: a name from an export must not steer a terminal."""
    return text.translate(_CONTROL)


class Session(Protocol):
    """One run of one command, as far as its end needs it."""

    lang: Lang

    @property
    def workspace(self) -> Workspace: ...
    def say(self, key: str, /, **fields: object) -> str: ...
    @property
    def for_log(self) -> Session: ...
    def log(self, text: str) -> None: ...


def failure(session: Session, name: str, error: Exception, *, logged: bool) -> Exception:
    """The error that a failed command ends with: its own, or, where nobody foresaw it, a DefectError.

    Where an unforeseen error happened is kept in a file, without any value: a value may be a person's name. With
    TTHC_DEBUG set it stays as it is.
    """
    if isinstance(error, DamagedError):
        root, table = error.place.parent.parent, error.place.parent.name
        error.fields["sources"] = origins(root, f"{table}/{error.place.name}")
    if not isinstance(error, TthcError | OSError):
        if os.environ.get("TTHC_DEBUG"):
            return error
        error = DefectError("defect", kind=type(error).__name__, path=_kept(session, error))
    if logged:
        code = error.exit_code if isinstance(error, TthcError) else Exit.STOPPED
        with suppress(TthcError):
            log = session.for_log
            session.log(log.say("cli.failed", command=name, code=int(code), message=ended_by(error, log.lang)))
    return error


def _kept(session: Session, error: Exception) -> str:
    """The file that says where in the program the error happened."""
    import traceback

    frames = "".join(traceback.format_tb(error.__traceback__))
    try:
        if not session.workspace.made:
            return "–"
        path = session.workspace.log_file.with_name("defect.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{frames}{type(error).__name__}\n", encoding="utf-8")
    except (TthcError, OSError):
        return "–"
    return str(path)


def ended_by(error: TthcError | OSError, lang: Lang) -> str:
    """The sentence about what stopped a run."""
    if isinstance(error, TthcError):
        return say("cli.error", lang, message=error.message(lang))
    detail = system_reason(error, lang)
    if error.filename is None:
        return say("cli.os_error_somewhere", lang, detail=detail)
    return say("cli.os_error", lang, path=masked(str(error.filename)), detail=detail)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended that did not do what was asked."""

    code: str
    """Stable, for programs: a key of the errors in the catalogue, or of usage."""
    message: str
    exit: int
    file: str = ""
    next: str = ""

    def document(self) -> dict[str, object]:
        """The object that is printed in place of a result when JSON was asked for (docs/interfaces.md)."""
        fields = {
            "code": self.code, "message": self.message, "file": self.file or None, "next": self.next or None,
            "exit": self.exit,
        }  # fmt: skip
        return {"schema": 1, "error": fields}


def ended_with(error: TthcError | OSError, lang: Lang) -> Ended:
    """What stopped a run, in parts."""
    if isinstance(error, TthcError):
        what, following = error.in_two(lang)
        return Ended(error.code, printable(what), int(error.exit_code), error.file, printable(following))
    file, detail = masked(str(error.filename or "")), system_reason(error, lang)
    key = "cli.os_error" if file else "cli.os_error_somewhere"
    what, following = say_in_two(key, lang, **({"path": file} if file else {}), detail=detail)
    return Ended("system", printable(what), int(Exit.STOPPED), file, printable(following))


def report_error(error: TthcError | OSError, lang: Lang) -> int:
    """Say on standard error what stopped the run; returns the exit code."""
    sys.stderr.write(printable(ended_by(error, lang)) + "\n")
    return int(error.exit_code if isinstance(error, TthcError) else Exit.STOPPED)


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
