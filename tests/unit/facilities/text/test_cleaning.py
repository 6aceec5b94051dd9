"""What is cleaned stays clean; what a workbook writes comes back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from facilities.text.cleaning import clean, for_workbook, from_workbook, shown
from facilities.text.errors import UnfitText

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))


@given(TEXT, st.booleans(), st.booleans())
@example("bu\u200d\u200b\u200dbur", False, False)
@example("\u200d \u00ad\u200c", True, False)
def test_cleaning_twice_is_cleaning_once(text: str, has_lines: bool, is_name: bool) -> None:
    once = clean(text, has_lines=has_lines, is_name=is_name)
    assert clean(once, has_lines=has_lines, is_name=is_name) == once
    assert not set(once) & set("\r\x07\x1b\u202e\u2066\u200b\u200f\ufeff\x85\u2028\u00a0")
    assert has_lines or "\n" not in once
    assert once == once.strip(" \n")


@pytest.mark.parametrize("text", ["a\0", "\ud83d", "\ude37\ud83d"])
def test_what_cannot_be_stored_is_refused(text: str) -> None:  # T01
    with pytest.raises(UnfitText):
        clean(text)


def test_joiners_stay_where_letters_are_made_of_them() -> None:  # T10
    doctor = "\U0001f469\U0001f3fd\u200d\u2695\ufe0f"
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    for text in (doctor, england, persian):
        assert clean(text) == text
    assert clean("ke\u200dlam\u200cbu\U000e0041\U000e0042") == "kelambu"


@given(
    st.text() | st.lists(st.sampled_from(["_", "x", "000D", "005F", "_x000D_", "a"])).map("".join)
)
def test_letters_that_look_like_an_escape_come_back_from_a_workbook(text: str) -> None:  # T04
    assert from_workbook(for_workbook(text)) == text


def test_escapes_of_a_workbook() -> None:  # T04
    assert from_workbook("a_x000D__x000a_b") == "a\r\nb"
    assert from_workbook("_xD83D__xDE37_") == "\U0001f637"
    assert from_workbook("_xD83D_") == "\ud83d"
    assert from_workbook("_x00_ x000D _X000D_") == "_x00_ x000D _X000D_"


def test_what_is_said_of_a_text_breaks_nothing() -> None:
    said = shown("12\0\ud83d\u202e\n" + "9" * 90, 40)
    assert said.encode()
    assert said.startswith("12\ufffd\ufffd 9")
    assert said.endswith("…")
