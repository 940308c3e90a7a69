"""The lists of the view: facts of the run, what was not assessed, sources, lost dossiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from tthc_cli.messages import Lang, say
from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.render.view import heads, lines, model
from tthc_cli.render.view.wording import Wording
from tthc_cli.results.beside import FORM
from tthc_cli.results.notes import note, note_text, told_text
from tthc_cli.results.quality import CHECK_PERCENT, POOR_PERCENT, POOR_POINTS, trust
from tthc_cli.results.scorecard import LostDossier, Scorecard
from tthc_cli.results.standing import standing


class Lists(Wording):
    """Puts the lists of a stored card into words. `groups`: the heads of the components."""

    def __init__(self, card: Scorecard, lang: Lang, groups: Sequence[heads.GroupHead]) -> None:
        super().__init__(card, lang)
        self.heads = tuple(c for g in groups for c in g.components)
        self.titles = {c.id: c.title for c in self.heads}

    def facts(self) -> tuple[tuple[str, str], ...]:
        card, book = self.card, self.card.rulebook
        day = formats.day
        rows = sum(s.accepted for s in card.sources)
        files = self.plain(len(card.sources))
        values = {
            "period": formats.period_name(card.period, self.lang),
            "window": self.say(
                "head.window_value",
                start=day(card.period_start, self.lang),
                end=day(card.period_end, self.lang),
                style=self.say(f"window.{card.window}"),
            ),
            "as_of": day(card.as_of, self.lang),
            "rulebook": self.say(
                "head.rulebook_value",
                title=self.both(book.title_vi, book.title_en),
                id=book.id,
                revision=book.revision,
            ),
            "cite": clean(book.cite),
            "no_score": self.say(f"head.no_score_{book.no_score}"),
            "sources": self.say("head.sources_value", files=files, rows=self.plain(rows))
            if card.sources
            else self.say("head.no_sources"),
            "sha256": book.sha256,
            "version": f"tthc {card.version}",
        }
        return tuple((self.say(f"head.{key}"), value) for key, value in values.items())

    def lost(self, dossier: LostDossier) -> lines.LostLine:
        received, due, finished = (
            datetime.fromisoformat(t) if t else None for t in (dossier.received, dossier.due, dossier.finished)
        )
        row = say("errors.where_row", self.lang, row=dossier.row) if dossier.row else ""
        return lines.LostLine(
            clean(dossier.unit),
            self.names.get(dossier.unit, ""),
            dossier.component,
            self.titles.get(dossier.component, ""),
            clean(dossier.dossier),
            clean(dossier.procedure),
            received,
            due,
            finished,
            say(f"reasons.{dossier.component}.{dossier.reason}", self.lang),
            " › ".join(clean(part) for part in (dossier.source, dossier.sheet, row) if part),
        )

    def notes(self) -> tuple[str, ...]:
        """The notes as sentences."""
        found = [clean(note_text(note, self.lang)) for note in self.card.notes]
        if not self.card.beside.fields and any(r.component == FORM for r in self.card.reasons):
            found.append(self.say("form.no_fields"))
        return tuple(found)

    def standing(self) -> str:
        return " ".join(clean(note_text(note, self.lang)) for note in standing(self.card.notes))

    def told_standing(self) -> str:
        return " ".join(clean(told_text(note, self.lang)) for note in standing(self.card.notes))

    def told(self) -> tuple[str, ...]:
        """The notes for whom a paper is sent to; what grades are worth is told apart."""
        about = standing(self.card.notes)
        sentences = (told_text(note, self.lang) for note in self.card.notes if note not in about)
        return tuple(clean(sentence) for sentence in sentences if sentence)

    def missing(self, units: Sequence[model.UnitView], *, whole: bool = True) -> tuple[lines.MissingLine, ...]:
        """What could not be assessed for `units`; `whole`: these are all the units there are."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for unit in units:
            for cell in unit.not_assessed:
                why = "not_assessed_data" if cell.basis in ("none", "data") else "not_assessed_typed"
                found[cell.head.id, why].append(unit.name)
        found_lines = []
        for head in self.heads:
            for why in ("not_assessed_data", "not_assessed_typed"):
                names = found.get((head.id, why), [])
                if not names:
                    continue
                everyone = whole and len(names) == len(units)
                count = self.plain(len(names))
                scope = self.say("text.all_units") if everyone else self.say("text.some_units", count=count)
                listed = "" if everyone else "; ".join(names)
                found_lines.append(lines.MissingLine(head, count, scope, listed, self.say(f"text.{why}")))
        return tuple(found_lines)

    def times(self) -> tuple[lines.TimeLine, ...]:
        return tuple(
            lines.TimeLine(
                clean(t.unit), self.names.get(t.unit, ""), clean(t.procedure), clean(t.name),
                self.say(f"time_unit.{t.time_unit}"), t.finished, t.mean, t.median, t.percentile_90, t.statutory,
            )
            for t in self.card.beside.times
        )  # fmt: skip

    def steps(self) -> tuple[lines.StepLine, ...]:
        return tuple(
            lines.StepLine(
                clean(s.unit), self.names.get(s.unit, ""), clean(s.division) or self.say("text.no_division"), s.steps,
                s.late,
            )
            for s in self.card.beside.steps
        )  # fmt: skip

    def sources(self) -> tuple[lines.SourceLine, ...]:
        return tuple(
            lines.SourceLine(
                clean(s.path), s.sha256, ", ".join(map(self.table_label, s.tables)),
                self.plain(s.rows_read), self.plain(s.accepted), self.plain(s.superseded), self.plain(s.rejected),
                formats.day(s.exported_at, self.lang) if s.exported_at else "",
            )
            for s in self.card.sources
        )  # fmt: skip

    def unmatched(self) -> tuple[lines.UnmatchedLine, ...]:
        told = self.card.unmatched
        return tuple(lines.UnmatchedLine(clean(name), self.plain(count), clean(near)) for name, count, near in told)

    def trust(self) -> tuple[str, tuple[str, ...]]:
        """How far the data can be trusted in a word, and why, with the limits."""
        found = trust(self.card)
        limits = note("quality_limits", check=CHECK_PERCENT, poor=POOR_PERCENT, points=POOR_POINTS)
        told = tuple(clean(note_text(reason, self.lang)) for reason in (*found.reasons, limits))
        return self.say(f"trust.{found.word}"), told
