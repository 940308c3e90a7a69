"""Group 4, digitisation: 4.1, 4.2, 4.4, 4.5, 4.6 by dossier. All count dossiers received in the period; one without
NgayTiepNhan is dropped."""

from __future__ import annotations

import numpy as np

from tthc_cli.facts.yes_no import DossierIndicator, YesNoFacts
from tthc_cli.verdicts import (
    OUTSIDE,
    Codes,
    Mask,
    first_match,
    left_out,
    no,
    untold,
    yes,
)


def _all(facts: YesNoFacts) -> Mask:
    return np.ones(facts.n, np.bool_)


def judge_electronic_result(facts: YesNoFacts) -> Codes:
    """4.1: dossiers of procedures that return a document; achieved with a result file link (DuongDanTepTinKetQua)."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (facts.returns_no_document, 4),
        (~facts.returns_document, 5),
        (facts.has_result_file, 1),
        (~facts.told("DuongDanTepTinKetQua"), 3),
        (_all(facts), 2),
    )


ELECTRONIC_RESULT = DossierIndicator(
    "4.1",
    (OUTSIDE, yes("electronic_result"), no("no_electronic_result"), untold("result_untold"),
     left_out("returns_no_document"), left_out("procedure_unlisted")),
    judge_electronic_result,
)  # fmt: skip


def judge_digitised(facts: YesNoFacts) -> Codes:
    """4.2: component files attached (HoSoCoThanhPhanSoHoa, else DuocSoHoa) and, where the procedure returns a
    document, an electronic result."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (~facts.told("HoSoCoThanhPhanSoHoa", "DuocSoHoa"), 4),
        (~facts.files_attached, 2),
        (~facts.returns_document | facts.has_result_file, 1),
        (~facts.told("DuongDanTepTinKetQua"), 5),
        (_all(facts), 3),
    )


DIGITISED = DossierIndicator(
    "4.2",
    (OUTSIDE, yes("digitised"), no("not_attached"), no("no_electronic_result"), untold("attachment_untold"),
     untold("result_untold")),
    judge_digitised,
)  # fmt: skip


def judge_reused(facts: YesNoFacts) -> Codes:
    """4.4: dossiers with at least one reused component (DuocTaiSuDung)."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (facts.reused, 1),
        (~facts.told("DuocTaiSuDung"), 3),
        (_all(facts), 2),
    )


REUSED = DossierIndicator("4.4", (OUTSIDE, yes("reused"), no("not_reused"), untold("reuse_untold")), judge_reused)


def judge_shared(facts: YesNoFacts) -> Codes:
    """4.5: a component taken from the personal store (DuocLayTuKhoDMQG) or the result synchronised to it."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (facts.taken_from_store, 1),
        (facts.result_stored, 2),
        (~facts.told("DuocLayTuKhoDMQG", "KetQuaDongBoKho"), 4),
        (_all(facts), 3),
    )


SHARED = DossierIndicator(
    "4.5",
    (OUTSIDE, yes("taken_from_store"), yes("result_stored"), no("not_shared"), untold("store_untold")),
    judge_shared,
)


def judge_population_data(facts: YesNoFacts) -> Codes:
    """4.6: TaiKhoanDuocXacThucVoiVNeID = 1, or a connected population database (MaCSDL)."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (facts.uses_population_data, 1),
        (~facts.told("TaiKhoanDuocXacThucVoiVNeID", "MaCSDL"), 3),
        (_all(facts), 2),
    )


POPULATION_DATA = DossierIndicator(
    "4.6",
    (OUTSIDE, yes("population_data"), no("no_population_data"), untold("population_untold")),
    judge_population_data,
)
