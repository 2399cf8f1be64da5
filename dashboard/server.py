"""The server: Streamlit's pages, behind a login and a strict policy, and the routes of the queue."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard import resources
from dashboard.components.queue import api
from dashboard.login import forms, oidc
from dashboard.login.secret import signing_secret
from dashboard.login.security import Gate, SecurityHeaders, content_security_policy
from moderation.settings import settings

_HERE = Path(__file__).parent


def create_app() -> st.App:
    """Open the database and return the whole dashboard as one ASGI application.

    Raises:
        ModerationError: the database, the secret or the settings can't be used.
        MissingExtraError: OpenID Connect is wanted, and Authlib is not installed; or Streamlit is of a version that
            we don't know.
    """
    at_provider = settings().oidc
    if at_provider:
        oidc.require_oidc()
    signing_secret()
    resources.desk()
    logins = [*forms.routes(oidc=at_provider), *(oidc.routes() if at_provider else [])]
    also_open = (oidc.CALLBACK,) if at_provider else ()
    return st.App(
        _HERE / "app.py",
        routes=[*logins, *api.routes(), _scripts(), Route("/queue", _queue)],
        middleware=[
            Middleware(SecurityHeaders, policy=content_security_policy()),
            Middleware(Gate, also_open=also_open),
        ],
    )


async def _queue(request: Request) -> RedirectResponse:
    """Lead a typed or kept address to the first page; Streamlit knows that one by `/` alone."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")


def _scripts() -> BaseRoute:
    return Mount("/desk/scripts", StaticFiles(directory=_HERE / "components" / "queue" / "scripts"))
