"""What the program itself is made of: which of its modules a module stands on, and a hash of them all.

What was worked out once and is kept holds only as long as the code that worked it out is the same.
"""

from __future__ import annotations

import hashlib
import re
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from tthc_cli.machine import frozen

PACKAGE = "tthc_cli"
_IMPORT = re.compile(
    rf"^\s*(?:from ({PACKAGE}[\w.]*) import (\([^)]*\)|[^\n]*)|import ({PACKAGE}[\w.]*))", re.MULTILINE
)
_NAME = re.compile(r"\w+")


def source_of(module: str) -> bytes | None:
    """The source of a module of the program; None for a name that is no module, b"" where no source is kept."""
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return None
    if spec is None or spec.loader is None:
        return None
    text = spec.loader.get_source(module) if hasattr(spec.loader, "get_source") else None
    return (text or "").encode()


def imported(source: bytes) -> set[str]:
    """Names that may be modules of the program, which a source imports at its top, in functions or for types only."""
    found: set[str] = set()
    for package, names, module in _IMPORT.findall(source.decode()):
        found.add(package or module)
        found.update(f"{package}.{name}" for name in _NAME.findall(names.split("#")[0]))
    return found


def modules_behind(*modules: str) -> dict[str, bytes]:
    """The modules given and all that they import, and these import, with their sources; packages on the way too."""
    found: dict[str, bytes] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        source = source_of(module)
        if source is None:
            continue
        found[module] = source
        waiting += imported(source)
        waiting.append(module.rpartition(".")[0] or PACKAGE)
    return found


def fingerprint(*modules: str) -> str:
    """A hash of the modules, of all that they import, and of the dictionary of tables."""
    digest = hashlib.sha256()
    for module, source in sorted(modules_behind(*modules).items()):
        digest.update(f"{module}:{len(source)}:".encode())
        digest.update(source)
    dictionary = Path(str(files(PACKAGE).joinpath("dictionary")))
    for file in sorted(dictionary.rglob("*.toml")):
        digest.update(file.relative_to(dictionary).as_posix().encode())
        digest.update(file.read_bytes())
    if frozen():
        digest.update(Path(sys.executable).read_bytes())
    return digest.hexdigest()
