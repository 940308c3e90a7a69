"""A list more is one module, its line in the registry, and words: the command and every format follow."""

from __future__ import annotations

from pathlib import Path

from tests.command import put
from tests.copied import append, program, tthc, tthc_json

OPEN = '''"""Dossiers that are open at a moment."""

from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.results.listing import Column, Listing
from tthc_cli.statements.dossiers.asking import Asked
from tthc_cli.statements.dossiers.found import UNIT, dossier_cells, listing

COLUMNS = (Column("unit"), Column("dossier"), Column("procedure", share=1), Column("source"), Column("row", "count"))


def still_open(asked: Asked) -> Listing:
    """The list of the units asked for."""
    found = asked.walk_open(lambda facts: dossier_cells(facts, asked))
    return listing("still-open", asked, COLUMNS, found, (UNIT,))
'''
IMPORT = "from tthc_cli.statements.dossiers.still_open import still_open\n"
LINE = '    OfDossiers("still-open", still_open),\n'
WORDS = {
    "vi": '[still-open]\ntitle = "Hồ sơ đang giải quyết"\nabout = "Hồ sơ đã tiếp nhận, chưa xong. Xét lúc {as_of}."\n',
    "en": '[still-open]\ntitle = "Open dossiers"\nabout = "Dossiers received and not finished, as of {as_of}."\n',
}
UNITS = """MaDonVi,TenDonVi,Cap,DonViCha
H99,UBND tỉnh Sông Vân,tinh,
H99.02,Sở Công Thương,so,H99
H99.08,Sở Tư pháp,so,H99
"""
DOSSIERS = """MaHoSo,MaTTHC,TenTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo
H99.02-230403-0001,1.000001,Cấp phép,03/04/2023 08:00,10/04/2023 16:30,07/04/2023 15:00,9
H99.02-230403-0002,1.000001,Cấp phép,03/04/2023 08:00,10/04/2023 16:30,,4
H99.08-230403-0003,1.000002,Khai sinh,03/04/2023 08:00,28/04/2023 16:30,,4
H99.08-230502-0004,1.000002,Khai sinh,02/05/2023 08:00,28/05/2023 16:30,,4
"""
AS_OF = ("--as-of", "2023-04-20T08:00")


def test_a_new_list_costs_one_module_its_line_and_words(tmp_path: Path) -> None:
    package = program(tmp_path)
    (package / "statements" / "dossiers" / "still_open.py").write_text(OPEN, "utf-8")
    registry = package / "statements" / "registry.py"
    text = registry.read_text("utf-8")
    after = '    OfDossiers("overdue", overdue),\n'
    first = "from tthc_cli.statements.dossiers.overdue import overdue\n"
    assert text.count(after) == text.count(first) == 1
    registry.write_text(text.replace(after, after + LINE).replace(first, first + IMPORT), "utf-8")
    for lang, words in WORDS.items():
        append(package / "messages" / lang / "lists.toml", words)
    put(tmp_path, units=UNITS, dossiers=DOSSIERS)
    tthc(tmp_path, "ingest", "exports")

    assert "Hồ sơ đang giải quyết" in tthc(tmp_path, "list")
    assert "Open dossiers" in tthc(tmp_path, "list", "--lang", "en")
    listed = tthc_json(tmp_path, "list", "still-open", *AS_OF)
    assert [row[:2] for row in listed["rows"]] == [["H99.02", "H99.02-230403-0002"], ["H99.08", "H99.08-230403-0003"]]
    assert "H99.08-230403-0003" in tthc(tmp_path, "list", "still-open", "--unit", "H99.08", *AS_OF)
    for form in ("xlsx", "csv", "html", "json"):
        tthc(tmp_path, "list", "still-open", *AS_OF, "--format", form)
        assert (tmp_path / "reports" / f"still-open-2023-04-20.{form}").stat().st_size > 0
    tthc(tmp_path, "list", "still-open", *AS_OF, "--format", "csv", "--per-unit", "--out", str(tmp_path / "sent"))
    files = sorted(path.name for path in (tmp_path / "sent").iterdir())
    assert files == ["still-open-2023-04-20-H99.02.csv", "still-open-2023-04-20-H99.08.csv"]
