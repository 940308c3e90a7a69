"""`tthc rules list|show|check|diff`: the rulebooks, and what is wrong with one or differs in two."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli.cli import completion
from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit, InputError

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import RulebookInfo
    from tthc_cli.rulebooks import RuleProblem

BookArgument = Annotated[
    str,
    typer.Argument(help=h("rulebook_name"), metavar=h("rulebook_name_metavar"), autocompletion=completion.rulebooks),
]


def named_book(session: Session, text: str) -> RulebookInfo:
    """The rulebook of an id, of `id@revision`, or of a file. Raises InputError when there is none or it is wrong."""
    from tthc_cli import rulebooks

    if text.endswith(".toml"):
        if not Path(text).is_file():
            raise InputError("no_path", path=text)
        return rulebooks.load(Path(text))
    wanted = re.fullmatch(r"(?P<id>.+)@(?P<revision>\d+)", text)
    folder = session.workspace.rulebooks
    if wanted:
        return rulebooks.by_id(wanted["id"], folder, int(wanted["revision"]))
    return rulebooks.by_id(text, folder)


def _plain(value: Any) -> Any:
    """A rulebook's fields as JSON values: numbers as numbers, a target as its share."""
    from decimal import Decimal
    from fractions import Fraction

    from tthc_cli.results.scorecard import number

    if isinstance(value, Decimal | Fraction):
        return number(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _identity(book: RulebookInfo) -> dict[str, Any]:
    return {"id": book.id, "revision": book.revision, "sha256": book.sha256}


def _shown_path(session: Session, path: Path) -> str:
    """Relative to the workspace where it lies there."""
    root = session.workspace.root
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


@command("rules list", purpose="administration")
def rules_list(session: Session) -> Exit:
    from tthc_cli import rulebooks
    from tthc_cli.cli.administration.rules_output import list_table

    good: list[tuple[Path, RulebookInfo]] = []
    bad: list[tuple[Path, int]] = []
    for path in rulebooks.files(session.workspace.rulebooks):
        try:
            good.append((path, rulebooks.load(path)))
        except rulebooks.RulebookError as error:
            bad.append((path, len(error.problems)))
    good.sort(key=lambda found: (found[0].parent != rulebooks.BUILT_IN, found[1].id, found[1].revision))
    if session.json:
        rows = [
            {
                **_identity(b), "reading": b.reading, "title_vi": b.title_vi, "title_en": b.title_en,
                "effective_from": b.effective_from, "effective_to": b.effective_to, "extends": list(b.lineage),
                "path": str(path),
            }
            for path, b in good
        ]  # fmt: skip
        faulty = [{"path": str(path), "faults": count} for path, count in bad]
        session.emit({"schema": 1, "rulebooks": rows, "faulty": faulty})
    session.show(list_table(session, [(_shown_path(session, path), b) for path, b in good]))
    for path, count in bad:
        session.note(session.say("rules.say.faulty", path=_shown_path(session, path), count=count))
    return Exit.STOPPED if bad else Exit.DONE


@command("rules show", purpose="administration")
def rules_show(session: Session, rulebook: BookArgument) -> Exit:
    from tthc_cli.cli.administration.rules_output import show_book

    book = named_book(session, rulebook)
    if session.json:
        session.emit({"schema": 1, "rulebook": _plain(asdict(book))})
    show_book(session, book)
    return Exit.DONE


def _faults(session: Session, path: Path) -> tuple[RuleProblem, ...]:
    """What is wrong with a file by itself, and its being a revision that another file has already."""
    from tthc_cli import rulebooks

    found = rulebooks.problems(path)
    if found:
        return found
    book = rulebooks.load(path)
    for other in rulebooks.files(session.workspace.rulebooks):
        if other.resolve() == path.resolve() or rulebooks.problems(other):
            continue
        known = rulebooks.load(other)
        if (known.id, known.revision) == (book.id, book.revision):
            fields = {"id": book.id, "revision": book.revision, "other": str(other)}
            return (rulebooks.RuleProblem(str(path), 1, "same_revision", fields),)
    return ()


@command("rules check", purpose="administration")
def rules_check(
    session: Session,
    files: Annotated[
        list[Path] | None, typer.Argument(help=h("rulebook_files"), metavar="FILE...", show_default=False)
    ] = None,
) -> Exit:
    from tthc_cli import rulebooks

    folder = session.workspace.rulebooks
    paths = list(files or sorted(folder.glob("*.toml")))
    if not paths:
        raise InputError("no_rulebook_files", path=_shown_path(session, folder))
    found = {path: _faults(session, path) for path in paths}
    if session.json:
        session.emit(
            {
                "schema": 1,
                "files": [
                    {
                        "path": str(path),
                        "faults": [
                            {"file": f.file, "line": f.line, "code": f.code, "message": f.message(session.lang)}
                            for f in faults
                        ],
                    }
                    for path, faults in found.items()
                ],
            }
        )
    for path, faults in found.items():
        if faults and not session.json:
            lines = (session.say("rules.say.faults", path=str(path), count=len(faults)),
                     *(fault.sentence(session.lang) for fault in faults))  # fmt: skip
            session.out.print("\n".join(lines), markup=False, soft_wrap=True)
        elif not faults:
            book = rulebooks.load(path)
            session.show(
                session.say("rules.say.no_faults", path=str(path), id=book.id, revision=book.revision), whole=True
            )
    return Exit.STOPPED if any(found.values()) else Exit.DONE


@command("rules diff", purpose="administration")
def rules_diff(session: Session, before: BookArgument, after: BookArgument) -> Exit:
    from tthc_cli import rulebooks
    from tthc_cli.cli.administration.rules_output import show_differences

    a, b = named_book(session, before), named_book(session, after)
    rows = rulebooks.difference(a, b)
    if session.json:
        document = {"schema": 1, "before": _identity(a), "after": _identity(b)}
        session.emit({**document, "differences": [asdict(row) for row in rows]})
    show_differences(session, a, b, rows)
    return Exit.DONE
