"""The client for programs with asyncio."""

from asyncio import sleep
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from types import TracebackType
from typing import Self

import httpx

from moderation.client import bulk, calls
from moderation.client.bulk import AnswerReader, Page, each_of
from moderation.client.calls import Answer, Call
from moderation.client.problems import error_in
from moderation.client.retrying import Attempts, Retries, asked_by
from moderation.client.values import (
    About,
    BulkResult,
    CheckedComment,
    Label,
    NewVerdict,
    SubmittedComment,
    TakenAppeal,
    TakenVerdict,
)
from moderation.domain import Comment
from moderation.errors import ModerationError


class AsyncClient:
    """Calls the service from asyncio. One serves all tasks of a loop; use it in an `async with` statement, or close it.

    Every call tries again where that is safe (see `Retries`), and raises
    - what the service says, as the class of `moderation.errors` that its code names;
    - `ClientError` where there is no answer, or none that the service would give.

    Args:
        base_url: the service's address, with its sub-path: `https://moderation.example.org`.
        key: a key of it.
        timeout_s: how long one attempt may wait for the service, in seconds.
        retries: how long and how often to try again.
        transport: how requests are sent, where not over the network; httpx has several.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        timeout_s: float = 10.0,
        retries: Retries = Retries(),  # noqa: B008 - frozen
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._retries = retries
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            base_url=base_url.rstrip("/"),
            headers=calls.headers_for(key),
            timeout=timeout_s,
            transport=transport,
        )

    async def about(self) -> About:
        """Ask what decides now."""
        return await self._ask(calls.about_call())

    async def check(self, comment: Comment) -> CheckedComment:
        """Ask what would be done with a comment; nothing is stored."""
        return await self._ask(calls.check_call(comment))

    async def submit(self, comment: Comment) -> SubmittedComment:
        """Have a comment decided and stored, once: the same call again returns the same decision.

        Raises:
            RequestError: it has no external id, or a field that can't be used; `faults` names it.
            CommentConflictError: the same revision is stored already, with another text.
        """
        return await self._ask(calls.submit_call(comment))

    async def submit_many(
        self, comments: Iterable[Comment] | AsyncIterable[Comment]
    ) -> AsyncIterator[BulkResult]:
        """Submit comments of any number, in bounded memory; yields what became of each, in order.

        Nothing happens until the result is iterated. After a broken connection it goes on from the first comment that
        has no answer. A comment that can't be taken has an `error`, and stops no other one.

        Raises:
            ModerationError: the service took no comment for `Retries.total_s`; submit the same ones again later.
        """
        page = Page()
        async for comment in each_of(comments):
            page.add(comment)
            if page.full:
                async for result in self._page(page.comments):
                    yield result
                page = Page()
        async for result in self._page(page.comments):
            yield result

    async def verdict(self, given: NewVerdict) -> TakenVerdict:
        """Give a verdict, once, however often it is sent.

        Raises:
            CommentNotFoundError: there is no such comment.
        """
        return await self._ask(calls.verdict_call(given))

    async def verdicts(self, given: Sequence[NewVerdict]) -> list[TakenVerdict | ModerationError]:
        """Give verdicts: for each, in order, what became of it or why it was not taken."""
        return [one for call in calls.verdicts_call(given) for one in await self._ask(call)]

    async def label(self, given: Label) -> None:
        """Give a label. It is sent once: after an error, it may be stored all the same.

        Raises:
            CommentNotFoundError: there is no such comment.
        """
        await self._ask(calls.label_call(given))

    async def labels(self, given: Sequence[Label]) -> list[ModerationError | None]:
        """Give labels: for each, in order, why it was not taken, or `None`. They are sent once."""
        return [one for call in calls.labels_call(given) for one in await self._ask(call)]

    async def appeal(
        self,
        text: str,
        *,
        external_id: str | None = None,
        site: str | None = None,
        comment_id: int | None = None,
    ) -> TakenAppeal:
        """Object to the rejection of a comment, for its author. It is sent once.

        Args:
            text: what the author says.
            external_id: your own id of the comment; its latest revision is meant.
            site: its site; `None`: the key's only one, else `default`.
            comment_id: its number.

        Raises:
            CommentNotFoundError: there is no such comment.
            AppealError: it is published, or an appeal is open already.
        """
        return await self._ask(calls.appeal_call(text, external_id, site, comment_id))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _ask(self, call: Call[Answer]) -> Answer:
        attempts = Attempts(self._retries, repeatable=call.repeatable)
        while True:
            try:
                response = await self._http.request(
                    call.method, call.path, json=call.body, timeout=attempts.timeout(self._timeout_s)
                )
            except httpx.HTTPError as error:
                pause = attempts.after_break(error)
            else:
                if response.is_success:
                    return call.answer(response)
                pause = attempts.after_refusal(error_in(response), response.status_code, asked_by(response))
            await sleep(pause)

    async def _page(self, page: Sequence[Comment]) -> AsyncIterator[BulkResult]:
        attempts = Attempts(self._retries)
        reading = AnswerReader(page, attempts)
        while not reading.done:
            try:
                async with self._http.stream(
                    "POST",
                    bulk.PATH,
                    content=reading.body(),
                    headers={"Content-Type": bulk.TYPE},
                    timeout=attempts.timeout(self._timeout_s),
                ) as response:
                    async for result in self._results(response, reading, attempts):
                        yield result
                if reading.broke_off:
                    raise httpx.RemoteProtocolError("there are fewer answers than comments")
            except httpx.HTTPError as error:
                reading.pause = attempts.after_break(error)
            if reading.pause is not None:
                await sleep(reading.pause)

    async def _results(
        self, response: httpx.Response, reading: AnswerReader, attempts: Attempts
    ) -> AsyncIterator[BulkResult]:
        if not response.is_success:
            await response.aread()
            error = error_in(response)
            reading.pause = attempts.after_refusal(error, response.status_code, asked_by(response))
            return
        async for line in response.aiter_lines():
            result = reading.take(line)
            if result is None:
                return
            yield result
