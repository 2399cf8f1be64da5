"""What a comment reads as, and the way back to what was written."""

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderation.domain import Span
from moderation.text import (
    MAX_MARKS,
    grapheme_length,
    is_blank,
    normalise,
    same_text_key,
    trimmed,
)
from moderation.text.characters import plain_form

ANY_CHARACTER = st.characters(exclude_categories=())
# Characters that do something, so that they meet.
BUSY = st.sampled_from(
    "aAfuckоυіґжЅ가각ㅋﾡｶﾞ.\n\r\t !1\x00\u00a0\u200b\u200d\ufe0f\u202e\u00ad\u3164\u2800\ud800\udc00"
    "\u0301\u0323\u0345\u0308\u0f73\u3099\u093c\u09be\u0dca\u0dcf´¨½ŉﬁﷺ™²🅱🅕ᴜ👩🇺🇸é\u0958\u1e9b\u212b"
)
TEXT = st.text(st.one_of(BUSY, ANY_CHARACTER), max_size=60)
ZALGO = ("a" + "\u0301\u0323\u0330" * 20) * 200


def read(text):
    return normalise(text).text


@pytest.mark.parametrize(
    ("written", "reads_as"),
    [
        pytest.param("ｆｕｃｋ　ｏｆｆ！", "fuck off!", id="full-width"),
        pytest.param("𝖋𝖚𝖈𝖐 𝔽𝕌ℂ𝕂", "fuck FUCK", id="mathematical"),
        pytest.param("ⓕⓤⓒⓚ 🅕🅤🅒🅚 🅱itch 🄵", "fuck FUCK Bitch F", id="circled and squared"),
        pytest.param("ꜰᴜᴄᴋ", "fuck", id="small capitals"),
        pytest.param("ﬁne oﬀer", "fine offer", id="ligatures"),
        pytest.param("fυck іdiоt Ѕhit fύck", "fuck idiot Shit fúck", id="look-alikes among Latin letters"),
        pytest.param("fа\u0301ke", "fáke", id="look-alike with a mark of its own"),
        pytest.param("fѐck", "fèck", id="look-alike with a mark inside"),
        pytest.param("mўth", "myth", id="look-alike whose Latin twin has no such mark"),
        pytest.param("сделать Ελλάδα соск", "сделать Ελλάδα соск", id="other alphabets"),
        pytest.param("cделать", "cделать", id="slip of the keyboard in another alphabet"),
        pytest.param("SNS에서 fυck이라고", "SNS에서 fuck이라고", id="Latin beside Hangul"),
        pytest.param(unicodedata.normalize("NFD", "한국어 댓글"), "한국어 댓글", id="decomposed Hangul"),
        pytest.param("ㅋㅋ ㅠㅠ ㅅㅂ", "ㅋㅋ ㅠㅠ ㅅㅂ", id="compatibility jamo"),
        pytest.param("ﾡﾢￂ", "ㄱㄲㅏ", id="half-width jamo"),
        pytest.param("ｶﾞ", "ガ", id="half-width katakana with its mark"),
        pytest.param("f\u200bu\u00adc\u2060k\ufeff", "fuck", id="zero-width"),
        pytest.param("\u202eabc\u2066d\u2069", "abcd", id="bidi controls"),
        pytest.param("a\x00b\x1bc\x7fd\ufff9e", "abcde", id="control characters"),
        pytest.param("a\u3164b\u115fc\uffa0d", "abcd", id="Hangul fillers"),
        pytest.param("a\u2800b", "a b", id="Braille blank"),
        pytest.param("👩‍👩‍👧 ❤️", "👩👩👧 ❤", id="emoji sequences come apart"),
        pytest.param("🇰🇷", "🇰🇷", id="flags"),
        pytest.param("don’t ‘x’ “y” don´t", "don't 'x' \"y\" don't", id="quotes"),
        pytest.param("fuck™ x²", "fuck™ x²", id="signs after a word"),
        pytest.param("\ud800x\udfff", "\ufffdx\ufffd", id="lone surrogates"),
        pytest.param("  a \t b \u00a0c\u2003", "a b c", id="white space"),
        pytest.param("\r\na\r\n \r\n b\u2028c\x85d\n", "a\nb\nc\nd", id="line breaks"),
        pytest.param("sooooo loooong aaa", "sooo looong aaa", id="stretched letters"),
        pytest.param("ㅋㅋㅋㅋㅋㅋ 하하하하", "ㅋㅋㅋ 하하하", id="stretched Korean"),
        pytest.param("!!!!! 1000000 -----", "!!!!! 1000000 -----", id="only letters are stretched"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("z" + "\u0335" * 40, "z" + "\u0335" * MAX_MARKS, id="stacked marks"),
        pytest.param("မြှုပ် လျှော့", "မြှုပ် လျှော့", id="Burmese keeps its marks"),
        pytest.param("Tiếng Việt", "Tiếng Việt", id="Vietnamese"),
        pytest.param("CaSe", "CaSe", id="case is kept"),
        pytest.param("", "", id="empty"),
        pytest.param(" \u200b\n", "", id="blank"),
    ],
)
def test_a_text_reads_as(written, reads_as):
    assert read(written) == reads_as


@given(TEXT)
@example("´ ´")
@example("a\u0323\u0301" * 6)
@example("υ\u0301f")
def test_normalising_twice_changes_nothing_more(text):
    once = read(text)
    assert read(once) == once


@given(TEXT)
def test_every_position_has_an_original_range_in_order(text):
    normalised = normalise(text)
    spans = [normalised.span(index, index + 1) for index in range(len(normalised.text))]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(spans))
    if spans:
        assert normalised.span(0, len(spans)) == Span(spans[0].start, spans[-1].end)


AROUND = ("a%s", "υ%sb", "가%s", " %s\u0301\u0323")


@pytest.mark.slow
@pytest.mark.no_cover
def test_every_character_of_unicode_is_stable():
    told = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if code % 397 == 0 or plain_form(chr(code)) != chr(code) or unicodedata.combining(chr(code))
    ]
    texts = [around % character for character in told for around in AROUND]
    assert [ascii(text) for text in texts if read(once := read(text)) != once] == []


@pytest.mark.parametrize(
    ("written", "part", "original"),
    [
        ("x ｆｕｃｋ y", "fuck", "ｆｕｃｋ"),
        ("x f\u200bu\u200bck\u200b y", "fuck", "f\u200bu\u200bck"),
        ("   padded   text ", "padded text", "padded   text"),
        ("fuuuuuuck you", "fuuuck", "fuuuuuuck"),
        ("a \ud800 fυck!", "fuck", "fυck"),
        ("ﬁrst ﬂoor", "floor", "ﬂoor"),
        (unicodedata.normalize("NFD", "아 병신 야"), "병신", unicodedata.normalize("NFD", "병신")),
        ("cafe\u0301!", "é", "e\u0301"),
        ("plain words", "words", "words"),
    ],
)
def test_a_stretch_maps_back_to_what_was_written(written, part, original):
    normalised = normalise(written)
    start = normalised.text.index(part)
    span = normalised.span(start, start + len(part))
    assert written[span.start : span.end] == original


def test_a_tidy_text_is_itself():
    text = "Nothing to do here, 정말 좋은 기사네요!\nBye."
    normalised = normalise(text)
    assert normalised.text is text
    assert normalised.span(3, 9) == Span(3, 9)


def test_no_text_shows_in_the_representation():
    assert "secret" not in repr(normalise("secret"))


def _calls(function, *arguments):
    """How many functions, of Python or C, a call makes: work that no busy machine changes."""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        function(*arguments)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("unit", [ZALGO, "ｆυck  ", "e\u0301", "aaaab", "🇺🇸", "\u0301\u0323"])
def test_work_grows_with_the_length_only(unit):
    normalise(unit)  # first sight of a character costs more
    once, fourfold = (_calls(normalise, unit * times) for times in (50, 200))
    assert fourfold <= 4 * once + 50


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(("a" + "\u0301\u0323" * 50) * 10_000, id="zalgo"),
        pytest.param("\u0323\u0301" * 500_000, id="marks"),
        pytest.param("🇺" * 1_000_000, id="flags"),
        pytest.param("\u202e" * 1_000_000, id="bidi"),
        pytest.param(" \n" * 500_000, id="space"),
    ],
)
@pytest.mark.no_cover
def test_a_megabyte_is_no_trouble(text):
    assert len(read(text)) <= len(text)
    assert grapheme_length(text) <= len(text)
    assert is_blank(text + "x") is False
    assert trimmed(text + "x").endswith("x")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("a\r\nb", 3),
        ("한국", 2),
        (unicodedata.normalize("NFD", "한국"), 2),
        ("👩‍👩‍👧‍👦👍🏽", 2),
        ("🇰🇷🇺🇸", 2),
        ("🇰🇷🇺", 2),
        ("e\u0301" + "z" + "\u0335" * 40, 2),
        ("\ud800x", 2),
    ],
)
def test_length_is_counted_in_graphemes(text, length):
    assert grapheme_length(text) == length


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" \t\r\n\u00a0\u3000", id="white space"),
        pytest.param("\u200b\u200d\ufeff\u00ad", id="zero-width"),
        pytest.param("\u202e\u2066", id="bidi controls"),
        pytest.param("\u3164\u115f\u1160\uffa0", id="Hangul fillers"),
        pytest.param("\u2800", id="Braille blank"),
        pytest.param("\ufe0f\U000e0100", id="variation selectors"),
        pytest.param("\U000e0041\U000e007f", id="tags"),
        pytest.param("\x00\x1b", id="control characters"),
        pytest.param("\u0301\u0323", id="marks without a base"),
    ],
)
def test_nothing_visible_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", ".", "\ud800", "👍", "\u200b1\u200b", "ㅋ"])
def test_something_visible_is_not_blank(text):
    assert not is_blank(text)


@given(TEXT)
def test_trimming_takes_invisible_ends_only(text):
    inner = trimmed(text)
    assert inner in text
    assert trimmed(inner) == inner
    assert trimmed(f"\u200b \n{inner}\u3164\u2800\t") == inner


def test_trimming_keeps_the_middle():
    assert trimmed("\ufeff  a \u200b b\u0301 \u202c") == "a \u200b b\u0301"


def test_disguise_and_case_do_not_make_another_text():
    assert same_text_key(normalise("Ｂuy  nоw\u200b!")) == same_text_key(normalise("BUY NOW!"))
    assert same_text_key(normalise("buy now")) != same_text_key(normalise("buy not"))
    assert len(same_text_key(normalise("\ud800"))) == 64
