"""What a comment system calls before posting: check, submit, submit_many."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from moderation.domain import Comment, Decision
from moderation.errors import ModerationError, StoreError
from moderation.intake import Intake, StoreHistory
from moderation.language import LanguageDetector
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer
from moderation.settings import settings
from moderation.store import Store

CHUNK = 512
"""Comments that `submit_many` decides and stores together: enough to sort by length, few enough to redo."""

CHUNK_LETTERS = 4_000_000
"""Letters after which a chunk ends early, so that a file of enormous comments fits in memory."""


class Moderator:
    """Decides comments by a ruleset. One serves all threads of a web server; open it once, at start.

    Every call is synchronous; an asyncio server calls it through `asyncio.to_thread`.
    """

    def __init__(self, pipeline: Pipeline, store: Store | None = None) -> None:
        self.pipeline = pipeline
        self._store = store

    @classmethod
    def open(
        cls,
        rules: Ruleset | Path | str | None = None,
        *,
        database: str | None = None,
        scorer: ToxicityScorer | None = None,
        detector: LanguageDetector | None = None,
    ) -> Self:
        """Load the ruleset, its model and the database; nothing is loaded later.

        Args:
            rules: a ruleset or the path of one; the ruleset of this package if `None`.
            database: URL of the database, `sqlite:///moderation.db` or `postgresql://…`; without one
                nothing can be submitted, and repetition is not checked.
            scorer: used in place of the model that the ruleset names.
            detector: used in place of langdetect.

        Raises:
            RulesError: the ruleset has errors; all of them are in the message.
            ModelError: the model is unknown, not on this machine, or damaged.
            StoreError: the database can't be used.
        """
        ruleset = _ruleset(rules)
        store = None
        if database is not None:
            store = Store.open(database, busy_timeout_s=settings().busy_timeout_s)
        try:
            return cls(Pipeline.open(ruleset, detector=detector, scorer=scorer), store)
        except ModerationError:
            if store:
                store.close()
            raise

    def check(self, comment: Comment) -> Decision:
        """Decide a comment and store nothing. Nothing that a comment contains makes it raise.

        Where the database can't say what was said before, repetition is `failed` and `on_failure` decides.
        """
        history = StoreHistory(self._store) if self._store else None
        return self.pipeline.decide([comment], history=history)[0]

    def submit(self, comment: Comment) -> Decision:
        """Decide a comment and store both, once: the same call again returns the same decision.

        Raises:
            InvalidCommentError: the comment has no external id.
            CommentConflictError: the same revision is stored already, with another text.
            StoreError: the database can't be used; the comment was not taken.
        """
        (answer,) = self._intake().take([comment])
        if isinstance(answer, ModerationError):
            raise answer
        return answer

    def submit_many(
        self,
        comments: Iterable[Comment],
        *,
        progress: bool = False,
        on_error: Callable[[Comment, ModerationError], None] | None = None,
    ) -> Iterator[Decision]:
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
        intake = self._intake()
        for chunk in _chunks(_tracked(comments) if progress else comments):
            for comment, answer in zip(chunk, intake.take(chunk), strict=True):
                if isinstance(answer, Decision):
                    yield answer
                elif on_error:
                    on_error(comment, answer)
                else:
                    raise answer

    def close(self) -> None:
        """Give back the database connections and the model's memory."""
        self.pipeline.close()
        if self._store:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _intake(self) -> Intake:
        if self._store is None:
            raise StoreError(
                "this Moderator was opened without a database, so it can't store comments",
                hint='open it with `database="sqlite:///moderation.db"`, or use `check`',
            )
        return Intake(self.pipeline, self._store)


def _ruleset(rules: Ruleset | Path | str | None) -> Ruleset:
    if rules is None:
        return Ruleset.default()
    return rules if isinstance(rules, Ruleset) else Ruleset.load(Path(rules))


def _chunks(comments: Iterable[Comment]) -> Iterator[list[Comment]]:
    chunk: list[Comment] = []
    letters = 0
    for comment in comments:
        chunk.append(comment)
        letters += len(comment.text)
        if len(chunk) >= CHUNK or letters >= CHUNK_LETTERS:
            yield chunk
            chunk, letters = [], 0
    if chunk:
        yield chunk


def _tracked(comments: Iterable[Comment]) -> Iterable[Comment]:
    from rich.console import Console  # noqa: PLC0415 - a web server never shows a bar
    from rich.progress import track  # noqa: PLC0415

    return track(comments, "Submitting", console=Console(stderr=True))
