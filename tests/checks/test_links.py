"""Links, bare domains and disguised ones."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.checks.base import Subject
from moderation.checks.links import LinksCheck
from moderation.domain import Comment, Outcome

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def find(text):
    """What the check found: the author's own text of each link, and its host."""
    result = LinksCheck().guarded(Subject(Comment(text), NOW))
    assert result.outcome is Outcome.OK, result.error
    return [(text[span.start : span.end], signal.value) for signal in result.signals for span in signal.spans]


@pytest.mark.parametrize(
    ("text", "link", "host"),
    [
        ("see https://Example.com/a?b=c#d.", "https://Example.com/a?b=c#d", "example.com"),
        ("HTTP://EXAMPLE.COM", "HTTP://EXAMPLE.COM", "example.com"),
        ("hxxps://example.com!", "hxxps://example.com", "example.com"),
        ("http[:]//example[.]com/x", "http[:]//example[.]com/x", "example.com"),
        ("ftp://example.com/x", "ftp://example.com/x", "example.com"),
        ("www.example.co.kr", "www.example.co.kr", "www.example.co.kr"),
        ("www.example.it", "www.example.it", "www.example.it"),
        ("//example.com/x", "//example.com/x", "example.com"),
        ("example.com/path", "example.com/path", "example.com"),
        ("x.com", "x.com", "x.com"),
        ("example.com:8080/x", "example.com:8080/x", "example.com"),
        ("go to example.com.", "example.com", "example.com"),
        ("...example.com", "example.com", "example.com"),
        ("see example.com.Then leave", "example.com", "example.com"),
        ("see //example.com.Then leave", "//example.com", "example.com"),
        ("_example.com_", "example.com", "example.com"),
        ("Example.Com", "Example.Com", "example.com"),
        ("t.me/channel", "t.me/channel", "t.me"),
        ("naver.com에서 봤어요", "naver.com", "naver.com"),
        ("여기는naver.com입니다", "naver.com", "naver.com"),
        ("请看http://example.com/a，谢谢", "http://example.com/a", "example.com"),
        ("https://пример.рф/путь", "https://пример.рф/путь", "xn--e1afmkfd.xn--p1ai"),
        ("münchen.de", "münchen.de", "xn--mnchen-3ya.de"),
        ("한글.한국", "한글.한국", "xn--bj0bj06e.xn--3e0b707e"),
        ("XN--80ak6aa92e.com", "XN--80ak6aa92e.com", "xn--80ak6aa92e.com"),
        ("example.XN--P1AI", "example.XN--P1AI", "example.xn--p1ai"),
        ("shop.co.za", "shop.co.za", "shop.co.za"),  # nobody registers right under .za
        ("example.ck", "example.ck", "example.ck"),
        ("http://faß.de/", "http://faß.de/", "xn--fa-hia.de"),
        ("http://ü_ü.de/x", "http://ü_ü.de/x", "xn--_-dhab.de"),
        ("http://1.2.3.4:80/x", "http://1.2.3.4:80/x", "1.2.3.4"),
        ("http://[2001:DB8::1]/", "http://[2001:DB8::1]/", "2001:db8::1"),
        ("http://localhost", "http://localhost", "localhost"),
        ("http://good.com@evil.com/", "http://good.com@evil.com/", "evil.com"),
        ("http://user:pass@evil.com", "http://user:pass@evil.com", "evil.com"),
        ("http://a@good.com@evil.com", "http://a@good.com@evil.com", "evil.com"),
        ("http://good.com\\@evil.com", "http://good.com\\@evil.com", "good.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("example。com", "example。com", "example.com"),
        ("example[.]com", "example[.]com", "example.com"),
        ("example(.)com", "example(.)com", "example.com"),
        ("example(DOT)com", "example(DOT)com", "example.com"),
        ("exam\u200bple.com", "exam\u200bple.com", "example.com"),
        ("(see http://example.com/x)", "http://example.com/x", "example.com"),
        ("http://example.com/X_(y)", "http://example.com/X_(y)", "example.com"),
        ("[text](http://example.com/x)", "http://example.com/x", "example.com"),
        ('<a href="http://example.com">text</a>', "http://example.com", "example.com"),
        ("[url=http://example.com]text[/url]", "http://example.com", "example.com"),
        ("**http://example.com/**", "http://example.com/", "example.com"),
        ("<http://example.com/x>", "http://example.com/x", "example.com"),
    ],
)
def test_a_link_is_found_once_with_its_host(text, link, host):
    assert find(text) == [(link, host)]


@pytest.mark.parametrize(
    "text",
    [
        *("", "no links", "The end.Next one", "etc.And so on", "stupid.You are", "stop.it now", "at 10.pm"),
        *(
            "a.m.",
            "e.g. this",
            "i.e.",
            "U.S.A",
            "3.14",
            "1.2.3.4",
            "v1.2.3",
            "main.py",
            "README.md",
            "node.js",
        ),
        *("example.za", "example.xn--", "example.xn--com", "example.xn--99999999"),
        *("someone@example.com", "first.last@example.com", "example.com@example.com", "@example.com"),
        *(
            "mailto:a@example.com",
            "http://",
            "https:// example",
            "http://.",
            "谢谢。中国",
            "그랬다.me too",
        ),
        *("a." * 200 + "com", "http://" + "a." * 200 + "com"),
    ],
)
def test_what_leads_nowhere_is_no_link(text):
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("http://a.com,http://b.com|HTTP://c.com;http://d.com", ["a.com", "b.com", "c.com", "d.com"]),
        ("a.com b.com a.com", ["a.com", "b.com", "a.com"]),
        ('<a href="http://a.com">http://a.com</a>', ["a.com", "a.com"]),
        ("[http://a.com](http://b.com)", ["a.com", "b.com"]),
        ("a@b.com c.com", ["c.com"]),
    ],
)
def test_each_link_counts_each_time(text, hosts):
    assert [host for _, host in find(text)] == hosts


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        *("a.", "http://", "a_", "한-", "한.", "한", "a", "@", "a@", "a.b@", "http:", "h.com ", "h.com,"),
        *(
            "http://a@",
            "http://a/)",
            "http://a/;",
            "http://[",
            "[.]",
            "a[.]",
            "a。",
            "//",
            "x.com/",
            "com.",
            "(",
        ),
    ],
)
@pytest.mark.no_cover
def test_a_long_text_of_anything_is_searched(unit):
    find(unit * (200_000 // len(unit)))  # what takes time by the square would take minutes


@given(st.text())
def test_no_text_breaks_it(text):
    for _, host in find(text):
        assert host.isascii()
        assert host == host.lower()


@given(st.text(st.sampled_from("ahtps:/.@[]()wcom한рф。\\?#-_ 1"), max_size=60))
def test_nothing_that_looks_like_links_breaks_it(text):
    for link, host in find(text):
        assert link
        assert host.isascii()
