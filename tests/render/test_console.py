"""The ranking in a terminal."""

import io

import pytest
from rich.console import Console

from tests.render.fixtures import LONG_NAME, earlier_card, large_card, small_card
from tthc_cli.render import ranking_table
from tthc_cli.render.console import shortened


def printed(width=100, color=False, lang="vi", history=()):
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=color, no_color=not color, color_system="truecolor" if color else None
    )
    console.print(ranking_table(small_card(), lang, width, history))
    return stream.getvalue()


@pytest.mark.parametrize("width", [50, 60, 80, 100, 130, 200])
def test_no_line_is_wider_than_asked(width):
    assert max(len(line) for line in printed(width).splitlines()) <= width


def test_names_that_do_not_fit_go_on_below_and_lose_nothing():
    names = {u.id: u.name for u in large_card(30).units}
    stream = io.StringIO()
    Console(file=stream, width=70).print(ranking_table(large_card(30), "vi", 70))
    words = " ".join(stream.getvalue().split())
    assert "…" not in words
    assert all(word in words for name in names.values() for word in name.split())


def test_a_very_long_name_keeps_both_ends():
    assert shortened(LONG_NAME, 60) == "Ban Quản lý Khu kinh tế cửa khẩu, các … Tây Nguyên Duyên Hải"
    assert len(shortened("x" * 200, 60)) <= 60


def test_columns_of_all_levels_stand_below_one_another():
    heads = {line.index("Xếp loại") for line in printed().splitlines() if "Xếp loại" in line}
    assert len(heads) == 1


def test_grades_are_words():
    text = printed()
    assert "Tốt*" in text and "Chưa xếp loại" in text and "* Tạm tính" in text


def test_grades_are_coloured_on_a_terminal():
    assert "\x1b[32mTốt" in printed(color=True)


def test_no_colour_when_not_wanted():
    assert "\x1b" not in printed()


def test_control_sequences_of_names_do_not_reach_the_terminal():
    assert "\x1b[31m" not in printed(color=True)


def test_square_brackets_are_not_markup():
    assert "H99.[5]" in printed()


def test_groups_are_shown_where_there_is_room():
    assert "18,64" in printed(130) and "18,64" not in printed(100)


def test_english():
    assert "84.24/100" in printed(lang="en")


@pytest.mark.parametrize("width", [110, 150])
def test_the_periods_before_stand_beside_this_one(width):
    text = printed(width, history=[earlier_card()])
    assert "80,85 ▃▅" in text and "84,24 ▄▄" in text
    assert max(len(line) for line in text.splitlines()) <= width


def test_the_periods_before_leave_names_their_room():
    assert printed(80, history=[earlier_card()]) == printed(80)
