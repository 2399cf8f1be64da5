"""HTML as a reader sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.text.html import seen_of_html
from moderation.text.links import find_links

A = '<a href="{}">{}</a>'.format


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        pytest.param("plain & <3, 1 < 2 > 0", "plain & <3, 1 < 2 > 0", id="no markup at all"),
        pytest.param("<div>one</div><div>two</div>", "one\ntwo", id="blocks are lines"),
        pytest.param("one<br>two<br/>three", "one\ntwo\nthree", id="breaks"),
        pytest.param("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo", id="an empty line"),
        pytest.param("<div>one<br></div>two", "one\ntwo", id="a break that ends a block"),
        pytest.param("<p>a</p>\n\n <ul><li>b</li> <li>c</li></ul>", "a\nb\nc", id="a list"),
        pytest.param("a\n  <b>b</b>\t c", "a b c", id="blanks are one"),
        pytest.param("<b>id</b>i<i>ot</i>", "idiot", id="no word is cut"),
        pytest.param("&lt;b&gt; &amp;amp; &#233;&nbsp;x", "<b> &amp; é\xa0x", id="entities, once"),
        pytest.param("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";", id="an endless entity"),
        pytest.param("a<script>b()</script >c<STYLE>d</style>e", "ace", id="scripts and styles"),
        pytest.param("a<!-- b -->c<!-->d<!--->e<?f?>g</ h>i<!DOCTYPE x>j", "acdegij", id="comments"),
        pytest.param("<b title='>'>x</b>", "x", id="a bracket in quotes"),
        pytest.param("<b '>rude</b '>", "rude", id="a quote that quotes nothing"),
        pytest.param("<b c=>rude</b>", "rude", id="no value"),
        pytest.param("so <b rude", "so <b rude", id="a tag without end hides nothing"),
        pytest.param('so <b c="rude', 'so <b c="rude', id="nor does a quote"),
        pytest.param("so <!-- rude", "so <!-- rude", id="nor a comment"),
        pytest.param("so <style>rude", "so rude", id="nor a style"),
        pytest.param("so <![rude", "so <![rude", id="nor a declaration"),
        pytest.param("a\x1eb&#30;c", "abc", id="our own mark"),
        pytest.param("<div></div>", "", id="nothing"),
    ],
)
def test_html_is_read_as_browsers_show_it(markup, seen):
    assert seen_of_html(markup) == seen


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        pytest.param(A("http://x.com", "x.com") + ".", "x.com.", id="linkify's"),
        pytest.param(
            A("https://www.x.com/", "HTTP://x.com"), "HTTP://x.com", id="the same, otherwise written"
        ),
        pytest.param(
            A("https://x.com/?a=1&amp;b=2", "x.com/?a=1&amp;b=2"), "x.com/?a=1&b=2", id="with entities"
        ),
        pytest.param(A("http://x.com", "<b>x</b>.com"), "x.com", id="in bold"),
        pytest.param("go " + A("https://x.com", "here") + "!", "go here!\nhttps://x.com", id="another text"),
        pytest.param(A("http://x.com", "y.com"), "y.com\nhttp://x.com", id="another address"),
        pytest.param("<a title=x href = //x.com/a>b", "b\n//x.com/a", id="no quotes, no end"),
        pytest.param(A("http://x.com", "") * 2, "http://x.com\nhttp://x.com", id="nothing but links"),
        pytest.param(A("http://x.com", "a") + A("#top", "b"), "ab\nhttp://x.com", id="a place on the page"),
        pytest.param(A("mailto:a@b.com", "a@b.com"), "a@b.com", id="mail"),
        pytest.param("<a name=q>a</a>", "a", id="no address"),
        pytest.param("<a href>a</a>", "a", id="an empty address"),
        pytest.param(A("ht\ntp://x.com", "a"), "a\nhttp://x.com", id="a broken line"),
    ],
)
def test_a_link_is_there_once_whatever_it_shows(markup, seen):
    assert seen_of_html(markup) == seen


def test_links_of_both_kinds_are_found():
    seen = seen_of_html(f"see {A('http://x.com', 'x.com')}, {A('http://y.com/z', 'this')} and x.org")
    assert sorted(link.host for link in find_links(seen)) == ["x.com", "x.org", "y.com"]


PIECES = st.lists(
    st.sampled_from(
        ["<", ">", "</", "<!", "<!--", "-->", "<a ", "href=", "'", '"', "=", "<p>", "<script>", "</script>"]
    )
    | st.sampled_from(["&", "&#", "&lt;", "]]>", "<![", "/", "word", " ", "\n", "\x1e", "\ud800", "\0"])
    | st.text(max_size=3)
).map("".join)


@given(PIECES)
def test_nothing_makes_it_raise(markup):
    assert "\x1e" not in seen_of_html(markup)


@given(st.text(st.characters(exclude_characters="<&\x1e \t\n\r\f")))
def test_text_without_markup_stays_as_it_is(text):
    assert seen_of_html(text) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a href='", "<!--", "<script>", "<a =", "<a/", "&", "<a href=//x></a>"]
)
def test_markup_without_end_takes_no_time(piece):
    """Each of these takes Python's own parser minutes; a test that hangs is one that fails."""
    assert seen_of_html(piece * (300_000 // len(piece))) is not None
