"""Logging in at a provider of OpenID Connect: there and back, before any page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from dashboard import resources
from dashboard.login.forms import form_page, logged_in, next_path, sentence
from dashboard.login.secret import signing_secret
from moderation.desk import Identity
from moderation.errors import LoginError, SettingsError
from moderation.extras import require
from moderation.logs import Fields, room_logger
from moderation.settings import settings

CALLBACK = "/oauth2callback"
"""Where the provider sends people back to."""

FLOW_S = 600
"""Seconds that one may take at the provider."""

_NEEDED = ("redirect_uri", "client_id", "client_secret", "server_metadata_url")

log = room_logger(__name__)


def require_oidc() -> None:
    """Check at the start what would be missed only when somebody logs in.

    Raises:
        MissingExtraError: Authlib is not installed.
        SettingsError: something doesn't say at which provider, or where it sends people back to.
    """
    require("oidc", "logging in by OpenID Connect needs Authlib, which is not installed", "authlib")
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        raise SettingsError(
            "MODERATION_OIDC is on, but no provider is named",
            hint="write the section [auth] in .streamlit/secrets.toml here: docs/dashboard.md shows it",
        )
    if missing := [name for name in _NEEDED if not _provider().get(name)]:
        raise SettingsError(f"the section [auth] in .streamlit/secrets.toml lacks {', '.join(missing)}")
    if urlsplit(_provider()["redirect_uri"]).path != CALLBACK:
        raise SettingsError(
            "redirect_uri in .streamlit/secrets.toml does not lead back here",
            hint=f"https://desk.example.com{CALLBACK}",
        )


def routes() -> list[Route]:
    """Return the routes of logging in, which take the place of Streamlit's own."""
    remembers = Middleware(
        _Remembers,
        secret_key=signing_secret(),
        session_cookie="moderation_oidc",
        max_age=FLOW_S,
        same_site="lax",  # it has to come along from the provider
        https_only=_provider()["redirect_uri"].startswith("https:"),
    )
    return [
        Route("/auth/login", login, methods=["GET"]),
        Route("/auth/provider", to_provider, methods=["GET"], middleware=[remembers]),
        Route(CALLBACK, from_provider, methods=["GET"], middleware=[remembers]),
    ]


async def login(request: Request) -> Response:
    """Offer the provider's login; leading there at once would undo every logout."""
    return form_page(request, "provider.html", {"next": next_path(request.query_params.get("next"))})


async def to_provider(request: Request) -> Response:
    """Lead to the provider."""
    to = next_path(request.query_params.get("next"))
    request.session["next"] = to
    try:
        there: Response = await _client().authorize_redirect(request, _provider()["redirect_uri"])
    except Exception as error:  # noqa: BLE001 - whatever a provider or the way to it does, a person reads a page
        _log(error)
        unreachable = LoginError("your provider can't be reached", hint="try again in a minute")
        return form_page(request, "provider.html", {"next": to}, error=sentence(unreachable), status=502)
    return there


async def from_provider(request: Request) -> Response:
    """Let in whom the provider sends back, if they are a user here."""
    to = next_path(request.session.get("next"))
    try:
        claims = await _claims(request)
        identity = Identity(str(claims["iss"]), str(claims["sub"]))
        account = await run_in_threadpool(resources.identities().recognise, identity, verified_email(claims))
    except LoginError as error:
        return form_page(request, "provider.html", {"next": to}, error=sentence(error), status=403)
    finally:
        request.session.clear()  # a code is for one use, and so is what goes with it
    # nobody has a password to change here, not even the one for one use that they were added with
    return logged_in(request, replace(account, must_change=False), to, from_elsewhere=True)


def verified_email(claims: Mapping[str, Any]) -> str:
    """Return the mail address that a provider vouches for; empty if there is none."""
    verified = claims.get("email_verified")
    if verified is None:  # it says nothing
        verified = settings().oidc_trust_email
    email = claims.get("email")
    return email if isinstance(email, str) and verified in (True, "true") else ""  # some write it as text


async def _claims(request: Request) -> Mapping[str, Any]:
    client = _client()
    try:
        metadata = await client.load_server_metadata()
        wanted = {"iss": metadata["issuer"], "aud": _provider()["client_id"]}
        options = {name: {"essential": True, "values": [value]} for name, value in wanted.items()}
        token = await client.authorize_access_token(request, claims_options=options)
        claims: Mapping[str, Any] = token["userinfo"]
    except Exception as error:  # noqa: BLE001 - likewise
        _log(error)
        raise LoginError("logging in at your provider did not work", hint="try again") from None
    return claims


def _log(error: Exception) -> None:
    # quoted and short: part of it may stand in an address that anybody can make
    name = type(error).__name__
    log.warning("login at the provider failed: %s %.200r", name, str(error), extra=Fields(error=name))


def _provider() -> Mapping[str, Any]:
    found: Mapping[str, Any] = st.secrets["auth"]
    return found


def _client() -> Any:  # noqa: ANN401 - of an untyped library
    """Return a client that knows nothing yet: a provider changes its keys, and few people log in at a time."""
    from authlib.integrations.starlette_client import OAuth  # noqa: PLC0415 - an extra

    asked = {"scope": "openid email", "prompt": "select_account", "code_challenge_method": "S256"}
    return OAuth().register(
        "provider",
        client_id=_provider()["client_id"],
        client_secret=_provider()["client_secret"],
        server_metadata_url=_provider()["server_metadata_url"],
        client_kwargs={**asked, **_provider().get("client_kwargs", {})},
    )


class _Remembers(SessionMiddleware):
    """Keeps, in a cookie of its own, what the way to the provider and back have to agree on."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, without leaving anything in the session that Streamlit keeps for all paths."""
        await super().__call__(dict(scope), receive, send)
