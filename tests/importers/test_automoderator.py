"""AutoModerator pages as rules.

`pages/common.yaml` holds the dialect; what becomes of it stands in `common.rules.txt` and `common.notes.txt`. After a
change, run `WRITE_GOLDEN=1 pytest tests/importers/test_automoderator.py`, and read the difference before committing it.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain import Author, Comment
from moderation.importers.automoderator import import_automoderator
from moderation.importers.automoderator.pages import parse_page_key
from moderation.importers.automoderator.patterns import to_re2
from moderation.rules import Ruleset
from moderation.rules.schema.rule import Status

PAGES = Path(__file__).parent / "pages"
COMMON = (PAGES / "common.yaml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def rules_of(page):
    return {rule.name: rule for rule in Ruleset.parse(import_automoderator(page).source).config.rules}


def fired(page, text, author=None, **fields):
    """Weigh a comment by the live rules of a page."""
    comment = Comment(text, author=author, **fields)
    weighed = Ruleset.parse(import_automoderator(page).source).weigh(comment, {}, now=NOW)
    return {reason.rule: str(reason.action) for reason in weighed.reasons}


@pytest.mark.parametrize("part", ["rules", "notes"])
def test_the_dialect_is_translated_as_reviewed(part):
    result = import_automoderator(COMMON, "common.yaml")
    notes = "".join(f"{note.line:>3}  {note.about}: {note.message}\n" for note in result.notes)
    total = f"{result.live} live, {result.drafts} drafts, {result.left_out} left out\n"
    shown = result.source if part == "rules" else notes + total
    expected = PAGES / f"common.{part}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


def test_every_rule_of_the_page_is_accounted_for():
    result = import_automoderator(COMMON)
    separated = [
        part for part in COMMON.split("\n---\n") if any(not line.startswith("#") for line in part.split("\n"))
    ]
    assert result.live + result.drafts + result.left_out == len(separated)


def test_a_rule_that_lacks_a_condition_never_acts():
    for rule in rules_of(COMMON).values():
        assert ("To do" in (rule.note or "")) is (rule.status is Status.DRAFT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("buy at cheap-pills.example/now", {"shop-link": "reject"}),
        ("call (555) 123-4567", {"phone-number": "hold"}),
        ("call 911 or 555 123 4567", {}),
        ("call +4930123456789", {"phone-number": "hold"}),
        ("\U0001f4a9\u2620", {"emoji-by-number": "flag"}),
        ("say never", {"emoji-by-number": "flag"}),
        ("a kind word", {}),
    ],
)
def test_imported_rules_fire_as_on_reddit(text, expected):
    assert fired(COMMON, text) == expected


def test_imported_rules_pass_over_moderators_as_on_reddit():
    moderator = Author("m", is_moderator=True)
    assert fired(COMMON, "call (555) 123-4567", moderator) == {}
    assert fired(COMMON, "hello", moderator, reports=2) == {"reports": "flag"}


@pytest.mark.parametrize(
    "page",
    [
        "body_longer_than: 20",
        "reports: 3",
        "author: Bob",
        "author: {account_age: '> 2 weeks'}",
        "author: {account_age: '< 5'}",
    ],
)
def test_simple_checks_are_live(page):
    result = import_automoderator(f"{page}\naction: remove")
    assert (result.live, result.drafts, result.notes) == (1, 0, ())


@pytest.mark.parametrize(
    ("check", "why"),
    [
        ("author: {account_age: soon}", "can't be read as an age"),
        ("author: {comment_karma: '< 5'}", "there is no karma here"),
        ("author: {has_verified_email: true}", "not known of an author"),
        ("is_top_level: maybe", "neither true nor false"),
        ("body (fuzzy): x", "is no modifier"),
        ("body: []", "looks for nothing"),
        ("body (regex): 'a(b'", "is never closed"),
        ("bo dy: x", "can't be read"),
        ("reports: many", ""),
        ("id: abc", "no such condition"),
    ],
)
def test_a_check_without_an_equivalent_makes_a_draft_that_says_why(check, why):
    page = f"{check}\nbody#kept: kept\naction: remove"
    result = import_automoderator(page)
    assert (result.live, result.drafts) == (0, 1)
    assert why in result.notes[0].message
    assert result.notes[0].line == 1
    (rule,) = Ruleset.parse(result.source).config.rules
    assert why in (rule.note or "")


def test_names_are_ours_and_each_once():
    page = "\n---\n".join(["body: x\naction: remove\naction_reason: Über, alles! {{match}}"] * 3)
    assert list(rules_of(page)) == ["ber-alles", "ber-alles-2", "ber-alles-3"]
    assert list(rules_of("body: x\naction: remove\naction_reason: '{{match}}'")) == ["rule-1"]
    (name,) = rules_of(f"# {'very long reason ' * 9}\nbody: x\naction: remove")
    assert len(name) <= 60
    assert not name.endswith("-")


def test_an_empty_page_is_a_ruleset():
    assert Ruleset.parse(import_automoderator("# nothing\n---\n").source).config.rules == ()


@pytest.mark.parametrize(
    ("key", "fields", "negated", "modifiers"),
    [
        ("body", ("body",), False, ()),
        ("~title+body#2(includes, case-sensitive)", ("title", "body"), True, ("includes", "case-sensitive")),
        ("body (regex)#x", ("body",), False, ("regex",)),
        ("body#a-b (starts-with)", ("body",), False, ("starts-with",)),
    ],
)
def test_keys_are_taken_apart(key, fields, negated, modifiers):
    parsed = parse_page_key(key)
    assert parsed
    assert (parsed.fields, parsed.negated, parsed.modifiers) == (fields, negated, modifiers)


@pytest.mark.parametrize(
    ("python", "re2"),
    [
        (r"[\u2705\U0001F600{,3}]x{,3}", r"[\x{2705}\x{1F600}{,3}]x{0,3}"),
        (r"(?#why)a\Z", r"a\z"),
        (r"\é", "é"),
        (r"[]\]a]\\u2705", r"[]\]a]\\u2705"),
        (r"[(?#x)]\(?#x", r"[(?#x)]\(?#x"),
    ],
)
def test_patterns_are_written_as_re2_has_them(python, re2):
    assert to_re2(python) == re2


lines = st.sampled_from(COMMON.split("\n")) | st.text(max_size=30)


@given(st.lists(lines, max_size=25).map("\n".join))
def test_whatever_a_page_holds_the_rules_can_be_used(page):
    Ruleset.parse(import_automoderator(page).source)


@pytest.mark.parametrize(
    ("checks", "fires", "passes"),
    [
        ('body (regex, includes): ["[\\u200b-\\u200f]", "\\u202e"]', "a\u200bb", "ab"),
        ('body (regex, includes): ["[\\u200b-\\u200f]", "\\u202e"]', "\u202eab", "ab"),
        ("body (regex, includes): ['\\u200b']", "a\u200bb", "ab"),
        ("body (regex, includes): ['[“”]']", "he said “hi”", 'he said "hi"'),
        ("body (includes): ['“hi”']", "he said “hi”", 'he said "hi"'),
        ("body (regex, includes): ['\\s{5,}', '\\n\\n\\n']", "a      b", "a    b"),
        ("body (regex, includes): ['\\n\\n\\n']", "a\n\n\nb", "a\n\nb"),
        ("body (regex, includes): ['   ']", "a   b", "a b"),
        ("body (regex, includes): ['a\\W\\W\\Wb']", "a   b", "a b"),
        ("body (regex, includes): ['[\\uFF01-\\uFF5E]+']", "ｆｕ", "fu"),
        ("body (includes): ['ⓕ', '𝓕', '①']", "ⓕine", "fine, version 1"),
        ("body (includes): ['а', 'е']", "b\u0430d", "bad"),
        ("body (regex, includes): ['\\w{12,}']", "가나다라마바사아자차카타", "가나다라마 바사아자차카타"),
        ("body (regex, includes): ['a\\Wb']", "a-b", "a가b"),
        ("body (regex, includes): ['x[^\\W_]x']", "x가x", "x_x"),
        ("body (regex, includes): ['x[\\W_]x']", "x_x", "x가x"),
        ("body (regex, includes): ['[^\\W\\d_]{3}']", "가나다", "12가34"),
        ("body (regex, includes): ['#[\\w-]+!']", "#가-나!", "#!"),
        ("body (regex, includes): ['\\d\\d%']", "٣٤%", "x%"),
        ("body (regex, includes): ['[^\\x00-\\x7F]']", "“", '"'),
    ],
)
def test_a_condition_means_what_it_meant_however_a_comment_is_normalised(checks, fires, passes):
    page = f"type: comment\n{checks}\naction: remove\n"
    assert import_automoderator(page).live == 1
    assert list(fired(page, fires).values()) == ["reject"]
    assert fired(page, passes) == {}


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\b바보\b", "`\\b` knows only ASCII"),
        (r"x[\W\d]x", "`\\W` in `[ ]`"),
        (r"[^\Wa]+z", "`\\W` in `[ ]`"),
    ],
)
def test_a_pattern_that_would_mean_something_else_is_no_live_rule(pattern, why):
    result = import_automoderator(f"type: comment\nbody (regex): ['{pattern}', 'spam']\naction: remove\n")
    assert (result.live, result.drafts) == (0, 1)
    assert why in result.notes[0].message


def test_no_invisible_letter_stands_in_an_imported_pattern():
    source = import_automoderator('body (regex): ["[\\u200b-\\u200f]"]\naction: remove\n').source
    assert r"[\x{200B}-\x{200F}]" in source


@pytest.mark.parametrize("flag", ["is_moderator", "is_contributor"])
def test_what_a_site_may_not_say_of_an_author_is_noted(flag):
    result = import_automoderator(f"body: spam\nauthor: {{{flag}: false}}\naction: remove\n")
    assert any("only of authors of whom your site says so" in note.message for note in result.notes)
