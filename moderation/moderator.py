"""What a comment system calls before posting: check, submit, submit_many."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from moderation.domain import Comment, Decision, StoredDecision
from moderation.errors import InvalidCommentError, ModerationError, StoreError
from moderation.intake import Intake, StoreHistory
from moderation.language import LanguageDetector
from moderation.pipeline import Pipeline, Scored
from moderation.rollout import LiveRules, open_rules
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer
from moderation.settings import settings
from moderation.store import Store, check_fields

CHUNK = 512
"""Comments that `submit_many` decides and stores together: enough to sort by length, few enough to redo."""

CHUNK_LETTERS = 4_000_000
"""Letters after which a chunk ends early, so that a file of enormous comments fits in memory."""


class Moderator:
    """Decides comments by a ruleset. One serves all threads of a web server; open it once, at start.

    Every call is synchronous; an asyncio server calls it through `asyncio.to_thread`.
    """

    def __init__(self, rules: Pipeline | LiveRules, store: Store | None = None) -> None:
        self._rules = rules if isinstance(rules, LiveRules) else LiveRules(rules, store)
        self._store = store

    @classmethod
    def open(
        cls,
        rules: Ruleset | Path | str | None = None,
        *,
        database: str | None = None,
        scorer: ToxicityScorer | None = None,
        detector: LanguageDetector | None = None,
        follow: bool = True,
    ) -> Self:
        """Load the ruleset, its model and the database.

        A `Ruleset` that is given decides, for good. Otherwise what was made live in the database
        (`moderation rules apply`) decides, if anything was; else the file; and when another ruleset is
        made live, or the file is changed, it decides within 2 seconds (docs/rules-live.md).

        Args:
            rules: a ruleset or the path of one; the ruleset of this package if `None`.
            database: URL of the database, `sqlite:///moderation.db` or `postgresql://…`; without one
                nothing can be submitted, and repetition is not checked.
            scorer: used in place of the model that the ruleset names.
            detector: used in place of langdetect.
            follow: whether to take changes of the rules while open; a thread of its own looks for them.

        Raises:
            RulesError: the ruleset has errors; all of them are in the message.
            ModelError: the model is unknown, not on this machine, or damaged.
            StoreError: the database can't be used.
        """
        given = Path(rules) if isinstance(rules, str) else rules
        store = None
        if database is not None:
            store = Store.open(database, busy_timeout_s=settings().busy_timeout_s)
        try:
            opened = open_rules(given, store=store, follow=follow, scorer=scorer, detector=detector)
            return cls(opened, store)
        except ModerationError:
            if store:
                store.close()
            raise

    @property
    def pipeline(self) -> Pipeline:
        """The ruleset that decides now, with its checks."""
        return self._rules.pipeline

    @property
    def rules_problem(self) -> ModerationError | None:
        """Why the rules that are wanted do not decide, so that the last good ones still do; else `None`.

        A `RulesError` where a file is broken; a `ModelError` where a model can't be loaded; a `StoreError`
        where the database can't be asked. It is also logged, at level ERROR, by the logger `moderation.rollout`.
        """
        return self._rules.problem

    def check(self, comment: Comment) -> Decision:
        """Decide a comment and store nothing. Whatever an author writes is decided.

        Where the database can't say what was said before, repetition is `failed` and `on_failure` decides.

        Raises:
            InvalidCommentError: a field is of the wrong kind, too long, or out of range; `submit` would refuse it too.
        """
        (answer,) = self.check_many([comment])
        if isinstance(answer, InvalidCommentError):
            raise answer
        return answer

    def check_many(self, comments: Sequence[Comment]) -> list[Decision | InvalidCommentError]:
        """Decide comments, each as `check` would: none of them is another's past.

        Returns:
            For each, in order, its decision, or why it can't be decided.
        """
        faults = [_fault_of(comment) for comment in comments]
        sound = [comment for comment, fault in zip(comments, faults, strict=True) if fault is None]
        history = StoreHistory(self._store, together=False) if self._store else None
        with self._rules.use() as now:
            decided = iter(now.pipeline.decide(sound, history=history, muted=now.brake.braked))
        return [fault or next(decided) for fault in faults]

    def score_many(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Scored]:
        """Score texts as `check` does, and decide nothing; see `Pipeline.score`."""
        with self._rules.use() as now:
            return now.pipeline.score(texts, languages)

    def trying(self, draft: Ruleset) -> AbstractContextManager[Pipeline]:
        """Load rules beside those that decide, to try them on something; see `LiveRules.trying`."""
        return self._rules.trying(draft)

    def submit(self, comment: Comment) -> StoredDecision:
        """Decide a comment and store both, once: the same call again returns the same decision.

        Raises:
            InvalidCommentError: the comment has no external id, or a field that no database could hold.
            CommentConflictError: the same revision is stored already, with another text.
            StoreError: the database can't be used; the comment was not taken.
        """
        (answer,) = self.take([comment])
        if isinstance(answer, ModerationError):
            raise answer
        return answer

    def submit_many(
        self,
        comments: Iterable[Comment],
        *,
        progress: bool = False,
        on_error: Callable[[Comment, ModerationError], None] | None = None,
    ) -> Iterator[StoredDecision]:
        """Submit comments of any number, in bounded memory; yields their decisions in order.

        Nothing happens until the result is iterated. Each chunk of `CHUNK` comments is one
        transaction: stop at any time, submit the same comments again, and it goes on from there.

        Args:
            comments: what to submit; taken from the iterable chunk by chunk.
            progress: show a progress bar on standard error: count, rate and, for a list, time left.
            on_error: called with a comment that can't be taken (see `submit`), which is then left
                out; without it the error is raised, after what came before it was stored.

        Raises:
            StoreError: the database can't be used; chunks yielded before are stored.
        """
        for chunk in _chunks(_tracked(comments) if progress else comments):
            for comment, answer in zip(chunk, self.take(chunk), strict=True):
                if isinstance(answer, StoredDecision):
                    yield answer
                elif on_error:
                    on_error(comment, answer)
                else:
                    raise answer

    def close(self) -> None:
        """Give back the database connections and the model's memory."""
        self._rules.close()
        if self._store:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def take(self, comments: Sequence[Comment]) -> list[StoredDecision | ModerationError]:
        """Submit comments in one transaction: for each, in order, its decision or why it was not taken.

        Raises:
            StoreError: the database can't be used; none of the comments that were new is stored.
        """
        if self._store is None:
            raise StoreError(
                "this Moderator was opened without a database, so it can't store comments",
                hint='open it with `database="sqlite:///moderation.db"`, or use `check`',
            )
        with self._rules.use() as now:
            return Intake(now.pipeline, self._store, now.brake).take(comments)


def _fault_of(comment: Comment) -> InvalidCommentError | None:
    try:
        check_fields(comment)
    except InvalidCommentError as error:
        return error
    return None


def _chunks(comments: Iterable[Comment]) -> Iterator[list[Comment]]:
    chunk: list[Comment] = []
    letters = 0
    for comment in comments:
        chunk.append(comment)
        letters += _letters(comment)
        if len(chunk) >= CHUNK or letters >= CHUNK_LETTERS:
            yield chunk
            chunk, letters = [], 0
    if chunk:
        yield chunk


def _letters(comment: object) -> int:
    return len(comment.text) if isinstance(comment, Comment) else 0  # what is none, `take` refuses


def _tracked(comments: Iterable[Comment]) -> Iterable[Comment]:
    from rich.console import Console  # noqa: PLC0415 - a web server never shows a bar
    from rich.progress import track  # noqa: PLC0415

    return track(comments, "Submitting", console=Console(stderr=True))
