"""Every shape of the ugly corpus comes out as it was put in; so do files put together at random."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest import corpus
from tests.ingest.conftest import Desk
from tests.ingest.corpus import SAMPLE, SHAPES, Dossier, Shape
from tthc_cli.workspace import Settings, Workspace


def came_out(desk: Desk) -> list[Dossier]:
    return sorted(
        (
            Dossier(r["MaHoSo"], r["NgayTiepNhan"], r["NgayHenTra"], r["TrangThaiHoSo"], r["DonViXuLy"])
            for r in desk.rows()
        ),
        key=lambda d: d.code,
    )


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.name)
def test_shape(desk: Desk, shape: Shape) -> None:
    desk.put(shape.file, shape.make(SAMPLE))
    report = desk.run()
    assert came_out(desk) == sorted(SAMPLE, key=lambda d: d.code)
    assert (report.rows_read, report.accepted, report.rejected) == (20, 20, 0)
    assert not report.left_out


def test_page_of_shapes_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "shapes.md"
    assert page.read_text(encoding="utf-8") == corpus.document(), "run: python -m tests.ingest.corpus"


FAULTS = {
    "none": lambda row: row,
    "bad_date": lambda row: [row[0], "31/02/2023", *row[2:]],
    "no_code": lambda row: ["", *row[1:]],
    "bad_due": lambda row: [*row[:2], "hôm sau", *row[3:]],
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    faults=st.lists(st.sampled_from(sorted(FAULTS)), min_size=1, max_size=20),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    title=st.booleans(),
    blank_every=st.integers(0, 5),
    breaks=st.booleans(),
    order=st.randoms(use_true_random=False),
)
def test_files_put_together_at_random(
    faults: list[str],
    delimiter: str,
    end: str,
    encoding: str,
    title: bool,
    blank_every: int,
    breaks: bool,
    order: object,
) -> None:
    whole = [
        Dossier(f"H99-230401-{i:04d}", SAMPLE[0].received + timedelta(days=i), SAMPLE[0].due, 4, "Sở A")
        for i in range(len(faults))
    ]
    order.shuffle(whole)  # type: ignore[attr-defined]
    cells = [["Tên TTHC", *corpus.HEADINGS]]
    if title:
        cells.insert(0, ["BÁO CÁO", "", "", "", "", ""])
    for i, (dossier, fault) in enumerate(zip(whole, faults, strict=True)):
        cells.append(["Cấp\nphép" if breaks else "Cấp phép", *FAULTS[fault](corpus.grid([dossier])[0])])
        if blank_every and i % blank_every == 0:
            cells.append([""] * 6)
    text = corpus.lines(cells, delimiter, end)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Workspace(Path(folder), Settings()))
        desk.put("a.csv", text.encode(encoding))
        report = desk.run()
        good = [d for d, fault in zip(whole, faults, strict=True) if fault == "none"]
        assert came_out(desk) == sorted(good, key=lambda d: d.code)
        assert (report.rows_read, report.accepted, report.rejected) == (len(faults), len(good), len(faults) - len(good))
        assert len({i.row for i in desk.issues()}) == len(faults) - len(good)


@pytest.mark.parametrize("name", corpus.FILES)
def test_workbook_saved_by_an_office_program(desk: Desk, name: str) -> None:
    """The sample with titles, column numbers and total, saved as BIFF8 and as OpenDocument by LibreOffice."""
    desk.put("khong_duoi", (Path(__file__).parent / "files" / name).read_bytes())
    report = desk.run()
    assert came_out(desk) == sorted(SAMPLE, key=lambda d: d.code)
    assert (report.rows_read, report.accepted) == (20, 20)
