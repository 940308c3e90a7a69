"""The marks of steps (criterion 2): done sooner than allowed 2, just in time 1, late 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.codes import DAY
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.steps import is_late

if TYPE_CHECKING:
    from tthc_cli.verdicts import Mask

Ints = npt.NDArray[np.int64]
NO_MARK = -1
_MINUTE = 60


def sooner(done: Ints, due: Ints, by_minute: Mask) -> Mask:
    """Done on a day before the day it was due; what is timed within a day, in a minute before. Shape (m,)."""
    earlier_day = done // DAY < due // DAY
    return np.where(by_minute, done // _MINUTE < due // _MINUTE, earlier_day)


def step_marks(begin: Ints, due: Ints, done: Ints) -> Ints:
    """The mark of each step; NO_MARK for one without a due time of its own. A step that began on the day it was due is
    timed within that day. Shape (m,), times in seconds, NAT where blank."""
    known = (due != NAT) & (done != NAT)
    timed = known & (due % DAY != 0) & (begin != NAT) & (begin // DAY == due // DAY)
    marks = np.where(sooner(done, due, timed), 2, 1)
    marks[is_late(due, done)] = 0
    return np.where(known, marks, NO_MARK)
