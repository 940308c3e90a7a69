"""Facts about a chunk of dossiers, in columns, seen from one period: how they were handled, and what came with them
(channel, fees, files, databases). Facts hold no points and no targets."""

from __future__ import annotations

import numpy as np

from tthc_cli import schema
from tthc_cli.facts.codes import ONLINE, UNKNOWN_CHANNEL
from tthc_cli.facts.columns import by_index
from tthc_cli.facts.nine.marks import MarkFacts
from tthc_cli.facts.once import once
from tthc_cli.text import fold
from tthc_cli.verdicts import Mask

_POPULATION_WORDS = ("dan cu", "dancu", "csdldc", "qgdc")
_POPULATION_CODES = frozenset({"1", "01", "dc"})


def is_population_database(cell: str) -> bool:
    """Whether a MaCSDL cell names the national population database, by name or code, among others."""
    for part in cell.replace(",", ";").split(";"):
        word = fold(part)
        if word in _POPULATION_CODES or any(w in word for w in _POPULATION_WORDS):
            return True
    return False


class DossierFacts(MarkFacts):
    """Facts of n dossiers; every array has shape (n,) and is not to be changed."""

    def prepare(self) -> None:
        """Find out what `block` hands on to its parts."""
        _ = self.procedure, self.database_connected, self.log
        if self.context.told_alike is None:
            self.names(schema.SOURCE)

    def block(self, start: int, stop: int) -> DossierFacts:
        """The facts of some rows; what was found out about categories and the process log is kept."""
        part = DossierFacts(self.chunk.slice(start, stop - start), self.context)
        part._columns = self.parts_of_columns(start, stop)
        part._names = {name: (index[start:stop], values) for name, (index, values) in self._names.items()}
        for name in ("procedure", "database_connected", "log"):
            if name in self.__dict__:
                found = self.__dict__[name]
                part.__dict__[name] = None if found is None else found[start:stop]
        return part

    @once
    def online(self) -> Mask:
        """Submitted online."""
        return self._column("KenhThucHien").among(ONLINE)

    @once
    def channel_blank(self) -> Mask:
        """No channel is given."""
        return ~self.known("KenhThucHien")

    @once
    def channel_unknown(self) -> Mask:
        """The channel is a word that nobody knows."""
        return self._column("KenhThucHien").among(UNKNOWN_CHANNEL)

    @once
    def returns_document(self) -> Mask:
        """Its procedure must return a document; false where that is not known."""
        return by_index(self.context.catalogue.returns_document == 1, self.procedure)

    @once
    def returns_no_document(self) -> Mask:
        """Its procedure is known to return none."""
        return by_index(self.context.catalogue.returns_document == 0, self.procedure)

    @once
    def synchronised(self) -> Mask:
        """Synchronised to the national portal."""
        return self._column("DaDongBo").among(1)

    @once
    def files_attached(self) -> Mask:
        """Component files are attached (HoSoCoThanhPhanSoHoa, else DuocSoHoa)."""
        return self._column("HoSoCoThanhPhanSoHoa").among(1) | self._column("DuocSoHoa").over(0)

    @once
    def reused(self) -> Mask:
        """A component was reused."""
        return self._column("DuocTaiSuDung").over(0)

    @once
    def taken_from_store(self) -> Mask:
        """A component was taken from the personal store."""
        return self._column("DuocLayTuKhoDMQG").over(0)

    @once
    def result_stored(self) -> Mask:
        """The result was synchronised to the personal store."""
        return self._column("KetQuaDongBoKho").among(1)

    @once
    def has_result_file(self) -> Mask:
        return self._column("DuongDanTepTinKetQua").among(1)

    @once
    def paid_online(self) -> Mask:
        return self._column("DuocThanhToanTrucTuyen").among(1, 2)

    @once
    def charges_fee(self) -> Mask:
        """Carries a fee over zero (Gia)."""
        return self._column("Gia").over(0)

    @once
    def owes_fee(self) -> Mask:
        """Has a financial obligation: a fee over zero; where no fee is recorded, paid online or a fee-bearing
        procedure. A fee of zero is none."""
        listed = by_index(self.context.catalogue.has_fee == 1, self.procedure)
        return self.charges_fee | (~self.known("Gia") & (self.paid_online | listed))

    @once
    def database_connected(self) -> Mask:
        """The national population database is among the connected ones."""
        indices, cells = self.names("MaCSDL")
        known = np.array([bool(c) and is_population_database(str(c)) for c in cells])
        return by_index(known, indices)

    @once
    def uses_population_data(self) -> Mask:
        """Account authenticated with VNeID, or the national population database connected."""
        return self._column("TaiKhoanDuocXacThucVoiVNeID").among(1) | self.database_connected

    @once
    def complained(self) -> Mask:
        """Has a petition or a dissatisfied slip."""
        out = np.zeros(self.n, np.bool_)
        if len(self.context.complained):
            hashes = self._column(schema.KEY_HASH).stored
            out[self.context.complaints.rows(hashes)] = True
        return out
