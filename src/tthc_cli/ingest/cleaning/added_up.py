"""An amount that a file gives in parts, side by side: "Phí" and "Lệ phí"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from tthc_cli.ingest.cleaning.clean import Cleaned, Fault, clean
from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.schema import Column


def added_up(column: Column, parts: Mapping[int, str], total: int | None, texts: Mapping[int, pa.Array]) -> Cleaned:
    """The amount of each row: the total where the file has one, else the parts that are filled added together; blank
    where nothing is.

    `parts`: position -> heading; `total`: the position of the total, or of a part where there is none. A part that is
    no amount is a fault under its own heading and counts as blank; a total below its parts is a fault too.
    """
    each = [clean(replace(column, name=f"{heading} ({column.name})"), texts[at], "") for at, heading in parts.items()]
    amounts = np.sum([vector(one.array, 0) for one in each], axis=0)
    blank = np.logical_and.reduce([vector(one.array.is_null()) for one in each])
    faults = [fault for one in each for fault in one.faults]
    if total is not None and total in texts and total not in parts:
        whole = clean(column, texts[total], "")
        told, given = vector(whole.array.is_valid()), vector(whole.array, 0)
        under = np.flatnonzero(told & (given < amounts))
        faults += whole.faults
        if len(under):
            values = [f"{given[i]} < {amounts[i]}" for i in under]
            faults.append(Fault("total_under_parts", "warning", column.name, under, values))
        amounts, blank = np.where(told, given, amounts), blank & ~told
    return Cleaned(arrow(amounts, pa.int64(), blank=blank), tuple(faults))
