"""Examples as comments."""

from datetime import UTC, datetime, timedelta

from moderation.domain import Author, Comment
from moderation.rules import Ruleset


def examples(yaml):
    source = f'version: 1\nrules:\n  - name: a\n    when: {{links: "> 2"}}\n    action: hold\n    examples:\n{yaml}'
    found = Ruleset.parse(source).config.rules[0].examples
    assert found
    return found


def test_a_text_stands_for_a_comment_of_which_nothing_else_is_known():
    found = examples("      match: [one, two]\n      no_match: three\n")
    assert [example.comment() for example in found.match or ()] == [Comment("one"), Comment("two")]
    assert [example.text for example in found.no_match or ()] == ["three"]


def test_an_example_can_say_all_that_rules_look_at():
    found = examples("""
      match:
        - text: Hello
          author: {id: u7, name: Dana, account_age: 2 days, approved_comments: 3, rejection_rate: 30 %, is_trusted: true, is_moderator: false}
          thread: news/1
          created_at: 2026-11-25 22:30
          is_top_level: true
          reports: 2
          revision: 1
          language: ko
          scores: {toxicity: 0.5}
""")
    assert found.match
    (example,) = found.match
    author = Author(
        "u7",
        name="Dana",
        account_age=timedelta(days=2),
        approved_comments=3,
        rejection_rate=0.3,
        is_trusted=True,
        is_moderator=False,
    )
    assert example.comment() == Comment(
        "Hello",
        revision=1,
        thread="news/1",
        author=author,
        created_at=datetime(2026, 11, 25, 22, 30, tzinfo=UTC),
        is_top_level=True,
        reports=2,
    )
    assert (example.language, example.scores) == ("ko", {"toxicity": 0.5})
