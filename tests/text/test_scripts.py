"""Which script a text is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.text.scripts import dominant_script, weigh


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("you idiot", "latin"),
        ("바보", "hangul"),
        ("네", "hangul"),
        ("ㅋㅋㅋ", "hangul"),
        ("ㅋㅋㅋ you idiot", "latin"),
        ("I love 김치 so much", "latin"),
        ("LG 트윈스 화이팅", "hangul"),
        ("なるほど", "kana"),
        ("今日は雨です", "kana"),
        ("淘宝の正品特价商店", "han"),
        ("傻逼", "han"),
        ("Привет", "cyrillic"),
    ],
)
def test_most_letters_decide(text, script):
    dominant = dominant_script(text)
    assert dominant is not None
    assert dominant.script == script


@pytest.mark.parametrize("text", ["", " ", "😀😀", "12:30", "ಠ_ಠ", "¯\\_(ツ)_/¯", "π = 3.14", "!!!"])
def test_a_text_without_words_has_no_script(text):
    assert dominant_script(text) is None


@given(st.text(st.sampled_from("aZ1 @`[{éßㅋ가中かбπ!")))
def test_what_is_no_letter_changes_no_weight(text):
    assert weigh(f"{text} …") == weigh(text)


def test_a_syllable_weighs_two_letters_and_an_ideograph_three():
    assert weigh("ab 바보 中 かな") == {"latin": 2.0, "hangul": 4.0, "han": 3.0, "kana": 4.0}


@given(st.text())
def test_the_share_is_a_share(text):
    dominant = dominant_script(text)
    assert dominant is None or 0 < dominant.share <= 1
