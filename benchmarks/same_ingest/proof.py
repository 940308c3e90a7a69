"""A file in which everything happens that the engines must agree on."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from .asked import asked_of


def make_proof(clean: Path, path: Path, rows: int = 20_000) -> Path:
    """The first rows of a clean file, some with a date alone, no date, a wrong number or none, and some once more.

    Every column but the first twelve is without quotes and commas, so cells are counted from the end.
    """
    header = asked_of(clean).header
    back = {name: at - len(header) for at, name in enumerate(header)}

    def changed(line: str, **cells: str) -> str:
        parts = line.rstrip("\n").split(",")
        for name, value in cells.items():
            parts[back[name]] = value
        return ",".join(parts) + "\n"

    with clean.open(encoding="utf-8") as source, path.open("w", encoding="utf-8") as out:
        out.write(source.readline())
        lines = list(islice(source, rows))
        for number, line in enumerate(lines):
            kinds = {
                1: {"NgayHenTra": "05/06/2023"}, 2: {"NgayHenTra": "31/02/2023 08:00:00"}, 3: {"NgayHenTra": "hôm qua"},
                4: {"SoLanBoSung": ""}, 5: {"Gia": ""}, 6: {"NoiNopHoSo": ""}, 7: {"NgayTiepNhan": ""},
                8: {"NgayTiepNhan": "01/08/2023 08:00:00", "NgayTra": "31/07/2023 09:00:00"}, 9: {"DuocSoHoa": "vài"},
                10: {"TrangThaiHoSo": "99"}, 11: {"NgayHenTra": "05/06/1923 08:00:00"},
            }  # fmt: skip
            out.write(changed(line, **kinds.get(number % 50, {})))
        for line in lines[::7]:
            out.write(changed(line, TrangThaiHoSo="2"))
        out.writelines(lines[::21])
    return path
