"""Group 4, digitisation: 4.1, 4.2, 4.4, 4.5, 4.6 by dossier. All count dossiers received in the period; one without
NgayTiepNhan is dropped."""

from __future__ import annotations

from collections.abc import Sequence

from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators.subjects import DOSSIER, Indicator
from tthc_cli.verdicts import BY_SYSTEM, BY_UNIT, OUTSIDE, Case, left_out, no, untold, yes

ELECTRONIC_RESULT = yes("electronic_result")
NO_ELECTRONIC_RESULT = no("no_electronic_result", BY_UNIT)
RESULT_UNTOLD = untold("result_untold", BY_SYSTEM)
RETURNS_NO_DOCUMENT = left_out("returns_no_document")
PROCEDURE_UNLISTED = left_out("procedure_unlisted")
DIGITISED = yes("digitised")
NOT_ATTACHED = no("not_attached", BY_UNIT)
ATTACHMENT_UNTOLD = untold("attachment_untold", BY_SYSTEM)
REUSED = yes("reused")
NOT_REUSED = no("not_reused")
REUSE_UNTOLD = untold("reuse_untold", BY_SYSTEM)
TAKEN_FROM_STORE = yes("taken_from_store")
RESULT_STORED = yes("result_stored")
NOT_SHARED = no("not_shared", BY_SYSTEM)
STORE_UNTOLD = untold("store_untold", BY_SYSTEM)
POPULATION_DATA = yes("population_data")
NO_POPULATION_DATA = no("no_population_data")
POPULATION_UNTOLD = untold("population_untold", BY_SYSTEM)


def judge_electronic_result(facts: YesNoFacts) -> Sequence[Case]:
    """4.1: dossiers of procedures that return a document; achieved with a result file link (DuongDanTepTinKetQua)."""
    return (
        OUTSIDE.where(~facts.received),
        RETURNS_NO_DOCUMENT.where(facts.returns_no_document),
        PROCEDURE_UNLISTED.where(~facts.returns_document),
        ELECTRONIC_RESULT.where(facts.has_result_file),
        RESULT_UNTOLD.where(~facts.told("DuongDanTepTinKetQua")),
        NO_ELECTRONIC_RESULT.otherwise(),
    )


def judge_digitised(facts: YesNoFacts) -> Sequence[Case]:
    """4.2: component files attached (HoSoCoThanhPhanSoHoa, else DuocSoHoa) and, where the procedure returns a
    document, an electronic result."""
    return (
        OUTSIDE.where(~facts.received),
        ATTACHMENT_UNTOLD.where(~facts.told("HoSoCoThanhPhanSoHoa", "DuocSoHoa")),
        NOT_ATTACHED.where(~facts.files_attached),
        DIGITISED.where(~facts.returns_document | facts.has_result_file),
        RESULT_UNTOLD.where(~facts.told("DuongDanTepTinKetQua")),
        NO_ELECTRONIC_RESULT.otherwise(),
    )


def judge_reused(facts: YesNoFacts) -> Sequence[Case]:
    """4.4: dossiers with at least one reused component (DuocTaiSuDung)."""
    return (
        OUTSIDE.where(~facts.received),
        REUSED.where(facts.reused),
        REUSE_UNTOLD.where(~facts.told("DuocTaiSuDung")),
        NOT_REUSED.otherwise(),
    )


def judge_shared(facts: YesNoFacts) -> Sequence[Case]:
    """4.5: a component taken from the personal store (DuocLayTuKhoDMQG) or the result synchronised to it."""
    return (
        OUTSIDE.where(~facts.received),
        TAKEN_FROM_STORE.where(facts.taken_from_store),
        RESULT_STORED.where(facts.result_stored),
        STORE_UNTOLD.where(~facts.told("DuocLayTuKhoDMQG", "KetQuaDongBoKho")),
        NOT_SHARED.otherwise(),
    )


def judge_population_data(facts: YesNoFacts) -> Sequence[Case]:
    """4.6: TaiKhoanDuocXacThucVoiVNeID = 1, or a connected population database (MaCSDL)."""
    return (
        OUTSIDE.where(~facts.received),
        POPULATION_DATA.where(facts.uses_population_data),
        POPULATION_UNTOLD.where(~facts.told("TaiKhoanDuocXacThucVoiVNeID", "MaCSDL")),
        NO_POPULATION_DATA.otherwise(),
    )


INDICATORS = (
    Indicator(
        "4.1",
        (OUTSIDE, ELECTRONIC_RESULT, NO_ELECTRONIC_RESULT, RESULT_UNTOLD, RETURNS_NO_DOCUMENT, PROCEDURE_UNLISTED),
        judge_electronic_result,
        DOSSIER,
    ),
    Indicator(
        "4.2",
        (OUTSIDE, DIGITISED, NOT_ATTACHED, NO_ELECTRONIC_RESULT, ATTACHMENT_UNTOLD, RESULT_UNTOLD),
        judge_digitised,
        DOSSIER,
    ),
    Indicator("4.4", (OUTSIDE, REUSED, NOT_REUSED, REUSE_UNTOLD), judge_reused, DOSSIER),
    Indicator("4.5", (OUTSIDE, TAKEN_FROM_STORE, RESULT_STORED, NOT_SHARED, STORE_UNTOLD), judge_shared, DOSSIER),
    Indicator("4.6", (OUTSIDE, POPULATION_DATA, NO_POPULATION_DATA, POPULATION_UNTOLD), judge_population_data, DOSSIER),
)
