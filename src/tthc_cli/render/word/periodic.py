"""The periodic report as a Word document laid out as Nghị định 30/2020/NĐ-CP asks: whole, with the statutory forms on
pages of their own across the paper; or on one page for the chairman. Notes for whoever makes it are not in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.form import head_lines
from tthc_cli.render.text import clean
from tthc_cli.render.view.periodic import figure, heading, missing_text, number_table, sentence_text
from tthc_cli.render.word.decree import DecreePaper
from tthc_cli.render.word.form import turn
from tthc_cli.render.word.statutory import add_form_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import Letterhead
    from tthc_cli.results.form import Form
    from tthc_cli.results.periodic import Periodic, Row, Section

_WIDTHS = {2: (12.5, 4.0), 4: (8.1, 2.6, 2.8, 3.0), 6: (5.5, 1.9, 2.1, 2.5, 2.1, 2.4)}
"""By the number of columns."""
_BRIEF_TEXT, _BRIEF_SMALL = 12, 10
_TO_WRITE = "…" * 28
"""Where somebody writes by hand."""
_SHORT = 5
"""Lines of names and tasks that one page has room for."""


def periodic_document(report: Periodic, lang: Lang, letterhead: Letterhead, *, brief: bool = False) -> bytes:
    """The bytes of the document."""
    paper = _Brief(report, lang, letterhead) if brief else _Whole(report, lang, letterhead)
    return paper.write()


class _Periodic(DecreePaper):
    def __init__(self, report: Periodic, lang: Lang, letterhead: Letterhead) -> None:
        super().__init__(lang, letterhead, report.reporter)
        self.report = report

    def tell(self, key: str, **fields: object) -> str:
        return say(f"periodic.{key}", self.lang, **fields)

    def write(self) -> bytes:
        self.head()
        self._title()
        self._body()
        self._end()
        title = self.tell("subject", period=self._period)
        return self.saved("tthc", title, self.report.as_of)

    @property
    def _period(self) -> str:
        """As it stands within a sentence."""
        name = formats.period_name(self.report.period, self.lang)
        return name[0].lower() + name[1:]

    def _days(self) -> str:
        report = self.report
        first, last = (formats.day(day.isoformat(), self.lang) for day in (report.start, report.last_day))
        return self.tell("days", first=first, last=last)

    def _title(self) -> None:
        gap = self.line(self.doc, self.say("paper.kind"), 14, bold=True)
        gap.paragraph_format.space_before = Pt(self.gap)
        self.line(self.doc, self.tell("subject", period=self._period), 14, bold=True)
        title = self.line(self.doc, self._days(), 13, italic=True)
        title.paragraph_format.space_after = Pt(self.gap / 2)

    gap = 12

    def _body(self) -> None:
        raise NotImplementedError

    def _end(self) -> None:
        raise NotImplementedError

    def _numbers(self, rows: Sequence[Row], *, brief: bool = False) -> None:
        heads, *lines = number_table(self.report, rows, self.lang, brief=brief)
        self.table(heads, lines, _WIDTHS[len(heads)], {0})


class _Whole(_Periodic):
    small = 11

    def _body(self) -> None:
        report = self.report
        self.text(self.tell("opening", cite=report.cite, period=self._period, reporter=report.reporter or "…………"))
        for section in report.sections:
            self._section(section)

    def _section(self, section: Section) -> None:
        self.text(heading(section.id, section.title(self.lang)), bold=section.depth < 2, italic=section.depth == 2)
        self.doc.paragraphs[-1].paragraph_format.keep_with_next = True
        for sentence in section.sentences:
            self.text(sentence_text(sentence, self.lang))
        if section.rows:
            self._numbers(section.rows)
        elif section.missing:
            self.text(missing_text(section.missing, self.lang))
        if section.items:
            self.text(self.tell(f"items.{'coming' if section.id == 'III' else 'overdue'}"))
        for item in section.items:
            self.text(f"- {sentence_text(item, self.lang)}")
        for paragraph in section.words:
            self.text(clean(paragraph))
        if section.asks_words and not section.words:
            self.text(_TO_WRITE)

    def _end(self) -> None:
        self.text(self.tell("closing", period=self._period))
        self.signature()
        for number, form in enumerate(self.report.forms, 1):
            self._form(form, number)

    def _form(self, form: Form, number: int) -> None:
        turn(self.doc, across=True)
        section = self.doc.sections[-1]
        section.left_margin = section.right_margin = Mm(15)
        left = WD_ALIGN_PARAGRAPH.LEFT
        self.line(self.doc, self.tell("annex", number=number), 13, bold=True)
        code, *others = head_lines(replace(form, due=None), self.lang)
        self.line(self.doc, form.title(self.lang).upper(), 12, bold=True)
        for line in (code, *others, say("forms.counted_in", self.lang)):
            self.line(self.doc, clean(line), 11, align=left)
        add_form_table(self.doc, form, self.lang)


class _Brief(_Periodic):
    small = _BRIEF_SMALL
    gap = 4

    def __init__(self, report: Periodic, lang: Lang, letterhead: Letterhead) -> None:
        super().__init__(report, lang, letterhead)
        style = self.doc.styles["Normal"]
        style.font.size = Pt(_BRIEF_TEXT)
        style.paragraph_format.space_after = Pt(2)

    def _body(self) -> None:
        rows = [row for row in self.report.rows if row.brief(self.lang)]
        self._numbers([row for row in rows if "." not in row.measure], brief=True)
        for key in ("better", "worse", "plan"):
            self._names(key, [row for row in rows if row.measure.startswith(f"{key}.")])
        for section in self.report.sections:
            if section.items and section.id != "III":
                tasks = "; ".join(sentence_text(item, self.lang).rstrip(".") for item in section.items[:_SHORT])
                self.text(self.tell("brief.overdue", count=len(section.items), tasks=tasks))
            if section.brief_words:
                self.text(heading(section.id, section.title(self.lang)), bold=True)
                for paragraph in section.words:
                    self.text(clean(paragraph))
                if not section.words:
                    self.text(_TO_WRITE)

    def _names(self, key: str, rows: list[Row]) -> None:
        if rows:
            named = "; ".join(self._named(row) for row in rows[:_SHORT])
            self.text(f"{self.tell(f'brief.{key}')} {named}.")

    def _named(self, row: Row) -> str:
        name = clean(row.brief(self.lang)).partition(": ")[2]
        change = "" if row.change_last is None else f", {formats.signed(row.change_last.by, self.lang)}"
        return f"{name} ({figure(row.this, row.kind, self.lang)}{change})"

    def _end(self) -> None:
        self.signature()
