"""`tthc` and `python -m tthc_cli`."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class _WithoutPandas(MetaPathFinder):
    """Pandas is for notebooks (`tthc_cli.frames`). pyarrow would load it before its first conversion: half a second and
    50 MB that no command has a use for."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    """Run the command line; the exit code is documented in docs/exit_codes.md."""
    sys.meta_path.insert(0, _WithoutPandas())
    from tthc_cli.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
