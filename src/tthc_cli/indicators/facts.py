"""Facts about a chunk of dossiers, in columns: what happened when, seen from one period.

Times are seconds since 1970, local and naive, int64; NAT where nothing is known. Facts hold no points and no targets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.folding import fold
from tthc_cli.indicators import columns
from tthc_cli.indicators.catalogue import UNKNOWN, Catalogue, match_procedures
from tthc_cli.indicators.columns import Column, Numbers, among, by_index, replaced
from tthc_cli.indicators.hash_set import HashSet
from tthc_cli.indicators.verdicts import Judge, Mask
from tthc_cli.workdays import DAYS, HOURS, MONTHS

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.indicators.log_facts import LogFacts, LogIndex
    from tthc_cli.workdays import WorkCalendar

Times = columns.Times
NAT = columns.NAT
DAY = 86_400
NEVER = np.iinfo(np.int64).max
"""A moment that does not come."""

REGISTERED, RECEIVED, REFUSED, IN_PROGRESS, SUPPLEMENT, FINANCE, WITHDRAWN, STOPPED, HANDLED, RETURNED = range(1, 11)
"""Codes of TrangThaiHoSo (domain vocabulary of the synchronisation service)."""
DIRECT, ONLINE, POSTAL = 1, 2, 3
"""Codes of KenhThucHien."""

TIME_COLUMNS = (
    "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayBoSung",
    "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi",
)  # fmt: skip
CODE_COLUMNS = (
    "KenhThucHien", "TrangThaiHoSo", "DuocThanhToanTrucTuyen", "HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID",
    "DuocTaiSuDung", "DuocLayTuKhoDMQG", "KetQuaDongBoKho", "DuongDanTepTinKetQua", "DaDongBo", "SoLanBoSung",
    "DuocSoHoa", "Gia",
)  # fmt: skip
NAME_COLUMNS = ("MaTTHC", "TenTTHC", "MaCSDL", "LoaiPhiLePhi", schema.UNIT_KEY, schema.SOURCE)
READ_COLUMNS = [*TIME_COLUMNS, *CODE_COLUMNS, *NAME_COLUMNS, schema.KEY_HASH]
"""Columns of the dossier table that the pass over the data reads."""
OWN_FIELDS = ("TenLinhVuc", "MaLinhVuc")
"""Name and code of the field that a dossier names; read where its procedure tells none."""

_POPULATION_WORDS = ("dan cu", "dancu", "csdldc", "qgdc")
_POPULATION_CODES = frozenset({"1", "01", "dc"})


def is_population_database(cell: str) -> bool:
    """Whether a MaCSDL cell names the national population database, by name or code, among others."""
    for part in cell.replace(",", ";").split(";"):
        word = fold(part)
        if word in _POPULATION_CODES or any(w in word for w in _POPULATION_WORDS):
            return True
    return False


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
    supplements_overdue: int
    """Supplement requests from which a dossier counts as overdue (a parameter of the rulebook)."""
    log: LogIndex | None = None

    @cached_property
    def complaints(self) -> HashSet:
        return HashSet(self.complained)

    @cached_property
    def fieldless(self) -> Mask:
        """Of each procedure, whether it has no field while dossiers may name one. Shape (catalogue + 1,)."""
        if not any(known.intersection(OWN_FIELDS) for known in self.told.values()):
            return np.zeros(len(self.catalogue) + 1, np.bool_)
        return np.array([*(not fold(name) for name in self.catalogue.fields), True])

    @cached_property
    def unit_seconds(self) -> npt.NDArray[np.int64]:
        """Seconds in the unit of each procedure's duration: a working hour, a day, a working day (also where the unit
        is not known), a month of 30 days (Civil Code 2015, Art. 146.1)."""
        seconds = {HOURS: 3600, DAYS: DAY, MONTHS: 30 * DAY}
        return np.array([seconds.get(int(u), self.calendar.day_seconds) for u in self.catalogue.duration_unit])

    @cached_property
    def calendar_clock(self) -> Mask:
        """Of each procedure, whether its duration runs on days off too: days and months."""
        clock: Mask = np.isin(self.catalogue.duration_unit, (DAYS, MONTHS))
        return clock

    @cached_property
    def told_alike(self) -> frozenset[str] | None:
        """Those of the columns that are read that the files of dossiers had; None when the files differ."""
        told = {known & set(READ_COLUMNS) for known in self.told.values() if known}
        return told.pop() if len(told) == 1 else None


@dataclass
class DossierFacts:
    """Facts of n dossiers; every array has shape (n,) and is not to be changed."""

    chunk: pa.Table
    context: Context
    _names: dict[str, tuple[npt.NDArray[np.int32], list[str | None]]] = field(default_factory=dict)
    _columns: dict[str, Column] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return int(self.chunk.num_rows)

    def prepare(self) -> None:
        """Find out what `block` hands on to its parts."""
        for name in NAME_COLUMNS:
            self.names(name)
        _ = self.procedure, self.database_connected, self.log

    def block(self, start: int, stop: int) -> DossierFacts:
        """The facts of some rows; what was found out about categories and the process log is kept."""
        part = DossierFacts(self.chunk.slice(start, stop - start), self.context)
        part._names = {name: (index[start:stop], values) for name, (index, values) in self._names.items()}
        for name in ("procedure", "database_connected", "log"):
            if name in self.__dict__:
                found = self.__dict__[name]
                part.__dict__[name] = None if found is None else found[start:stop]
        return part

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            self._columns[name] = Column(columns.whole(self.chunk.column(name)))
        return self._columns[name]

    def time(self, name: str) -> Times:
        """A timestamp column, NAT where blank."""
        return self._column(name).seconds

    def known(self, name: str) -> Mask:
        """Where a column is not blank."""
        return self._column(name).known

    def time_at(self, name: str, rows: npt.NDArray[np.intp]) -> Times:
        """A timestamp column at some rows, NAT where blank. Shape of rows."""
        return self._column(name).seconds_at(rows)

    def code(self, name: str, blank: int = UNKNOWN) -> Numbers:
        """A code, flag, count or amount, UNKNOWN (-1) where blank."""
        return self._column(name).numbers(blank)

    def names(self, name: str) -> tuple[npt.NDArray[np.int32], list[str | None]]:
        """A category column as (index of each row, values); the last value is None, for blank."""
        if name not in self._names:
            import pyarrow as pa

            array = self._column(name).array
            if not pa.types.is_dictionary(array.type):
                array = array.dictionary_encode()
            values: list[str | None] = [*array.dictionary.to_pylist(), None]
            self._names[name] = (Column(array.indices).numbers(len(values) - 1), values)
        return self._names[name]

    def told(self, *names: str) -> Mask:
        """Whether the file of each dossier had any of the columns."""
        alike = self.context.told_alike
        if alike is not None:
            return np.full(self.n, not alike.isdisjoint(names))
        indices, sources = self.names(schema.SOURCE)
        known = [any(c in self.context.told.get(s or "", frozenset()) for c in names) for s in sources]
        return by_index(np.array(known), indices)

    @cached_property
    def procedure(self) -> npt.NDArray[np.int32]:
        """Index of the procedure in the catalogue; `catalogue.unlisted` when it is not there."""
        catalogue = self.context.catalogue
        code_index, codes = self.names("MaTTHC")
        by_code = match_procedures(catalogue, codes, [None] * len(codes))
        found: npt.NDArray[np.int32] = by_index(by_code, code_index)
        rows = np.flatnonzero(found == catalogue.unlisted)
        if len(rows):
            name_index, names = self.names("TenTTHC")
            used, place = np.unique(name_index[rows], return_inverse=True)
            by_name = match_procedures(catalogue, [None] * len(used), [names[i] for i in used])
            found = found.copy()
            found[rows] = by_name[place]
        return found

    @cached_property
    def status(self) -> Numbers:
        return self.code("TrangThaiHoSo")

    @cached_property
    def received_at(self) -> Times:
        """When it was received; NAT for a dossier only registered (status 1)."""
        return replaced(self.time("NgayTiepNhan"), self.status == REGISTERED, NAT)

    @cached_property
    def log(self) -> LogFacts | None:
        """What the process log tells of these dossiers; None when there is no log."""
        return None if self.context.log is None else self.context.log.facts(self)

    @cached_property
    def _asked(self) -> npt.NDArray[np.intp]:
        """Rows with a NgayBoSung."""
        return np.flatnonzero(self.known("NgayBoSung"))

    @cached_property
    def supplement_requests(self) -> Numbers:
        """How often a supplement was asked for, up to the cutoff: from the process log where the dossier is in it,
        else SoLanBoSung, else 1 where there is a NgayBoSung."""
        count = self.code("SoLanBoSung", 0).copy()
        rows = self._asked
        asked = count[rows]
        asked[asked == 0] = 1
        asked[self.time_at("NgayBoSung", rows) > self.context.cutoff] = 0
        count[rows] = asked
        if self.log is not None:
            count = np.where(self.log.present, self.log.supplement_requests, count)
        return count

    @cached_property
    def ended_waiting_at(self) -> Times:
        """For a dossier that ended waiting for its only supplement: when that was asked for; else NAT."""
        out = np.full(self.n, NAT, np.int64)
        rows = np.flatnonzero((self.status == SUPPLEMENT) & (self.supplement_requests == 1))
        rows = rows[self.time_at("NgayTiepNhanBoSung", rows) == NAT]
        out[rows] = self.time_at("NgayBoSung", rows)
        if self.log is not None:
            out = np.where(self.log.present, self.log.ended_waiting_at, out)
        return out

    @cached_property
    def _ended_early(self) -> Mask:
        """Refused, withdrawn or stopped (3, 7, 8) after it had been received."""
        ended: Mask = among(self.status, REFUSED, WITHDRAWN, STOPPED) & (self.received_at != NAT)
        return ended

    @cached_property
    def finished_at(self) -> Times:
        """Finish time: of status 9; else of 10; else of 3, 7 or 8 for a dossier that had been received; else, for one
        that ended waiting for its only supplement, when that was asked for. NAT when not finished by the cutoff."""
        done = self.time("NgayKetThucXuLy").copy()
        rows = np.flatnonzero(done == NAT)
        other = self.time_at("NgayTra", rows)
        ended = (other == NAT) & self._ended_early[rows]
        done[rows] = np.where(ended, self.time_at("NgayTuChoi", rows), other)
        if self.log is not None:
            logged = np.flatnonzero(self.log.finished_at != NAT)
            done[logged] = self.log.finished_at[logged]
        rows = rows[done[rows] == NAT]
        done[rows] = self.ended_waiting_at[rows]
        return replaced(done, done > self.context.cutoff, NAT)

    @cached_property
    def finished_untimed(self) -> Mask:
        """Finished by its status (3, 7, 8, 9, 10), but nothing tells when."""
        out = np.zeros(self.n, np.bool_)
        rows = np.flatnonzero(~(self.known("NgayKetThucXuLy") | self.known("NgayTra")))
        handled = among(self.status[rows], HANDLED, RETURNED) & (self.received_at[rows] != NAT)
        untimed = handled | (self._ended_early[rows] & (self.time_at("NgayTuChoi", rows) == NAT))
        untimed &= self.ended_waiting_at[rows] == NAT
        if self.log is not None:
            untimed &= self.log.finished_at[rows] == NAT
        out[rows] = untimed
        return out

    @cached_property
    def waiting_span(self) -> tuple[Times, Times]:
        """From when to when a supplement was waited for, by the dossier's own columns, before the finish or the
        cutoff; of the rows `_asked`. Equal where it was not waited for."""
        rows = self._asked
        asked_at, completed_at = self.time_at("NgayBoSung", rows), self.time_at("NgayTiepNhanBoSung", rows)
        still_asked = (completed_at == NAT) & (self.status[rows] == SUPPLEMENT)
        until = np.where(still_asked, self.context.cutoff, completed_at)
        until = np.minimum(until, self.judged_at[rows])
        return asked_at, np.maximum(until, asked_at)

    @cached_property
    def waiting(self) -> npt.NDArray[np.int64]:
        """Seconds that do not count before the finish or the cutoff: waiting for supplements (request to completion)
        and, from the process log, for financial obligations (status 6)."""
        out = np.zeros(self.n, np.int64)
        asked_at, until = self.waiting_span
        out[self._asked] = until - asked_at
        if self.log is not None:
            after, rows = self._waiting_after_finish, self._paused_past_finish
            out = np.where(self.log.present, self.log.waiting, out)
            out[rows] -= after[1] - after[0]
        return out

    @cached_property
    def _paused_past_finish(self) -> npt.NDArray[np.intp]:
        """Rows whose log ends waiting, while the dossier's own columns tell a finish."""
        if self.log is None:
            return np.zeros(0, np.intp)
        return np.flatnonzero((self.log.paused_since != NAT) & self.finished)

    @cached_property
    def _waiting_after_finish(self) -> tuple[Times, Times]:
        """From when to when those rows seem to wait after their finish."""
        assert self.log is not None
        rows = self._paused_past_finish
        end = np.full(len(rows), self.context.cutoff, np.int64)
        return np.minimum(np.maximum(self.log.paused_since[rows], self.finished_at[rows]), end), end

    @cached_property
    def waiting_working(self) -> npt.NDArray[np.int64]:
        """The part of `waiting` that is working time, in seconds."""
        out = np.zeros(self.n, np.int64)
        out[self._asked] = self.context.calendar.working_seconds_between(*self.waiting_span)
        if self.log is not None:
            out = np.where(self.log.present, self.log.waiting_working, out)
            working = self.context.calendar.working_seconds_between(*self._waiting_after_finish)
            out[self._paused_past_finish] -= working
        return out

    @cached_property
    def judged_at(self) -> Times:
        """The moment compared with the due time: the finish, else the cutoff."""
        return replaced(self.finished_at, self.finished_at == NAT, self.context.cutoff)

    @cached_property
    def due_at(self) -> Times:
        """Due time, before waiting is added; NAT when neither the dossier nor the catalogue tells.

        NgayHenTra; where it was moved for a supplement (NgayHenTraMoi), the date before the move (NgayHenTraTruoc),
        because waiting is taken off on its own. Without a due date: received + the statutory duration. A date without
        a time of day means the end of that working day.
        """
        due = self.time("NgayHenTra").copy()
        rows = np.flatnonzero(due == NAT)
        due[rows] = self.time_at("NgayHenTraMoi", rows)
        moved = np.flatnonzero(self.known("NgayHenTraTruoc"))
        due[moved] = self.time_at("NgayHenTraTruoc", moved)
        calendar, catalogue = self.context.calendar, self.context.catalogue
        day = due // DAY
        dated = np.flatnonzero(day * DAY == due)
        due[dated] = calendar.end_of_working_day(day[dated])
        rows = rows[(due[rows] == NAT) & (self.received_at[rows] != NAT)]
        procedure = self.procedure[rows]
        timed = ~np.isnan(catalogue.duration[procedure]) & (catalogue.duration_unit[procedure] != UNKNOWN)
        rows, procedure = rows[timed], procedure[timed]
        if len(rows):
            due[rows] = calendar.due(
                self.received_at[rows], catalogue.duration[procedure], catalogue.duration_unit[procedure]
            )
        return due

    @cached_property
    def due_already_moved(self) -> Mask:
        """The due date already includes the waiting: it equals NgayHenTraMoi, and the date before is not known."""
        out = np.zeros(self.n, np.bool_)
        rows = np.flatnonzero(self.known("NgayHenTraMoi"))
        after, due = self.time_at("NgayHenTraMoi", rows), self.time_at("NgayHenTra", rows)
        out[rows] = ((due == after) | (due == NAT)) & (self.time_at("NgayHenTraTruoc", rows) == NAT)
        return out

    @cached_property
    def judged_time(self) -> Times:
        """Finish (or cutoff) less the waiting that does not count; compared with `due_at`."""
        rows = self._asked if self.log is None else np.arange(self.n)
        rows = rows[(self.waiting[rows] != 0) & ~self.due_already_moved[rows]]
        if not len(rows):
            return self.judged_at
        out = self.judged_at.copy()
        out[rows] -= self.waiting[rows]
        return out

    @cached_property
    def due_unknown(self) -> Mask:
        """Nothing tells when it was due."""
        unknown: Mask = self.due_at == NAT
        return unknown

    @cached_property
    def within_due(self) -> Mask:
        """Finished, or still open, on or before due; false where due is not known."""
        within: Mask = self.judged_time <= self.due_at
        return within

    @cached_property
    def early(self) -> Mask:
        """Finished, or judged, before the day it was due."""
        early: Mask = self.judged_time < self.due_at // DAY * DAY
        return early

    @cached_property
    def ended_waiting(self) -> Mask:
        """It ended waiting for its only supplement."""
        ended: Mask = self.finished & (self.finished_at == self.ended_waiting_at)
        return ended

    @cached_property
    def changes_at(self) -> int:
        """The first cutoff at which time alone, without any news, may change a verdict: when an open dossier becomes
        overdue. NEVER when none is open within due."""
        within = self.handled & ~self.finished & self.within_due
        rows = np.flatnonzero(within)
        if not len(rows):
            return int(NEVER)
        return self.context.cutoff + 1 + int((self.due_at[rows] - self.judged_time[rows]).min())

    @cached_property
    def received(self) -> Mask:
        """Received in the period (and by the cutoff)."""
        c = self.context
        return (self.received_at >= c.start) & (self.received_at <= min(c.end - 1, c.cutoff))

    @cached_property
    def received_or_submitted(self) -> Mask:
        """Received in the period; where NgayTiepNhan is blank, submitted in the period (3.2 and 3.4)."""
        c = self.context
        rows = np.flatnonzero(~self.known("NgayTiepNhan"))
        if not len(rows):
            return self.received
        submitted = self.time_at("NgayNopHoSo", rows)
        out = self.received.copy()
        inside = (submitted >= c.start) & (submitted <= min(c.end - 1, c.cutoff))
        out[rows] |= inside & ~among(self.status[rows], REGISTERED, REFUSED)
        return out

    @cached_property
    def finished(self) -> Mask:
        """Finished by the cutoff."""
        finished: Mask = self.finished_at != NAT
        return finished

    @cached_property
    def carried_over(self) -> Mask:
        """Received before the period and not finished before it."""
        before: Mask = (self.received_at != NAT) & (self.received_at < self.context.start)
        if not before.any():
            return before
        ended_before = self.finished & (self.finished_at < self.context.start)
        return before & ~ended_before & ~self.finished_untimed

    @cached_property
    def handled(self) -> Mask:
        """Received in the period, or carried over into it: the subjects of 2.1 and 5.3."""
        return self.received | self.carried_over

    @cached_property
    def overdue(self) -> Mask:
        """Late, open past due, or with two or more supplement requests."""
        late = ~self.due_unknown & ~self.within_due
        late &= ~self.paused_for_finance & ~self.finished_untimed
        overdue: Mask = late | self.too_many_supplements
        return overdue

    @cached_property
    def too_many_supplements(self) -> Mask:
        """Supplements were asked for so often that it counts as overdue whatever its dates."""
        out: Mask = self.supplement_requests >= self.context.supplements_overdue
        return out

    @cached_property
    def paused_for_finance(self) -> Mask:
        """Open at status 6 with nothing that tells since when: its clock stands still."""
        paused: Mask = (self.status == FINANCE) & ~self.finished
        if self.log is not None:
            paused &= ~self.log.present
        return paused

    @cached_property
    def online(self) -> Mask:
        """Submitted online."""
        return self._column("KenhThucHien").among(ONLINE)

    @cached_property
    def returns_document(self) -> Mask:
        """Its procedure must return a document; false where that is not known."""
        return by_index(self.context.catalogue.returns_document == 1, self.procedure)

    @cached_property
    def returns_no_document(self) -> Mask:
        """Its procedure is known to return none."""
        return by_index(self.context.catalogue.returns_document == 0, self.procedure)

    @cached_property
    def synchronised(self) -> Mask:
        """Synchronised to the national portal."""
        return self._column("DaDongBo").among(1)

    @cached_property
    def files_attached(self) -> Mask:
        """Component files are attached (HoSoCoThanhPhanSoHoa, else DuocSoHoa)."""
        return self._column("HoSoCoThanhPhanSoHoa").among(1) | self._column("DuocSoHoa").over(0)

    @cached_property
    def reused(self) -> Mask:
        """A component was reused."""
        return self._column("DuocTaiSuDung").over(0)

    @cached_property
    def taken_from_store(self) -> Mask:
        """A component was taken from the personal store."""
        return self._column("DuocLayTuKhoDMQG").over(0)

    @cached_property
    def result_stored(self) -> Mask:
        """The result was synchronised to the personal store."""
        return self._column("KetQuaDongBoKho").among(1)

    @cached_property
    def has_result_file(self) -> Mask:
        return self._column("DuongDanTepTinKetQua").among(1)

    @cached_property
    def paid_online(self) -> Mask:
        return self._column("DuocThanhToanTrucTuyen").among(1, 2)

    @cached_property
    def _fee(self) -> Numbers:
        return self.code("Gia")

    @cached_property
    def has_fee_data(self) -> Mask:
        """Its fee (Gia) or the kind of fee (LoaiPhiLePhi) is recorded."""
        has: Mask = (self._fee != UNKNOWN) | self.known("LoaiPhiLePhi")
        return has

    @cached_property
    def owes_fee(self) -> Mask:
        """Has a financial obligation: a fee over zero; where no fee is recorded, paid online or a fee-bearing
        procedure. A fee of zero is none."""
        fee = self._fee
        listed = by_index(self.context.catalogue.has_fee == 1, self.procedure)
        owes: Mask = (fee > 0) | ((fee == UNKNOWN) & (self.paid_online | listed))
        return owes

    @cached_property
    def database_connected(self) -> Mask:
        """The national population database is among the connected ones."""
        indices, cells = self.names("MaCSDL")
        known = np.array([bool(c) and is_population_database(str(c)) for c in cells])
        return by_index(known, indices)

    @cached_property
    def uses_population_data(self) -> Mask:
        """Account authenticated with VNeID, or the national population database connected."""
        return self._column("TaiKhoanDuocXacThucVoiVNeID").among(1) | self.database_connected

    @cached_property
    def complained(self) -> Mask:
        """Has a petition or a dissatisfied slip."""
        out = np.zeros(self.n, np.bool_)
        if len(self.context.complained):
            hashes = self._column(schema.KEY_HASH).raw(np.uint64)
            out[self.context.complaints.rows(hashes)] = True
        return out


DossierIndicator = Judge[DossierFacts]
