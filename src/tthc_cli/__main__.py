"""`tthc` and `python -m tthc_cli`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the exit code is documented in docs/exit_codes.md."""
    from tthc_cli.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
