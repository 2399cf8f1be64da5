"""Many comments as JSON lines: what is sent in one request, and how far its answers got.

httpx reads no answer before it has sent the whole request, and the service takes no more lines while its answers are
not read. So a request holds as many lines as the buffers between the two hold answers.
"""

import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field

from moderation.client.calls import unreadable
from moderation.client.forms import from_comment, to_submitted
from moderation.client.problems import asked_in, error_of, status_in
from moderation.client.retrying import AGAIN, Attempts
from moderation.client.values import BulkResult
from moderation.domain import Comment

PATH = "/v1/comments/bulk"
TYPE = "application/x-ndjson"

LINES = 50
"""Most comments of a request."""

LETTERS = 200_000
"""Letters of text after which a request ends early."""


@dataclass(slots=True)
class Page:
    """Comments of one request, and which of them wait for an answer."""

    comments: list[Comment] = field(default_factory=list)
    letters: int = 0

    @property
    def full(self) -> bool:
        """Whether no other comment fits."""
        return len(self.comments) >= LINES or self.letters >= LETTERS

    def add(self, comment: Comment) -> None:
        """Add a comment."""
        self.comments.append(comment)
        self.letters += len(comment.text)


async def each_of(comments: Iterable[Comment] | AsyncIterable[Comment]) -> AsyncIterator[Comment]:
    """Yield comments of either kind of iterable."""
    if isinstance(comments, AsyncIterable):
        async for comment in comments:
            yield comment
    else:
        for comment in comments:
            yield comment


class AnswerReader:
    """Reads the answers to a page, over as many requests as it takes.

    Args:
        comments: those of the page.
        attempts: how long to go on without an answer.
    """

    def __init__(self, comments: Sequence[Comment], attempts: Attempts) -> None:
        self._comments = comments
        self._attempts = attempts
        self._answered = 0
        self.pause: float | None = None

    @property
    def done(self) -> bool:
        """Whether every comment has its answer."""
        return self._answered == len(self._comments)

    @property
    def broke_off(self) -> bool:
        """Whether answers are missing, though nobody asked to wait."""
        return not self.done and self.pause is None

    def body(self) -> bytes:
        """Return the lines from the first comment on that has no answer yet."""
        self.pause = None
        waiting = self._comments[self._answered :]
        return b"".join(json.dumps(from_comment(one)).encode() + b"\n" for one in waiting)

    def take(self, line: str) -> BulkResult | None:
        """Read a line; `None`: this comment and the following ones are to be sent again after `pause`, in seconds.

        Raises:
            ClientError: it is of another form.
            ModerationError: the service can't take comments, for longer than we try.
        """
        try:
            said = json.loads(line)
            result = self._read(said)
        except (ValueError, KeyError, TypeError, IndexError):
            raise unreadable(200) from None
        if result is not None:
            self._answered += 1
            self._attempts.begin()
        return result

    def _read(self, said: dict[str, dict[str, object]]) -> BulkResult | None:
        comment = self._comments[self._answered]
        if "error" not in said:
            return BulkResult(comment, decision=to_submitted(said["decision"]))
        problem = said["error"]
        error, status = error_of(problem), status_in(problem)
        if status not in AGAIN:
            return BulkResult(comment, error=error)
        self.pause = self._attempts.after_refusal(error, status, asked_in(problem))
        return None
