"""What can be wrong with a rulebook, said with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tthc_cli.errors import InputError, system_reason
from tthc_cli.messages import Lang, say


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault of a rulebook. `code` names the template `rules.fault.<code>`; `fields` fill it.

    The fields `section` and `id` say which entry is meant; `near` is the known name most like a wrong one.
    """

    file: str
    line: int
    code: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def message(self, lang: Lang) -> str:
        """What is wrong, without the place."""
        fields = dict(self.fields)
        if "section" in fields:
            fields["entry"] = say(f"rules.entry.{fields.pop('section')}", lang, id=fields.get("id", ""))
        if "expected" in fields:
            fields["expected"] = say(f"rules.type.{fields['expected']}", lang)
        if isinstance(error := fields.get("detail"), OSError):
            fields["detail"] = system_reason(error, lang)
        near = fields.pop("near", None)
        text = say(f"rules.fault.{self.code}", lang, **fields)
        return text + (" " + say("rules.near", lang, near=near) if near else "")

    def sentence(self, lang: Lang) -> str:
        """File, line and what is wrong."""
        return say("rules.at", lang, file=self.file, line=self.line, detail=self.message(lang))


class RulebookError(InputError):
    """A rulebook is refused; `problems` are its faults, each with file and line."""

    def __init__(self, problems: tuple[RuleProblem, ...]) -> None:
        super().__init__("rulebook_bad", count=len(problems))
        self.problems = problems

    def message(self, lang: Lang) -> str:
        return "\n".join([say("errors.rulebook_bad", lang, **self.fields), *(p.sentence(lang) for p in self.problems)])

    def in_two(self, lang: Lang) -> tuple[str, str]:
        what, following = super().in_two(lang)
        return "\n".join([what, *(p.sentence(lang) for p in self.problems)]), following

    @property
    def file(self) -> str:
        return self.problems[0].file
