"""A provider of OpenID Connect on this machine, at which everybody is logged in already."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey
from typing_extensions import override

CLIENT, SECRET = "desk", "of the desk"


class Provider(ThreadingHTTPServer):
    """Answers as the OpenID Connect core specification says, section 3.1: the authorization code flow."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.claims: dict[str, Any] = {}  # of whoever logs in next
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig", "alg": "RS256"})
        self.nonces: dict[str, str] = {}

    def begin(self) -> None:
        """Answer from now on, in a thread of its own."""
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens at its address meanwhile."""
        self.shutdown()
        self.server_close()
        try:
            yield
        finally:
            self.socket = socket(self.address_family, self.socket_type)
            self.server_bind()
            self.server_activate()
            self.begin()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def tokens(self, code: str) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60}
        signed = jwt.encode(
            {"alg": "RS256", "kid": "one"},
            {**claims, "nonce": self.nonces.pop(code), **self.claims},
            self.key,
        )
        return {"access_token": uuid4().hex, "token_type": "Bearer", "expires_in": 60, "id_token": signed}


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/authorize":
            self._send_back({name: values[0] for name, values in parse_qs(url.query).items()})
        elif url.path == "/keys":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        else:
            self._say(self.server.metadata())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(self.server.tokens(parse_qs(body)["code"][0]))

    def _send_back(self, asked: dict[str, str]) -> None:
        code = uuid4().hex
        self.server.nonces[code] = asked["nonce"]
        self.send_response(302)
        back = urlencode({"code": code, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def _say(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    with Provider() as provider:
        provider.begin()
        yield provider
        provider.shutdown()
