"""Notes of a scorecard: stored as a key and what fills it, read as a sentence in either language; most are for the
operator, some are for whom a paper is sent to as well, in words of their own."""

from __future__ import annotations

import re
from datetime import date, datetime

from tthc_cli.errors import in_words
from tthc_cli.messages import Lang, catalogue, say

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


def note(key: str, /, **fields: object) -> str:
    """A note for `Scorecard.notes`: the key of a sentence in the catalogue `notes`, and what fills it."""
    return "|".join([key, *(f"{name}={str(value).replace('|', '/')}" for name, value in fields.items())])


def note_text(written: str, lang: Lang) -> str:
    """The sentence of a note; one that was stored as a sentence stays as it is.

    >>> note_text(note("no_units"), "en").split(":")[0]
    'There is no unit table'
    """
    known = f"notes.{written.partition('|')[0]}" in catalogue(lang, "notes")
    return _said("notes", written, lang) if known else written


def told_text(written: str, lang: Lang) -> str:
    """The sentence of a note for whom a paper is sent to: what the figures are worth, and nothing of files, commands or
    what is to be done. "" for one that is for the operator alone.

    >>> told_text(note("no_units"), "en"), told_text(note("no_dossiers_in_period", period="2023Q2"), "en")
    ('', 'No dossier was received or handled in 2023Q2.')
    """
    return _said("told", written, lang) if f"told.{written.partition('|')[0]}" in catalogue(lang, "told") else ""


def _said(area: str, written: str, lang: Lang) -> str:
    key, *parts = written.split("|")
    fields = dict(part.split("=", 1) for part in parts)
    return say(f"{area}.{key}", lang, **{name: _in_words(value, lang) for name, value in fields.items()})


def _in_words(value: str, lang: Lang) -> object:
    if _MOMENT.fullmatch(value):
        moment = datetime.fromisoformat(value)
        return f"{in_words(moment.date(), lang)} {moment:%H:%M}"
    return in_words(date.fromisoformat(value), lang) if _DAY.fullmatch(value) else value
