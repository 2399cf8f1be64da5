"""The OpenAPI document says all that the paths do: schemathesis makes requests of it, good and bad, and compares.

`SCHEMATHESIS_EXAMPLES=500 pytest …` tries more of them.
"""

import json
import os
import re
from dataclasses import dataclass

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from moderation.api.app import app_of
from moderation.domain import Author, Comment
from tests.support.service_app import key_of, open_service

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "15"))


@dataclass
class Site:
    """Which database the application opens, and the key to it: each test has one of its own."""

    url: str = ""
    key: str = ""


SITE = Site()
APP = app_of(lambda: open_service(SITE.url))
REFUSALS = [
    "400",
    "401",
    "403",
    "404",
    "409",
    "413",
    "422",
]  # 413: what is too long in letters may be so in bytes
schema = schemathesis.openapi.from_dict(
    APP.openapi(),
    config=SchemathesisConfig.from_dict(
        {
            "generation": {"deterministic": True},
            "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
        }
    ),
)
schema.app = APP


@schema.auth(refresh_interval=None)
class Key:
    """Sends the key of the test's own site."""

    def get(self, case, context):
        return SITE.key

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return str(value).encode()


@pytest.fixture
def site(sqlite_url):
    SITE.url, SITE.key = sqlite_url, key_of(sqlite_url)
    service = open_service(sqlite_url)
    service.moderator.take([Comment("", site="news", external_id="c-1", author=Author("u-7"))])
    service.close()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_documented_and_what_is_malformed_is_refused(case, site):
    case.call_and_validate()


def test_every_reference_leads_somewhere():
    document = APP.openapi()
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert names
    assert names <= set(document["components"]["schemas"])
