"""Notes of a scorecard: stored as a key and what fills it, read as a sentence in either language."""

from __future__ import annotations

import re
from datetime import date, datetime

from tthc_cli.errors import in_words
from tthc_cli.messages import Lang, say

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


def note(key: str, /, **fields: object) -> str:
    """A note for `Scorecard.notes`: the key of a sentence in the catalogue `notes`, and what fills it."""
    return "|".join([key, *(f"{name}={str(value).replace('|', '/')}" for name, value in fields.items())])


def note_text(written: str, lang: Lang) -> str:
    """The sentence of a note.

    >>> note_text(note("no_units"), "en").split(":")[0]
    'There is no unit table'
    """
    key, *parts = written.split("|")
    fields = dict(part.split("=", 1) for part in parts)
    return say(f"notes.{key}", lang, **{name: _in_words(value, lang) for name, value in fields.items()})


def _in_words(value: str, lang: Lang) -> object:
    if _MOMENT.fullmatch(value):
        moment = datetime.fromisoformat(value)
        return f"{in_words(moment.date(), lang)} {moment:%H:%M}"
    return in_words(date.fromisoformat(value), lang) if _DAY.fullmatch(value) else value
