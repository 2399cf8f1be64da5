"""Each call of the service: what is asked, how the answer is read, and whether it may be asked twice."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx

from moderation.client import forms
from moderation.client.problems import error_of
from moderation.client.values import (
    About,
    CheckedComment,
    Label,
    NewVerdict,
    SubmittedComment,
    TakenAppeal,
    TakenVerdict,
)
from moderation.domain import Comment
from moderation.errors import ApiKeyError, ClientError, ModerationError
from moderation.version import __version__

Answer = TypeVar("Answer")

MOST = 500
"""Verdicts or labels of one request."""


@dataclass(frozen=True, slots=True)
class Call(Generic[Answer]):
    """A request, and how its answer is read.

    Attributes:
        path: below the service's address.
        body: what is sent, as JSON values; `None`: nothing, with GET.
        read: makes the answer of JSON values.
        repeatable: whether the service may get it twice.
    """

    path: str
    body: Any
    read: Callable[[Any], Answer]
    repeatable: bool = True

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.body is None else "POST"

    def answer(self, response: httpx.Response) -> Answer:
        """Read an answer.

        Raises:
            ClientError: it is none of this service.
        """
        try:
            return self.read(response.json())
        except (ValueError, KeyError, TypeError, AttributeError):
            raise unreadable(response.status_code) from None


def unreadable(status: int) -> ClientError:
    """Return the error for an answer that is of another form."""
    return ClientError(
        "the service's answer is of another form",
        hint="look whether this is its address, and whether its version fits the client's",
        status=status,
    )


def headers_for(key: str) -> dict[str, str]:
    """Return the headers that every request has.

    Raises:
        ApiKeyError: the key is empty, or holds what no key holds; httpx would quote it in its own error.
    """
    if not (key.isascii() and key.isprintable() and key.strip() == key and key):
        raise ApiKeyError(
            "the key is empty, or holds spaces or letters that no key holds",
            hint="pass it as `moderation keys add` printed it",
        )
    return {"Authorization": f"Bearer {key}", "User-Agent": f"comment-moderation/{__version__}"}


def about_call() -> Call[About]:
    """Ask what decides now."""
    return Call("/v1", None, forms.to_about)


def check_call(comment: Comment) -> Call[CheckedComment]:
    """Ask for a decision."""
    return Call("/v1/check", forms.from_comment(comment), forms.to_checked)


def submit_call(comment: Comment) -> Call[SubmittedComment]:
    """Ask for a decision that is stored: twice the same call is the same decision."""
    return Call("/v1/comments", forms.from_comment(comment), forms.to_submitted)


def verdict_call(given: NewVerdict) -> Call[TakenVerdict]:
    """Give a verdict: its uid makes it one, however often it is sent."""
    return Call("/v1/verdicts", forms.from_verdict(given), forms.to_verdict)


def verdicts_call(given: Sequence[NewVerdict]) -> Iterator[Call[list[TakenVerdict | ModerationError]]]:
    """Give verdicts, so many in a request as it takes."""
    for start in range(0, len(given), MOST):
        body = [forms.from_verdict(one) for one in given[start : start + MOST]]
        yield Call("/v1/verdicts", body, lambda said: [_or_error(one, forms.to_verdict) for one in said])


def label_call(given: Label) -> Call[None]:
    """Give a label. Twice the same call is two labels."""
    return Call("/v1/labels", forms.from_label(given), _nothing, repeatable=False)


def labels_call(given: Sequence[Label]) -> Iterator[Call[list[ModerationError | None]]]:
    """Give labels, so many in a request as it takes."""
    for start in range(0, len(given), MOST):
        body = [forms.from_label(one) for one in given[start : start + MOST]]
        yield Call(
            "/v1/labels", body, lambda said: [_or_error(one, _nothing) for one in said], repeatable=False
        )


def appeal_call(
    text: str, external_id: str | None, site: str | None, comment_id: int | None
) -> Call[TakenAppeal]:
    """Object for an author. The second of two calls would be refused, though the first was taken."""
    body = forms.from_appeal(text, external_id, site, comment_id)
    return Call("/v1/appeals", body, forms.to_appeal, repeatable=False)


def _nothing(_: object) -> None:
    return None


def _or_error(said: Any, read: Callable[[Any], Answer]) -> Answer | ModerationError:  # noqa: ANN401 - JSON
    return error_of(said["error"]) if "error" in said else read(said)
