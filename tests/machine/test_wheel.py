"""From the wheel, in a virtual environment outside the repository, to scorecards of the sample: two commands."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST = 6 << 20


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel and the sdist, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, capture_output=True, check=True
    )
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("*.whl")
    return found


def test_the_wheel_holds_the_sample_and_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < MOST
    sample = {path.name: path.read_bytes() for path in (ROOT / "sample_data" / "exports").iterdir()}
    with zipfile.ZipFile(wheel) as archive:
        packed = {n.rpartition("/")[2]: archive.read(n) for n in archive.namelist() if n.startswith("tthc_cli/sample/")}
    assert packed == sample


def test_the_wheel_says_what_it_is_but_no_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
        said = archive.read(name).decode("utf-8").partition("\n\n")[0].splitlines()
    keys = {line.partition(": ")[0] for line in said}
    assert {"Summary", "Keywords", "Classifier", "Requires-Python", "Description-Content-Type"} <= keys
    assert not any("icense" in line for line in said)


def test_the_sdist_builds_the_same_wheel(dist: Path, wheel: Path, tmp_path: Path) -> None:
    (source,) = dist.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    again = tmp_path / "again"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(again)]
    subprocess.run(command, cwd=unpacked, capture_output=True, check=True)
    (rebuilt,) = again.glob("*.whl")
    assert rebuilt.read_bytes() == wheel.read_bytes()


def test_two_commands_lead_to_scorecards(wheel: Path, tmp_path: Path) -> None:
    """The libraries come from this environment, so that nothing is fetched."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=sys.platform != "win32")
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    (packages,) = home.rglob("site-packages")
    (packages / "shared.pth").write_text(str(Path(pytest.__file__).parents[1]) + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python")]
    subprocess.run(
        [*pip, "install", "-q", "--no-deps", "--no-index", str(wheel)], cwd=tmp_path, capture_output=True, check=True
    )

    done = subprocess.run(
        [str(scripts / "tthc"), "demo", "tinh-mau"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stderr
    reports = tmp_path / "tinh-mau" / "reports"
    assert {p.suffix for p in reports.iterdir()} == {".xlsx", ".html"}
    assert all(str(path) in done.stdout for path in reports.iterdir())
    assert (packages / "tthc_cli" / "sample" / "units.csv").is_file()
