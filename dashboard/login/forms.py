"""Logging in, changing a one-time password, logging out: plain forms, no script."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import resources
from dashboard.login.cookies import (
    COOKIE,
    FORM_COOKIE,
    FORM_S,
    SESSION_S,
    account_of_cookies,
    is_own_form,
    issue,
    new_form,
)
from dashboard.login.security import is_same_origin, onward
from moderation.desk import Account
from moderation.errors import LoginError, ModerationError, TooManyAttemptsError, UserError

_TEMPLATES = Path(__file__).with_name("templates")
_PAGES = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",  # with `no-referrer`, a browser hides from us where a form came from
    "Cache-Control": "no-store",
}
_STALE = "this page was open for too long: please try again"
_FOR_ONE_USE = "Your password was made for one use. Please choose your own."
_BIGGEST_FORM = 16_384
"""Bytes of a form; argon2 is never fed with more."""


async def login(request: Request) -> Response:
    """Ask for name and password, and answer with a signed cookie."""
    if request.method == "GET":
        return form_page(
            request, "login.html", {"name": "", "next": next_path(request.query_params.get("next"))}
        )
    form = await _form(request)
    name, to = _text(form, "name"), next_path(_text(form, "next"))
    values = {"name": name, "next": to}
    if not _is_ours(request, form):
        return form_page(request, "login.html", values, error=sentence(LoginError(_STALE)), status=400)
    try:
        account = await run_in_threadpool(
            resources.users().authenticate, name, _text(form, "password"), _address(request)
        )
    except LoginError as error:
        status = 429 if isinstance(error, TooManyAttemptsError) else 401
        return form_page(request, "login.html", values, error=sentence(error), status=status)
    return logged_in(request, account, to)


async def password(request: Request) -> Response:
    """Change one's own password; whoever has a one-time password comes no further without."""
    account = await run_in_threadpool(account_of_cookies, request.cookies)
    if account is None:
        return RedirectResponse("/auth/login", status_code=303)
    values = {"notice": _FOR_ONE_USE if account.must_change else "", "name": account.name}
    if request.method == "GET":
        to = next_path(request.query_params.get("next"))
        return form_page(request, "password.html", values | {"next": to})
    form = await _form(request)
    to = next_path(_text(form, "next"))
    try:
        if not _is_ours(request, form):
            raise LoginError(_STALE)
        changed = await _change_password(account, form, _address(request))
    except ModerationError as error:
        return form_page(request, "password.html", values | {"next": to}, error=sentence(error), status=400)
    return logged_in(request, changed, to)


async def _change_password(account: Account, form: FormData, address: str) -> Account:
    old, new = _text(form, "password"), _text(form, "new")
    if new != _text(form, "again"):
        raise UserError("the two new passwords differ")
    return await run_in_threadpool(resources.users().change_password, account.name, old, new, address)


async def logout(request: Request) -> Response:
    """End the session in this browser; a link from elsewhere has to be confirmed."""
    asked_here = request.method == "GET" and request.headers.get("sec-fetch-site") == "same-origin"
    if not asked_here and not (request.method == "POST" and _is_ours(request, await _form(request))):
        return form_page(request, "logout.html", {})
    response = RedirectResponse("/auth/login", status_code=303)
    for name in (COOKIE, FORM_COOKIE):
        response.delete_cookie(name, path="/")
    return response


async def style(request: Request) -> Response:
    """Return the forms' style sheet."""
    del request
    return FileResponse(_TEMPLATES / "style.css", media_type="text/css")


def routes(*, oidc: bool) -> list[Route]:
    """Return the routes; with OIDC there are no passwords, and other ways of logging in."""
    passwords = [
        Route("/auth/login", login, methods=["GET", "POST"]),
        Route("/auth/password", password, methods=["GET", "POST"]),
    ]
    return [
        *([] if oidc else passwords),
        Route("/auth/logout", logout, methods=["GET", "POST"]),
        Route("/auth/style.css", style, methods=["GET"]),
    ]


def form_page(
    request: Request, template: str, values: Mapping[str, str], *, error: str = "", status: int = 200
) -> Response:
    """Return a page around a form, or a message."""
    nonce, signed = new_form(request.cookies.get(FORM_COOKIE))
    shown = {"notice": "", **values, "error": error, "form": signed}
    response = HTMLResponse(_PAGES.get_template(template).render(shown), status_code=status, headers=_HEADERS)
    _set_cookie(request, response, FORM_COOKIE, nonce, max_age=FORM_S)
    return response


def logged_in(request: Request, account: Account, to: str, *, from_elsewhere: bool = False) -> Response:
    """Lead on with a signed cookie; whoever was sent here by another site asks for the page anew, with it."""
    to = f"/auth/password?{urlencode({'next': to})}" if account.must_change else to
    response = onward(to) if from_elsewhere else RedirectResponse(to, status_code=303)
    response.headers["Cache-Control"] = "no-store"
    _set_cookie(request, response, COOKIE, issue(account), max_age=SESSION_S)
    response.delete_cookie(FORM_COOKIE, path="/")
    return response


def _set_cookie(request: Request, response: Response, name: str, value: str, *, max_age: int) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="strict"
    )


async def _form(request: Request) -> FormData:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > _BIGGEST_FORM:
        return FormData()
    return await request.form(max_files=0, max_fields=10)


def _is_ours(request: Request, form: FormData) -> bool:
    return is_same_origin(request) and is_own_form(_text(form, "form"), request.cookies.get(FORM_COOKIE, ""))


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def next_path(wanted: str | None) -> str:
    """Return where to go on to: a path of ours, never another host's."""
    ours = wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/auth/"))
    return wanted if wanted and ours and wanted.isprintable() else "/"


def sentence(error: ModerationError) -> str:
    """Return an error as a person reads it."""
    parts = (part[0].upper() + part[1:] for part in (error.what, error.hint) if part)
    return "".join(f"{part}. " for part in parts).strip()


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
