"""On which line of a TOML text each key stands, so that a fault in a rulebook or in the settings can be pointed at.

`tomllib` reads values but forgets where they stood; this scan finds the lines again and nothing else.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\[(?P<array>\[)?\s*(?P<name>[^\[\]]+?)\s*\]")
_PART = re.compile(r"""[^\s."']+|"[^"]*"|'[^']*'""")
_KEY = re.compile(r"""(?P<key>[A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=""")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"""|\'\'\'' r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|\#[^\n]*|[\[\]{}]",
    re.DOTALL,
)


def _unfinished(statement: str) -> bool:
    """Whether a value goes on in the next line: an open bracket or an open multi-line text."""
    depth = 0
    for match in _TOKEN.finditer(statement):
        token = match.group()
        if token in ('"""', "'''"):
            return True
        depth += (token in "[{") - (token in "]}")
    return depth > 0


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every table header and key; elements of arrays of tables are numbered from 0.

    >>> key_lines('id = "a"\\n[[component]]\\nid = "1.1"\\n')
    {('id',): 1, ('component', 0): 2, ('component', 0, 'id'): 3}
    """
    lines: dict[Path, int] = {}
    counts: dict[str, int] = {}
    table: Path = ()
    statement, first = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if statement:
            statement += "\n" + line
        else:
            statement, first = line.strip(), number
        if not statement or statement.startswith("#"):
            statement = ""
            continue
        header = _HEADER.match(statement)
        if header:
            names = tuple(part.strip("\"'") for part in _PART.findall(header["name"]))
            if header["array"]:
                name = ".".join(names)
                counts[name] = counts.get(name, -1) + 1
                table = (*names, counts[name])
            else:
                table = names
            lines.setdefault(table, first)
            statement = ""
            continue
        if _unfinished(statement):
            continue
        key = _KEY.match(statement)
        if key:
            lines.setdefault((*table, key["key"].strip("\"'")), first)
        statement = ""
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, else of the nearest thing around it; 1 for the whole file."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1
