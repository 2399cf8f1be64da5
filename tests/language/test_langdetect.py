"""langdetect behind our protocol, with its real profiles."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import langdetect
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

from moderation.domain import Language
from moderation.language import LangdetectDetector
from moderation.language.profiles import FAMILIES, factory
from moderation.text.scripts import LANGUAGE_OF_SCRIPT
from tests.support.laws import examples

SITE = LangdetectDetector(["en", "ko"])
NINE = LangdetectDetector(["en", "ko", "es", "de", "pt", "fr", "it", "tr", "zh"])
SENTENCES = {
    "en": "I really don't think the council listened to anyone who lives here.",
    "es": "Creo que el ayuntamiento no escucha a la gente que vive aquí.",
    "de": "Ich glaube nicht, dass der Stadtrat den Leuten hier zugehört hat.",
    "pt": "Acho que a câmara não ouviu as pessoas que moram aqui, infelizmente.",
    "fr": "Je ne crois pas que la mairie écoute les gens qui habitent ici.",
    "it": "Non credo che il comune abbia ascoltato le persone che vivono qui.",
    "tr": "Belediyenin burada yaşayan insanları dinlediğini hiç sanmıyorum.",
    "nl": "Ik geloof niet dat de gemeente naar de mensen hier heeft geluisterd.",
    "ru": "Я не думаю, что городской совет кого-нибудь здесь послушал.",
    "uk": "Я не думаю, що міська рада когось тут послухала, на жаль.",
    "ar": "لا أعتقد أن البلدية استمعت إلى الناس الذين يعيشون هنا",
    "fa": "فکر نمی‌کنم شورای شهر به حرف مردم اینجا گوش داده باشد",
    "hi": "मुझे नहीं लगता कि नगर परिषद ने यहाँ के लोगों की बात सुनी",
    "zh": "我不认为市议会听取了住在这里的人的意见",
    "ko": "시의회가 여기 사는 사람들 말을 들었다고 생각하지 않아요",
    "ja": "市議会がここに住む人の話を聞いたとは思いません",
    "el": "Δεν νομίζω ότι ο δήμος άκουσε κανέναν εδώ",
    "th": "ฉันไม่คิดว่าสภาเมืองฟังใครเลย",
    "he": "אני לא חושב שהעירייה הקשיבה למישהו",
    "hy": "Չեմ կարծում, որ քաղաքապետարանը լսեց",
}
SHORT_INSULTS = [
    *("you idiot", "lol ok", "ok", "lol", "wtf", "stfu", "kys", "u r dumb", "moron", "fuck you", "fuck off"),
    *("you are an idiot", "shut up moron", "what a loser", "dumb bitch", "go to hell", "you suck so bad"),
    *("nobody likes you", "die in a fire", "stupid asshole", "lying scumbag", "eat shit and die", "LOL OK"),
    *(
        "lol lol lol lol lol lol",
        "lol,lol,lol,lol!lol",
        "looooooooooooool",
        "hahahahahahahaha",
        "YOU IDIOT!!!",
        "fuckkkkkkkkkkk",
    ),
]


@pytest.mark.parametrize("detector", [SITE, NINE], ids=["en-ko", "nine"])
@pytest.mark.parametrize(("code", "text"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_is_recognised(detector, code, text):
    found = detector.detect(text)
    assert found.code == code
    assert 0.6 <= found.confidence <= 1


@pytest.mark.parametrize("detector", [SITE, NINE], ids=["en-ko", "nine"])
@pytest.mark.parametrize("text", SHORT_INSULTS)
def test_a_short_insult_is_english_or_undetermined(detector, text):
    assert detector.detect(text).code in {"en", "und"}


def test_plain_langdetect_calls_a_short_insult_welsh(monkeypatch):
    monkeypatch.setattr(langdetect.DetectorFactory, "seed", 0)
    assert langdetect.detect("you idiot") == "cy"


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n", "😀😀😀😀", "1234567890123", "!!!???", "\ud800\ud801", "\x00", "ಠ_ಠ", "ツ"),
        *("https://example.com/a/rather/long/path", "HXXP://example.com", "www.example.com/some/path/here"),
        *("someone.else@example.com", "@mentioned_somebody @another_one"),
    ],
)
def test_what_has_no_words_is_undetermined(text):
    assert SITE.detect(text) == Language("und", 0.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("바보", "ko"),
        ("ㅋㅋㅋ", "ko"),
        ("ㅋㅋㅋ you idiot", "und"),
        ("ㅋㅋㅋ I can't believe that you people still read this newspaper", "en"),
        ("My mother makes 김치 every autumn and it's wonderful", "en"),
        ("@someone_with_a_name 안녕", "ko"),
        ("https://example.com/some/path 바보", "ko"),
        ("わかった", "ja"),
        ("hello there 안녕하세요", "und"),
    ],
)
def test_mixed_scripts_go_by_the_dominant_one(text, code):
    assert SITE.detect(text).code == code


def test_confidence_of_a_script_is_its_share():
    assert SITE.detect("바보") == Language("ko", 1.0)
    assert SITE.detect("안녕하세요 ok").confidence == pytest.approx(10 / 12)


@pytest.mark.parametrize(
    ("expected", "code"), [(["zh"], "zh"), (["zh-CN", "en"], "zh"), (["zh", "ja"], "und"), (["en"], "und")]
)
def test_two_ideographs_are_chinese_where_only_chinese_is_expected(expected, code):
    assert LangdetectDetector(expected).detect("傻逼").code == code


def test_the_prior_decides_between_languages_alike():
    text = "o homem está na casa de banho"
    assert LangdetectDetector(["pt-BR"]).detect(text).code == "pt"
    spanish = LangdetectDetector(["es"]).detect("la casa grande es bonita")
    assert spanish.code == "es"
    assert (
        spanish.confidence
        > LangdetectDetector(["ca"], min_confidence=0).detect("la casa grande es bonita").confidence
    )


def test_shouting_is_read():
    assert SITE.detect("WHY WOULD ANYONE BELIEVE WHAT THIS NEWSPAPER WRITES").code == "en"


def test_min_letters_is_a_floor():
    text = "this is the worst"
    assert LangdetectDetector(["en"], min_letters=14).detect(text).code == "en"
    assert LangdetectDetector(["en"], min_letters=15).detect(text).code == "und"


def test_min_confidence_is_a_floor():
    assert LangdetectDetector(["en"], min_confidence=1.1).detect(SENTENCES["en"]).code == "und"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("ur whole family is ugly lol so ugly", "en", id="chat"),
        pytest.param("nobody asked you dude go home", "en", id="plain"),
        pytest.param("no me digas que no lo sabes hombre", "es", id="spanish"),
        pytest.param("das ist doch nicht mehr normal hier", "de", id="german"),
    ],
)
def test_common_english_words_are_english_and_other_languages_stay_theirs(text, code):
    assert LangdetectDetector(["en", "es", "de"]).detect(text).code == code


def test_letters_that_no_profile_knows_are_undetermined():
    assert LangdetectDetector([], min_letters=0).detect("ʘʘ ʭʬ").code == "und"


def test_the_name_says_version_and_seed():
    assert SITE.name == "langdetect 1.0.9 seed 0, words 1"


def test_families_and_scripts_hold_every_language_of_langdetect():
    full = DetectorFactory()
    full.load_profile(PROFILES_DIRECTORY)
    ours = {name for names in FAMILIES.values() for name in names} | set(LANGUAGE_OF_SCRIPT.values())
    assert set(full.get_lang_list()) <= ours


@pytest.mark.parametrize("code", ["en", "es", "de", "ru", "fa", "hi"])
def test_profiles_of_other_scripts_change_no_answer(code):
    full = DetectorFactory()
    full.load_profile(PROFILES_DIRECTORY)
    full.set_seed(0)
    family = next(name for name, codes in FAMILIES.items() if code in codes)
    answers = []
    for source in (full, factory(family)):
        detector = source.create()
        detector.append(SENTENCES[code])
        answers.append(
            [(guess.lang, pytest.approx(guess.prob, abs=1e-4)) for guess in detector.get_probabilities()]
        )
    assert answers[0] == answers[1]


def test_nobody_elses_seed_reaches_us(monkeypatch):
    before = SITE.detect(SENTENCES["nl"])
    monkeypatch.setattr(langdetect.DetectorFactory, "seed", 99)
    assert SITE.detect(SENTENCES["nl"]) == before


@given(st.text())
def test_no_text_makes_it_raise(text):
    found = NINE.detect(text)
    assert 0 <= found.confidence <= 1
    assert found.code


@examples(25)
@given(st.lists(st.sampled_from([*SENTENCES.values(), *SHORT_INSULTS]), min_size=2, max_size=12))
def test_order_and_thread_change_nothing(texts):
    alone = [SITE.detect(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(SITE.detect, reversed(texts)))
    assert together == alone[::-1]


FIRST_CALLS = """
import sys, threading
from moderation.language import LangdetectDetector
texts, answers, start = sys.argv[1:], {}, threading.Barrier(8)
detector = LangdetectDetector([])
def ask(number):
    start.wait()
    answers[number] = [detector.detect(text) for text in texts]
threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(answers) == 8, answers
assert all(answer == answers[0] for answer in answers.values()), answers
print(" ".join(found.code for found in answers[0]))
"""


@pytest.mark.slow
def test_eight_threads_making_the_first_call_get_the_same_answers():
    codes = ["en", "ru", "fa", "zh", "hi", "tr"]
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_CALLS, *(SENTENCES[code] for code in codes)],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert ran.stdout.split() == codes


@pytest.mark.parametrize("unit", ["a", "@", "a.", "a@", "http://", "ab ", "\u0301", "www.", "한", "ha"])
def test_a_megabyte_is_answered(unit):
    text = unit * (1_000_000 // len(unit))
    assert SITE.detect(text).code == ("ko" if unit == "한" else "und")
