"""Group 3, online services: 3.3 submitted online, 3.6 paid online, and the measures by procedure of 3.2, 3.4, 3.5."""

from __future__ import annotations

import numpy as np

from tthc_cli.facts.yes_no import DossierIndicator, YesNoFacts
from tthc_cli.verdicts import (
    OUTSIDE,
    Codes,
    first_match,
    left_out,
    no,
    unknown,
    untold,
    yes,
)


def judge_submitted_online(facts: YesNoFacts) -> Codes:
    """3.3: received in the period with channel 2 and, where the procedure must return a document, with an electronic
    result. A procedure that the catalogue does not list is taken as returning none. A blank channel counts as direct; a
    word that nobody knows is not online."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (~facts.told("KenhThucHien"), 4),
        (facts.channel_blank, 6),
        (facts.channel_unknown, 7),
        (~facts.online, 2),
        (~facts.returns_document | facts.has_result_file, 1),
        (~facts.told("DuongDanTepTinKetQua"), 5),
        (facts.online, 3),
    )


SUBMITTED_ONLINE = DossierIndicator(
    "3.3",
    (OUTSIDE, yes("online"), no("not_online"), no("no_electronic_result"), untold("channel_untold"),
     untold("result_untold"), no("channel_blank"), no("channel_unknown")),
    judge_submitted_online,
)  # fmt: skip


def judge_paid_online(facts: YesNoFacts) -> Codes:
    """3.6: received in the period with a financial obligation (all-zero fees excluded); paid online is
    DuocThanhToanTrucTuyen 1 or 2."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (~facts.owes_fee, 4),
        (facts.paid_online, 1),
        (~facts.told("DuocThanhToanTrucTuyen"), 3),
        (np.ones(facts.n, np.bool_), 2),
    )


PAID_ONLINE = DossierIndicator(
    "3.6",
    (OUTSIDE, yes("paid_online"), no("not_paid_online"), untold("payment_untold"), left_out("no_fee")),
    judge_paid_online,
)


def judge_received_online(facts: YesNoFacts) -> Codes:
    """Measure behind 3.2: received (or, without NgayTiepNhan, submitted) in the period, online or not."""
    return first_match(
        facts.n,
        (~facts.received_or_submitted, 0),
        (facts.online, 1),
        (~facts.told("KenhThucHien"), 3),
        (np.ones(facts.n, np.bool_), 2),
    )


def judge_fee_data(facts: YesNoFacts) -> Codes:
    """Measure behind 3.4: received (or submitted) in the period and synchronised (DaDongBo) with a fee over zero
    (Gia)."""
    fee_untold, sync_untold = ~facts.told("Gia"), ~facts.told("DaDongBo")
    return first_match(
        facts.n,
        (~facts.received_or_submitted, 0),
        (facts.synchronised & facts.charges_fee, 1),
        ((facts.synchronised | sync_untold) & (facts.charges_fee | fee_untold), 3),
        (np.ones(facts.n, np.bool_), 2),
    )


def judge_payment(facts: YesNoFacts) -> Codes:
    """Measure behind 3.5: received in the period, with a successful online payment or not."""
    return first_match(
        facts.n,
        (~facts.received, 0),
        (facts.paid_online, 1),
        (~facts.told("DuocThanhToanTrucTuyen"), 3),
        (np.ones(facts.n, np.bool_), 2),
    )


RECEIVED_ONLINE = DossierIndicator(
    "3.2:dossiers", (OUTSIDE, yes("online"), no("not_online"), unknown("untold")), judge_received_online
)
FEE_DATA = DossierIndicator(
    "3.4:dossiers", (OUTSIDE, yes("fee_data"), no("no_fee_data"), unknown("untold")), judge_fee_data
)
PAYMENT = DossierIndicator("3.5:dossiers", (OUTSIDE, yes("paid"), no("not_paid"), unknown("untold")), judge_payment)
