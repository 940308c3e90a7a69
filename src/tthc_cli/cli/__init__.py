"""The command line: parse, call, print, exit; nothing else."""

from tthc_cli.cli.app import run, tell_what_is_missing

__all__ = ["run", "tell_what_is_missing"]
