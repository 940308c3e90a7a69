"""Which facts of a dossier give which verdict: the same for every engine."""

from __future__ import annotations

from tthc_cli.indicators.qd766.on_time import OUTCOMES
from tthc_cli.indicators.registry import indicator

FIRST = "2.1"
"""Judged before all others, which may ask for `overdue` and `in_time_untold` of it."""
OVERDUE = ("late", "open_overdue", "too_many_supplements", "within_new_appointment")
IN_TIME_UNTOLD = ("no_due_date", "finished_without_date")
CASES: dict[str, list[tuple[str, str]]] = {
    "2.1": [
        ("!handled", "outside"), ("too_many", "too_many_supplements"), ("untimed", "finished_without_date"),
        ("paused", "paused_for_finance"), ("no_due", "no_due_date"), ("ended_waiting within", "ended_waiting"),
        ("finished early", "early"), ("finished within", "on_time"),
        ("finished appointment_counts", "new_appointment_kept"),
        ("finished appointment_told", "within_new_appointment"),
        ("finished", "late"), ("within", "open_within_due"), ("appointment_counts", "open_new_appointment"),
        ("", "open_overdue"),
    ],
    "1.4": [
        ("!received", "outside"), ("synced", "synchronised"), ("!told_sync", "sync_untold"), ("", "not_synchronised"),
    ],
    "3.2:dossiers": [
        ("!received_or_submitted", "outside"), ("online", "online"), ("!told_channel", "untold"), ("", "not_online"),
    ],
    "3.3": [
        ("!received", "outside"), ("!told_channel", "channel_untold"), ("channel_blank", "channel_blank"),
        ("channel_unknown", "channel_unknown"), ("!online", "not_online"), ("!needs_result", "online"),
        ("has_result", "online"), ("!told_result", "result_untold"), ("", "no_electronic_result"),
    ],
    "3.4:dossiers": [
        ("!received_or_submitted", "outside"), ("synced charges", "fee_data"), ("synced !told_fee", "untold"),
        ("!told_sync charges", "untold"), ("!told_sync !told_fee", "untold"), ("", "no_fee_data"),
    ],
    "3.5:dossiers": [
        ("!received", "outside"), ("paid", "paid"), ("!told_payment", "untold"), ("", "not_paid"),
    ],
    "3.6": [
        ("!received", "outside"), ("!owes", "no_fee"), ("paid", "paid_online"), ("!told_payment", "payment_untold"),
        ("", "not_paid_online"),
    ],
    "4.1": [
        ("!received", "outside"), ("no_result_due", "returns_no_document"), ("!needs_result", "procedure_unlisted"),
        ("has_result", "electronic_result"), ("!told_result", "result_untold"), ("", "no_electronic_result"),
    ],
    "4.2": [
        ("!received", "outside"), ("!told_attached", "attachment_untold"), ("!attached", "not_attached"),
        ("!needs_result", "digitised"), ("has_result", "digitised"), ("!told_result", "result_untold"),
        ("", "no_electronic_result"),
    ],
    "4.4": [("!received", "outside"), ("reused", "reused"), ("!told_reused", "reuse_untold"), ("", "not_reused")],
    "4.5": [
        ("!received", "outside"), ("from_store", "taken_from_store"), ("stored", "result_stored"),
        ("!told_store", "store_untold"), ("", "not_shared"),
    ],
    "4.6": [
        ("!received", "outside"), ("population", "population_data"), ("!told_population", "population_untold"),
        ("", "no_population_data"),
    ],
    "5.3": [
        ("!handled", "outside"), ("overdue", "overdue"), ("complained", "complained"),
        ("in_time_untold", "in_time_untold"), ("", "satisfied"),
    ],
}  # fmt: skip
"""Indicator -> (facts that must hold, "!" = must not; verdict), the first that fits. `FIRST` comes first."""

TOLD = {
    "told_sync": ("DaDongBo",), "told_channel": ("KenhThucHien",), "told_result": ("DuongDanTepTinKetQua",),
    "told_fee": ("Gia",), "told_payment": ("DuocThanhToanTrucTuyen",),
    "told_attached": ("HoSoCoThanhPhanSoHoa", "DuocSoHoa"), "told_reused": ("DuocTaiSuDung",),
    "told_store": ("DuocLayTuKhoDMQG", "KetQuaDongBoKho"),
    "told_population": ("TaiKhoanDuocXacThucVoiVNeID", "MaCSDL"),
}  # fmt: skip
"""Fact -> columns, any of which the dossier's file must have had."""

_ENDED = {"early": "early", "on_time": "on_time", "new_appointment_kept": "on_time"}
_OPEN_WITHIN = ("ended_waiting", "open_within_due", "open_new_appointment", "paused_for_finance")


def literals(condition: str) -> list[tuple[str, bool]]:
    """The facts of a condition, and whether each must hold or must not."""
    return [(word.removeprefix("!"), not word.startswith("!")) for word in condition.split()]


def coded(indicator_id: str) -> tuple[list[tuple[list[tuple[str, bool]], int]], int]:
    """(facts, code of the verdict) in order, and the code where none fits."""
    judge = indicator(indicator_id)
    *cases, (_, otherwise) = CASES[indicator_id]
    return [(literals(condition), judge.index(reason)) for condition, reason in cases], judge.index(otherwise)


def in_time_codes(reasons: tuple[str, ...]) -> list[int]:
    """Codes of some verdicts of 2.1."""
    return [indicator(FIRST).index(reason) for reason in reasons]


def form_outcomes() -> tuple[list[int], list[int]]:
    """Outcome of form II.06 by verdict of 2.1: of a dossier that has ended, and of one that has not."""
    keys = [reason.key for reason in indicator(FIRST).reasons]
    ended = [OUTCOMES.index(_ENDED.get(key, "late")) for key in keys]
    still_open = [OUTCOMES.index("open_within_due" if key in _OPEN_WITHIN else "open_overdue") for key in keys]
    return ended, still_open
