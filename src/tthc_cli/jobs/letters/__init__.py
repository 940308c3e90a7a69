"""Apology letters: which dossiers get one, what it says, and the files."""

from tthc_cli.jobs.letters.make import LettersMade, make_letters, save_template

__all__ = ["LettersMade", "make_letters", "save_template"]
