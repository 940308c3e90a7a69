"""What judging dossiers needs besides them: the period, the procedures, the calendar; and the codes of their columns.

Times are seconds since 1970, local and naive, int64; `columns.NAT` where nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.catalogue import Catalogue
from tthc_cli.facts.codes import DAY
from tthc_cli.facts.hash_set import HashSet
from tthc_cli.facts.once import once
from tthc_cli.text import fold
from tthc_cli.verdicts import Mask
from tthc_cli.workdays import DAYS, HOURS, MONTHS

if TYPE_CHECKING:
    from tthc_cli.facts.letters.issued import IssuedLetters
    from tthc_cli.facts.nine.marking import Marking
    from tthc_cli.facts.process_log import LogIndex
    from tthc_cli.workdays import WorkCalendar


TIME_COLUMNS = (
    "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayBoSung",
    "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi", "NgayCoQuanThamQuyenNhan",
)  # fmt: skip
CODE_COLUMNS = (
    "KenhThucHien", "TrangThaiHoSo", "DuocThanhToanTrucTuyen", "HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID",
    "DuocTaiSuDung", "DuocLayTuKhoDMQG", "KetQuaDongBoKho", "DuongDanTepTinKetQua", "DaDongBo", "SoLanBoSung",
    "DuocSoHoa", "Gia", "PhiDiaGioi",
)  # fmt: skip
NAME_COLUMNS = ("MaTTHC", "TenTTHC", "MaCSDL", schema.UNIT_KEY, schema.SOURCE)
READ_COLUMNS = [*TIME_COLUMNS, *CODE_COLUMNS, *NAME_COLUMNS, schema.KEY_HASH]
"""Columns of the dossier table that the pass over the data reads."""
OWN_FIELDS = ("TenLinhVuc", "MaLinhVuc")
"""Name and code of the field that a dossier names; read where its procedure tells none."""


@dataclass(frozen=True)
class ClockRules:
    """How the clock of a dossier runs, where the law leaves a choice: parameters of a rulebook on one day."""

    supplements_overdue: int = 2
    """Supplement requests from which a dossier counts as overdue; 0 = never."""
    working_waits: bool = True
    """Waiting moves the due time by the working time waited; else it is taken off in calendar time."""
    restarts: bool = False
    """Once the dossier is complete, the time limit is counted again from the start."""
    appointment_counts: bool = False
    """The new appointment given with a supplement request counts as due."""
    boundary_free_from: int = 0
    """Seconds: boundary-free dossiers received since then start when the competent agency receives them."""

    @classmethod
    def of(cls, parameters: Mapping[str, Decimal | str]) -> ClockRules:
        since = np.datetime64(str(parameters["boundary_free_from"]), "s")
        return cls(
            supplements_overdue=int(parameters["supplements_overdue"]),
            working_waits=parameters["waiting_clock"] == "working",
            restarts=parameters["supplement"] == "restart",
            appointment_counts=parameters["new_appointment"] == "counts",
            boundary_free_from=int(since.astype(np.int64)),
        )


@dataclass(frozen=True)
class Context:
    """What judging a chunk needs besides the chunk; the same for every chunk, and it can be sent to another process."""

    start: int
    end: int
    """First second of the period, and first second after it."""
    cutoff: int
    """The last second that is known: end of the period, or of the extract if that is earlier."""
    calendar: WorkCalendar
    catalogue: Catalogue
    told: dict[str, frozenset[str]]
    """Source id -> columns of the dossier table that the file had."""
    complained: npt.NDArray[np.uint64]
    """Sorted `key_hash` of the dossiers with a petition or a dissatisfied slip up to the cutoff."""
    rules: ClockRules
    log: LogIndex | None = None
    letters: IssuedLetters | None = None
    """Apology letters issued by the cutoff; None where due dates are taken as the exports give them."""
    strangers: frozenset[str] = frozenset()
    """Names of units that match none, of dossiers that go by their own code."""
    marking: Marking | None = None
    """What marks are made from; None where no marks are asked for."""

    @once
    def complaints(self) -> HashSet:
        return HashSet(self.complained)

    @once
    def fieldless(self) -> Mask:
        """Of each procedure, whether it has no field while dossiers may name one. Shape (catalogue + 1,)."""
        if not any(known.intersection(OWN_FIELDS) for known in self.told.values()):
            return np.zeros(len(self.catalogue) + 1, np.bool_)
        return np.array([*(not fold(name) for name in self.catalogue.fields), True])

    @once
    def unit_seconds(self) -> npt.NDArray[np.int64]:
        """Seconds in the unit of each procedure's duration: a working hour, a day, a working day (also where the unit
        is not known), a month of 30 days (Civil Code 2015, Art. 146.1)."""
        seconds = {HOURS: 3600, DAYS: DAY, MONTHS: 30 * DAY}
        return np.array([seconds.get(int(u), self.calendar.day_seconds) for u in self.catalogue.duration_unit])

    @once
    def calendar_clock(self) -> Mask:
        """Of each procedure, whether its duration runs on days off too: days and months."""
        clock: Mask = np.isin(self.catalogue.duration_unit, (DAYS, MONTHS))
        return clock

    @once
    def told_alike(self) -> frozenset[str] | None:
        """Those of the columns that are read that the files of dossiers had; None when the files differ."""
        told = {known & set(READ_COLUMNS) for known in self.told.values() if known}
        return told.pop() if len(told) == 1 else None
