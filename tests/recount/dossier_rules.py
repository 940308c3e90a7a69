"""One dossier seen from one period, by "Rules behind the counts" of Decision 766."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property

from tests.recount.exports import CHANNEL, PAID, Dossier, Step, number
from tests.recount.worktime import closing, working_days_later, working_seconds, working_seconds_later

RECEIVED_NOT, HANDLED, RETURNED, ASKED, FINANCE = 1, 9, 10, 5, 6
ENDED_EARLY = (3, 7, 8)
WORKED_ON, WORKED_ON_AGAIN = (2, 4, 5, 6), 4


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


def _last_of_day(moment: datetime) -> datetime:
    """A day without a time goes on to its last second."""
    return moment + timedelta(days=1, seconds=-1) if moment.time() == time(0) else moment


@dataclass
class Seen:
    """A dossier as known at the last moment of a period (the exports are all newer than it)."""

    dossier: Dossier
    procedure: Procedure
    start: datetime
    end: datetime
    log: list[Step] = field(default_factory=list)
    complained: bool = False
    reading: str = "law"
    """law: waiting moves the due time by the working time waited; portal: it is taken off in calendar time."""

    @property
    def cutoff(self) -> datetime:
        return self.end - timedelta(seconds=1)

    def __post_init__(self) -> None:
        self.later = [s for s in self.log if s.at > self.cutoff]
        self.steps = [s for s in self.log if s.at <= self.cutoff]

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
    def asked(self) -> datetime | None:
        """When a supplement was asked for, by the row."""
        return self._known("NgayBoSung")

    @cached_property
    def completed(self) -> datetime | None:
        """When it was complete, by the row; also after the period."""
        return self.dossier.times["NgayTiepNhanBoSung"]

    @cached_property
    def row_requests(self) -> int:
        asked = self.dossier.times["NgayBoSung"]
        if asked is not None and asked > self.cutoff:
            return 0
        return max(int(str(self.dossier.cells.get("SoLanBoSung") or 0)), 1 if asked else 0)

    @cached_property
    def log_requests(self) -> int:
        return sum(status == ASKED for status, _, _ in self.runs)

    @cached_property
    def requests(self) -> int:
        """Supplement requests up to the end of the period: the greater of log and row, at that moment."""
        after = 0
        before = self.steps[-1].status if self.steps else None
        for step in self.later:
            after += step.status == ASKED and before != ASKED
            before = step.status
        return max(self.log_requests, self.row_requests - after)

    @cached_property
    def row_waits(self) -> bool:
        """By the row it waits for a supplement, and the log does not know better."""
        if self.asked is None or self.completed is not None or self.dossier.status != ASKED:
            return False
        knows_better = bool(self.steps) and self.log_requests >= self.row_requests and self.steps[-1].at > self.asked
        return not knows_better

    @cached_property
    def waits_since(self) -> datetime | None:
        """It waits for its only supplement and nothing came after: when that was asked for."""
        if self.requests != 1 or self.later:
            return None
        if self.runs and self.runs[-1][0] == ASKED and self.dossier.status not in (3, 7, 9, 10):
            since = self.runs[-1][1]
            if self.completed is None or self.completed <= since:
                return since
        return self.asked if self.row_waits else None

    @cached_property
    def finish(self) -> datetime | None:
        worked = [i for i, (s, _, _) in enumerate(self.runs) if s in WORKED_ON]
        for status in (HANDLED, RETURNED):
            at = [since for i, (s, since, _) in enumerate(self.runs) if s == status and i > max(worked, default=-1)]
            if at:
                return at[-1]
        if self.runs and self.runs[-1][0] in ENDED_EARLY:
            return self.runs[-1][1]
        known = self._own_finish()
        if known is not None:
            return known if known <= self.cutoff else None
        return self.waits_since

    def _own_finish(self) -> datetime | None:
        """By the row: none for a dossier taken up again, by its status or by a later step of the log."""
        times = self.dossier.times
        if self.dossier.status == WORKED_ON_AGAIN:
            return None
        known = times["NgayKetThucXuLy"] or times["NgayTra"]
        if known is None and self.dossier.status in ENDED_EARLY and self.received_at is not None:
            known = times["NgayTuChoi"]
        worked = [s.at for s in self.steps if s.status in WORKED_ON]
        for moment in (known, times["NgayTra"]):
            if moment is None or not worked or _last_of_day(moment) >= worked[-1]:
                return moment
        return None

    @cached_property
    def waits(self) -> list[tuple[datetime, datetime]]:
        """When the clock stood still, before the finish or the end of the period; none overlap."""
        last = self.finish or self.cutoff
        spans = []
        for place, (status, since, until) in enumerate(self.runs):
            if status not in (ASKED, FINANCE):
                continue
            following = self.runs[place + 1][0] if place + 1 < len(self.runs) else None
            if following is None:
                until, following = (self.later[0].at, self.later[0].status) if self.later else (last, None)
            told = status == ASKED and following in (None, HANDLED, RETURNED, *ENDED_EARLY)
            if told and self.asked is not None and self.completed is not None and since < self.completed < until:
                until = self.completed
            spans.append((since, until))
        if self.asked is not None:
            begun = self.asked
            if begun.time() == time(0):
                begun = next((a for a, _ in spans if a.date() == begun.date()), begun)
            until = last if self.row_waits else self.completed or begun
            spans.append((begun, until))
        seconds = sorted((a, min(b, last)) for a, b in spans if min(b, last) > a)
        out: list[tuple[datetime, datetime]] = []
        for a, b in seconds:
            if out and a <= out[-1][1]:
                out[-1] = (out[-1][0], max(b, out[-1][1]))
            else:
                out.append((a, b))
        return out

    @cached_property
    def due(self) -> datetime | None:
        times = self.dossier.times
        due = times.get("NgayHenTraTruoc") or times["NgayHenTra"] or times["NgayHenTraMoi"]
        if due is not None:
            return closing(due.date()) if due.time() == time(0) else due
        if self.received_at is None:
            return None
        if self.procedure.duration_unit != "Ngày làm việc":
            raise NotImplementedError(self.procedure.duration_unit)
        return closing(working_days_later(self.received_at.date(), int(self.procedure.duration)))

    @cached_property
    def included(self) -> bool:
        """The due date is the new appointment, and the first one is lost: the wait is in it already."""
        times = self.dossier.times
        new = times["NgayHenTraMoi"]
        return new is not None and times["NgayHenTra"] in (None, new) and times.get("NgayHenTraTruoc") is None

    @cached_property
    def compared(self) -> datetime:
        """The finish, or the end of the period, or since when the clock stands still then; portal: less the waiting."""
        last = self.finish or self.cutoff
        over = list(self.waits)
        if over and over[-1][1] == last:
            last, _ = over.pop()
        if self.reading == "law" or self.included:
            return last
        return last - sum((b - a for a, b in over), timedelta())

    @cached_property
    def moved(self) -> datetime:
        """The due time; law: moved by the working time waited."""
        assert self.due is not None
        last = self.finish or self.cutoff
        waited = sum(working_seconds(a, b) for a, b in self.waits if b < last)
        if self.reading == "portal" or self.included or not waited:
            return self.due
        return working_seconds_later(self.due, waited)

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
        since_told = bool(self.later) or (bool(self.runs) and self.runs[-1][0] == FINANCE)
        if self.finish is None and self.dossier.status == FINANCE and not since_told:
            return False
        return self.compared > self.moved

    @property
    def outcome(self) -> str:
        """early, on_time, late, open_in_time or open_late."""
        if self.finish is None:
            return "open_late" if self.overdue else "open_in_time"
        if self.overdue:
            return "late"
        return "early" if self.compared.date() < self.moved.date() else "on_time"

    @property
    def open_in_lists(self) -> bool:
        """Not finished, or waiting for its only supplement."""
        return self.finish is None or self.finish == self.waits_since

    @property
    def form_columns(self) -> tuple[str, str]:
        """The columns of form II.06 that it counts in: how it came in, where it stands."""
        way = "carried" if self.carried_over else "online" if self.online else "direct"
        state = self.outcome
        if self.open_in_lists:
            state = "open_late" if self.overdue else "open_in_time"
        return way, {"open_in_time": "open_within", "open_late": "open_past"}.get(state, state)

    @property
    def still_waiting(self) -> bool:
        """Received before the period, and waiting since before it for its only supplement."""
        before = self.received_at is not None and self.received_at < self.start
        return before and self.open_in_lists and not self.in_hand

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
        if self.finish - sum((b - a for a, b in self.waits), timedelta()) < self.received_at:
            return None
        waited = sum(working_seconds(a, b) for a, b in self.waits)
        return working_seconds(self.received_at, self.finish) - waited
