"""Make the sample province's exports again, or stream millions of dossiers for benchmarks.

    python sample_data/generate.py --out DIR [--dossiers N] [--seed S]
    python sample_data/generate.py --stream N --out FILE.csv [--communes C] [--procedures P] [--seed S]

The same seed gives the same bytes. `truth.json` (beside the folder DIR) says what a reader must find.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent))

SEED, DOSSIERS = 766, 30_000
UNKNOWN_UNIT = "UBND xã Vạn Phúc Đông"
UNRECEIVED = 120
LAST_LOOK = np.datetime64("2023-08-02T07:00:00")


def _unknown_unit(facts: pd.DataFrame) -> pd.DataFrame:
    """A dozen dossiers of June 2023 under a unit that the unit table does not know."""
    from province import ACTIVE

    district = next(i for i, unit in enumerate(ACTIVE) if unit.code == "H99.23")
    june = facts["NgayTiepNhan"].dt.strftime("%Y-%m") == "2023-06"
    rows = facts.index[(facts["unit"] == district) & june][:12]
    facts["unknown_unit"] = ""
    facts.loc[rows, "unknown_unit"] = UNKNOWN_UNIT
    facts.loc[rows, "MaHoSo"] = "H99.23.09" + facts.loc[rows, "MaHoSo"].str[6:]
    return facts


def _unreceived(facts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Dossiers filed online but never received: new (1), or refused before receipt (3)."""
    from province import ACTIVE

    local = facts[np.array([unit.level != "so" for unit in ACTIVE])[facts["unit"]] & (facts["unknown_unit"] == "")]
    rows = local.iloc[np.sort(rng.choice(len(local), min(UNRECEIVED, len(local)), replace=False))].copy()
    filed = rows["NgayTiepNhan"]
    refused = np.arange(len(rows)) % 2 == 1
    nothing = [c for c in rows.columns if c.startswith("Ngay") and c != "NgayNopHoSo"] + ["NhanBoSungLan1"]
    for name in nothing:
        rows[name] = pd.NaT
        rows[name] = rows[name].astype(filed.dtype)
    rows["NgayNopHoSo"] = filed
    rows["NgayTuChoi"] = (filed + pd.Timedelta(hours=1)).where(refused)
    rows["TrangThaiHoSo"] = np.where(refused, 3, 1)
    rows["KenhThucHien"], rows["SoLanBoSung"], rows["has_file"] = 2, 0, False
    rows["KetQuaDongBoKho"], rows["DuocThanhToanTrucTuyen"] = 0, 0
    rows["MaHoSo"] = rows["MaHoSo"].str[:-4] + [f"9{i:03d}" for i in range(len(rows))]
    return rows


def _truth(facts: pd.DataFrame, written: Any, tables: dict[str, int], last: pd.DataFrame) -> dict[str, Any]:
    """What a reader must find, counted from the facts and not from the files."""
    from province import ACTIVE

    known = facts[facts["unknown_unit"] == ""]
    month = facts["NgayTiepNhan"].dt.strftime("%Y-%m")
    level = pd.Series([unit.level for unit in ACTIVE])
    states = pd.concat(written.states, ignore_index=True)
    newest = states.drop_duplicates("MaHoSo", keep="last")
    statuses = newest["TrangThaiHoSo"].astype(int).value_counts().sort_index()
    second = facts["NgayTiepNhan"].between("2023-04-01", "2023-06-30 23:59:59")
    ended = last["NgayKetThucXuLy"].fillna(last["NgayTuChoi"])
    carried = (last["NgayTiepNhan"] < np.datetime64("2023-04-01")) & ~(ended < np.datetime64("2023-04-01"))
    unit_code = pd.Series([unit.code for unit in ACTIVE])

    def by_unit(rows: pd.Series) -> dict[str, int]:
        counted = facts.loc[rows & (facts["unknown_unit"] == ""), "unit"].map(unit_code).value_counts()
        return {code: int(counted.get(code, 0)) for code in unit_code}

    return {
        "dossiers": {
            "distinct": len(newest),
            "received": len(facts),
            "not_received": len(newest) - len(facts),
            "rows_read": sum(f.rows for f in written.files.values()),
            "rejected": sum(f.rejected for f in written.files.values()),
            "superseded": len(states) - len(newest),
            "unknown_unit": int((facts["unknown_unit"] != "").sum()),
            "received_by_month": {m: int(n) for m, n in month.value_counts().sort_index().items()},
            "received_by_level": {k: int(n) for k, n in known["unit"].map(level).value_counts().sort_index().items()},
            "received_by_month_and_level": {
                m: {k: int(n) for k, n in part.map(level).value_counts().sort_index().items()}
                for m, part in known["unit"].groupby(month)
            },
            "status_at_newest_export": {str(code): int(n) for code, n in statuses.items()},
        },
        "2023Q2": {
            "received_by_unit": by_unit(second),
            "carried_over_by_unit": by_unit(carried.reindex(facts.index, fill_value=False)),
        },
        "files": {name: vars(found) for name, found in written.files.items()},
        "tables": tables,
    }


def generate(out: Path, dossiers: int = DOSSIERS, seed: int = SEED) -> dict[str, Any]:
    """Write every export under `out`; return the truth table."""
    import letter_tables
    import other_tables as tables
    from behaviour import facts as make_facts
    from behaviour import snapshot
    from dossier_files import Written, write_departments, write_portal
    from province import procedures

    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    catalogue = procedures(rng)
    facts = _unknown_unit(make_facts(rng, catalogue, dossiers))
    last = snapshot(facts, LAST_LOOK, catalogue)
    written = Written()
    write_portal(out, facts, _unreceived(facts, rng), catalogue, written)
    write_departments(out, facts, catalogue, written)
    rows = {
        "units.csv": tables.write_units(out / "units.csv"),
        "procedures.xlsx": tables.write_catalogue(out / "procedures.xlsx", catalogue),
        "decisions.xlsx": tables.write_decisions(out / "decisions.xlsx", rng, catalogue),
        "petitions.csv": tables.write_petitions(out / "petitions.csv", rng, last, max(20, dossiers // 120)),
        "slips.csv": tables.write_slips(out / "slips.csv", rng, last, dossiers // 10),
        "process_log.csv": tables.write_process_log(out / "process_log.csv", last),
        "report_totals.csv": tables.write_totals(out / "report_totals.csv", facts),
        "certified_copies.csv": tables.write_copies(out / "certified_copies.csv", rng),
        "typed_figures.csv": tables.write_typed(out / "typed_figures.csv"),
        "apologies.csv": letter_tables.write_apologies(out / "apologies.csv", last, LAST_LOOK),
        "late_causes.csv": letter_tables.write_causes(out / "late_causes.csv", last, LAST_LOOK),
        "outages.csv": letter_tables.write_outages(out / "outages.csv"),
    }
    return _truth(facts, written, rows, last)


def main() -> None:
    """Parse, generate, say where it is."""
    parser = argparse.ArgumentParser(
        description="Dữ liệu mẫu của tỉnh giả định H99 / sample data of the invented province H99"
    )
    parser.add_argument("--out", type=Path, required=True, help="thư mục, hoặc tệp CSV khi có --stream / folder or CSV")
    parser.add_argument("--dossiers", type=int, default=DOSSIERS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--stream", type=int, help="ghi N hồ sơ sạch vào một tệp CSV / write N clean dossiers to one CSV"
    )
    parser.add_argument("--communes", type=int, default=12, help="số xã khi có --stream / communes with --stream")
    parser.add_argument(
        "--procedures", type=int, default=150, help="số TTHC khi có --stream / procedures with --stream"
    )
    args = parser.parse_args()
    if args.stream is not None:
        from stream import write_stream

        write_stream(args.out, args.stream, args.communes, args.procedures, args.seed)
        print(f"{args.out}: {args.stream} hồ sơ")
        return
    truth = generate(args.out, args.dossiers, args.seed)
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    (args.out.parent / "truth.json").write_text(text, encoding="utf-8")
    print(f"{args.out}: {truth['dossiers']['rows_read']} dòng hồ sơ, {truth['dossiers']['distinct']} hồ sơ")


if __name__ == "__main__":
    main()
