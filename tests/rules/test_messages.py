"""What authors are told."""

import pytest

from moderation.domain import ATTRIBUTES, Action, Author, Comment, Outcome, Signal, SignalName, Span
from moderation.rules import Ruleset
from moderation.rules.sentences import TONGUES
from tests.rules.facts import NOW, comment, language, length, links, no_answer, ok, repeated, scores

EMPTY = {"length": ok(Signal(SignalName.EMPTY, 1.0))}


def told(yaml, results, locale=None):
    (reason,) = Ruleset.parse(f"version: 1\n{yaml}").weigh(comment(locale), results, now=NOW).reasons
    return reason.message


@pytest.mark.parametrize(
    ("yaml", "results", "english", "korean"),
    [
        pytest.param(
            "",
            length(1412),
            "Comments here have up to 300 characters; this one has 1,412. Shortening it by 1,112 will do.",
            "댓글은 300자까지 쓸 수 있는데 지금은 1,412자입니다. 1,112자만 줄여 주세요.",
            id="too long",
        ),
        pytest.param(
            "length: {min: 5, action: hold}",
            length(2),
            "Comments here have at least 5 characters; this one has 2. Adding 3 will do. "
            "A moderator will look at it before it is published.",
            "댓글은 5자 이상이어야 하는데 지금은 2자입니다. 3자만 더 써 주세요. 운영자가 확인한 뒤에 게시됩니다.",
            id="too short, held",
        ),
        pytest.param(
            "",
            length(10, 9999),
            "This comment takes 9,999 bytes; up to 4,800 are allowed. It has accents or symbols stacked on its "
            "letters: plain letters will do.",
            "댓글은 4,800바이트까지 쓸 수 있는데 지금은 9,999바이트입니다. 글자에 겹쳐 쓴 기호를 빼고 보내 주세요.",
            id="too many bytes",
        ),
        pytest.param(
            "",
            EMPTY,
            "There is no visible text in this comment. Write a few words, and send it again.",
            "댓글에 보이는 글자가 없습니다. 내용을 입력한 뒤 다시 보내 주세요.",
            id="empty",
        ),
        pytest.param(
            "repetition: {window: 1 hour}",
            repeated(author=1),
            "You posted this text within the last hour already. A moderator will look at it before it is published.",
            "최근 1시간 안에 같은 내용의 댓글을 이미 올리셨습니다. 운영자가 확인한 뒤에 게시됩니다.",
            id="repeated",
        ),
        pytest.param(
            "repetition: {thread: 1, window: 90 seconds, action: flag}",
            repeated(thread=1),
            "This text was posted here once within the last 90 seconds. Saying it in your own words helps. "
            "It is published, and a moderator will take a look.",
            "최근 90초 안에 같은 내용의 댓글이 이곳에 1번 올라왔습니다. 직접 표현을 바꾸어 써 주시면 좋겠습니다. "
            "댓글은 게시되었으며, 운영자가 한번 살펴볼 예정입니다.",
            id="repeated in the thread",
        ),
        pytest.param(
            "language: {expected: [en, ko, haw]}".replace("haw", "sw"),
            language("de"),
            "Comments here are written in English or Korean or sw; this one looks like another language, though we "
            "may be mistaken. A moderator will look at it before it is published.",
            "이곳의 댓글은 영어 또는 한국어 또는 sw로 쓰는데, 이 댓글은 다른 언어로 보입니다. 저희가 잘못 알았을 "
            "수도 있습니다. 운영자가 확인한 뒤에 게시됩니다.",
            id="unexpected language",
        ),
        pytest.param(
            "",
            scores(toxicity=0.99),
            "Our automatic check suggests that some readers may find this comment hurtful; it can be mistaken. It "
            "was not published. With a calmer wording it may well pass.",
            "자동 점검에서 일부 독자가 불편하게 느낄 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다. "
            "댓글은 게시되지 않았습니다. 표현을 조금 누그러뜨리면 게시될 수 있습니다.",
            id="toxic",
        ),
        pytest.param(
            "",
            no_answer("toxicity", Outcome.FAILED),
            "One of our automatic checks could not finish. That is not about what you wrote. A moderator will look "
            "at it before it is published.",
            "자동 점검 하나를 마치지 못했습니다. 쓰신 내용 때문이 아닙니다. 운영자가 확인한 뒤에 게시됩니다.",
            id="no answer",
        ),
        pytest.param(
            'rules: [{name: a, when: {links: "> 0"}, action: reject}]',
            links(1),
            "This comment matches one of the site's rules for comments. It was not published.",
            "이 댓글은 저희 사이트의 댓글 규칙에 해당합니다. 댓글은 게시되지 않았습니다.",
            id="rule without explanation",
        ),
    ],
)
def test_every_kind_of_reason_has_its_sentence(yaml, results, english, korean):
    assert told(yaml, results) == english
    assert told(yaml, results, "ko-KR") == korean


@pytest.mark.parametrize(
    ("site", "author", "korean"),
    [
        ("en", None, False),
        ("en", "ko", True),
        ("en", "ko_KR", True),
        ("ko-KR", None, True),
        ("ko", "en-US", False),
        ("ko", "de", True),
        ("de", "fr", False),
        ("en", "", False),
    ],
    ids=lambda part: str(part) or "empty",
)
def test_the_authors_locale_goes_before_the_sites_and_english_is_last(site, author, korean):
    assert ("댓글" in told(f"locale: {site}", EMPTY, author)) is korean


@pytest.mark.parametrize(
    ("explain", "author", "expected"),
    [
        ("One sentence.", "ko", "One sentence."),
        ("{en: English, ko: 한국어}", "ko-KR", "한국어"),
        ("{en: English, ko-KR: 한국어}", "ko-kr", "한국어"),
        ("{en: English, ko: 한국어}", "de", "English"),
        ("{de: Deutsch, ko: 한국어}", "fr", "Deutsch"),
    ],
    ids=["one for all", "by language", "by region", "falls back to English", "falls back to the first"],
)
def test_a_rule_explains_itself_in_the_authors_language(explain, author, expected):
    yaml = f'rules: [{{name: a, when: {{links: "> 0"}}, action: hold, explain: {explain}}}]'
    assert told(yaml, links(1), author) == expected


def test_every_language_has_every_sentence():
    english = TONGUES["en"].sentences.keys()
    for tongue in TONGUES.values():
        assert tongue.sentences.keys() == english
        assert {f"toxicity.{attribute}" for attribute in ATTRIBUTES} <= english
        assert tongue.after.keys() == set(Action) - {Action.APPROVE}
        assert tongue.names.keys() == TONGUES["en"].names.keys()


@pytest.mark.parametrize(
    ("when", "explain", "text", "expected"),
    [
        ("{body: [spam]}", "Found {{match}}.", "Cheap SPAM!", "Found SPAM."),
        ("{body: [spam]}", "Found {{ MATCH-body }}.", "Cheap spam", "Found spam."),
        ("{body (regex): 'x+'}", "{{match}}", "x" * 3 + " {{limit}}", "xxx"),
        ("{body (regex, includes, original): '.+'}", "{{match}}", "{{limit}}\u202e\nis it", "{{limit}} is it"),
        ("{body (regex, includes, original): '.+'}", "{{match}}", "ab " * 99, "ab ab ab ab ab ab ab ab ab ab ab ab ab …"),
        ("{body: spam, thread: t}", "{{match-thread}}, {{match}}", "spam", "t, spam"),
        ("{body+thread: [t]}", "{{match-thread}}{{match-body}}", "spam", "t"),
        ("{author.name: Dana}", "Hi {{match}}", "x", "Hi Dana"),
        ('{links: "> 2"}', "More than {{limit}} links.", "x", "More than 2 links."),
        ("{body_longer_than: 1000}", "{{limit}}", "x", "1,000"),
        ('{scores: {toxicity: "> 0.25"}}', "{{score}} of {{limit}}", "x", "0.50 of 0.25"),
        ('{any: [{links: "> 5"}, {links: "1..4"}]}', "{{limit}}", "x", "1..4"),
        ("{words: slurs}", "{{match}}", "an Idiot", "Idiot"),
        ("{links.domain: example.com}", "{{match}}", "x", "example.com"),
        ("{body: x}", "{ {match} } {{}", "x", "{ {match} } {{}"),
    ],
)  # fmt: skip
def test_placeholders_are_filled_and_never_twice(when, explain, text, expected):
    when = when.replace("{body (regex, includes, original)", "{'body (regex, includes, original)'")
    source = (
        "version: 1\nword_lists: {slurs: a.txt}\nlength: {max: 9999}\ntoxicity: {thresholds: {}}\n"
        f"rules: [{{name: a, when: {when}, action: hold, explain: {explain!r}}}]"
    )
    results = {
        **links(3),
        **length(2000),
        **scores(toxicity=0.5),
        "word_lists": ok(Signal(SignalName.WORD, "idiot", key="slurs", spans=(Span(3, 8),))),
    }
    about = Comment(text, thread="t", author=Author("u", "Dana"))
    (reason,) = Ruleset.parse(source, files={"a.txt": "idiot"}).weigh(about, results, now=NOW).reasons
    assert reason.message == expected
