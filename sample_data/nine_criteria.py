"""Make the sample province's files for the nine criteria again, from its exports.

    python sample_data/nine_criteria.py --exports DIR --out DIR

They lie apart from the exports, so that whoever asks for Decision 766 alone takes in what there always was. The steps
are those of the exports, with codes of invented officials. The same exports give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent))

CRITERIA = tuple(range(1, 10))
APPRAISED: dict[str, tuple[float, ...]] = {
    "H99.02": (1.6, 1.8, 1.9, 2, 1, 2, 1.7, 2, 1),
    "H99.04": (1.9, 2, 2, 2, 2, 2, 1.9, 2, 2),
    "H99.08": (1.7, 1.8, 1.8, 2, 1, 2, 1.8, 2, 0),
    "H99.05": (1.2, 1.3, 1.5, 1.8, 1, 1, 1.2, 1, 0),
    "H99.06": (1, 1, 1.2, 1.5, 0, 1, 0.9, 1, 0),
    "H99.07": (0.4, 0.5, 0.8, 1, 0, 1, 0.3, 0, 0),
    "H99.23.04": (0.6, 0.7, 0.9, 1.1, 0, 1, 0.7, 1, 0),
}
"""Marks of 2023Q2: 15.0, 17.8, 14.1, 10.0, 7.6, 4.0 and 6.0 of 18, so that all five grades occur."""
OWN_HIGHER: dict[tuple[str, int], str] = {
    ("H99.02", 5): "Một cửa trả kết quả 14 %, dưới 20 %",
    ("H99.05", 8): "Một phản ánh kéo dài",
    ("H99.06", 5): "Chưa tiếp nhận đủ danh mục tại Một cửa",
    ("H99.07", 8): "",
    ("H99.23.04", 6): "Niêm yết thiếu 12 thủ tục",
}
"""Where a unit marked itself 1 higher, and the reason why it was taken off; H99.07 was told none."""
SEATS = {
    "Bộ phận Một cửa": (10, 3), "Phòng chuyên môn": (20, 3), "Lãnh đạo phòng": (30, 1), "Lãnh đạo cơ quan": (40, 2),
}  # fmt: skip
"""Division -> number of its first official, less one; how many it has."""
FIGURES = {"H99.03": (118, 520, 540), "H99.09": (9, 96, 96)}
"""Procedures wholly done at the one-stop, received there, and listed."""


def steps(log: pd.DataFrame) -> pd.DataFrame:
    """The process log with MaCanBo, of one to three invented officials in each division of a unit, and without names.
    Some steps of leaders have no code."""
    unit = log["MaHoSo"].str.split("-").str[0].str.replace("H99.", "", regex=False).str.replace(".", "", regex=False)
    serial = log["MaHoSo"].str[-4:].astype(int)
    first = log["PhongBanXuLy"].map(lambda name: SEATS[name][0])
    many = log["PhongBanXuLy"].map(lambda name: SEATS[name][1])
    code = "CB-" + unit + "-" + (first + serial % many + 1).astype(str)
    return log.assign(
        NguoiXuLy="", MaCanBo=code.where((log["PhongBanXuLy"] != "Lãnh đạo cơ quan") | (serial % 5 > 0), "")
    )


def slips(given: pd.DataFrame) -> pd.DataFrame:
    """Slips of 2023Q2 by every fourth dossier that has one already, in words; of officials and of units as a whole, in
    figures. A fifth of the answers is blank."""
    words = ("Không hài lòng", "Hài lòng", "Rất hài lòng")
    spring = given[given["NgayDanhGia"].str[3:10].isin(["04/2023", "05/2023", "06/2023"])].iloc[::4]
    rows: list[list[object]] = []
    for i, (dossier, unit, day) in enumerate(spring[["MaHoSo", "DonVi", "NgayDanhGia"]].itertuples(index=False)):
        worth = sum(APPRAISED.get(unit, (1.4,) * 9)[:1])
        marks = [0 if (i * 7 + c * 5) % 10 >= 5 + worth * 2.5 else 2 - (i + c) % 2 for c in range(1, 12)]
        told = ["" if (i + c) % 5 == 0 else words[mark] for c, mark in enumerate(marks, 1)]
        rows.append([f"PCT-{i + 1:04}", dossier, "", unit, day, *told])
    for i in range(24):
        unit, mark = ("08", "21", "2304")[i % 3], (2, 1, 2, 2, 0, 2)[i % 6]
        told = [mark, *[""] * 5, mark, *[""] * 4]
        rows.append([f"PCB-{i + 1:04}", "", f"CB-{unit}-{11 + i % 2}", "", f"{i + 1:02}/06/2023 10:15", *told])
    for i, unit in enumerate(("H99.09", "H99.21", "H99.22")):
        rows.append([f"PDV-{i + 1:04}", "", "", unit, "30/06/2023 23:59", *[""] * 5, 2 - i, *[""] * 5])
    heads = ["Mã phiếu", "Mã hồ sơ", "Mã cán bộ", "Đơn vị", "Ngày đánh giá", *(f"Tiêu chí {c}" for c in range(1, 12))]
    return pd.DataFrame(rows, columns=heads)


def typed() -> pd.DataFrame:
    """Marks of 2023Q2 that units gave themselves, and what was appraised; figures of criterion 5."""
    rows: list[tuple[object, ...]] = []
    for unit, marks in APPRAISED.items():
        for criterion, mark in zip(CRITERIA, marks, strict=True):
            reason = OWN_HIGHER.get((unit, criterion))
            own = mark if reason is None else mark + 1
            rows.append((unit, "2023Q2", f"c{criterion}", f"{own:g}", 2, "Báo cáo của đơn vị", "Tự chấm", ""))
            rows.append(
                (unit, "2023Q2", f"c{criterion}", f"{mark:g}", 2, "Văn phòng UBND tỉnh", "Thẩm định", reason or "")
            )
    for unit, (decided, received, listed) in FIGURES.items():
        rows.append((unit, "2023Q2", "c5:decided", decided, listed, "Báo cáo của Sở", "Thẩm định", ""))
        rows.append((unit, "2023Q2", "c5:received", received, listed, "Báo cáo của Sở", "Thẩm định", ""))
    heads = ["MaDonVi", "Ky", "ChiTieu", "TuSo", "MauSo", "Nguon", "NguoiCham", "LyDoTru"]
    return pd.DataFrame(rows, columns=heads)


def findings() -> pd.DataFrame:
    """An inspection of February, of which some faults are open still, and one of May."""
    heads = (
        "Mã phát hiện", "Đơn vị", "Mã hồ sơ", "Mã kiểm tra", "Mức độ", "Bằng chứng", "Căn cứ", "Kiến nghị",
        "Ngày phát hiện", "Hạn khắc phục", "Ngày khắc phục", "Trạng thái",
    )  # fmt: skip
    law = "Nghị định 61/2018/NĐ-CP"
    rows = [
        ("KT-23-01", "Sở Tài nguyên và Môi trường", "", "U4", "Vi phạm", "Biên bản số 1", law, "Niêm yết đủ danh mục",
         "14/02/2023", "15/03/2023", "", "Chưa khắc phục"),
        ("KT-23-02", "Sở Xây dựng", "", "U5", "Thiếu sót", "Biên bản số 2", law, "Trả lời phản ánh đúng hạn",
         "15/02/2023", "15/04/2023", "10/04/2023", "Đã khắc phục"),
        ("KT-23-03", "Sở Công Thương", "", "U2", "Nhắc nhở", "Biên bản số 3", law, "Báo cáo đúng hạn",
         "16/02/2023", "28/02/2023", "27/02/2023", "Đã khắc phục"),
        ("KT-23-04", "UBND huyện Tây Sa", "", "U4", "Thiếu sót", "Biên bản số 4", law, "Niêm yết số điện thoại",
         "16/05/2023", "30/06/2023", "", "Đang khắc phục"),
        ("KT-23-05", "Sở Tư pháp", "H99.08-230601-0001", "D4", "Thiếu sót", "Sổ theo dõi, dòng 12", law,
         "Lập phiếu yêu cầu bổ sung một lần", "21/06/2023", "15/07/2023", "", "Chưa khắc phục"),
        ("KT-23-06", "Sở Tư pháp", "H99.08-230601-0002", "D6", "Nhắc nhở", "Sổ theo dõi, dòng 13", law,
         "Gửi văn bản xin lỗi trước hạn", "21/06/2023", "15/07/2023", "", "Rút lại"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=heads)


def generate(exports: Path, out: Path) -> None:
    """Write the four files under `out`."""
    from shapes import write_csv

    out.mkdir(parents=True, exist_ok=True)
    log = pd.read_csv(exports / "process_log.csv", sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    given = pd.read_csv(exports / "slips.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    write_csv(out / "tien_trinh_co_ma_can_bo_xuat_2023-08-05.csv", steps(log), separator=";")
    write_csv(out / "phieu_chin_tieu_chi.csv", slips(given))
    write_csv(out / "diem_tu_cham_tham_dinh.csv", typed())
    write_csv(out / "phat_hien_kiem_tra.csv", findings())


def main() -> None:
    """Parse and generate."""
    parser = argparse.ArgumentParser(description="Tệp cho chín tiêu chí của tỉnh H99 / files for nine criteria")
    here = Path(__file__).resolve().parent
    parser.add_argument("--exports", type=Path, default=here / "exports", help="các tệp xuất / the exports")
    parser.add_argument("--out", type=Path, default=here / "nine_criteria", help="thư mục / folder")
    args = parser.parse_args()
    generate(args.exports, args.out)


if __name__ == "__main__":
    main()
