"""Statutory forms: figures against the recount and by hand, the state at the end of the window, files at fault."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.command import tthc
from tests.recount.scores import Period, Recount, units
from tests.statements.at_a_moment import code, log_rows, office
from tthc_cli.forms.reading import SHIPPED, read_form

WINDOWS = {
    "calendar": Period("2023Q2", datetime(2023, 4, 1), datetime(2023, 7, 1)),
    "nd09": Period("2023Q2", datetime(2023, 3, 15), datetime(2023, 6, 15)),
}
IN_II06 = {
    "4": ("online",), "5": ("direct",), "6": ("carried",), "8": ("early",), "9": ("on_time",), "10": ("late",),
    "12": ("open_within",), "13": ("open_past",),
}  # fmt: skip
LEVELS = {"Sở, ban, ngành": "so", "Cấp huyện": "huyen", "Cấp xã": "xa", "Tỉnh": "tinh", "Đơn vị khác": "khac"}


def form(folder: Path, name: str, period: str, *options: str) -> dict[str, Any]:
    ended = tthc("form", name, "--quarter", period, "--workspace", folder, "--json", *options)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def total(made: dict[str, Any]) -> dict[str, int]:
    figures: dict[str, int] = made["rows"][0]["figures"]
    return figures


@pytest.fixture(scope="module", params=WINDOWS)
def of_sample(request: pytest.FixtureRequest, sample: Path) -> tuple[dict[str, Any], Recount]:
    return form(sample, "II.06a", "2023Q2", "--window", request.param), Recount(WINDOWS[request.param])


def test_every_level_and_field_is_what_a_plain_count_finds(of_sample: tuple[dict[str, Any], Recount]) -> None:
    made, recount = of_sample
    wanted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (unit, field), counts in recount.statutory_form().items():
        wanted[units()[unit].level, field].update(counts)
    level, found = "", {}
    for row in made["rows"][1:]:
        if row["depth"] == "group":
            level = LEVELS[row["label"]]
        else:
            found[level, row["label"]] = Counter({IN_II06[n][0]: v for n, v in row["figures"].items() if n in IN_II06})
    assert found == dict(wanted)


def test_sums_hold_in_every_row(of_sample: tuple[dict[str, Any], Recount]) -> None:
    for row in of_sample[0]["rows"]:
        f = {int(n): v for n, v in row["figures"].items()}
        assert f[3] == f[4] + f[5] + f[6] == f[7] + f[11], row
        assert (f[7], f[11]) == (f[8] + f[9] + f[10], f[12] + f[13]), row


def test_what_was_open_at_the_end_of_the_window_before_is_carried_over(
    of_sample: tuple[dict[str, Any], Recount],
) -> None:
    """Also dossiers that wait for a supplement since before the window, and still do."""
    made = of_sample[0]
    previous = made["checks"][1]
    assert (previous["holds"], previous["dossiers"]) == (True, [])
    assert previous["left"] == total(made)["6"] > 1000


def test_the_form_tells_its_window(sample: Path) -> None:
    made = form(sample, "II.06a", "2023Q2")
    assert (made["window"], made["from"], made["to"]) == ("nd09", "2023-03-15", "2023-06-14")


RECEIVED = {"NgayTiepNhan": datetime(2024, 3, 4, 8), "NgayHenTra": datetime(2024, 3, 20, 16, 30), "DonViXuLy": "H98.01"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four dossiers received on 4/3/2024 and due on 20/3/2024; what befell them is known today.

    1 finished in April by row and log; 2 withdrawn on 12/3; 3 finished by its row on 14/3, early; 4 withdrawn in April.
    """
    ends = [(2, datetime(2024, 4, 2, 9), 10), (3, datetime(2024, 3, 12, 9), 7), (1, datetime(2024, 3, 14, 9), 9),
            (2, datetime(2024, 4, 3, 9), 7)]  # fmt: skip
    dossiers = [
        {"MaHoSo": code(at), **RECEIVED, "KenhThucHien": channel, "NgayKetThucXuLy": end, "TrangThaiHoSo": status}
        for at, (channel, end, status) in enumerate(ends, 1)
    ]
    log = [(datetime(2024, 3, 4, 9), 4), (datetime(2024, 4, 2, 9), 9)]
    steps = log_rows(code(1), [[at, status, "Phòng A", None, None] for at, status in log])
    return office(tmp_path_factory.mktemp("forms"), dossiers, steps)


def test_what_happened_after_the_window_is_not_seen(small: Path) -> None:
    """By hand: of four, two had ended on 31/3 (12/3 and 14/3, both early); two were open, past 20/3."""
    found = total(form(small, "II.06a", "2024Q1", "--window", "calendar"))
    assert found == {"3": 4, "4": 2, "5": 2, "6": 0, "7": 2, "8": 2, "9": 0, "10": 0, "11": 2, "12": 0, "13": 2}


def test_at_the_end_of_its_own_window_nothing_was_past_due_yet(small: Path) -> None:
    """The window of Nghị định 09/2019/NĐ-CP ends on 14/3, before 20/3."""
    found = total(form(small, "II.06a", "2024Q1"))
    assert (found["11"], found["12"], found["13"]) == (2, 2, 0)


@pytest.fixture(scope="module")
def resumed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By its row it ended on 14/3/2024 and by today's log on 2/4; the log says that it was returned on 14/3, taken up
    again on 18/3, and returned for good on 2/4. A second one is stopped today by its row, since 2/4 by its log."""
    rows = [
        {
            "MaHoSo": code(1),
            **RECEIVED,
            "KenhThucHien": 1,
            "NgayKetThucXuLy": datetime(2024, 3, 14, 9),
            "TrangThaiHoSo": 10,
        },
        {"MaHoSo": code(2), **RECEIVED, "KenhThucHien": 1, "TrangThaiHoSo": 8},
    ]
    log = {
        1: [(datetime(2024, 3, 4, 9), 4), (datetime(2024, 3, 14, 9), 10), (datetime(2024, 3, 18, 9), 4),
            (datetime(2024, 4, 2, 9), 10)],
        2: [(datetime(2024, 3, 4, 9), 4), (datetime(2024, 4, 2, 9), 8)],
    }  # fmt: skip
    steps = [
        row for n, own in log.items() for row in log_rows(code(n), [[at, s, "Phòng A", None, None] for at, s in own])
    ]
    return office(tmp_path_factory.mktemp("resumed"), rows, steps)


STATES = {
    ("2024Q1", "nd09"): {"7": 1, "8": 1, "11": 1, "12": 1, "13": 0},
    ("2024Q1", "calendar"): {"7": 0, "8": 0, "11": 2, "12": 0, "13": 2},
    ("2024Q2", "calendar"): {"6": 2, "7": 2, "10": 2, "11": 0},
}
"""On 14/3 the first had ended; on 31/3 both were open, past 20/3; in the second quarter both ended."""


@pytest.mark.parametrize(("period", "window"), STATES)
def test_the_state_is_that_of_the_log_at_the_end_of_the_window(period: str, window: str, resumed: Path) -> None:
    found = total(form(resumed, "II.06a", period, "--window", window))
    wanted = STATES[period, window]
    assert {number: found[number] for number in wanted} == wanted


def test_what_is_stopped_today_was_not_then(resumed: Path) -> None:
    notes = " ".join(form(resumed, "II.06a", "2024Q1", "--window", "calendar")["notes"])
    assert "dừng xử lý (0)" in notes


def test_open_at_the_end_is_carried_into_the_next(small: Path) -> None:
    made = form(small, "II.06a", "2024Q2", "--window", "calendar")
    assert (total(made)["6"], total(made)["10"]) == (2, 2)
    assert [check["holds"] for check in made["checks"]] == [True, True]


def test_the_roll_up_is_of_a_unit_with_all_below_it(small: Path) -> None:
    """II.06a of the province counts its own dossiers, of which there are none; II.06d all."""
    options = ("--unit", "H98", "--window", "calendar")
    found = {name: total(form(small, name, "2024Q1", *options))["3"] for name in ("II.06a", "II.06d")}
    assert found == {"II.06a": 0, "II.06d": 4}


def test_a_form_from_memory_says_so(small: Path) -> None:
    assert "chưa đối chiếu với bản in" in form(small, "II.06d", "2024Q1")["notes"][0]
    assert "chưa đối chiếu" not in " ".join(form(small, "II.06a", "2024Q1")["notes"])


def test_post_has_a_column_of_its_own_in_the_weekly_layout(small: Path, tmp_path: Path) -> None:
    own = _copied(small, tmp_path, "HN-07a.toml", ("valid_from = 2026-01-01", "valid_from = 2020-01-01"))
    found = total(form(own, "07a/BTP", "2024Q1"))
    assert (found["5"], found["6"], found["7"], found["3"]) == (2, 1, 1, 4)


def test_a_province_may_leave_withdrawn_dossiers_out(small: Path, tmp_path: Path) -> None:
    """The one withdrawn in the window leaves every column; the one withdrawn later was still open."""
    own = _copied(small, tmp_path, "II.06a.toml", ('withdrawn = "processed"', 'withdrawn = "excluded"'))
    found = total(form(own, "II.06a", "2024Q1", "--window", "calendar"))
    assert (found["3"], found["7"], found["11"]) == (3, 1, 2)


def _copied(small: Path, to: Path, name: str, change: tuple[str, str]) -> Path:
    folder = to / "workspace"
    shutil.copytree(small, folder)
    text = (SHIPPED / name).read_text("utf-8")
    assert change[0] in text
    (folder / "forms").mkdir()
    (folder / "forms" / name).write_text(text.replace(*change), encoding="utf-8")
    return folder


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda f: f.stem)
def test_shipped_forms_are_sound(file: Path) -> None:
    assert read_form(file)[1] == []


FAULTS = {
    'source = "sum"\nof = [4, 5, 6]': ('source = "sum"\nof = [4, 5, 66]', "unknown_part"),
    "number = 5\n": ("number = 55\n", "number"),
    'window = "nd09"': ('window = "week"', "word"),
    'rows = "level_field"': ('row = "level_field"', "unknown_key"),
    'of = ["late"]': ('of = ["lost"]', "unknown_part"),
    "of = [8, 9, 10]": ("of = [3, 9, 10]", "circle"),
    "equals = [7, 11]": ("equals = [7, 77]", "unknown_part"),
    "cite = ": ("cite = 5 #", "type"),
    "equals = [7, 11]\n": ("equals = [[7], 11]\n", "type"),
    "day = 25": ("day = 31", "day"),
    'code = "II.06a"': ('code = "II:06a"', "form_code"),
    'rows = "level_field"\n': ('rows = "step"\n', "word"),
    "filled_by_en = ": ('periods = ["fortnight"]\nfilled_by_en = ', "unknown_part"),
    "[[due]]": (
        '[[part]]\ntitle_vi = "Phần"\ntitle_en = "Part"\nrows = "unit"\nonly = "lost"\n[[due]]',
        "unknown_part",
    ),
    "[form]": ("[form", "toml"),
}


@pytest.mark.parametrize("whole", FAULTS)
def test_a_fault_is_told_with_its_line(whole: str, tmp_path: Path) -> None:
    broken, fault = FAULTS[whole]
    text = (SHIPPED / "II.06a.toml").read_text("utf-8").replace(whole, broken, 1)
    if fault == "circle":
        text = text.replace("of = [4, 5, 6]", "of = [4, 5, 7]", 1)
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    last = broken.splitlines()[-1]
    lines = text.splitlines()
    near = next(at for at, line in enumerate(lines, 1) if last in line)
    ended = tthc("form", "check", file, "--json")
    assert ended.code == 3
    found = {(one["code"], one["line"]) for one in ended.json["faults"]}
    assert any(kind == fault and abs(line - near) <= 4 for kind, line in found), found


@pytest.mark.parametrize(
    ("code", "says"), [("06a", "chỉ có hiệu lực đến 20/10/2020"), ("HN-A", "có hiệu lực từ 01/01/2026")]
)
def test_a_form_out_of_force_is_refused(code: str, says: str, small: Path) -> None:
    ended = tthc("form", code, "--quarter", "2024Q1", "--workspace", small)
    assert ended.code == 2
    assert f"biểu {code} {says}" in ended.err


@pytest.mark.parametrize("shape", ["xlsx", "docx", "html", "json", "csv"])
def test_the_same_form_has_the_same_bytes(shape: str, small: Path, tmp_path: Path) -> None:
    made = []
    for folder in ("a", "b"):
        options = ("--quarter", "2024Q1", "--workspace", small, "--format", shape, "--out", tmp_path / folder)
        assert tthc("form", "II.06a", *options).code == 0
        made.append((tmp_path / folder / f"II.06a-2024Q1-nd09.{shape}").read_bytes())
    assert made[0] == made[1]


def test_sums_of_the_workbook_are_live_and_carry_their_values(sample: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    options = ("--quarter", "2023Q2", "--workspace", sample, "--out", tmp_path)
    assert tthc("form", "II.06a", *options, "--format", "xlsx").code == 0
    file = tmp_path / "II.06a-2023Q2-nd09.xlsx"
    written, kept = (load_workbook(file, data_only=data).worksheets[0] for data in (False, True))
    formulas = {
        c.coordinate: c.value for row in written for c in row if isinstance(c.value, str) and c.value[:1] == "="
    }
    first = next(c.row for c in written["B"] if c.value == "Tổng số")
    assert formulas[f"C{first}"] == f"=D{first}+E{first}+F{first}"
    assert formulas[f"D{first}"].startswith(f"=SUM(D{first + 1},")
    assert kept[f"C{first}"].value == sum(kept[f"{letter}{first}"].value for letter in "DEF") > 10_000


def test_the_follow_up_book_tells_states_and_no_person(small: Path) -> None:
    """On 31/3 dossiers 2 and 3 had ended in time; 1 and 4 were open past 20/3."""
    options = ("--month", "2024-03", "--as-of", "2024-03-31", "--workspace", small)
    found = tthc("list", "follow-up", *options, "--json").json
    names = [column["id"] for column in found["columns"]]
    rows = {row[names.index("dossier")]: dict(zip(names, row, strict=True)) for row in found["rows"]}
    assert [rows[code(n)]["state"] for n in (1, 2, 3, 4)] == ["open_past", "finished", "finished", "open_past"]
    assert {row[name] for row in rows.values() for name in ("applicant", "contact", "signed")} == {None}
