"""The form of the apology letter in force on a day, from `forms.toml`: dated data with a citation."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tthc_cli.errors import InputError


@dataclass(frozen=True, slots=True)
class LetterForm:
    """One form. Text in {{braces}} names a field."""

    circular: str
    number: str
    valid_from: date
    valid_to: date | None
    cite: str
    from_memory: bool
    """The wording was not read in the circular itself."""
    title: tuple[str, ...]
    body: tuple[str, ...]


@cache
def letter_forms() -> tuple[LetterForm, ...]:
    """All forms there were, in order of time."""
    raw = tomllib.loads((Path(__file__).parent / "forms.toml").read_text(encoding="utf-8"))
    forms = (
        LetterForm(**{"valid_to": None, **one, "title": tuple(one["title"]), "body": tuple(one["body"])})
        for one in raw["form"]
    )
    return tuple(sorted(forms, key=lambda form: form.valid_from))


def form_on(day: date) -> LetterForm:
    """The form in force on a day. Raises InputError where there was none."""
    for form in letter_forms():
        if form.valid_from <= day and (form.valid_to is None or day <= form.valid_to):
            return form
    first = letter_forms()[0].valid_from
    raise InputError("no_letter_form", day=day.strftime("%d/%m/%Y"), first=first.strftime("%d/%m/%Y"))
