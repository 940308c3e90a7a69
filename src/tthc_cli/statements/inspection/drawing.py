"""A draw: the random sample of a frame by strata, and the dossiers chosen beside it for what the data show of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, UsageError
from tthc_cli.facts.inspection.sampling import allocation, chosen_strata, drawn, fewest, frame_hash
from tthc_cli.results.control.inspection import Draw, Stratum, UnitAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.periods import Period
    from tthc_cli.results.control.inspection import Taken
    from tthc_cli.rulebooks.inspection.reading import InspectionRules
    from tthc_cli.statements.inspection.frame import Frame


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn."""

    unit: str
    unit_name: str
    period: Period
    as_of: str
    size: int
    seed: str
    chosen: int
    fix_by: str

    @property
    def id(self) -> str:
        return draw_id(self.period, self.unit, self.size, self.seed)


def draw_id(period: Period, unit: str, size: int, seed: str) -> str:
    """
    >>> from tthc_cli.periods import parse_period
    >>> draw_id(parse_period("2023Q2"), "H99.09", 30, "2020")
    'KT-2023Q2-H99.09-n30-s2020'
    """
    window = "" if period.style == "calendar" else f"-{period.style}"
    return f"KT-{period.id}{window}-{unit}-n{size}-s{seed}"


def draw_of(
    order: Order, frame: Frame, rules: InspectionRules, units: tuple[str, ...], unit_answers: Sequence[UnitAnswer]
) -> Draw:
    """Raises InputError for an empty frame, UsageError for a sample too small for its strata."""
    if not frame.dossiers:
        raise InputError("empty_frame", unit=order.unit, period=order.period.id)
    sizes = Counter(frame.fields)
    strata = chosen_strata(sizes)
    least = fewest([sizes[name] for name in strata])
    if order.size < least:
        raise UsageError("sample_too_small", size=order.size, least=least, strata=len(strata))
    weights = {name: flag.weight for name, flag in rules.weights("dossier").items()}
    place = {dossier: at for at, dossier in enumerate(frame.dossiers)}
    shares = allocation([sizes[name] for name in strata], order.size)
    sample: list[Taken] = []
    for name, share in zip(strata, shares, strict=True):
        held = [dossier for dossier, own in zip(frame.dossiers, frame.fields, strict=True) if own == name]
        sample += [frame.taken(place[dossier], units, weights) for dossier in drawn(order.seed, held, share)]
    flagged = [at for at in range(len(frame.dossiers)) if any(held[at] for held in frame.flags.values())]
    return Draw(
        id=order.id, unit=order.unit, unit_name=order.unit_name, period=order.period.id,
        start=order.period.start.date().isoformat(), last_day=order.period.last_day.date().isoformat(),
        as_of=order.as_of, seed=order.seed, size=order.size, frame_size=len(frame.dossiers),
        frame_hash=frame_hash(dict(zip(frame.dossiers, frame.fields, strict=True))),
        outside=len(frame.dossiers) - sum(sizes[name] for name in strata), outside_fields=len(sizes) - len(strata),
        strata=tuple(Stratum(name, sizes[name], n) for name, n in zip(strata, shares, strict=True)),
        random=tuple(sample),
        chosen=_chosen(frame, flagged, {one.dossier for one in sample}, units, weights, order.chosen),
        flagged=len(flagged), flag_counts={name: sum(held) for name, held in frame.flags.items()},
        unit_answers=tuple(unit_answers), checks=rules.checks,
        flags=tuple(one for one in rules.flags if one.about == "dossier"), fix_by=order.fix_by,
    )  # fmt: skip


def _chosen(
    frame: Frame, flagged: Sequence[int], sample: set[str], units: tuple[str, ...], weights: dict[str, int], most: int
) -> tuple[Taken, ...]:
    """Those of the heaviest signs that were not drawn at random anyway; equal ones by code."""
    others = [at for at in flagged if frame.dossiers[at] not in sample]
    risk = {at: sum(weights[flag] for flag in frame.flags_of(at)) for at in others}
    ranked = sorted(others, key=lambda at: (-risk[at], frame.dossiers[at]))
    return tuple(frame.taken(at, units, weights) for at in ranked[:most])
