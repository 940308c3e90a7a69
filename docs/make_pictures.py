"""Draw the pictures of docs/pictures from the sample province: page, workbook, paper.

    python docs/make_pictures.py

Needs the `tthc` command beside this Python, and on the path chromium, soffice (LibreOffice) and pdftoppm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
TTHC = Path(sys.executable).with_name("tthc")
PERIODS = ("2023Q1", "2023Q2")


def run(*command: object, folder: Path, allowed: tuple[int, ...] = (0,)) -> str:
    """Run a command; returns what it printed. Raises when it ends otherwise than allowed."""
    done = subprocess.run([str(c) for c in command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        raise SystemExit(f"{command}: {done.returncode}\n{done.stderr}")
    return done.stdout


def reports(folder: Path) -> dict[str, Path]:
    """Ingest, score and report the sample province; returns the file of each format."""
    run(TTHC, "ingest", ROOT / "sample_data" / "exports", folder=folder, allowed=(0, 1))
    for period in PERIODS:
        run(TTHC, "score", "--quarter", period, folder=folder)
    return {
        wanted: Path(run(TTHC, "report", "--format", wanted, folder=folder).split()[-1])
        for wanted in ("html", "xlsx", "docx")
    }


def photograph(page: Path, name: str, *, height: int, fragment: str = "", dark: bool = False) -> None:
    """Take a picture of the page in a window 1200 wide."""
    with tempfile.TemporaryDirectory() as profile:
        run(
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--hide-scrollbars", f"--user-data-dir={profile}", f"--window-size=1200,{height}",
            *(["--blink-settings=preferredColorScheme=0"] if dark else []),
            f"--screenshot={PICTURES / name}", f"{page.as_uri()}{fragment}", folder=page.parent,
        )  # fmt: skip


def print_pages(document: Path, name: str, pages: dict[int, str], folder: Path) -> None:
    """Print an office document and keep some of its pages: page number -> ending of the name."""
    profile = (folder / "office").as_uri()
    run(
        "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", folder,
        document, folder=folder,
    )  # fmt: skip
    printed = folder / f"{document.stem}.pdf"
    for number, ending in pages.items():
        target = PICTURES / f"{name}{ending}"
        run("pdftoppm", "-r", 80, "-f", number, "-l", number, "-singlefile", "-png", printed, target, folder=folder)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = reports(folder)
        photograph(files["html"], "page.png", height=1500)
        photograph(files["html"], "page_dark.png", height=1500, dark=True)
        print_pages(files["xlsx"], "workbook", {1: "_contents", 3: "_ranking", 4: "_matrix", 5: "_charts"}, folder)
        (sent,) = run(TTHC, "report", "--per-unit", "--unit", "H99.05", folder=folder).split()
        print_pages(Path(sent), "workbook", {1: "_unit"}, folder)
        print_pages(files["docx"], "paper", {1: ""}, folder)


if __name__ == "__main__":
    main()
