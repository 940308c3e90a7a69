"""Late steps by unit and division, worked by hand."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pyarrow as pa

from tests.indicators.dossiers import moment, seconds
from tthc_cli.statements.late_steps import _add

TIME = pa.timestamp("s")


def test_a_step_is_late_after_its_own_due_time_and_counts_in_its_period() -> None:
    rows = [
        # hồ sơ, bộ phận, thời điểm xử lý, hạn của bước
        ("H99.01-230403-0001", "Một cửa", "2023-04-03 08:00", "2023-04-03 08:30"),
        ("H99.01-230403-0001", "Phòng A", "2023-04-05 16:00", "2023-04-05 15:59"),  # muộn một phút
        ("H99.01-230403-0001", "Phòng A", "2023-04-06 08:00", "2023-04-06 08:00"),  # đúng phút hạn
        ("H99.01-230403-0002", "Phòng A", "2023-04-07 08:00", None),  # không có hạn thì không muộn
        ("H99.02-230403-0003", None, "2023-04-07 08:00", "2023-04-06 08:00"),
        ("H99.02-230320-0004", "Phòng B", "2023-03-31 08:00", "2023-03-30 08:00"),  # trước kỳ
        ("H99.02-230320-0004", "Phòng B", "2023-07-01 08:00", "2023-03-30 08:00"),  # sau kỳ
    ]
    table = pa.table(
        {
            "MaHoSo": [r[0] for r in rows],
            "PhongBanXuLy": pa.array([r[1] for r in rows]).dictionary_encode(),
            "ThoiDiemXuLy": pa.array([moment(r[2]) for r in rows], TIME),
            "NgayKetThucTheoQuyDinh": pa.array([moment(r[3]) for r in rows], TIME),
        }
    )
    total: Counter[tuple[str, str]] = Counter()
    late: Counter[tuple[str, str]] = Counter()
    run = SimpleNamespace(start=seconds("2023-04-01"), cutoff=seconds("2023-07-01") - 1)
    _add(table, run, total, late)  # type: ignore[arg-type]
    assert total == {("H99.01", "Một cửa"): 1, ("H99.01", "Phòng A"): 3, ("H99.02", ""): 1}
    assert +late == {("H99.01", "Phòng A"): 1, ("H99.02", ""): 1}
