"""The size of the house: a module, a function and a folder stay small enough to be read in one go."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "tthc_cli"
MODULES = sorted(SOURCE.rglob("*.py"))
LINES, FUNCTION_LINES, MODULES_IN_A_FOLDER = 400, 70, 16


def _functions(path: Path) -> list[tuple[str, int]]:
    found = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef))
    return [(f"{path.relative_to(SOURCE)}:{f.name}", (f.end_lineno or f.lineno) - f.lineno + 1) for f in found]


def test_no_module_is_too_long() -> None:
    lines = {str(path.relative_to(SOURCE)): path.read_text("utf-8").count("\n") for path in MODULES}
    assert len(lines) > 100
    assert {path: n for path, n in lines.items() if n > LINES} == {}


def test_no_function_is_too_long() -> None:
    assert [(at, n) for path in MODULES for at, n in _functions(path) if n > FUNCTION_LINES] == []


def test_no_folder_holds_too_many_modules() -> None:
    held = Counter(str(path.parent.relative_to(SOURCE)) for path in MODULES if path.name != "__init__.py")
    assert {folder: n for folder, n in held.items() if n > MODULES_IN_A_FOLDER} == {}
