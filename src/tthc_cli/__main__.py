"""`tthc` and `python -m tthc_cli`."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from importlib.abc import MetaPathFinder

from tthc_cli.machine import CHILD, frozen

ENVIRONMENT = {
    # numpy would start a thread a core for linear algebra, which there is none of: 0.06 s of processor time.
    "OPENBLAS_NUM_THREADS": "1",
    # What Arrow takes by itself grows by a third while chunk follows chunk. Builds for other systems may be without.
    **({"ARROW_DEFAULT_MEMORY_POOL": "jemalloc"} if sys.platform == "linux" else {}),
}
"""What libraries read of the environment when they are loaded; a user's own values come first."""


class WithoutPandas(MetaPathFinder):
    """Pandas is for notebooks (`tthc_cli.frames`). pyarrow would load it before its first conversion: half a second and
    50 MB that no command has a use for."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    """Run the command line; the exit code is documented in docs/exit_codes.md."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    sys.meta_path.insert(0, WithoutPandas())
    if sys.argv[1:2] == [CHILD] and frozen():
        import_module(sys.argv[2]).main()
        return
    try:
        code = _run()
    except KeyboardInterrupt:  # while libraries were being loaded
        code = 3
    gc.freeze()  # Python would look through every object once more for what can be let go: up to 0.1 s
    sys.exit(code)


def _run() -> int:
    from tthc_cli.cli.streams import forgiving

    sys.stdout, sys.stderr = forgiving(sys.stdout), forgiving(sys.stderr, by_line=True)
    from tthc_cli.cli import run, tell_what_is_missing

    code = run(sys.argv[1:])
    tell_what_is_missing()
    return code


if __name__ == "__main__":
    main()
