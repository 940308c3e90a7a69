"""What must hold for any dossiers: identities of the counts, and what may never change a number."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.command import component, scored, taken_in
from tests.recount.dossier_rules import Procedure, Seen
from tests.recount.exports import MOMENTS, Dossier
from tests.recount.scores import LAW, Recount
from tthc_cli.storage import stored_scores

UNITS = (
    "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh Sông Vân,tinh,\nH99.02,Sở Công Thương,so,H99\n"
    "H99.21,UBND huyện Đông Lĩnh,huyen,H99\nH99.21.01,UBND xã Lĩnh Trung,xa,H99.21\n"
)
HANDLING = ("H99.02", "H99.21", "H99.21.01")
BELOW = {"H99": HANDLING, "H99.02": ("H99.02",), "H99.21": ("H99.21", "H99.21.01"), "H99.21.01": ("H99.21.01",)}
PROCEDURES = (
    "MaTTHC,TenTTHC,TenLinhVuc,MucDoDVC,TraKetQua,CoPhiLePhi,DoiTuongThucHien,ThoiHanGiaiQuyet,DonViThoiHan,"
    "CapThucHien\n"
    "1.000001,Cấp giấy phép,Đất đai,Toàn trình,x,x,1,5,Ngày làm việc,so;huyen;xa\n"
    "1.000002,Đăng ký,,Một phần,,,2,10,Ngày làm việc,so;huyen;xa\n"
)
FIELDS = {"": "", "Hộ tịch": "Hộ tịch", "HỘ TỊCH": "Hộ tịch", "Đất đai": "Đất đai"}
"""How dossiers name their field -> the field; those of 1.000001 are in "Đất đai" whatever they say."""
CATALOGUE = {
    "1.000001": Procedure("1.000001", 2, True, True, True, 5, "Ngày làm việc", frozenset(), (), 7),
    "1.000002": Procedure("1.000002", 1, False, False, False, 10, "Ngày làm việc", frozenset(), (), 7),
}
FLAGS = (
    "DaDongBo", "DuongDanTepTinKetQua", "HoSoCoThanhPhanSoHoa", "DuocTaiSuDung", "DuocLayTuKhoDMQG",
    "KetQuaDongBoKho", "TaiKhoanDuocXacThucVoiVNeID",
)  # fmt: skip
COLUMNS = (
    "MaHoSo", "MaTTHC", "TenLinhVuc", "DonViXuLy", "KenhThucHien", "TrangThaiHoSo", "SoLanBoSung", "Gia",
    "DuocThanhToanTrucTuyen", *FLAGS, *MOMENTS,
)  # fmt: skip
FORM = ("online", "direct", "carried", "early", "on_time", "late", "open_within", "open_past")
WAYS_IN = FORM[:3]
LAST = datetime(2023, 8, 15, 10)
"""An event of the newest dossier: the extract is later than every period that is scored."""
Row = dict[str, Any]

quick = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes long, shrinking takes very long
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def moments(draw: st.DrawFn, first: datetime, days: int) -> datetime:
    """A minute of office hours from `first` on."""
    found = first + timedelta(days=draw(st.integers(0, days)), minutes=draw(st.integers(1, 500)))
    return min(found, LAST).replace(second=0)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """One dossier whose dates follow one another."""
    received = draw(moments(datetime(2023, 1, 2, 7), 200))
    row: Row = dict.fromkeys(COLUMNS) | {
        "MaTTHC": draw(st.sampled_from(sorted(CATALOGUE))),
        "TenLinhVuc": draw(st.sampled_from(sorted(FIELDS))),
        "DonViXuLy": draw(st.sampled_from(HANDLING)),
        "KenhThucHien": draw(st.sampled_from(["", "1", "2", "3"])),
        "SoLanBoSung": 0,
        "Gia": draw(st.sampled_from(["0", "50000"])),
        "DuocThanhToanTrucTuyen": draw(st.sampled_from(["0", "1", "2"])),
        "NgayTiepNhan": received,
    }
    row |= {name: str(int(draw(st.booleans()))) for name in FLAGS}
    due = draw(st.none() | moments(received, 30))
    row["NgayHenTra"] = due if due is None or draw(st.booleans()) else datetime.combine(due.date(), datetime.min.time())
    status = draw(st.sampled_from([2, 3, 4, 4, 5, 6, 7, 8, 9, 9, 10, 10]))
    row["TrangThaiHoSo"] = status
    last = received
    if status == 5 or draw(st.integers(0, 3)) == 0:
        row["SoLanBoSung"] = draw(st.integers(1, 2))
        row["NgayBoSung"] = last = draw(moments(last, 10))
        if status != 5:
            row["NgayTiepNhanBoSung"] = last = draw(moments(last, 10))
    ended = draw(moments(last, 40))
    if status in (3, 7, 8):
        row["NgayTuChoi"] = ended
    if status == 9 or (status == 10 and draw(st.booleans())):
        row["NgayKetThucXuLy"] = ended
    if status == 10:
        row["NgayTra"] = ended + timedelta(minutes=draw(st.integers(0, 60)))
    return row


@st.composite
def tables(draw: st.DrawFn, least: int = 1) -> list[Row]:
    found = draw(st.lists(rows(), min_size=least, max_size=25))
    anchor: Row = dict.fromkeys(COLUMNS) | {
        "MaTTHC": "1.000001", "DonViXuLy": "H99.02", "TrangThaiHoSo": 9, "NgayTiepNhan": datetime(2023, 8, 14, 8),
        "NgayHenTra": LAST, "NgayKetThucXuLy": LAST, "SoLanBoSung": 0, "Gia": "0", "DuocThanhToanTrucTuyen": "0",
    } | dict.fromkeys(FLAGS, "0")  # fmt: skip
    for number, row in enumerate([*found, anchor]):
        row["MaHoSo"] = f"{row['DonViXuLy']}-{row['NgayTiepNhan']:%y%m%d}-{number:04d}"
    return [*found, anchor]


def text(table: list[Row]) -> str:
    """A CSV of the rows."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in table:
        writer.writerow({k: f"{v:%d/%m/%Y %H:%M}" if isinstance(v, datetime) else v for k, v in row.items()})
    return out.getvalue()


@dataclass
class Desk:
    folder: Path

    def take(self, **files: list[Row]) -> Desk:
        tables_of = {name: text(table) for name, table in files.items()}
        taken_in(self.folder, units=UNITS, procedures=PROCEDURES, **tables_of)
        return self

    def card(self, period: str = "2023Q2") -> dict[str, Any]:
        return scored(self.folder, period)

    def fields(self, period: str = "2023Q2") -> dict[tuple[str, str], Counter[str]]:
        """(unit, field) -> column of form II.06 -> dossiers, of the stored score."""
        stored = stored_scores.load(self.folder / "scores", period, "qd766").beside.fields
        return {(f.unit, f.field.capitalize()): Counter({c: getattr(f, c) for c in FORM}) for f in stored}

    def reasons(self, indicator: str, period: str = "2023Q2") -> dict[str, Counter[str]]:
        """unit -> reason -> dossiers, of the stored score."""
        out: dict[str, Counter[str]] = {unit: Counter() for unit in BELOW}
        for r in stored_scores.load(self.folder / "scores", period, "qd766").reasons:
            if r.component == indicator:
                out[r.unit][r.reason] += r.count
        return out


def desk(folder: str) -> Desk:
    return Desk(Path(folder))


def seen(table: list[Row], unit: str, start: datetime, end: datetime) -> list[Seen]:
    """The dossiers of a unit and all below it, each judged on its own by the recount."""
    out = []
    for row in table:
        if row["DonViXuLy"] in BELOW[unit]:
            times = {name: row[name] for name in MOMENTS}
            dossier = Dossier(row["MaHoSo"], row["DonViXuLy"], row["MaTTHC"], row, times, date(2023, 8, 15))
            out.append(Seen(dossier, CATALOGUE[row["MaTTHC"]], start, end))
    return out


Q2 = (datetime(2023, 4, 1), datetime(2023, 7, 1))


@quick
@given(tables())
def test_every_count_is_what_a_recount_finds(table: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        card = desk(folder).take(ho_so=table).card()
        for unit in BELOW:
            mine = seen(table, unit, *Q2)
            for wanted, (counted, achieved, _) in Recount.DOSSIERS.items():
                among = [s for s in mine if counted(s)]
                found = component(card, unit, wanted)
                wanted_counts = sum(map(achieved, among)), len(among)
                assert (found["numerator"], found["denominator"]) == wanted_counts, (unit, wanted)
        for c in card["components"]:
            if c["numerator"] is not None and c["id"] != "2.2":
                assert 0 <= c["numerator"] <= c["denominator"], c
                assert c["points"] is None or 0 <= c["points"] <= c["max"], c


@quick
@given(tables())
def test_form_adds_up(table: list[Row]) -> None:
    """Early + on time + late = finished; received + carried over = finished + open."""
    with tempfile.TemporaryDirectory() as folder:
        at = desk(folder).take(ho_so=table)
        at.card()
        form = at.reasons("II.06")
        for unit in BELOW:
            mine = [s for s in seen(table, unit, *Q2) if s.in_hand]
            cells = form[unit]
            finished = sum(n for r, n in cells.items() if r.endswith(("_early", "_on_time", "_late")))
            still_open = sum(n for r, n in cells.items() if r.endswith(("_open_within_due", "_open_overdue")))
            carried = sum(n for r, n in cells.items() if r.startswith("carried"))
            online = sum(n for r, n in cells.items() if r.startswith("online"))
            assert finished == sum(not s.open_in_lists for s in mine)
            assert still_open == sum(s.open_in_lists for s in mine)
            assert carried == sum(s.carried_over for s in mine)
            assert online == sum(s.received and s.online for s in mine)
            assert sum(cells.values()) == len(mine) == sum(at.reasons("2.1")[unit].values())
            on_time = sum(n for r, n in cells.items() if r.endswith(("_early", "_on_time", "_open_within_due")))
            assert on_time == sum(not s.overdue for s in mine)
            early = sum(n for r, n in cells.items() if r.endswith("_early"))
            assert early == sum(s.outcome == "early" and not s.open_in_lists for s in mine)


@quick
@given(tables())
def test_fields_of_the_form_are_what_a_recount_finds_and_add_up_to_the_form(table: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        at = desk(folder).take(ho_so=table)
        at.card()
        found, form = at.fields(), at.reasons("II.06")
        wanted: dict[tuple[str, str], Counter[str]] = {}
        for unit in HANDLING:
            for row in table:
                if row["DonViXuLy"] == unit and (one := seen([row], unit, *Q2)[0]).in_hand:
                    field = "Đất đai" if row["MaTTHC"] == "1.000001" else FIELDS[row["TenLinhVuc"] or ""]
                    wanted.setdefault((unit, field), Counter()).update(one.form_columns)
        assert found == wanted
        for unit, below in BELOW.items():
            inflow = sum(n for (u, _), cells in found.items() if u in below for c, n in cells.items() if c in WAYS_IN)
            states = sum(n for (u, _), cells in found.items() if u in below for c, n in cells.items())
            assert inflow == states - inflow == sum(form[unit].values())


@quick
@given(tables(), st.randoms(use_true_random=False))
def test_order_and_splitting_change_nothing(table: list[Row], chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        whole = desk(one).take(ho_so=table)
        shuffled = chance.sample(table, len(table))
        parts: dict[str, list[Row]] = {"a": [], "b": [], "c": []}
        for row in shuffled:
            parts[chance.choice("abc")].append(row)
        split = desk(other).take(**{name: part for name, part in parts.items() if part})
        assert split.card() == whole.card()
        assert split.reasons("II.06") == whole.reasons("II.06")
        assert split.fields() == whole.fields()


@settings(quick, max_examples=5)
@given(tables(), st.randoms(use_true_random=False))
def test_exporting_history_again_changes_no_number(table: list[Row], chance: random.Random) -> None:
    """An older export with the same dossiers still open, before or after the newest one, changes nothing."""
    older = []
    for row in table[:-1]:
        gone = {"NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayBoSung", "NgayTiepNhanBoSung"}
        older.append({k: None if k in gone else v for k, v in row.items()} | {"TrangThaiHoSo": 4, "SoLanBoSung": 0})
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        tempfile.TemporaryDirectory() as to,
    ):
        alone = desk(one).take(moi=table).card()
        assert desk(two).take(cu=older).take(moi=table).card() == alone
        assert desk(to).take(moi=table).take(cu=older, lai=chance.sample(table, len(table))).card() == alone


@settings(quick, max_examples=5)
@given(tables(), st.sampled_from(HANDLING))
def test_one_more_on_time_dossier_never_lowers_2_1(table: list[Row], unit: str) -> None:
    more = table[-1] | {
        "MaHoSo": f"{unit}-230503-9999", "DonViXuLy": unit, "NgayTiepNhan": datetime(2023, 5, 4, 8),
        "NgayHenTra": datetime(2023, 5, 11, 16), "NgayKetThucXuLy": datetime(2023, 5, 10, 9),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        at = desk(folder)
        before = at.take(ho_so=table).card()
        after = at.take(them=[more]).card()
        for above in ("H99", unit):
            assert component(after, above, "2.1")["points"] >= component(before, above, "2.1")["points"]
            assert component(after, above, "2.1")["denominator"] == component(before, above, "2.1")["denominator"] + 1


@settings(quick, max_examples=3)
@given(tables(least=5))
def test_received_in_half_a_year_is_the_sum_of_its_months(table: list[Row]) -> None:
    received = {"1.4", "3.3", "4.1", "4.4", "4.5", "4.6"}
    with tempfile.TemporaryDirectory() as folder:
        at = desk(folder).take(ho_so=table)
        cards = {p: at.card(p) for p in ("2023H1", "2023Q1", "2023Q2", *(f"2023-{m:02d}" for m in range(1, 7)))}
        for unit in BELOW:
            for wanted in received:
                counts = {p: component(card, unit, wanted) for p, card in cards.items()}
                for part in ("numerator", "denominator"):
                    if wanted in {"3.3", "4.1"} and counts["2023H1"]["status"] == "not_assessed":
                        continue
                    by_month = sum(counts[f"2023-{m:02d}"][part] or 0 for m in range(1, 7))
                    by_quarter = sum(counts[q][part] or 0 for q in ("2023Q1", "2023Q2"))
                    assert counts["2023H1"][part] == by_month == by_quarter


# ---- the two readings ----

figures = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair)))


@settings(quick, max_examples=4)
@given(st.lists(st.dictionaries(st.sampled_from(sorted(LAW)), figures), min_size=20, max_size=20))
def test_the_readings_differ_only_where_they_should(units: list[dict[str, tuple[int, int]]]) -> None:
    """4.2 by its target; 1.4, 4.3, 4.7 with denominator 0; and what a component without a score counts."""
    tree = "MaDonVi,TenDonVi,Cap,DonViCha\n" + "".join(f"H99.{i + 10},Sở số {i},so,\n" for i in range(len(units)))
    typed = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon\n" + "".join(
        f"H99.{i + 10},2023Q2,{c},{n},{d},VP\n" for i, unit in enumerate(units) for c, (n, d) in unit.items()
    )
    with tempfile.TemporaryDirectory() as folder:
        taken_in(Path(folder), units=tree, typed=typed)
        law, portal = (scored(Path(folder), "2023Q2", "--reading", r) for r in ("law", "portal"))
    in_order = (sorted(card["components"], key=lambda c: (c["unit"], c["id"])) for card in (law, portal))
    for a, b in zip(*in_order, strict=True):
        same = a == b
        if a["id"] == "4.2" and a["denominator"]:
            exact = Fraction(a["numerator"]) / Fraction(a["denominator"])
            assert a["points"] == rounded(4 * min(Fraction(1), exact / Fraction("0.8")))
            assert b["points"] == rounded(4 * exact)
        elif a["id"] in {"1.4", "4.3", "4.7"} and a["denominator"] == 0:
            assert (a["status"], a["points"], b["status"], b["points"]) == ("scored", 0, "no_score", None)
        else:
            assert same, (a, b)
    maximum = {c: Fraction(m) for c, (m, _) in LAW.items()}
    for reading, card in (("law", law), ("portal", portal)):
        for unit in card["units"]:
            mine = [c for c in card["components"] if c["unit"] == unit["id"]]
            counting = {"scored", "no_score"} if reading == "portal" else {"scored"}
            assert unit["assessed_max"] == sum(maximum[c["id"]] for c in mine if c["status"] in counting)
            points = sum((Fraction(str(c["points"])) for c in mine if c["status"] == "scored"), Fraction(0))
            assert unit["total"] == (float(points) if unit["assessed_max"] else None)


def rounded(value: Fraction) -> float:
    return int(value * 100 + Fraction(1, 2)) / 100
