"""Word lists: their files, and their entries found in disguise and nowhere else."""

import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.disguise import MAX_ENTRY, Entry, Match, WordMatcher, parse_list
from moderation.text import normalise


def matcher(*entries):
    parsed = parse_list("\n".join(entries))
    assert not parsed.problems
    return WordMatcher({"list": parsed.entries})


ENGLISH = matcher(
    *(
        "fuck",
        "shit",
        "ass",
        "penis",
        "raped",
        "cunt",
        "idiot",
        "hell",
        "cock",
        "kkk",
        "whore",
        "nazi",
        "sex",
    ),
    *("motherf*", "*tard", "*wank*", "go to hell", "the rapist", "café", "anal", "1488", "don't"),
)
KOREAN = matcher("병신*", "시발", "시발놈*", "개새끼*", "ㅅㅂ*", "꺼져라", "나가 죽어라")
OTHER = matcher("хуй", "блядь*", "μαλάκας", "*笨蛋*", "كلب", "scheiße", "ไอ้สัตว์")


def found(words, text):
    """What the author wrote of each match."""
    normalised = normalise(text)
    spans = [normalised.span(match.start, match.end) for match in words.find(normalised)]
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("fuck", id="plain"),
        pytest.param("FuCK", id="case"),
        pytest.param("ｆｕｃｋ", id="width"),
        pytest.param("ｆ.ｕ.ｃ.ｋ", id="width and separators"),
        pytest.param("f\u200bu\u200dc\u2060k", id="zero-width"),
        pytest.param("f\u00aduck", id="soft hyphen"),
        pytest.param("fυck", id="Greek"),
        pytest.param("fuсk", id="Cyrillic"),
        pytest.param("fuск", id="Cyrillic, two letters"),
        pytest.param("ꜰᴜᴄᴋ", id="small capitals"),
        pytest.param("ƒuçķ", id="hooks and cedillas"),
        pytest.param("f\u0308u\u0308c\u0308k\u0308", id="marks"),
        pytest.param("f\u0335\u0336\u0337u\u0335c\u0335k\u0335", id="zalgo"),
        pytest.param("𝖋𝖚𝖈𝖐", id="mathematical"),
        pytest.param("ⓕⓤⓒⓚ", id="circled"),
        pytest.param("🅕🅤🅒🅚", id="black circles"),
        pytest.param("🇫🇺🇨🇰", id="regional indicators"),
        pytest.param("ꓝꓴꓚꓗ", id="Lisu"),
        pytest.param("ᖴᑌᑕK", id="Canadian syllabics"),
        pytest.param("ᎦᏬᏟᏦ", id="Cherokee"),
        pytest.param("$h1t", id="leet"),
        pytest.param("sh!t", id="leet sign"),
        pytest.param("sh17", id="leet digits"),
        pytest.param("s3x", id="one digit of three letters"),
        pytest.param("s.h.1.t", id="leet digit and separators"),
        pytest.param("a$$", id="dollars"),
        pytest.param("@ss", id="at"),
        pytest.param("1d10t", id="one and zero"),
        pytest.param("p3n|s", id="three and bar"),
        pytest.param("fu©k", id="copyright"),
        pytest.param("he££", id="pounds"),
        pytest.param("n4z1", id="four"),
        pytest.param("c0cк", id="leet and look-alike"),
        pytest.param("fuuuck", id="stretched"),
        pytest.param("fffuuuuuuuccckkkkkkkk", id="stretched all over"),
        pytest.param("hellll", id="double letter stretched"),
        pytest.param("kkkkkk", id="triple letter stretched"),
        pytest.param("!diot", id="sign first"),
        pytest.param("f.u.c.k", id="dots"),
        pytest.param("f u c k", id="spaces"),
        pytest.param("f - u - c - k", id="dashes with spaces"),
        pytest.param("f*u*c*k", id="stars"),
        pytest.param("f!u!c!k", id="signs that are leet elsewhere"),
        pytest.param("f\nu\nc\nk", id="one below the other"),
        pytest.param("f💩u💩c💩k", id="emoji"),
        pytest.param("f'u'c'k", id="apostrophes"),
        pytest.param("f u u u c k", id="stretched and apart"),
        pytest.param("f1u1c1k", id="digits between"),
        pytest.param("fu-ck", id="one hyphen"),
        pytest.param("f_uck", id="one underscore"),
        pytest.param("fuc*k", id="one star"),
        pytest.param("fu~ck", id="one tilde"),
        pytest.param("fu1ck", id="one digit"),
        pytest.param("go   to\nhell", id="several words"),
        pytest.param("Go-to-HELL", id="several words with hyphens"),
        pytest.param("g0 t0 h3ll", id="several words in leet"),
        pytest.param("g o t o h e l l", id="several words apart"),
        pytest.param("cafe", id="entry with a mark"),
        pytest.param("dont", id="entry with an apostrophe"),
        pytest.param("1488", id="digits"),
    ],
)
@pytest.mark.parametrize("around", ["%s", "so %s to", "(%s)!", "…%s，", "“%s”"])
def test_a_disguised_word_is_found_as_written(written, around):
    text = around % written
    longest = max(found(ENGLISH, text), key=len, default="")
    assert longest == written


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Scunthorpe",
            "classic",
            "assassin",
            "pass hit",
            "class ic",
            "Essex",
            "Penistone",
            "shell",
            "cockpit",
        ),
        *("hello!", "hel", "as", "a s", "rapped", "kk", "fuuck", "dickens"),
        *(
            "the pen is red",
            "pen. is",
            "he'll",
            "he’ll be",
            "who're you",
            "therapist",
            "go. To hello",
        ),
        *(
            "said.It",
            "push it",
            "wish IT",
            "is hit",
            "mass hit",
            "as\ns",
            "f.uck",
            "f u ck",
        ),
        *("455", "4$$", "$$$", "5#17", "a 5.5", "he 11", "1,488", "14880", "a1488", "1 48 8", "555"),
        *("b a s s", "c.l.a.s.s", "b-a-s-s", "m a s s i v e", "a s s e t", "f u", "s.h.i.t.a.k.e", "1 a s s"),
        *(
            "соск",
            "сосок",
            "asset",
            "as$et",
            "cl@$$ic",
            "me@ss.com",
            "wash!t",
            "fuckx",
            "xfuck",
            "éass",
        ),
        *(
            "ass\u0301embly",
            "grass\u0301",
            "canal",
            "analysis",
            "banal",
            "sexton",
            "whored",
            "mother f",
        ),
        *("Galaxy A55", "Oppo A5s", "oppo a5s", "the A55 road", "5H17", "S-3X", "S3X-mk", "option a, s, s"),
        *("f, u, c, k", "https://example.com/wiki/Shit_(film)?q=fuck#hell", "example.com/shit", "$ 5, 5"),
        *("", "...", "!!!", "🇺🇸", "don t", "Nazım"),
    ],
)
def test_other_words_are_left_alone(text):
    assert found(ENGLISH, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hell!!!", ["hell"]),
        ("https://example.com/shit, shit", ["shit"]),
        ("shit1 fuck2024 ass1 fuck1a Fuck69!", ["shit", "fuck", "Fuck"]),
        ("fuck1이라고", ["fuck"]),
        ("1488 14881 2shit", ["1488"]),
        ("fu ck you and f uck them", ["fu ck", "f uck"]),
        ("sh it happens to all of them", ["sh it"]),
        ("it s hit, push it, the pen is red, wh\nore, Cu Nt", []),
        ("il a cu nt nuit", []),
        ("gotohell, go tohell #GoToHell", ["gotohell", "go tohell", "GoToHell"]),
        ("the therapist went; therapists and thera pists", []),
        ("http://shit.example/fuck", ["shit"]),
        ("and/or shit / fuck", ["shit", "fuck"]),
        ("!!!idiot!!!", ["idiot"]),
        ("!!!diot", ["!diot"]),
        ("f u c k\u0335, so", ["f u c k\u0335"]),
        ("kkk kkk", ["kkk", "kkk"]),
        ("shit이라고 했다", ["shit"]),
        ("what a f u c k, I s h i t", ["f u c k", "s h i t"]),
        ("f u c k u", ["f u c k"]),
        ("dumb-ass bas-tard", ["ass", "tard"]),
        ("bastard bustards tardy", ["tard"]),
        ("swanky wanking", ["wank", "wank"]),
        ("motherfucking", ["motherf"]),
        ("f u c k shit", ["f u c k", "shit"]),
        ("shit\u200b \u200bshit", ["shit", "shit"]),
        ("fuckk\u0301", []),
        ("fuck\u0323\u0301!", ["fuck\u0323\u0301"]),
        ("x\u0301 fuck", ["fuck"]),
    ],
)
def test_the_span_is_exact(text, expected):
    assert found(ENGLISH, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("병신아 그만해", ["병신"]),
        ("병신ㅋㅋㅋ", ["병신"]),
        (unicodedata.normalize("NFD", "병신아"), [unicodedata.normalize("NFD", "병신")]),
        ("병\u200b신", ["병\u200b신"]),
        ("병\u3164신", ["병\u3164신"]),
        ("병1신 시@발", ["병1신", "시@발"]),
        ("병.신 병-신", ["병.신", "병-신"]),
        ("아 시 발", ["시 발"]),
        ("개 새 끼", ["개 새 끼"]),
        ("시발시발", []),
        ("시발점", []),
        ("시 발전", []),
        ("다시 발", []),
        ("새 시 발 표", []),
        ("시발놈아", ["시발놈"]),
        ("ㅅㅂㅋㅋ", ["ㅅㅂ"]),
        ("ㅅ ㅂ", ["ㅅ ㅂ"]),
        ("ﾵﾲ", ["ﾵﾲ"]),
        ("fuck병신lol", ["병신"]),
        ("나가 죽어라", ["나가 죽어라"]),
        ("나가죽어라", []),
        ("정말 좋은 기사네요", []),
    ],
)
def test_korean_words(text, expected):
    assert found(KOREAN, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("хуй ХУЙ xyй хуйня", ["хуй", "ХУЙ", "xyй"]),
        ("блядьми", ["блядь"]),
        ("μαλακας ΜΑΛΆΚΑΣ Μαλακας", ["μαλακας", "ΜΑΛΆΚΑΣ", "Μαλακας"]),
        ("你这个笨蛋啊", ["笨蛋"]),
        ("كَلْب", ["كَلْب"]),
        ("كـلـب كلـــب", ["كـلـب", "كلـــب"]),
        ("ک\u200cلب کلب", ["ک\u200cلب", "کلب"]),
        ("كلبي قلب", []),
        ("Scheiße Scheibe", ["Scheiße"]),
        ("ไอ้สัตว์ ไอสตว", ["ไอ้สัตว์"]),
    ],
)
def test_words_of_other_scripts(text, expected):
    assert found(OTHER, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("j'ai faim", []),
        ("AI isn't ai", ["AI", "ai"]),
        ("don't, Don!", ["Don"]),
        ("l'enculé d'encule", ["enculé", "encule"]),
        ("the don's hat", ["don"]),
    ],
)
def test_an_elision_is_part_of_the_word(text, expected):
    assert found(matcher("ai", "don", "enculé"), text) == expected


def test_words_with_chinese_characters_are_found_inside_runs():
    words = matcher("傻逼", "死ね", "操")
    assert found(words, "你是个傻逼吗 お前死ねよ 体操") == ["傻逼", "死ね"]


def test_alif_is_found_with_and_without_hamza():
    for entry in ("أحمق", "احمق"):
        assert found(matcher(entry), "يا أحمق، يا احمق، أحمر") == ["أحمق", "احمق"]


def test_of_several_readings_the_shortest_counts():
    assert found(matcher("ll"), "so !!!l") == ["!l"]


def test_words_are_found_after_more_characters_than_are_remembered():
    everything = "".join(map(chr, range(0x3400, 0xA000))) + "".join(map(chr, range(0x20000, 0x2A6E0)))
    assert found(ENGLISH, everything + " f.u.c.k") == ["f.u.c.k"]
    assert found(OTHER, "\U0002a600笨蛋") == ["笨蛋"]


def test_every_entry_of_every_list_is_reported_once():
    words = WordMatcher(
        {
            "short": (Entry("hell", 1), Entry("hell", 2)),
            "long": (Entry("go to hell", 1), Entry("hell", 2)),
        }
    )
    assert len(words) == 3
    assert words.find(normalise("go to hell")) == [
        Match("long", "go to hell", 0, 10),
        Match("long", "hell", 6, 10),
        Match("short", "hell", 6, 10),
    ]


@pytest.mark.parametrize("lists", [{}, {"empty": ()}])
def test_no_entries_find_nothing(lists):
    words = WordMatcher(lists)
    assert len(words) == 0
    assert words.find(normalise("fuck")) == []


@given(st.data())
def test_invisible_characters_hide_no_word(data):
    word = data.draw(st.sampled_from(["fuck", "idiot", "whore", "anal", "motherf", "penis"]))
    hidden = data.draw(
        st.lists(st.text("\u200b\u200d\u2060\u00ad\u202e\ufe0f\u3164\x00"), min_size=20, max_size=20)
    )
    text = word[0] + "".join(a + b for a, b in zip(hidden, word[1:], strict=False))
    assert found(ENGLISH, f"so {text} so") == [text]


@given(st.data())
def test_disguises_combine(data):
    forms = {"i": "iI1!íіⓘ", "d": "dDԁ🅓", "o": "oO0о○".replace("○", "ο"), "t": "tTт7"}
    letters = [data.draw(st.sampled_from(forms[letter])) for letter in "idiot"]
    separator = data.draw(st.sampled_from(["", "-", ".", " ", " * "]))
    text = separator.join(letters)
    real = sum(letter in "iIdDoOtTíⓘ🅓ԁ" for letter in letters)
    if real >= 2:
        assert text in found(ENGLISH, f"an {text}, sure")


@given(st.text(st.one_of(st.sampled_from("fuckas5$! .-\u0301\u200bѕ"), st.characters(exclude_categories=()))))
def test_any_text_is_searched(text):
    normalised = normalise(text)
    for match in ENGLISH.find(normalised):
        assert 0 <= match.start < match.end <= len(normalised.text)


def test_many_threads_find_the_same():
    texts = [normalise(text) for text in ("f.u.c.k you", "nothing", "a$$ and sh1t", "go to hell") * 50]
    alone = [ENGLISH.find(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ENGLISH.find, texts)) == alone


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


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "fuck ",
            "a s s ",
            "as",
            "as ",
            "f " * 4,
            "!1",
            "kkk",
            "1d1ot ",
            "ass\u0301\u0323",
            "f......u.c.k ",
        ),
        *("f**k ", "f*", "f-u", "||f", "ʞɔnɟ", "ʞɔnɟ\n", "\u202ekcuf ", "fu ck ", "fück ", "shit1", "shit/"),
    ],
)
def test_work_grows_with_the_length_only(unit):
    ENGLISH.find(normalise(unit))  # first sight of a character costs more
    once, fourfold = (_calls(ENGLISH.find, normalise(unit * times)) for times in (100, 400))
    assert fourfold <= 4.2 * once + 100


def test_work_does_not_grow_with_the_lists():
    many = matcher(*(f"zq{number:05}x" for number in range(5_000)), "fuck")
    text = normalise("The quick brown fox says fuck to the lazy dog. " * 20)
    assert _calls(many.find, text) <= _calls(matcher("fuck").find, text) + 50


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("f " * 250_000, id="letters apart"),
        pytest.param("1" * 100_000 + "d1ot", id="one long run"),
        pytest.param("f" + "." * 100_000 + "u.c.k", id="one long gap"),
        pytest.param("a" + "$" * 100_000, id="signs"),
        pytest.param("x" * 1 + "ab" * 200_000, id="one long word"),
        pytest.param("ɐ " * 100_000, id="upside down"),
        pytest.param(("a" + "\u0301\u0323" * 20) * 12_000, id="zalgo"),
    ],
)
@pytest.mark.no_cover
def test_hostile_text_is_no_trouble(text):
    assert len(found(ENGLISH, text)) <= 1


@pytest.mark.parametrize(
    ("content", "entries"),
    [
        pytest.param("", (), id="empty"),
        pytest.param("# only a comment\n\n   \n  # and another", (), id="comments"),
        pytest.param("one\ntwo  # why\n\tthree\t# why", (("one", 1), ("two", 2), ("three", 3)), id="remarks"),
        pytest.param(
            "\ufeffone\r\ntwo\rthree\r\n", (("one", 1), ("two", 2), ("three", 3)), id="BOM and CRLF"
        ),
        pytest.param("c#\nc #", (("c#", 1), ("c", 2)), id="number sign inside"),
        pytest.param("go to hell", (("go to hell", 1),), id="several words"),
        pytest.param("x" * MAX_ENTRY, (("x" * MAX_ENTRY, 1),), id="longest"),
        pytest.param("ㅗ", (("ㅗ", 1),), id="one letter"),
    ],
)
def test_a_list_is_read(content, entries):
    parsed = parse_list(content)
    assert parsed.problems == ()
    assert tuple((entry.text, entry.line) for entry in parsed.entries) == entries


@pytest.mark.parametrize(
    ("line", "start", "end"), [("fuck*", False, True), ("*fuck", True, False), ("*fuck*", True, True)]
)
def test_a_star_opens_a_side(line, start, end):
    assert parse_list(line).entries == (Entry("fuck", 1, start, end),)


@pytest.mark.parametrize(
    ("line", "column", "length", "message"),
    [
        ("*", 1, 1, "this entry has no letters"),
        ("  ***  # all", 3, 3, "this entry has no letters"),
        ("-.-", 1, 3, "this entry has no letters"),
        ("$$$", 1, 3, "this entry has no letters"),
        ("\u200b", 1, 1, "this entry has no letters"),
        ("f*ck", 1, 4, "`*` stands inside this entry"),
        ("x" * (MAX_ENTRY + 1), 1, MAX_ENTRY + 1, f"this entry has more than {MAX_ENTRY} characters"),
    ],
)
def test_a_line_that_cannot_be_used_is_located(line, column, length, message):
    parsed = parse_list(f"good\n{line}\nalso good\n")
    assert [entry.text for entry in parsed.entries] == ["good", "also good"]
    (problem,) = parsed.problems
    assert (problem.line, problem.column, problem.length, problem.message) == (2, column, length, message)
    assert problem.hint


@given(st.text(st.one_of(st.sampled_from("a*# \n\r"), st.characters(exclude_categories=()))))
def test_any_content_is_read_and_compiled(content):
    parsed = parse_list(content)
    words = WordMatcher({"list": parsed.entries})
    assert all(1 <= item.line <= content.count("\n") + content.count("\r") + 1 for item in parsed.entries)
    assert all(problem.column >= 1 and problem.length >= 1 for problem in parsed.problems)
    words.find(normalise(content))


@pytest.mark.parametrize("name", ["words_en", "words_ko"])
def test_a_shipped_list_is_short_explained_and_finds_its_entries(name):
    content = (files("moderation") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    parsed = parse_list(content)
    assert parsed.problems == ()
    assert 60 <= len(parsed.entries) <= 120
    assert len({entry.text for entry in parsed.entries}) == len(parsed.entries)
    header = content.partition("\n\n")[0]
    assert all(
        word in header
        for word in ("Apache-2.0", "It is off until", f"builtin:{name}", "To extend it", "star")
    )
    words = WordMatcher({name: parsed.entries})
    for entry in parsed.entries:
        assert entry.text in [match.entry for match in words.find(normalise(f"you {entry.text}!"))]


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe's classic assassin passed the pen; is it shiitake or a cockatoo? He'll push it.",
        "Who're they? The assets of Essex, Penistone, Dick, Gaylord and the therapist were analysed.",
        "시발점, 시 발전 계획, 새끼 고양이, 보지 마세요, 자지 마세요, 씹어 먹다, 홍어회, 2018년, 강아지 튀김",
        "They retarded the ignition; the cracker niggled him; a spicy wopping paking lot in Dagobah.",
    ],
)
def test_shipped_lists_leave_everyday_text_alone(text):
    lists = {
        name: parse_list((files("moderation") / "data" / name).read_text(encoding="utf-8")).entries
        for name in ("words_en.txt", "words_ko.txt")
    }
    assert [match.entry for match in WordMatcher(lists).find(normalise(text))] in ([], ["retarded"])
