"""docs/benchmarks.md: every benchmark program writes its own section, and leaves the others as they are."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tthc_cli.machine import leave_out_pandas

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
SECTIONS = (
    "ingest", "same", "limits", "years", "score", "both", "threads", "lists", "cluster", "report", "publish",
    "workdays", "startup", "plan",
)  # fmt: skip
_TITLE = """# Benchmarks

Written by the programs in `benchmarks/` (`make bench`); every section says on which machine, with which versions and on
which day it was measured. Times are seconds.
"""


def machine() -> str:
    """Processor, cores, memory and versions, in one line."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*:\s*(.+)", info.read_text())
        cpu = found[1] if found else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = []
    for name in ("tthc-cli", "pyarrow", "numpy", "pandas", "polars", "duckdb", "dask", "fastexcel", "openpyxl"):
        try:
            packages.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    cores = os.cpu_count()
    return f"{cpu}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}; {', '.join(packages)}"


def environment() -> dict[str, str]:
    """What a process that is measured finds in its environment: compiled modules are kept, as on a user's machine."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def as_the_command() -> None:
    """Make this process load no more than the command does: without this, pyarrow would load pandas."""
    leave_out_pandas()


def load() -> str:
    """How busy the machine is: of one minute, and of a quarter of an hour."""
    return " and ".join(f"{found:.1f}" for found in os.getloadavg()[::2])


def peak_mib() -> float:
    """Peak memory of this process since it began (not its parent's, as getrusage would say)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def write_section(name: str, title: str, date: str, text: str) -> None:
    """Replace one section of the document; "limits" and "threads" are written by hand."""
    assert name in SECTIONS
    found = {}
    if DOCUMENT.exists():
        for match in re.finditer(
            r"<!-- (\w+) -->\n(.*?)<!-- end -->\n", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL
        ):
            found[match[1]] = match[2]
    found[name] = f"## {title}\n\nMeasured {date} on {machine()}.\n\n{text.strip()}\n"
    parts = [f"<!-- {s} -->\n{found[s]}<!-- end -->\n" for s in SECTIONS if s in found]
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text("\n".join([_TITLE, *parts]), encoding="utf-8")
