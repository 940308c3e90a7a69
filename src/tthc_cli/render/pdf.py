"""The page printed to PDF by a browser of the Chromium family that is installed on the machine."""

from __future__ import annotations

import os
import subprocess

from tthc_cli import machine
from tthc_cli.errors import InputError
from tthc_cli.storage.strays import working_folder

_SECONDS = 300


def pdf_bytes(page: str, browser: str | None = None) -> bytes:
    """Print a page. `browser`: path of the browser (None = one that is installed).

    The browser gets a profile of its own, no network, and only this page. Raises InputError when there is none or it
    fails.
    """
    program = browser or machine.find_browser()
    if program is None:
        raise InputError("no_browser", known=", ".join(machine.BROWSERS))
    with working_folder() as folder:
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            program, "--headless", "--disable-gpu", "--disable-background-networking", "--disable-extensions",
            "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")
        try:
            run = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
            detail = run.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [str(run.returncode)]
        except (OSError, subprocess.TimeoutExpired) as error:
            detail = [str(error)]
        if not target.is_file():
            raise InputError("browser_failed", browser=program, detail=detail[0])
        return target.read_bytes()
