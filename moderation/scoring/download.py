"""Downloads that go on where they were cut off.

Ours, because `torch.hub.download_url_to_file` begins again and waits for ever, and `huggingface_hub` resumes from a hub
only, while a checkpoint of a gigabyte lies elsewhere.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TypeAlias

import httpx

from moderation.errors import DownloadError

DownloadProgress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes that have arrived, and how many there will be, if that is known."""

ATTEMPTS = 5
"""How often a broken connection is tried again in one call."""

PAUSE_S = 0.5
"""Before the second attempt; twice as long before each following one."""

_TIMEOUT = httpx.Timeout(30.0)  # for a connection, and for each piece; a whole file may take hours
_TRY_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_HINT = (
    "check the network and HTTPS_PROXY, then pull again: it goes on from there; "
    "MODERATION_MODELS_URL and MODERATION_HUB_URL can name a mirror"
)


class _InterruptedError(Exception):
    """The download did not end; another attempt may."""


def download(url: str, target: Path, progress: DownloadProgress | None = None) -> None:
    """Download a file, going on from what an earlier call left.

    Until it is whole, the file is `target` with `.part` after its name. The server's validator lies beside
    it, in `.validator`: if the file has changed since, the server sends all of it again (RFC 9110, If-Range).

    Raises:
        DownloadError: the server refused, or the connection broke too often; what arrived is kept.
    """
    part = _part(target)
    problem = ""
    with httpx.Client(follow_redirects=True, timeout=_TIMEOUT) as client:
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE_S * 2 ** (attempt - 1))
            try:
                _continue(client, url, part, progress)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol):
                raise DownloadError(f"{url} is no address that can be asked", hint=_HINT) from None
            except (_InterruptedError, httpx.RequestError) as error:
                problem = str(error) or type(error).__name__
            else:
                _validator(part).unlink(missing_ok=True)
                part.replace(target)
                return
    raise DownloadError(f"{url} can't be downloaded: {problem}", hint=_HINT)


def _continue(client: httpx.Client, url: str, part: Path, progress: DownloadProgress | None) -> None:
    """Ask for what is missing and write it. Raises for whatever doesn't end in a whole file."""
    have, validator = _state(part)
    # identity: a compressed body would have other offsets
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise _InterruptedError("the server has less than what arrived before")
        _raise_for_status(response, url)
        begins = have if _continues(response, have) else 0
        _validator(part).write_text(_validator_of(response), encoding="ascii")
        with part.open("r+b" if begins else "wb") as file:
            file.seek(begins)
            for piece in response.iter_raw():
                file.write(piece)
                if progress:
                    progress(part.stem, file.tell(), _total(response, begins))


def _state(part: Path) -> tuple[int, str]:
    """How many bytes are there, and the validator of the file they are from; 0 if there is none."""
    validator = _validator(part).read_text(encoding="ascii") if _validator(part).is_file() else ""
    return (part.stat().st_size, validator) if validator and part.is_file() else (0, "")


def _validator_of(response: httpx.Response) -> str:
    """What If-Range takes: a strong ETag or a date; empty if the server sends neither."""
    etag = str(response.headers.get("ETag", "W/"))
    return str(response.headers.get("Last-Modified", "")) if etag.startswith("W/") else etag


def _continues(response: httpx.Response, have: int) -> bool:
    """Tell whether the server sends what comes after `have` bytes, rather than the whole file."""
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        return False
    if not str(response.headers.get("Content-Range", "")).startswith(f"bytes {have}-"):
        raise _InterruptedError("the server sent another part than it was asked for")
    return True


def _raise_for_status(response: httpx.Response, url: str) -> None:
    if response.is_success:
        return
    said = f"{response.status_code} {response.reason_phrase}".strip()
    if response.is_server_error or response.status_code in _TRY_AGAIN:
        raise _InterruptedError(f"the server answers {said}")
    raise DownloadError(f"{url} can't be downloaded: the server answers {said}", hint=_HINT)


def _total(response: httpx.Response, begins: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    return begins + int(length) if length.isdigit() else None


def _part(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _validator(part: Path) -> Path:
    return part.with_suffix(".validator")
