"""What words say about a language, and how their lists are made."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.language import words
from moderation.language.profiles import FAMILIES
from moderation.language.words import Bar, plain_word, word_evidence, words_version
from tools.text.languages import count_words, function_words, most_frequent


def likeliest(text):
    weights = word_evidence(text).weights
    return max(weights, key=weights.__getitem__)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("you people are all the same", "en", id="English"),
        pytest.param("no me lo puedo creer", "es", id="Spanish"),
        pytest.param("das kann doch nicht wahr sein", "de", id="German"),
        pytest.param("je ne sais pas quoi dire", "fr", id="French"),
        pytest.param("eu nao sei o que dizer", "pt", id="Portuguese without signs"),
        pytest.param("eu não sei o que dizer", "pt", id="Portuguese"),
        pytest.param("non so che cosa dire", "it", id="Italian"),
        pytest.param("ne diyecegimi bilmiyorum artik", "tr", id="Turkish without signs"),
        pytest.param("İŞTE BU ÇOK GÜZEL", "tr", id="Turkish, shouted"),
        pytest.param("ik weet het niet meer", "nl", id="Dutch"),
        pytest.param("jag vet inte vad du menar", "sv", id="Swedish"),
        pytest.param("nu știu ce să mai spun", "ro", id="Romanian"),
        pytest.param("dw i ddim yn gwybod beth", "cy", id="Welsh"),
    ],
)
def test_common_words_speak_for_their_language(text, code):
    assert likeliest(text) == code


@pytest.mark.parametrize(
    ("text", "having", "lacking"),
    [
        ("straße", "de", "fr"),
        ("señor", "es", "it"),
        ("yağ", "tr", "de"),
        ("mão", "pt", "es"),
        ("små", "sv", "de"),
    ],
)
def test_letters_speak_for_languages_that_have_them_and_against_others(text, having, lacking):
    weights = word_evidence(text).weights
    assert weights[having] > 0 > weights[lacking]


def test_a_frequent_word_says_more_than_a_rare_one():
    assert word_evidence("nicht").weights["de"] > word_evidence("dumm").weights["de"] > 0


def test_a_word_with_a_capital_inside_a_text_may_be_a_name():
    name, word = (word_evidence(text).weights["es"] for text in ("hola Bueno", "hola bueno"))
    assert 0 < name < word
    assert word_evidence("Bueno hola").weights == word_evidence("bueno hola").weights


@pytest.mark.parametrize(
    "text", ["haha", "jajajaj", "kkkkkk", "xD", "loool", "lmaoo", "OMG", "hehe", "", "1234", "김치"]
)
def test_laughter_says_nothing(text):
    assert set(word_evidence(text).weights.values()) == {0.0}


@given(st.lists(st.sampled_from(["hola", "niño", "the", "straße", "haha", "xyz", "de"]), min_size=1))
def test_a_word_said_again_says_nothing_more(drawn):
    text = " ".join(drawn)
    assert word_evidence(f"{text} {text}") == word_evidence(text)


def test_a_bar_is_in_all_and_by_letter():
    evidence = words.WordEvidence({"en": 6.0}, letters=20)
    assert evidence.reach(Bar(6.0, 0.3), "en")
    assert not evidence.reach(Bar(6.1, 0.3), "en")
    assert not evidence.reach(Bar(6.0, 0.31), "en")
    assert not evidence.reach(Bar(1.0, 0.1), "und")


def test_every_language_of_langdetect_in_the_latin_script_has_words():
    assert set(word_evidence("").weights) == set(FAMILIES["latin"])
    for code, _, own in function_words():
        assert own or code in {"en", "es", "de", "fr", "pt", "it", "tr"}


def test_other_words_are_another_version(monkeypatch):
    before = words_version()
    words._lists.cache_clear()
    try:
        monkeypatch.setattr(words, "word_costs", lambda: {"the": 1.0})
        assert words_version() != before
    finally:
        words._lists.cache_clear()


def test_words_are_compared_without_signs():
    assert [plain_word(word) for word in ("água", "ışık", "ø", "ß", "the")] == [
        "agua",
        "isik",
        "o",
        "ß",
        "the",
    ]


def test_words_are_counted_once_a_comment_and_without_names_of_accounts():
    measured = "measured hola, and more of it"
    comments = [
        {"text": "Hola hola @ana https://a.com/b señor", "lang": "es", "source": "one_training"},
        {"text": "hola &amp; RT", "lang": "es", "source": "one_test"},
        {"text": measured, "lang": "es", "source": "one"},
    ]
    assert count_words(comments, [measured]) == {("es", "one"): Counter({"hola": 2, "senor": 1})}


def test_a_word_must_stand_in_two_releases_and_ranks_by_its_mean_share():
    releases = [Counter(a=8, b=2, alone=90), Counter(b=6, a=4), Counter(c=1, a=1)]
    assert most_frequent(releases) == ["a", "b"]
