"""How long `tthc` takes to start, and what its imports cost.

python benchmarks/startup.py --date 2026-11-21 [--repeats 9]
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from document import environment, table, write_section

COMMANDS = {
    "`tthc --help`": ["--help"],
    "`tthc --version`": ["--version"],
    "`tthc report` where nothing is scored": ["report", "--format", "html"],
}
HEAVY = ("pandas", "pyarrow", "numpy", "openpyxl", "jinja2", "pydantic", "lxml", "holidays")


def _seconds(arguments: list[str], folder: str, repeats: int) -> tuple[float, float]:
    """Best and median time of a command."""
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        command = [sys.executable, "-m", "tthc_cli", *arguments]
        subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment())
        taken.append(time.perf_counter() - begun)
    return min(taken), statistics.median(taken)


def _imports(statement: str) -> tuple[list[tuple[float, str]], list[str]]:
    """(milliseconds, module) of the dearest imports of a statement, and which heavy libraries it loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    found = re.findall(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)", done.stderr)
    dearest = sorted(((int(total) / 1000, name) for _, total, indent, name in found if len(indent) <= 5), reverse=True)
    loaded = {name for *_, name in found}
    return dearest[:8], [name for name in HEAVY if name in loaded]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="day of the measurement, for the document")
    parser.add_argument("--repeats", type=int, default=9)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        assert not any(Path(folder).iterdir())
        rows = []
        for label, arguments in COMMANDS.items():
            best, median = _seconds(arguments, folder, args.repeats)
            rows.append([label, f"{best:.3f}", f"{median:.3f}"])
    bare = [sys.executable, "-c", "pass"]
    taken = []
    for _ in range(args.repeats):
        begun = time.perf_counter()
        subprocess.run(bare, check=True)
        taken.append(time.perf_counter() - begun)
    rows.append(["Python alone", f"{min(taken):.3f}", f"{statistics.median(taken):.3f}"])
    text = table(["command", "best", f"median of {args.repeats}"], rows)
    for statement in ("import tthc_cli", "import tthc_cli.cli"):
        dearest, heavy = _imports(statement)
        top = ", ".join(f"{name} {ms:.0f} ms" for ms, name in dearest)
        text += f"\n\n`{statement}` loads {', '.join(heavy) or 'none of'}"
        text += f"{'' if heavy else ' ' + ', '.join(HEAVY)}. Dearest (measuring slows them): {top}."
    text += "\n\nGoals: `tthc --help` under 0.25 s; `import tthc_cli` loads neither pandas nor pyarrow."
    write_section("startup", "Start-up", args.date, text)
    print(text)


if __name__ == "__main__":
    main()
