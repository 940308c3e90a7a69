"""One dossier seen from one period, by "Rules behind the counts" of Decision 766."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property

from tests.recount.exports import CHANNEL, PAID, Dossier, Step, number
from tests.recount.worktime import closing, working_days_later, working_seconds

RECEIVED_NOT, HANDLED, RETURNED, ASKED, FINANCE = 1, 9, 10, 5, 6
ENDED_EARLY = (3, 7, 8)


@dataclass(frozen=True)
class Procedure:
    code: str
    level: int
    """Online service: 0 information, 1 partly, 2 fully."""
    returns_document: bool
    has_fee: bool
    citizens: bool
    duration: float
    duration_unit: str
    levels: frozenset[str]
    handlers: tuple[str, ...]
    parts: int
    field: str = ""


@dataclass
class Seen:
    """A dossier as known at the last moment of a period (the exports are all newer than it)."""

    dossier: Dossier
    procedure: Procedure
    start: datetime
    end: datetime
    steps: list[Step] = field(default_factory=list)
    complained: bool = False

    @property
    def cutoff(self) -> datetime:
        return self.end - timedelta(seconds=1)

    def __post_init__(self) -> None:
        self.steps = [s for s in self.steps if s.at <= self.cutoff]

    def _known(self, name: str) -> datetime | None:
        at = self.dossier.times[name]
        return at if at is not None and at <= self.cutoff else None

    @cached_property
    def received_at(self) -> datetime | None:
        return None if self.dossier.status == RECEIVED_NOT else self.dossier.times["NgayTiepNhan"]

    @cached_property
    def runs(self) -> list[tuple[int, datetime, datetime]]:
        """(status, since, until) from the process log: equal statuses in a row are one."""
        out: list[tuple[int, datetime, datetime]] = []
        for step in self.steps:
            if out and out[-1][0] == step.status:
                continue
            if out:
                out[-1] = (*out[-1][:2], step.at)
            out.append((step.status, step.at, self.cutoff))
        return out

    @cached_property
    def requests(self) -> int:
        """Supplement requests up to the end of the period."""
        if self.steps:
            return sum(status == ASKED for status, _, _ in self.runs)
        asked = self.dossier.times["NgayBoSung"]
        if asked is not None and asked > self.cutoff:
            return 0
        return max(int(str(self.dossier.cells.get("SoLanBoSung") or 0)), 1 if asked else 0)

    @cached_property
    def waits_since(self) -> datetime | None:
        """It ended waiting for its only supplement: when that was asked for."""
        if self.requests != 1:
            return None
        if self.steps:
            return self.runs[-1][1] if self.runs[-1][0] == ASKED else None
        if self.dossier.status == ASKED and self.dossier.times["NgayTiepNhanBoSung"] is None:
            return self._known("NgayBoSung")
        return None

    @cached_property
    def finish(self) -> datetime | None:
        for status in (HANDLED, RETURNED):
            at = [since for s, since, _ in self.runs if s == status]
            if at:
                return at[-1]
        if self.runs and self.runs[-1][0] in ENDED_EARLY:
            return self.runs[-1][1]
        known = self.dossier.times["NgayKetThucXuLy"] or self.dossier.times["NgayTra"]
        if known is None and self.dossier.status in ENDED_EARLY and self.received_at is not None:
            known = self.dossier.times["NgayTuChoi"]
        if known is not None:
            return known if known <= self.cutoff else None
        return self.waits_since

    @cached_property
    def waits(self) -> list[tuple[datetime, datetime]]:
        """When the clock stood still, before the finish or the end of the period."""
        last = self.finish or self.cutoff
        if self.steps:
            spans = [(since, until) for status, since, until in self.runs if status in (ASKED, FINANCE)]
        else:
            asked, completed = self.dossier.times["NgayBoSung"], self.dossier.times["NgayTiepNhanBoSung"]
            if completed is None and self.dossier.status == ASKED:
                completed = self.cutoff
            spans = [(asked, completed)] if asked and completed else []
        return [(a, min(b, last)) for a, b in spans if min(b, last) > a]

    @cached_property
    def due(self) -> datetime | None:
        due = self.dossier.times["NgayHenTra"] or self.dossier.times["NgayHenTraMoi"]
        if due is not None:
            return closing(due.date()) if due.time() == time(0) else due
        if self.received_at is None:
            return None
        if self.procedure.duration_unit != "Ngày làm việc":
            raise NotImplementedError(self.procedure.duration_unit)
        return closing(working_days_later(self.received_at.date(), int(self.procedure.duration)))

    @cached_property
    def compared(self) -> datetime:
        """The finish, or the end of the period, less the waiting."""
        waiting = sum((b - a for a, b in self.waits), timedelta())
        return (self.finish or self.cutoff) - waiting

    @cached_property
    def received(self) -> bool:
        return self.received_at is not None and self.start <= self.received_at < self.end

    @cached_property
    def carried_over(self) -> bool:
        if self.received_at is None or self.received_at >= self.start:
            return False
        return self.finish is None or self.finish >= self.start

    @property
    def in_hand(self) -> bool:
        """Received or handled in the period."""
        return self.received or self.carried_over

    @cached_property
    def overdue(self) -> bool:
        if self.requests >= 2:
            return True
        if self.finish is None and self.dossier.status == FINANCE and not self.steps:
            return False
        assert self.due is not None
        return self.compared > self.due

    @property
    def outcome(self) -> str:
        """early, on_time, late, open_in_time or open_late."""
        if self.finish is None:
            return "open_late" if self.overdue else "open_in_time"
        if self.overdue:
            return "late"
        assert self.due is not None
        return "early" if self.compared.date() < self.due.date() else "on_time"

    @property
    def form_columns(self) -> tuple[str, str]:
        """The columns of form II.06 that it counts in: how it came in, where it stands."""
        way = "carried" if self.carried_over else "online" if self.online else "direct"
        ended_waiting = self.waits_since is not None and self.waits_since == self.finish
        state = "on_time" if self.outcome == "early" and ended_waiting else self.outcome
        return way, {"open_in_time": "open_within", "open_late": "open_past"}.get(state, state)

    @property
    def online(self) -> bool:
        cell = self.dossier.cells.get("KenhThucHien")
        return bool(cell) and number(cell, CHANNEL) == 2

    @property
    def result_file(self) -> bool:
        return self.dossier.flag("DuongDanTepTinKetQua")

    @property
    def paid_online(self) -> bool:
        cell = self.dossier.cells.get("DuocThanhToanTrucTuyen")
        return cell not in (None, "") and number(cell, PAID) in (1, 2)

    @property
    def fee(self) -> int | None:
        cell = self.dossier.cells.get("Gia")
        return None if cell in (None, "") else int(str(cell).replace(".", ""))

    @property
    def population(self) -> bool:
        """VNeID, or the national population database (CSDLDC in the sample) connected."""
        return self.dossier.flag("TaiKhoanDuocXacThucVoiVNeID") or "CSDLDC" in str(self.dossier.cells.get("MaCSDL"))

    @property
    def attached(self) -> bool:
        return self.dossier.flag("HoSoCoThanhPhanSoHoa") or self.dossier.flag("DuocSoHoa")

    @property
    def result_where_required(self) -> bool:
        return self.result_file or not self.procedure.returns_document

    @property
    def handling_seconds(self) -> int | None:
        """Office seconds from receipt to finish, those of the waiting left out; None unless it counts in 2.2."""
        if not self.received or self.finish is None:
            return None
        assert self.received_at is not None
        if self.compared < self.received_at:
            return None
        waited = sum(working_seconds(a, b) for a, b in self.waits)
        return working_seconds(self.received_at, self.finish) - waited
