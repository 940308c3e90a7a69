"""Where keys stand in a TOML text."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from tthc_cli.settings.positions import key_lines, line_of

TEXT = '''# heading
id = "a" # [not a table]
list = [
  "x = 1", # y = 2
  "]",
]
note = """
z = 3
[w]
"""

[[component]]
id = "1.1"
[ table ]
"quoted key" = {a = 1}
[[component]]
  id = "1.2"
'''


def test_lines_of_keys_and_tables() -> None:
    assert key_lines(TEXT) == {
        ("id",): 2, ("list",): 3, ("note",): 7, ("component", 0): 12, ("component", 0, "id"): 13, ("table",): 14,
        ("table", "quoted key"): 15, ("component", 1): 16, ("component", 1, "id"): 17,
    }  # fmt: skip


def test_a_missing_key_stands_where_its_table_stands() -> None:
    assert line_of(key_lines(TEXT), ("component", 1, "cite")) == 16
    assert line_of(key_lines(TEXT), ("nothing",)) == 1


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])), max_size=8))
def test_any_text_in_values_leaves_the_lines_right(values: list[str]) -> None:
    quoted = ['"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"' for v in values]
    text = "\n".join(f"k{n} = {value}" for n, value in enumerate(quoted))
    assert list(tomllib.loads(text).values()) == values
    assert key_lines(text) == {(f"k{n}",): n + 1 for n in range(len(values))}
