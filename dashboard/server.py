"""The server: Streamlit's pages, behind a login and a strict policy, and the routes of the queue."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard import auth, resources
from dashboard.components.queue import api
from dashboard.oidc import require_oidc
from dashboard.security import Gate, SecurityHeaders
from moderation.settings import settings

_HERE = Path(__file__).parent


def create_app() -> st.App:
    """Open the database and return the whole dashboard as one ASGI application.

    Raises:
        ModerationError: the database, the secret or the settings can't be used.
        MissingExtraError: OpenID Connect is wanted, and Authlib is not installed.
    """
    if oidc := settings().oidc:
        require_oidc()
    resources.secret()
    resources.desk()
    gates = [] if oidc else [Middleware(Gate)]  # with OIDC a page has to run before anybody is known
    return st.App(
        _HERE / "app.py",
        routes=[*auth.routes(oidc=oidc), *api.routes(), _scripts(), Route("/queue", _queue)],
        middleware=[Middleware(SecurityHeaders), *gates],
    )


async def _queue(request: Request) -> RedirectResponse:
    """Lead a typed or kept address to the first page; Streamlit knows that one by `/` alone."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")


def _scripts() -> BaseRoute:
    return Mount("/desk/scripts", StaticFiles(directory=_HERE / "components" / "queue" / "scripts"))
