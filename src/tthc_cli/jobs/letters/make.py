"""Write the letters: a Word file a dossier and one with all, which only the owner can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError
from tthc_cli.facts.letters.forms import LetterForm, form_on
from tthc_cli.facts.moment import Moment
from tthc_cli.ingest.storing import personal
from tthc_cli.jobs.letters.owed import Owed, Refused, owed_letters
from tthc_cli.jobs.lists import Place, clock_rules
from tthc_cli.messages import say
from tthc_cli.render.word.letter import LetterTemplate
from tthc_cli.render.word.letter_template import letter_template
from tthc_cli.results.letter import BLANK, FIELDS, Letter
from tthc_cli.results.scorecard import UNMATCHED_ID
from tthc_cli.statements.at_moment import age_of_data, tree_of
from tthc_cli.storage.location import write_atomic
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.workspace import Workspace

_PRIVATE = 0o600
_PEOPLE = {"kinh_gui": "ChuHoSo", "so_dinh_danh": "MaDoiTuong", "dia_chi": "DiaChi", "dien_thoai": "SoDienThoai"}


@dataclass(frozen=True)
class LettersMade:
    """What was written."""

    form: LetterForm
    owed: tuple[Owed, ...]
    files: tuple[Path, ...]
    """One a dossier, in the order of `owed`."""
    merged: Path | None
    refused: tuple[Refused, ...]
    names: bool
    """Whether names and addresses could be filled in."""
    notes: tuple[str, ...] = ()
    """As `results.notes.note` writes them."""


def make_letters(
    workspace: Workspace,
    at: datetime,
    folder: Path,
    *,
    unit: str | None = None,
    days: int = 1,
    dossiers: Sequence[str] = (),
) -> LettersMade:
    """Write the letters owed at a moment. A file that is there and says something else is kept: the office may have
    edited it. Raises InputError for a unit or dossier that there is not, a form or template that is missing."""
    form = form_on(at.date())
    template = _template(workspace, form)
    moment = Moment(open_warehouse(workspace.warehouse), workspace.settings, at, clock_rules(workspace, at))
    tree = tree_of(moment)
    owed, refused = owed_letters(moment, tree, _units(tree, unit), days, dossiers)
    people = personal.of_dossiers(workspace, [one.dossier for one in owed])
    letters = [_letter(one, people.get(one.dossier, {}), form, tree, workspace, at) for one in owed]
    files = []
    for letter in letters:
        file = folder / f"{letter.dossier}.docx"
        data = template.one(letter, letter.dossier, at)
        if file.exists() and file.read_bytes() != data:
            refused.append(Refused(letter.dossier, "edited", path=str(file)))
        else:
            write_atomic(file, data, _PRIVATE)
        files.append(file)
    merged = folder / f"xin-loi-{at:%Y-%m-%d}.docx" if letters else None
    if merged is not None:
        write_atomic(merged, template.all(letters, merged.stem, at), _PRIVATE)
    return LettersMade(form, tuple(owed), tuple(files), merged, tuple(refused), bool(people), age_of_data(moment))


def save_template(day: datetime, file: Path) -> LetterForm:
    """Write the form in force on a day as a template for the province to edit."""
    form = form_on(day.date())
    write_atomic(file, letter_template(form.title, form.body))
    return form


def _template(workspace: Workspace, form: LetterForm) -> LetterTemplate:
    """The province's own template, else the form's."""
    own = workspace.settings.letters.template
    if not own:
        return LetterTemplate(letter_template(form.title, form.body), form.circular)
    path = workspace.root / own
    try:
        return LetterTemplate(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise InputError("letter_template", path=str(path), detail="FileNotFoundError") from None


def _units(tree: ScoredTree, unit: str | None) -> set[str] | None:
    """A unit and all below it; None = all."""
    if unit is None:
        return None
    places = [Place(one, tree.names[i], tree.levels[i], tree.parent_id(i)) for i, one in enumerate(tree.ids)]
    found = {named_unit(places, unit).id}
    while more := {place.id for place in places if place.parent in found} - found:
        found |= more
    return found


def _letter(
    owed: Owed, person: dict[str, str], form: LetterForm, tree: ScoredTree, workspace: Workspace, at: datetime
) -> Letter:
    """What the fields say; letters are in Vietnamese. What nobody knows is left blank."""
    head = workspace.settings.letterhead
    place = tree.ids.index(owed.unit)
    agency = tree.names[place] if owed.unit != UNMATCHED_ID else ""
    above = tree.parents[place]
    superior = tree.names[above] if above >= 0 else head.superior
    known = {
        "mau": say("letters.paper.form", "vi", number=form.number, circular=form.circular),
        "co_quan_cap_tren": superior.upper(),
        "co_quan_ban_hanh": agency.upper(),
        "co_quan": agency,
        "dia_danh": head.place,
        "thang": str(at.month),
        "nam": str(at.year),
        **{field: person.get(column, "") for field, column in _PEOPLE.items()},
        "ma_ho_so": owed.dossier,
        "thu_tuc": owed.procedure,
        "ngay_tiep_nhan": f"{owed.received:%d/%m/%Y}",
        "hen_tra_cu": _moment(owed.due),
        "hen_tra_moi": _moment(owed.new_due),
        "ly_do": say(f"letters.cause.{owed.cause}", "vi") if owed.cause else "",
        "chuc_vu": say("letters.paper.head", "vi"),
        "nguoi_ky": " ",
    }
    return Letter(owed.dossier, {name: known[name] or BLANK for name in FIELDS}, frozenset({"hen_tra_moi", "ly_do"}))


def _moment(value: datetime) -> str:
    return say("letters.paper.moment", "vi", clock=f"{value:%H} giờ {value:%M}", day=f"{value:%d/%m/%Y}")
