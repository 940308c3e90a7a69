"""Whether two versions of the program say the same of the sample province, byte for byte.

python benchmarks/same_outputs.py write FOLDER           every output of the version that this Python runs, into FOLDER
python benchmarks/same_outputs.py compare FOLDER FOLDER  the files that differ; ends with 1 when any does

Written: scores, reports in every format that needs no browser, explanations, what-ifs and comparisons of a quarter, a
month and a half-year in both readings.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from document import environment

SAMPLE = Path(__file__).parent.parent / "sample_data" / "exports"
PERIODS = (("--quarter", "2023Q2"), ("--month", "2023-06"), ("--half", "2023H1"))
EARLIER = {"2023Q2": ("--quarter", "2023Q1"), "2023-06": ("--month", "2023-05"), "2023H1": ("--half", "2022H2")}
READINGS = ("law", "portal")
FORMATS = ("xlsx", "html", "docx", "json", "csv")
UNITS = ("H99", "H99.09", "H99.07", "H99.21", "H99.22.16")


def _run(folder: Path, out: Path | None, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tthc_cli", *arguments, "--workspace", str(folder)],
        capture_output=True,
        check=False,
        env=environment(),
    )
    if out is not None:
        ended = f"\n[{done.returncode}]\n".encode()
        said = done.stdout + ended + done.stderr
        for place, name in ((folder, b"WORKSPACE"), (out.parent, b"FOLDER")):
            said = said.replace(str(place).encode(), name)
        out.write_bytes(said)


def _of_reading(folder: Path, out: Path, reading: str) -> None:
    """All outputs of one reading, in a workspace of its own."""
    for option, period in PERIODS:
        here = out / f"{reading}-{period}"
        here.mkdir(parents=True)
        scope = (option, period, "--reading", reading)
        _run(folder, None, "score", *EARLIER[period], "--reading", reading, "--quiet")
        _run(folder, here / "score.json", "score", *scope, "--json")
        for number, name in enumerate(FORMATS):
            _run(folder, here / f"report-{number}.txt", "report", "--format", name, "--out", str(here), *scope)
        _run(folder, here / "compare.txt", "compare", EARLIER[period][1], period, "--reading", reading)
        _run(folder, here / "compare.json", "compare", EARLIER[period][1], period, "--reading", reading, "--json")
        for unit in UNITS:
            _run(folder, here / f"whatif-{unit}.json", "whatif", unit, *scope, "--json")
            _run(folder, here / f"explain-{unit}.json", "explain", unit, *scope, "--json")
            _run(folder, here / f"explain-{unit}.txt", "explain", unit, "2.1", *scope)
        listed = str(here / "lost.csv")
        _run(folder, here / "explain-list.txt", "explain", "H99.09", *scope, "--out", listed)
    dossier = ("explain", "H99.09-230411-0018", "--quarter", "2023Q2", "--reading", reading)
    _run(folder, out / f"{reading}-dossier.json", *dossier, "--json")


def write(out: Path) -> None:
    """Every output, and what ingest said and stored of issues."""
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    province = out / "province"
    shutil.copytree(SAMPLE, province / "exports")
    (province / "tthc.toml").write_text("", "utf-8")
    _run(province, out / "ingest.txt", "ingest", str(province / "exports"), "--json")
    shutil.copy(province / "issues.csv", out / "issues.csv")
    copies = [out / f"province-{reading}" for reading in READINGS]
    for copy in copies:
        shutil.copytree(province, copy)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_of_reading, copies, [out] * len(READINGS), READINGS))
    for folder in (province, *copies):
        shutil.rmtree(folder)


def compare(before: Path, after: Path) -> int:
    """How many files differ; each is named."""
    names = sorted({p.relative_to(f).as_posix() for f in (before, after) for p in f.rglob("*") if p.is_file()})
    differing = 0
    for name in names:
        pair = [f / name for f in (before, after)]
        if all(p.exists() for p in pair) and pair[0].read_bytes() == pair[1].read_bytes():
            continue
        differing += 1
        print(name if all(p.exists() for p in pair) else f"{name}: only in one")
    print(f"{len(names) - differing} of {len(names)} files are the same")
    return differing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("write", "compare"))
    parser.add_argument("folders", nargs="+", type=Path)
    args = parser.parse_args()
    if args.what == "write":
        write(args.folders[0].resolve())
    elif compare(*args.folders):
        sys.exit(1)


if __name__ == "__main__":
    main()
