"""What a model reads of a word that was hidden, and what it must leave as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.disguise.unmask import unmask
from moderation.model_evaluation.evasions import EVASIONS, evade
from moderation.text import normalise

SENTENCE = "Nobody listens to someone stupid, complete idiot. Move along."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("you 1d1ot", "you idiot"),
        ("what an 1d107", "what an idiot"),
        ("sh!t happens!", "shit happens!"),
        ("$tupid", "stupid"),
        ("a$$", "ass"),
        ("@ss", "ass"),
        ("k1ll them, n0w.", "kill them, now."),
        ("an i d i o t", "an idiot"),
        ("an i.d.i.o.t.", "an idiot."),
        ("f-u-c-k off", "fuck off"),
        ("stuuuupid", "stupid"),
        ("a looooser", "a loser"),
        ("you 1oser", "you loser"),
        ("an idiooot", "an idiot"),
        ("s t uuu p i d", "stupid"),
        ("it's s t u p i d", "it's stupid"),
        ("y o u a r e a n i d i o t", "you are an idiot"),
        ("youareanidiot", "you are an idiot"),
        ("what an idoit", "what an idiot"),
        ("Waht a stpuid aritcle", "What a stupid article"),
    ],
)
def test_hidden_letters_are_put_back(written, read):
    assert unmask(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "10k people, the 4th time, 20mg, 5pm",
        "covid19 and mp3",
        "ask @anna or @john5",
        "http://a1b.com/x2y?q=4",
        "anna1b@example.com",
        "it costs US$ 5",
        "i.e. this",
        "A B testing",
        "3시10분에 만나요 ㅋㅋㅋㅋ",
        "good book, committee",
        "the artilce is from the Guardian",  # a slip among good words, and nothing heated
        "Sarah Palin and Anthony Weiner spoke",
        "orthographic parliamentarians",
        "ask @youareanidiot or #fcuk",
        "example.com/youareanidiot?q=youareanidiot&x=1",
        "",
    ],
)
def test_what_hides_nothing_stays(text):
    assert unmask(text) == text


@pytest.mark.parametrize(
    "text", ["hier gerne sehen wir", "youareanidiot", "an idoit", "n i c h t s d a v o n"]
)
def test_other_languages_words_are_not_taken_for_english_ones(text):
    assert unmask(text, "de").replace(" ", "") == text.replace(" ", "")


def test_english_helps_where_nobody_can_tell_the_language():
    assert unmask("an idoit") == unmask("an idoit", "en") == "an idiot"


@pytest.mark.parametrize("evasion", EVASIONS)
def test_these_evasions_are_undone(evasion):
    hidden = evade(SENTENCE, evasion)
    assert hidden != SENTENCE
    assert unmask(normalise(hidden).text) == SENTENCE


@pytest.mark.parametrize("evasion", EVASIONS)
def test_every_evasion_changes_every_long_word_or_a_share_of_them(evasion):
    assert (
        sum(
            a != b
            for a, b in zip(evade("idiot. moron", evasion).split("."), ("idiot", " moron"), strict=True)
        )
        == 2
    )
    assert evade(SENTENCE, evasion, share=0.0) == SENTENCE
    assert evade("an ox is big", evasion) == "an ox is big"


@given(
    st.text(alphabet="abc1 0@!$.-ㅋ가'", max_size=30)
    | st.lists(
        st.sampled_from(["idoit", "a", "i", "b", "aaa", "youare", "thisisa", "1", " ", "-", ".", "n"])
    ).map("".join),
    st.sampled_from([None, "en", "de"]),
)
def test_unmasking_twice_is_unmasking_once(text, language):
    once = unmask(text, language)
    assert unmask(once, language) == once
