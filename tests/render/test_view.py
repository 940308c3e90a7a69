"""The view says what the stored score says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.render.fixtures import FULL, LONG_NAME, make_card, small_card
from tthc_cli.errors import InputError
from tthc_cli.render.view.building import build_view


def test_hand_worked_totals_reach_the_view():
    province = build_view(small_card(), "vi").root
    assert province.total.text == "84,24"
    assert [g.points.text for g in province.groups] == ["16,70", "18,64", "17,16", "14,71", "17,03"]
    assert (province.grade_label, province.rank_text) == ("Tốt", "1/1")


def test_ties_share_a_rank_and_the_next_is_skipped():
    units = {u.id: u for u in build_view(small_card(), "vi").units}
    assert [units[f"H99.0{i}"].rank_text for i in (1, 2, 4)] == ["2/5", "2/5", "4/5"]


def test_a_unit_without_any_figure_has_no_rank_and_no_grade():
    unit = next(u for u in build_view(small_card(), "vi").units if u.id == "H99.21.03")
    assert (unit.total.text, unit.rank_text, unit.grade_label) == ("–", "chưa xếp hạng", "Chưa xếp loại")


def test_provisional_totals_say_how_much_was_assessed():
    unit = next(u for u in build_view(small_card(), "vi").units if u.id == "H99.03")
    assert unit.provisional_text == "Tạm tính: mới đánh giá được 38 điểm tối đa"


def test_losses_are_ordered_by_points_lost():
    province = build_view(small_card(), "vi").root
    assert [(c.head.id, c.lost.text) for c in province.losses[:3]] == [
        ("4.5", "3,66"),
        ("3.6", "3,60"),
        ("2.1", "1,36"),
    ]


def test_a_component_without_a_score_loses_points_only_where_the_rulebook_counts_zero():
    def lost(no_score):
        unit = next(u for u in build_view(small_card(no_score), "vi").units if u.id == "H99.01")
        return {c.head.id: c.lost.text for c in unit.losses}

    assert "1.1" not in lost("excluded")
    assert lost("zero")["1.1"] == "6,00"


def test_what_was_not_assessed_is_listed_with_the_reason():
    lines = [(m.head.id, m.units_text, m.why) for m in build_view(small_card(), "vi").missing if m.head.id == "3.6"]
    assert lines == [
        ("3.6", "3 đơn vị", "Không có số liệu để tính và không có số nhập tay"),
        ("3.6", "1 đơn vị", "Số nhập tay để trống"),
    ]


def test_units_that_were_not_assessed_are_named_where_they_are_few():
    who = {m.head.id: m.who for m in build_view(small_card(), "vi").missing}
    assert (who["1.1"], who["2.1"]) == ("4 đơn vị", "Xã Ái Nghĩa")


def test_change_is_against_the_last_earlier_period():
    before = make_card([("H99", "UBND tỉnh", "tinh", None, FULL | {"2.1": (0, 10)}, {})], period="2023Q1")
    unit = build_view(small_card(), "vi", history=[before]).root
    assert (unit.change.period, unit.change.points.text, unit.change.rank_text) == (
        "Quý I năm 2023",
        "+18,64",
        "giữ nguyên",
    )
    assert [a.value for _, a in unit.trend] == [Decimal("65.60"), Decimal("84.24")]


def test_a_unit_that_was_not_there_before_has_no_change():
    before = make_card([("H99", "UBND tỉnh", "tinh", None, FULL, {})], period="2023Q1")
    unit = next(u for u in build_view(small_card(), "vi", history=[before]).units if u.id == "H99.01")
    assert (unit.change.points.text, unit.change.rank_text) == ("–", "–")


def test_anchors_are_unique_and_safe():
    anchors = [u.anchor for u in build_view(small_card(), "vi").units]
    assert len(set(anchors)) == len(anchors)
    assert all(a.replace("-", "").replace(".", "").isalnum() for a in anchors)


def test_both_languages_have_the_same_shape():
    vi, en = build_view(small_card(), "vi"), build_view(small_card(), "en")
    assert [u.total.value for u in vi.units] == [u.total.value for u in en.units]
    assert en.root.grade_label == "Good"
    assert dict(en.facts)["Data as of"] == "2023-07-01"


def test_a_unit_that_does_not_exist_is_answered_with_the_nearest_code():
    with pytest.raises(InputError) as caught:
        build_view(small_card(), "vi", units=["H99.1"])
    assert "H99.1" in caught.value.message("vi")
    assert "H99.21" in caught.value.message("vi") or "H99.01" in caught.value.message("vi")


def test_the_selection_limits_sections_and_not_the_ranking():
    view = build_view(small_card(), "vi", units=["H99.01"])
    assert [u.id for u in view.selected] == ["H99.01"]
    assert len(view.units) == 10


def test_needs_and_kinds_of_data_are_said_by_the_labels_of_the_data_dictionary():
    card = small_card()
    needs = ("procedures.CoPhiLePhi", "dossiers.DuocLayTuKhoDMQG|dossiers.KetQuaDongBoKho")
    components = tuple(replace(c, needs=needs) for c in card.rulebook.components)
    view = build_view(replace(card, rulebook=replace(card.rulebook, components=components)), "vi")
    assert view.missing[0].head.needs_text == (
        "Danh mục thủ tục hành chính › Có phí, lệ phí; Hồ sơ › Số thành phần lấy từ kho dữ liệu cá nhân trên Cổng "
        "DVCQG hoặc Hồ sơ › Kết quả đã đồng bộ về kho dữ liệu cá nhân"
    )
    assert view.sources[0].tables == "Hồ sơ"
    assert build_view(card, "en").sources[0].tables == "Dossiers"


def test_a_mean_says_its_unit_and_a_share_is_a_percentage():
    cells = {c.head.id: c.ratio.text for c in build_view(small_card(), "vi").root.cells}
    assert (cells["2.2"], cells["2.1"]) == ("4,55 ngày làm việc", "93,22%")


def test_notes_by_key_are_sentences_in_the_language_of_the_report():
    card = replace(small_card(), notes=("typed_unknown_unit|unit=H99.98|indicator=1.1|nearest=H99.03", "Câu có sẵn."))
    vi, en = build_view(card, "vi").notes, build_view(card, "en").notes
    assert "H99.98" in vi[0] and "không được dùng" in vi[0] and "H99.03" in vi[0]
    assert "is not used" in en[0]
    assert vi[1] == "Câu có sẵn."


def test_what_was_not_assessed_of_the_units_asked_for():
    view = build_view(small_card(), "vi", units=["H99.[5]:*?/\\'"])
    assert [(m.head.id, m.units_text) for m in view.missing_here] == [("1.1", "1 đơn vị")]
    assert len(view.missing) > 1


def test_names_are_sorted_in_vietnamese_order():
    units = sorted(build_view(small_card(), "vi").units, key=lambda u: u.name_order)
    names = [u.name for u in units if u.name[0].isalpha()]
    assert names == [LONG_NAME, "Huyện Đông Giang", "Sở Nội vụ", "Sở Y tế", "UBND tỉnh Sông Hương", "Xã Ái Nghĩa"]
