"""Every indicator, in the order of the law: what `INDICATORS` of the modules of `indicators.qd766` and `nd61` hold.

Scores, explanations, the ids that rulebooks may speak of and the tests read it. Nothing else lists indicators.
"""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from typing import Any

from tthc_cli.counting.measures import Measures
from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators import nd61, qd766
from tthc_cli.indicators.subjects import (
    DOSSIER,
    HandlingTimes,
    Indicator,
    Loaded,
    Registered,
    Subject,
)
from tthc_cli.verdicts import Reason

_GROUP = re.compile(r"(\d+)\.(\d+)(.*)")
_CRITERION = re.compile(r"c(\d+)(.*)")
DECISION_766, NINE_CRITERIA = "qd766", "nine-criteria"


def _place(indicator: Registered) -> tuple[int, int, str]:
    """By group and number; forms, whose ids are no numbers, after them; then the nine criteria."""
    if found := _CRITERION.fullmatch(indicator.id):
        return (200, int(found[1]), found[2])
    found = _GROUP.fullmatch(indicator.id)
    return (int(found[1]), int(found[2]), found[3]) if found else (100, 0, indicator.id)


def _registered() -> tuple[Registered, ...]:
    modules = sorted(f"{law.__name__}.{m.name}" for law in (qd766, nd61) for m in pkgutil.iter_modules(law.__path__))
    found = [i for module in modules for i in getattr(import_module(module), "INDICATORS", ())]
    if twice := sorted({i.id for i in found if [other.id for other in found].count(i.id) > 1}):
        raise ValueError(f"registered twice: {', '.join(twice)}")
    return tuple(sorted(found, key=_place))


INDICATORS = _registered()
DOSSIER_INDICATORS: tuple[Indicator[YesNoFacts], ...] = tuple(
    i for i in INDICATORS if isinstance(i, Indicator) and i.subject is DOSSIER
)
"""Those that are no measure are components; "3.2:dossiers" and the like are measures that procedure components stand
on; "II.06" is the statutory form."""
_TIMES = next(i for i in INDICATORS if isinstance(i, HandlingTimes))
_FORM = next(i for i in DOSSIER_INDICATORS if i.by_field)
MEASURES = Measures(
    tuple(i for i in DOSSIER_INDICATORS if i.evaluation == DECISION_766), _FORM, _TIMES.times, _TIMES.own_times
)
"""What the pass over the dossiers counts for Decision 766."""
_ALL_MEASURES = Measures(DOSSIER_INDICATORS, _FORM, _TIMES.times, _TIMES.own_times)


def measures(evaluation: str) -> Measures:
    """What the pass over the dossiers counts for an evaluation. The nine criteria stand on counts of Decision 766 too
    (procedures online, petitions), so that one pass counts both."""
    return MEASURES if evaluation == DECISION_766 else _ALL_MEASURES


def components(evaluation: str = DECISION_766) -> dict[str, str]:
    """The ids that a rulebook of an evaluation may speak of -> the kind of subject."""
    return {i.id: i.subject.name for i in INDICATORS if i.component and i.evaluation == evaluation}


def ids_of(subject: str) -> frozenset[str]:
    """Indicators that count one kind of subject."""
    return frozenset(i.id for i in INDICATORS if i.subject.name == subject)


def of(subject: Subject) -> tuple[Indicator[Any], ...]:
    """The indicators that judge one kind of subject."""
    return tuple(i for i in INDICATORS if isinstance(i, Indicator) and i.subject == subject)


def judged_for(evaluation: str) -> tuple[Registered, ...]:
    """The indicators that a score by an evaluation stands on."""
    return tuple(i for i in INDICATORS if i.evaluation in (evaluation, DECISION_766))


def kinds(evaluation: str | None = None) -> tuple[Loaded[Any], ...]:
    """The kinds of subject that are loaded at once, of all indicators or of those of an evaluation; in such order that
    each stands on those before it."""
    wanted = INDICATORS if evaluation is None else judged_for(evaluation)
    return tuple(dict.fromkeys(i.subject for i in wanted if isinstance(i.subject, Loaded)))


def layout() -> dict[str, slice]:
    """Where the counts by reason of each indicator, and the sums of 2.2, lie in a row of counts."""
    return MEASURES.layout


@cache
def indicator(indicator_id: str) -> Indicator[Any]:
    """Raises KeyError for what has no verdicts."""
    for found in INDICATORS:
        if found.id == indicator_id and isinstance(found, Indicator):
            return found
    raise KeyError(indicator_id)


def is_marked(indicator_id: str) -> bool:
    """Whether its subjects get marks (0, 1, 2) instead of being achieved or not."""
    found = next((i for i in INDICATORS if i.id == indicator_id), None)
    return found is not None and any(r.earned > 1 for r in found.reasons)


def earned_of(indicator_id: str, key: str) -> int:
    """What a subject with some reason adds to the numerator; 1 for a reason that nobody knows any more."""
    found = reason(indicator_id, key)
    return 1 if found is None else found.earned


def falls_short(indicator_id: str, reason: Reason) -> bool:
    """Whether a reason earns less than a subject of the indicator can."""
    found = next((i for i in INDICATORS if i.id == indicator_id and isinstance(i, Indicator)), None)
    return found is not None and found.loses(reason)


@cache
def reason(indicator_id: str, key: str) -> Reason | None:
    """None where no indicator has it, as in a score of another version."""
    found = next((i for i in INDICATORS if i.id == indicator_id and isinstance(i, Indicator)), None)
    return None if found is None else next((r for r in found.reasons if r.key == key), None)
