"""Apology letters: which were issued, what state each dossier is in for them, the form in force, causes typed in."""
