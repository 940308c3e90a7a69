"""Group 3, online services: 3.3 submitted online, 3.6 paid online, and the measures by procedure of 3.2, 3.4, 3.5."""

from __future__ import annotations

from collections.abc import Sequence

from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators.subjects import DOSSIER, Indicator
from tthc_cli.verdicts import BY_SYSTEM, BY_UNIT, OUTSIDE, Case, left_out, no, unknown, untold, yes

ONLINE = yes("online")
NOT_ONLINE = no("not_online")
NO_ELECTRONIC_RESULT = no("no_electronic_result", BY_UNIT)
CHANNEL_UNTOLD = untold("channel_untold", BY_SYSTEM)
RESULT_UNTOLD = untold("result_untold", BY_SYSTEM)
CHANNEL_BLANK = no("channel_blank", BY_SYSTEM)
CHANNEL_UNKNOWN = no("channel_unknown", BY_SYSTEM)
PAID_ONLINE = yes("paid_online")
NOT_PAID_ONLINE = no("not_paid_online")
PAYMENT_UNTOLD = untold("payment_untold", BY_SYSTEM)
NO_FEE = left_out("no_fee")
FEE_DATA = yes("fee_data")
NO_FEE_DATA = no("no_fee_data")
PAID = yes("paid")
NOT_PAID = no("not_paid")
UNTOLD = unknown("untold")


def judge_submitted_online(facts: YesNoFacts) -> Sequence[Case]:
    """3.3: received in the period with channel 2 and, where the procedure must return a document, with an electronic
    result. A procedure that the catalogue does not list is taken as returning none. A blank channel counts as direct; a
    word that nobody knows is not online."""
    return (
        OUTSIDE.where(~facts.received),
        CHANNEL_UNTOLD.where(~facts.told("KenhThucHien")),
        CHANNEL_BLANK.where(facts.channel_blank),
        CHANNEL_UNKNOWN.where(facts.channel_unknown),
        NOT_ONLINE.where(~facts.online),
        ONLINE.where(~facts.returns_document | facts.has_result_file),
        RESULT_UNTOLD.where(~facts.told("DuongDanTepTinKetQua")),
        NO_ELECTRONIC_RESULT.otherwise(),
    )


def judge_paid_online(facts: YesNoFacts) -> Sequence[Case]:
    """3.6: received in the period with a financial obligation (all-zero fees excluded); paid online is
    DuocThanhToanTrucTuyen 1 or 2."""
    return (
        OUTSIDE.where(~facts.received),
        NO_FEE.where(~facts.owes_fee),
        PAID_ONLINE.where(facts.paid_online),
        PAYMENT_UNTOLD.where(~facts.told("DuocThanhToanTrucTuyen")),
        NOT_PAID_ONLINE.otherwise(),
    )


def judge_received_online(facts: YesNoFacts) -> Sequence[Case]:
    """Measure behind 3.2: received (or, without NgayTiepNhan, submitted) in the period, online or not."""
    return (
        OUTSIDE.where(~facts.received_or_submitted),
        ONLINE.where(facts.online),
        UNTOLD.where(~facts.told("KenhThucHien")),
        NOT_ONLINE.otherwise(),
    )


def judge_fee_data(facts: YesNoFacts) -> Sequence[Case]:
    """Measure behind 3.4: received (or submitted) in the period and synchronised (DaDongBo) with a fee over zero
    (Gia)."""
    fee_untold, sync_untold = ~facts.told("Gia"), ~facts.told("DaDongBo")
    return (
        OUTSIDE.where(~facts.received_or_submitted),
        FEE_DATA.where(facts.synchronised & facts.charges_fee),
        UNTOLD.where((facts.synchronised | sync_untold) & (facts.charges_fee | fee_untold)),
        NO_FEE_DATA.otherwise(),
    )


def judge_payment(facts: YesNoFacts) -> Sequence[Case]:
    """Measure behind 3.5: received in the period, with a successful online payment or not."""
    return (
        OUTSIDE.where(~facts.received),
        PAID.where(facts.paid_online),
        UNTOLD.where(~facts.told("DuocThanhToanTrucTuyen")),
        NOT_PAID.otherwise(),
    )


INDICATORS = (
    Indicator(
        "3.3",
        (OUTSIDE, ONLINE, NOT_ONLINE, NO_ELECTRONIC_RESULT, CHANNEL_UNTOLD, RESULT_UNTOLD, CHANNEL_BLANK,
         CHANNEL_UNKNOWN),
        judge_submitted_online,
        DOSSIER,
    ),
    Indicator("3.6", (OUTSIDE, PAID_ONLINE, NOT_PAID_ONLINE, PAYMENT_UNTOLD, NO_FEE), judge_paid_online, DOSSIER),
    Indicator("3.2:dossiers", (OUTSIDE, ONLINE, NOT_ONLINE, UNTOLD), judge_received_online, DOSSIER, measure=True),
    Indicator("3.4:dossiers", (OUTSIDE, FEE_DATA, NO_FEE_DATA, UNTOLD), judge_fee_data, DOSSIER, measure=True),
    Indicator("3.5:dossiers", (OUTSIDE, PAID, NOT_PAID, UNTOLD), judge_payment, DOSSIER, measure=True),
)  # fmt: skip
