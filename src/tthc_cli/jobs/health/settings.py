"""Checks of the settings: what is allowed and yet looks wrong."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from tthc_cli.errors import TthcError
from tthc_cli.jobs.health.model import Answers, Situation, bad, note, ok
from tthc_cli.workspace import SETTINGS_FILE


def workspace(situation: Situation) -> Answers:
    """Whether the folder is a workspace at all."""
    if not situation.workspace.made:
        yield bad("no_workspace", path=str(situation.workspace.root))


def settings(situation: Situation) -> Answers:
    """Everything in `tthc.toml` that a run would take without a word, but that nobody can have meant."""
    found = [*_file(situation), *_places(situation), *_senders(situation), *_rulebooks(situation), *_notify(situation)]
    yield from found or [ok("settings_right", path=str(situation.workspace.root / SETTINGS_FILE))]


def _file(situation: Situation) -> Answers:
    if not (situation.workspace.root / SETTINGS_FILE).is_file():
        yield note("no_settings", path=str(situation.workspace.root))


def _places(situation: Situation) -> Answers:
    workspace = situation.workspace
    exports = workspace.root / "exports"
    names = ("warehouse", "scores", "reports")
    places = {name: getattr(workspace, name) for name in names}
    for name, place in places.items():
        if isinstance(place, Path) and place.is_relative_to(exports):
            yield bad("place_in_exports", name=name, place=str(place))
    if len(set(places.values())) < len(names):
        yield bad("places_alike", names=", ".join(str(place) for place in places.values()))


def _senders(situation: Situation) -> Answers:
    paths = [s.path for s in situation.warehouse.sources] if situation.warehouse else []
    for sender, patterns in situation.workspace.settings.senders.items():
        for pattern in patterns:
            if paths and not any(fnmatchcase(p, pattern) or fnmatchcase(p, f"*/{pattern}") for p in paths):
                yield note("pattern_unused", sender=sender, pattern=pattern)


def _rulebooks(situation: Situation) -> Answers:
    from tthc_cli import rulebooks

    folder = situation.workspace.rulebooks
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        problems = rulebooks.problems(path)
        if problems:
            yield bad("rulebook_faulty", path=str(path), count=len(problems))


def _notify(situation: Situation) -> Answers:
    notify = situation.workspace.settings.notify
    if notify.mail_to and not (notify.smtp and notify.mail_from):
        yield bad("notify_incomplete")
    if notify.secret_file:
        from tthc_cli.jobs.notify.secrets import read_secrets

        try:
            read_secrets(situation.workspace, {})
        except TthcError as error:
            yield bad("stopped", detail=error)
    if notify.smtp and notify.security == "none":
        yield note("notify_open", smtp=notify.smtp)
