"""The command line: parse, call, print, exit; nothing else."""

from tthc_cli.cli.app import run

__all__ = ["run"]
