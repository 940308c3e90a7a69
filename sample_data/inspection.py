"""Make the sample province's files of an inspection again: a draw, the team's workbook filled in, earlier findings.

    python sample_data/inspection.py --exports DIR --out DIR

The department of justice (H99.08), second quarter of 2023, seed 2020; only exports that tell of it are taken in. What
the team found is invented. The files lie apart from the exports, so that whoever takes those in has what there always
was. The same exports give the same bytes.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tthc_cli.ingest import ingest
from tthc_cli.jobs.inspection import DrawAsked, draw_inspection
from tthc_cli.office.package import fixed_times
from tthc_cli.periods import parse_period
from tthc_cli.render.excel.inspection import team_book
from tthc_cli.workspace import Settings, Workspace

UNIT, QUARTER, SIZE, SEED, CHOSEN = "H99.08", "2023Q2", 24, "2020", 10
AT = datetime(2023, 8, 7, 9)
FILLED_AT = "2023-08-18T16:30:00"
NEEDED = (
    "units.csv", "procedures.xlsx", "so_tu_phap_xuat_2023-08-02.xlsx", "petitions.csv", "slips.csv", "apologies.csv",
    "process_log.csv", "report_totals.csv",
)  # fmt: skip
EARLIER = """MaPhatHien,DonVi,MaHoSo,MaKiemTra,MucDo,CanCu,KienNghi,NgayPhatHien,HanKhacPhuc,NgayKhacPhuc,TrangThai
KT-22-08-01,H99.08,,U4,Thiếu sót,TT 02/2017/TT-VPCP,Niêm yết đủ thủ tục,15/12/2022,16/01/2023,10/01/2023,Đã khắc phục
KT-22-08-02,H99.08,,U6,Thiếu sót,Biểu II.07b,Ban hành quy trình nội bộ còn thiếu,15/12/2022,31/03/2023,,Đang khắc phục
KT-22-08-03,H99.08,H99.08-221010-0003,D6,Nhắc nhở,NĐ 61/2018/NĐ-CP,Xin lỗi,15/12/2022,30/12/2022,,Chưa khắc phục
"""
YES, NOT_MET, MET = "Có", "Không đạt", "Đạt"


def generate(exports: Path, out: Path, folder: Path) -> None:
    """Write the files of an inspection; `folder` becomes the workspace."""
    (folder / "exports").mkdir()
    for name in NEEDED:
        shutil.copyfile(exports / name, folder / "exports" / name)
    workspace = Workspace(folder, Settings())
    ingest([folder / "exports"], workspace)
    made = draw_inspection(workspace, DrawAsked(UNIT, parse_period(QUARTER), SIZE, SEED, CHOSEN, AT))
    (out / made.path.name).write_bytes(made.path.read_bytes())
    book = load_workbook(io.BytesIO(team_book(made.draw, "vi")))
    _fill(book, made.draw.id)
    book.properties.modified = datetime.fromisoformat(FILLED_AT)
    stream = io.BytesIO()
    book.save(stream)
    (out / f"{made.draw.id}.xlsx").write_bytes(fixed_times(stream.getvalue(), FILLED_AT))
    (out / "phat_hien_dot_truoc.csv").write_text(EARLIER, encoding="utf-8")


def _fill(book: Any, draw: str) -> None:
    """The last dossier drawn could not be found. Of the others every seventh broke D12, and every ninth D13; what data
    tell of D11 was struck out for every fourth, whose file lay in the other system. U4 and U5 were not met."""
    sample, chosen, unit, findings = (book[name] for name in ("Mẫu ngẫu nhiên", "Hồ sơ chọn", "Đơn vị", "Phát hiện"))
    struck, own = set(), []
    places, rows = _table(sample, "Mã hồ sơ")
    for number, row in enumerate(rows[:-1], 1):
        dossier = sample.cell(row, places["Mã hồ sơ"]).value
        sample.cell(row, places["Đã kiểm tra"]).value = YES
        for check, every in (("D12", 7), ("D13", 9)):
            if number % every == 0:
                sample.cell(row, places[check]).value = NOT_MET
                own.append((dossier, check))
        if number % 4 == 0 and sample.cell(row, places["D11"]).value == NOT_MET:
            sample.cell(row, places["D11"]).value = MET
            struck.add((dossier, "D11"))
    missing = sample.cell(rows[-1], places["Mã hồ sơ"]).value
    places, rows = _table(chosen, "Mã hồ sơ")
    for row in rows:
        chosen.cell(row, places["Đã kiểm tra"]).value = YES
    places, rows = _table(unit, "Mã kiểm tra")
    for row in rows:
        if unit.cell(row, places["Mã kiểm tra"]).value in ("U1", "U2", "U6"):
            unit.cell(row, places["Kết quả"]).value = MET
        elif unit.cell(row, places["Mã kiểm tra"]).value == "U4":
            unit.cell(row, places["Kết quả"]).value = NOT_MET
    _findings(findings, draw, struck, own, missing)


def _findings(sheet: Any, draw: str, struck: set[tuple[str, str]], own: list[tuple[str, str]], missing: str) -> None:
    places, rows = _table(sheet, "Mã phát hiện")
    for row in rows:
        dossier, check = (sheet.cell(row, places[name]).value for name in ("Mã hồ sơ", "Mã kiểm tra"))
        if dossier == missing:
            continue
        right = (dossier, check) not in struck
        sheet.cell(row, places["Trạng thái"]).value = "Chưa khắc phục" if right else "Không đúng"
        sheet.cell(row, places["Mức độ"]).value = "Thiếu sót" if right else None
    for number, (dossier, check) in enumerate([*own, (None, "U4")], 1):
        told = {
            "Mã phát hiện": f"{draw}-D{number:02d}", "Mã hồ sơ": dossier, "Mã kiểm tra": check, "Mức độ": "Vi phạm",
            "Kiến nghị": "Chấm dứt, báo cáo kết quả", "Ngày phát hiện": datetime(2023, 8, 16),
            "Hạn khắc phục": datetime(2023, 9, 8), "Trạng thái": "Chưa khắc phục", "Đơn vị": UNIT,
            "Mã đợt kiểm tra": draw,
        }  # fmt: skip
        for name, value in told.items():
            sheet.cell(rows[-1] + number, places[name]).value = value


def _table(sheet: Any, key: str) -> tuple[dict[str, int], list[int]]:
    """Heading -> column (checks by their code), and the rows that have a key."""
    for cells in sheet.iter_rows(max_row=12):
        places = {str(cell.value): cell.column for cell in cells if cell.value}
        if key in places:
            first = cells[0].row + 1
            below = {str(c.value): c.column for c in sheet[first] if str(c.value or "").startswith("D")}
            coded = {name: at for name, at in below.items() if name[1:].isdigit()}
            start = first + bool(coded)
            rows = [at for at in range(start, sheet.max_row + 1) if sheet.cell(at, places[key]).value]
            return {**places, **coded}, rows
    raise ValueError(key)


def main() -> None:
    parser = argparse.ArgumentParser()
    here = Path(__file__).resolve().parent
    parser.add_argument("--exports", type=Path, default=here / "exports")
    parser.add_argument("--out", type=Path, default=here / "inspection")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        generate(asked.exports, asked.out, Path(folder))


if __name__ == "__main__":
    main()
