"""What every answer of the server carries, and who gets one: headers and the gate, as ASGI middleware."""

import base64
import hashlib
import html
import re
from pathlib import Path
from urllib.parse import urlencode

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.login.cookies import account_of_cookies
from moderation.errors import MissingExtraError

OPEN_TO_ALL = ("/auth/", "/static/", "/_stcore/health", "/favicon.png", "/manifest.json", "/robots.txt")
"""Paths that need no login: the login itself, and Streamlit's own files."""


def content_security_policy() -> str:
    """Return the policy of every page: only our own scripts, no frames, no other host.

    Streamlit needs three openings: one inline script of its index.html, allowed by its hash; `blob:`,
    through which it loads a component's script; and inline styles, which its whole layout is made of.

    Raises:
        MissingExtraError: Streamlit's index.html is not as we know it.
    """
    scripts = " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", _hash_of(inline_script(_streamlits_page()))])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "frame-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def inline_script(page: str) -> str:
    """Return the one script that a page holds itself; what has a `src` is none.

    Raises:
        MissingExtraError: there is another number of them, and nobody has looked whether they may run.
    """
    scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    if len(scripts) != 1:
        raise MissingExtraError(
            f"the page of Streamlit {streamlit.__version__} has {len(scripts)} scripts of its own; "
            "the dashboard knows one",
            hint="install a version of Streamlit that this release was tested with, see constraints.txt",
        )
    return str(scripts[0])


def _streamlits_page() -> str:
    return (Path(streamlit.__file__).with_name("static") / "index.html").read_text(encoding="utf-8")


def _hash_of(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


class SecurityHeaders:
    """Adds the headers to every answer that doesn't bring stricter ones of its own.

    Args:
        app: whose answers.
        policy: `content_security_policy()`.
    """

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class Gate:
    """Lets nobody in who isn't logged in: neither to a page nor to Streamlit's web socket.

    Args:
        app: what it stands before.
        also_open: paths besides `OPEN_TO_ALL` that need no login.
    """

    def __init__(self, app: ASGIApp, also_open: tuple[str, ...] = ()) -> None:
        self._app = app
        self._open = OPEN_TO_ALL + also_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, send its browser to log in, or refuse it."""
        if scope["type"] not in {"http", "websocket"} or scope["path"].startswith(self._open):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        account = await run_in_threadpool(account_of_cookies, connection.cookies)
        if account is not None and not account.must_change:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401, "reason": "not logged in"})
        else:
            await refusal(Request(scope), "/auth/password" if account else "/auth/login")(
                scope, receive, send
            )


def refusal(request: Request, to: str) -> Response:
    """Send a person to log in, and tell a program that it isn't."""
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": "not logged in"}, status_code=401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("sec-fetch-site") == "cross-site":
        return onward(here)
    return RedirectResponse(f"{to}?{urlencode({'next': here})}", status_code=303)


def onward(to: str) -> HTMLResponse:
    """Lead on from a page of ours."""
    return HTMLResponse(_AGAIN.format(html.escape(to)))


_AGAIN = '<!doctype html><meta http-equiv="refresh" content="0; url={}"><title>Moderation</title>'
"""A link from another site comes without our strict cookie; asking again from a page of ours brings it."""


def is_same_origin(request: Request) -> bool:
    """Tell whether one of our own pages sent this request, as far as the browser says."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    own = (
        f"{request.url.scheme}://{request.url.netloc}"  # an older browser; `null`: it keeps origins to itself
    )
    return request.headers.get("origin") in {None, "null", own}
