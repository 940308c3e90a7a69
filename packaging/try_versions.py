"""Run the demo with the lowest versions that pyproject.toml allows, and with the locked ones on every Python there is.

    python packaging/try_versions.py WHEEL

Each run has a virtual environment of its own outside the repository; all must give the same figures. The lowest
versions are tried on the oldest Python that is allowed. What was found is printed; a run that fails ends this with
its output.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST, NEWEST = 11, 16
"""Minor versions of Python 3 that are looked for."""
FORMATS = ("xlsx", "html", "docx", "json", "csv")
FIGURES = ("json", "csv")
"""Formats that hold figures alone; a page may differ with the library that wrote it."""


class FailedError(Exception):
    """A command went wrong; the text is what it printed."""


def called(*command: str | Path, folder: Path | None = None) -> str:
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FailedError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def pythons() -> dict[int, str]:
    """Minor version -> an interpreter of it that runs: of the path, else of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found: dict[int, str] = {}
    for minor in range(OLDEST, NEWEST):
        name = f"python3.{minor}"
        for program in filter(None, [shutil.which(name), *sorted(map(str, pyenv.glob(f"3.{minor}.*/bin/{name}")))]):
            if subprocess.run([program, "-c", "import venv"], capture_output=True, check=False).returncode == 0:
                found[minor] = program
                break
    return found


def demo(label: str, python: str, requirements: Path, wheel: Path, folder: Path) -> dict[str, bytes]:
    """The reports of the demo, by format, as the wheel makes them with these requirements."""
    home = folder / "venv"
    called(sys.executable, "-m", "uv", "venv", "--quiet", "--python", python, home)
    inside = home / ("Scripts" if sys.platform == "win32" else "bin")
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", inside / "python"]
    called(*install, "--no-deps", "-r", requirements, wheel, folder=folder)
    asked = [word for one in FORMATS for word in ("--format", one)]
    called(inside / "tthc", "demo", "made", "--quiet", *asked, folder=folder)
    print(f"{label}: {called(inside / 'python', '--version').strip()}, demo made", flush=True)
    return {path.suffix[1:]: path.read_bytes() for path in (folder / "made" / "reports").iterdir()}


def resolved(folder: Path, python: str, *how: str) -> Path:
    """Versions of what the program itself needs."""
    target = folder / "requirements.txt"
    compiling = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--python", python, "-o", target]
    called(*compiling, *how, ROOT / "pyproject.toml")
    return target


def main(wheel: Path) -> int:
    found = pythons()
    tries = [("lowest", OLDEST, ("--resolution", "lowest-direct"))]
    tries += [("locked", minor, ("-c", str(ROOT / "requirements.lock"))) for minor in found]
    missing = [f"3.{minor}" for minor in range(OLDEST, NEWEST) if minor not in found]
    with tempfile.TemporaryDirectory() as name:

        def tried(one: tuple[str, int, tuple[str, ...]]) -> dict[str, bytes]:
            label, minor, how = one
            folder = Path(name, f"{label}-{minor}")
            folder.mkdir()
            requirements = resolved(folder, found[minor], *how)
            return demo(f"{label} on 3.{minor}", found[minor], requirements, wheel, folder)

        try:
            with ThreadPoolExecutor(2) as at_a_time:
                made = list(at_a_time.map(tried, tries))
        except FailedError as error:
            print(error, file=sys.stderr)
            return 1
    differing = [f"{label} on 3.{minor}: {form}" for (label, minor, _), files in zip(tries, made, strict=True)
                 for form in FIGURES if files[form] != made[0][form]]  # fmt: skip
    same = all(files == made[0] for files in made)
    print(f"not found, not tried: Python {', '.join(missing)}" if missing else "every Python was found")
    print("\n".join(differing) or f"the same figures everywhere{', every report the same to the byte' if same else ''}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
