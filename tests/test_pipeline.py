"""What the checks find, before any rule is asked."""

from datetime import UTC, datetime

from moderation.domain import Comment
from moderation.pipeline import Pipeline, written_at
from moderation.rules import Ruleset

LONG_AGO = datetime(2020, 2, 2, tzinfo=UTC)


def test_a_comment_was_written_when_it_says_or_else_now():
    said, unsaid = Comment("Hello", created_at=LONG_AGO), Comment("Hello")
    now = datetime(2026, 11, 30, tzinfo=UTC)
    assert (written_at(said, now), written_at(unsaid, now)) == (LONG_AGO, now)
    assert LONG_AGO < written_at(unsaid) <= datetime.now(UTC)


def test_comments_are_examined_together_without_asking_the_ruleset():
    rules = "version: 1\nlanguage: false\ntoxicity: false\nrules: [{name: a-link, when: {links: '> 0'}, action: hold}]\n"
    pipeline = Pipeline.open(Ruleset.parse(rules))
    texts = ["See example.com", "Hello", "Well said"]
    comments = [Comment(texts[0], created_at=LONG_AGO), Comment(texts[1]), Comment(texts[2])]
    subjects = pipeline.examine(comments)
    assert [subject.comment for subject in subjects] == comments
    assert subjects[0].now == LONG_AGO
    assert subjects[1].now == subjects[2].now  # one moment, in which they came in
    assert [len(subject.results["links"].signals) for subject in subjects] == [1, 0, 0]
    decided = pipeline.decide(comments)
    assert [list(one.checks) for one in decided] == [list(subject.results) for subject in subjects]
