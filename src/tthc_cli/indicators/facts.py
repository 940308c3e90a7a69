"""Facts about a chunk of dossiers, in columns: what happened when, seen from one period.

Times are seconds since 1970, local and naive, int64; NAT where nothing is known. Facts hold no points and no targets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.folding import fold
from tthc_cli.indicators.catalogue import UNKNOWN, Catalogue, match_procedures
from tthc_cli.indicators.verdicts import Judge, Mask

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.indicators.log_facts import LogFacts, LogIndex
    from tthc_cli.workdays import WorkCalendar

Times = npt.NDArray[np.int64]
NAT = np.iinfo(np.int64).min
DAY = 86_400

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


@dataclass
class DossierFacts:
    """Facts of n dossiers; every array has shape (n,)."""

    chunk: pa.Table
    context: Context
    _dictionaries: dict[str, tuple[npt.NDArray[np.int32], list[str | None]]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return int(self.chunk.num_rows)

    def _array(self, name: str) -> Any:
        column = self.chunk.column(name)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def time(self, name: str) -> Times:
        """A timestamp column, NAT where blank."""
        import pyarrow as pa

        array = self._array(name)
        if array.null_count == len(array):
            return np.full(self.n, NAT, np.int64)
        seconds = array.cast(pa.timestamp("s")).cast(pa.int64())
        out: Times = seconds.fill_null(NAT).to_numpy(zero_copy_only=False)
        return out

    def code(self, name: str) -> npt.NDArray[np.int64]:
        """A code, flag, count or amount, UNKNOWN (-1) where blank."""
        import pyarrow as pa

        out: npt.NDArray[np.int64] = (
            self._array(name).cast(pa.int64()).fill_null(UNKNOWN).to_numpy(zero_copy_only=False)
        )
        return out

    def names(self, name: str) -> tuple[npt.NDArray[np.int32], list[str | None]]:
        """A category column as (index of each row, values); the last value is None, for blank."""
        if name not in self._dictionaries:
            import pyarrow as pa

            array = self._array(name)
            if not pa.types.is_dictionary(array.type):
                array = array.dictionary_encode()
            values: list[str | None] = [*array.dictionary.to_pylist(), None]
            indices = array.indices.cast(pa.int32()).fill_null(len(values) - 1).to_numpy(zero_copy_only=False)
            self._dictionaries[name] = (indices, values)
        return self._dictionaries[name]

    def told(self, *columns: str) -> Mask:
        """Whether the file of each dossier had any of the columns."""
        indices, sources = self.names(schema.SOURCE)
        known = [any(c in self.context.told.get(s or "", frozenset()) for c in columns) for s in sources]
        return np.array(known)[indices]

    @cached_property
    def procedure(self) -> npt.NDArray[np.int32]:
        """Index of the procedure in the catalogue; `catalogue.unlisted` when it is not there."""
        code_index, codes = self.names("MaTTHC")
        name_index, names = self.names("TenTTHC")
        pairs = code_index.astype(np.int64) * len(names) + name_index
        distinct, inverse = np.unique(pairs, return_inverse=True)
        found = match_procedures(
            self.context.catalogue,
            [codes[int(p) // len(names)] for p in distinct],
            [names[int(p) % len(names)] for p in distinct],
        )
        return found[inverse]

    @cached_property
    def status(self) -> npt.NDArray[np.int64]:
        return self.code("TrangThaiHoSo")

    @cached_property
    def received_at(self) -> Times:
        """When it was received; NAT for a dossier only registered (status 1)."""
        return np.where(self.status == REGISTERED, NAT, self.time("NgayTiepNhan"))

    @cached_property
    def log(self) -> LogFacts | None:
        """What the process log tells of these dossiers; None when there is no log."""
        return None if self.context.log is None else self.context.log.facts(self)

    @cached_property
    def supplement_requests(self) -> npt.NDArray[np.int64]:
        """How often a supplement was asked for, up to the cutoff: from the process log where the dossier is in it,
        else SoLanBoSung, else 1 where there is a NgayBoSung."""
        asked_at = self.time("NgayBoSung")
        count = np.maximum(self.code("SoLanBoSung"), 0)
        count = np.where((count == 0) & (asked_at != NAT), 1, count)
        count[asked_at > self.context.cutoff] = 0
        if self.log is not None:
            count = np.where(self.log.present, self.log.supplement_requests, count)
        return count

    @cached_property
    def ended_waiting_at(self) -> Times:
        """For a dossier that ended waiting for its only supplement: when that was asked for; else NAT."""
        ended = (self.status == SUPPLEMENT) & (self.supplement_requests == 1)
        asked_at = np.where(ended & (self.time("NgayTiepNhanBoSung") == NAT), self.time("NgayBoSung"), NAT)
        if self.log is not None:
            asked_at = np.where(self.log.present, self.log.ended_waiting_at, asked_at)
        return asked_at

    @cached_property
    def finished_at(self) -> Times:
        """Finish time: of status 9; else of 10; else of 3, 7 or 8 for a dossier that had been received; else, for one
        that ended waiting for its only supplement, when that was asked for. NAT when not finished by the cutoff."""
        done = self.time("NgayKetThucXuLy")
        done = np.where(done == NAT, self.time("NgayTra"), done)
        ended_early = np.isin(self.status, (REFUSED, WITHDRAWN, STOPPED)) & (self.received_at != NAT)
        done = np.where((done == NAT) & ended_early, self.time("NgayTuChoi"), done)
        if self.log is not None:
            done = np.where(self.log.finished_at != NAT, self.log.finished_at, done)
        done = np.where(done == NAT, self.ended_waiting_at, done)
        return np.where(done > self.context.cutoff, NAT, done)

    @cached_property
    def finished_untimed(self) -> Mask:
        """Finished by its status (3, 7, 8, 9, 10), but nothing tells when."""
        finished = np.isin(self.status, (REFUSED, WITHDRAWN, STOPPED, HANDLED, RETURNED)) & (self.received_at != NAT)
        times = [self.time(c) for c in ("NgayKetThucXuLy", "NgayTra", "NgayTuChoi")]
        untimed: Mask = finished & (times[0] == NAT) & (times[1] == NAT)
        untimed &= (times[2] == NAT) | np.isin(self.status, (HANDLED, RETURNED))
        untimed &= (self.logged_finish == NAT) & (self.ended_waiting_at == NAT)
        return untimed

    @property
    def logged_finish(self) -> Times:
        return np.full(self.n, NAT, np.int64) if self.log is None else self.log.finished_at

    @cached_property
    def waiting(self) -> npt.NDArray[np.int64]:
        """Seconds that do not count before the finish or the cutoff: waiting for supplements (request to completion)
        and, from the process log, for financial obligations (status 6)."""
        asked_at, completed_at = self.time("NgayBoSung"), self.time("NgayTiepNhanBoSung")
        still_asked = (completed_at == NAT) & (self.status == SUPPLEMENT)
        until = np.where(still_asked, self.context.cutoff, completed_at)
        until = np.minimum(until, self.judged_at)
        counts = (asked_at != NAT) & (until != NAT) & (until > asked_at)
        waited = np.where(counts, until - np.where(counts, asked_at, 0), 0)
        if self.log is not None:
            waited = np.where(self.log.present, self.log.waiting, waited)
        return waited

    @cached_property
    def judged_at(self) -> Times:
        """The moment compared with the due time: the finish, else the cutoff."""
        return np.where(self.finished_at == NAT, self.context.cutoff, self.finished_at)

    @cached_property
    def due_at(self) -> Times:
        """Due time, before waiting is added; NAT when neither the dossier nor the catalogue tells.

        NgayHenTra; where it was moved for a supplement (NgayHenTraMoi), the date before the move (NgayHenTraTruoc),
        because waiting is taken off on its own. Without a due date: received + the statutory duration. A date without
        a time of day means the end of that working day.
        """
        due, before, after = self.time("NgayHenTra"), self.time("NgayHenTraTruoc"), self.time("NgayHenTraMoi")
        due = np.where(due == NAT, after, due)
        due = np.where(before != NAT, before, due)
        calendar = self.context.calendar
        dated = (due != NAT) & (due % DAY == 0)
        if dated.any():
            due[dated] = calendar.end_of_working_day(due[dated] // DAY)
        missing = (due == NAT) & (self.received_at != NAT)
        catalogue = self.context.catalogue
        missing &= ~np.isnan(catalogue.duration[self.procedure]) & (catalogue.duration_unit[self.procedure] != UNKNOWN)
        if missing.any():
            procedure = self.procedure[missing]
            due[missing] = calendar.due(
                self.received_at[missing], catalogue.duration[procedure], catalogue.duration_unit[procedure]
            )
        return due

    @cached_property
    def due_already_moved(self) -> Mask:
        """The due date already includes the waiting: it equals NgayHenTraMoi, and the date before is not known."""
        after = self.time("NgayHenTraMoi")
        due = self.time("NgayHenTra")
        moved: Mask = (after != NAT) & ((due == after) | (due == NAT))
        moved &= self.time("NgayHenTraTruoc") == NAT
        return moved

    @cached_property
    def judged_time(self) -> Times:
        """Finish (or cutoff) less the waiting that does not count; compared with `due_at`."""
        return self.judged_at - np.where(self.due_already_moved, 0, self.waiting)

    @cached_property
    def received(self) -> Mask:
        """Received in the period (and by the cutoff)."""
        c = self.context
        return (self.received_at >= c.start) & (self.received_at < c.end) & (self.received_at <= c.cutoff)

    @cached_property
    def received_or_submitted(self) -> Mask:
        """Received in the period; where NgayTiepNhan is blank, submitted in the period (3.2 and 3.4)."""
        c = self.context
        submitted = np.where(self.time("NgayTiepNhan") == NAT, self.time("NgayNopHoSo"), NAT)
        inside = (submitted >= c.start) & (submitted < c.end) & (submitted <= c.cutoff)
        return self.received | (inside & ~np.isin(self.status, (REGISTERED, REFUSED)))

    @cached_property
    def finished(self) -> Mask:
        """Finished by the cutoff."""
        finished: Mask = self.finished_at != NAT
        return finished

    @cached_property
    def carried_over(self) -> Mask:
        """Received before the period and not finished before it."""
        before: Mask = (self.received_at != NAT) & (self.received_at < self.context.start)
        ended_before = self.finished & (self.finished_at < self.context.start)
        return before & ~ended_before & ~self.finished_untimed

    @cached_property
    def handled(self) -> Mask:
        """Received in the period, or carried over into it: the subjects of 2.1 and 5.3."""
        return self.received | self.carried_over

    @cached_property
    def overdue(self) -> Mask:
        """Late, open past due, or with two or more supplement requests."""
        late = (self.due_at != NAT) & (self.judged_time > self.due_at)
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
    def channel(self) -> npt.NDArray[np.int64]:
        """1 direct, 2 online, 3 postal; a missing channel counts as direct."""
        channel = self.code("KenhThucHien")
        return np.where(channel == UNKNOWN, DIRECT, channel)

    @cached_property
    def returns_document(self) -> npt.NDArray[np.int8]:
        """Whether its procedure must return a document: 1, 0, UNKNOWN."""
        return self.context.catalogue.returns_document[self.procedure]

    @cached_property
    def has_result_file(self) -> Mask:
        has: Mask = self.code("DuongDanTepTinKetQua") == 1
        return has

    @cached_property
    def paid_online(self) -> Mask:
        return np.isin(self.code("DuocThanhToanTrucTuyen"), (1, 2))

    @cached_property
    def owes_fee(self) -> Mask:
        """Has a financial obligation: a fee over zero; where no fee is recorded, paid online or a fee-bearing
        procedure. A fee of zero is none."""
        fee = self.code("Gia")
        listed = self.context.catalogue.has_fee[self.procedure] == 1
        owes: Mask = (fee > 0) | ((fee == UNKNOWN) & (self.paid_online | listed))
        return owes

    @cached_property
    def uses_population_data(self) -> Mask:
        """Account authenticated with VNeID, or the national population database connected."""
        indices, cells = self.names("MaCSDL")
        connected = np.array([bool(c) and is_population_database(str(c)) for c in cells])[indices]
        uses: Mask = (self.code("TaiKhoanDuocXacThucVoiVNeID") == 1) | connected
        return uses

    @cached_property
    def complained(self) -> Mask:
        """Has a petition or a dissatisfied slip."""
        hashes: npt.NDArray[np.uint64] = self._array(schema.KEY_HASH).to_numpy(zero_copy_only=False)
        known = self.context.complained
        if not len(known):
            return np.zeros(self.n, np.bool_)
        at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        out: Mask = known[at] == hashes
        return out


DossierIndicator = Judge[DossierFacts]
