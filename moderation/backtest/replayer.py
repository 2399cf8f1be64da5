"""Has two rulesets decide the same stored comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from typing_extensions import override

from moderation.backtest.lens import Lacking, Results
from moderation.backtest.sides import DecidedComment, Side
from moderation.backtest.tally import Flip, Tally
from moderation.checks import History, Subject
from moderation.checks.language import LanguageCheck
from moderation.domain import UNDETERMINED, Comment, Repeats
from moderation.rollout.stored import StoredRulesets
from moderation.rules import Ruleset
from moderation.store import Store, repeats
from moderation.store.comments.records import CommentRange, PastComment, read_records
from moderation.store.verdicts.verdict_log import standing_kinds


@dataclass(frozen=True, slots=True)
class Question:
    """What a replay compares, and how.

    Attributes:
        old: the one ruleset.
        new: the other.
        show: how many of the comments that flip are kept.
        examine: whether comments whose record lacks something are examined again, at the cost of a score;
            if not, they are left out and counted.
    """

    old: Ruleset
    new: Ruleset
    show: int = 20
    examine: bool = True


class Replayer:
    """Both rulesets, ready to decide."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._old, self._new = (Side(one, question.examine) for one in (question.old, question.new))
        self._rulesets = StoredRulesets(known=(question.old, question.new))

    def replay(self, wanted: CommentRange, store: Store) -> Tally:
        """Decide the stored comments of a range by both rulesets.

        Raises:
            StoreError: the database can't be used.
        """
        with store.reading() as session:
            records = read_records(wanted, session=session)
            verdicts = standing_kinds(wanted.first, wanted.last, session=session)
            tally = Tally(self._question.show)
            cases = []
            for record in records:
                own = self._rulesets.find(record.ruleset, session=session)
                if own is None:
                    tally.lacking[Lacking.RULESET] += 1
                else:
                    subject = _subject(record, _Earlier(record.id, session))
                    decided = record.action if record.plain else None
                    cases.append(DecidedComment(record.id, subject, own, decided, verdicts.get(record.id)))
            self.decide(cases, tally)
        return tally

    def decide(self, cases: Sequence[DecidedComment], tally: Tally) -> None:
        """Decide comments by both rulesets, and count them."""
        for case, was, now in zip(cases, self._old.seen(cases), self._new.seen(cases), strict=True):
            if isinstance(was, Lacking):
                tally.lacking[was] += 1
                continue
            if isinstance(now, Lacking):
                tally.lacking[now] += 1
                continue
            tally.examined += was.again or now.again
            self._compare(case, was.results, now.results, tally)

    def _compare(self, case: DecidedComment, was: Results, now: Results, tally: Tally) -> None:
        before, old = self._old.decide(case, was)
        after, new = self._new.decide(case, now)
        language = _language(now)
        if before is not after:
            old, new = old or self._old.weigh(case, was), new or self._new.weigh(case, now)
            flip = Flip(case.id, case.subject.comment, language, old, new, case.verdict)
            tally.keep(flip)
            before, after = flip.pair
        tally.count(before, after, language, case.subject.now.date(), case.verdict)

    def close(self) -> None:
        """Give back the memory of the models that were needed."""
        self._old.close()
        self._new.close()


@dataclass(frozen=True, slots=True)
class _Earlier(History):
    """What the database held when a comment came in, as far as can be told: what was stored before it."""

    number: int
    session: Session

    @override
    def repeats(
        self, comment: Comment, text_key: str, *, since: Sequence[datetime], until: datetime
    ) -> list[Repeats]:
        """Count earlier comments that said the same."""
        return repeats(
            comment.site,
            text_key,
            author_id=(comment.author and comment.author.id) or None,
            thread=comment.thread,
            since=since,
            until=until,
            exclude_external_id=comment.external_id,
            before=self.number,
            session=self.session,
        )


def _language(results: Results) -> str:
    found = results.get(LanguageCheck.name)
    return str(found.signals[0].value) if found and found.signals else UNDETERMINED


def _subject(record: PastComment, history: _Earlier) -> Subject:
    return Subject(record.comment, record.written_at, history, record.checks)
