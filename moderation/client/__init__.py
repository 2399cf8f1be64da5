"""Calls the service (`moderation serve`) from Python; needs the extra `client`."""

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
from moderation.errors import ClientError
from moderation.extras import needing

with needing("client", "the client needs {package}, which is not installed"):
    from moderation.client.asynchronous import AsyncClient
    from moderation.client.blocking import Client
    from moderation.client.retrying import Retries

__all__ = [
    "About",
    "AsyncClient",
    "BulkResult",
    "CheckedComment",
    "Client",
    "ClientError",
    "Label",
    "NewVerdict",
    "Retries",
    "SubmittedComment",
    "TakenAppeal",
    "TakenVerdict",
]
