"""The document and the API say the same: schemathesis reads the one and tries the other."""

import os

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.openapi.checks import UnsupportedMethodResponse  # noqa: F401  (its check is among those that run)

from tests.api.builders import Partner, a_callback, a_colleague
from tests.conftest import API_TOKEN, REVEAL_TOKEN
from workers.jobs import Kit

EXAMPLES = int(os.environ.get("API_EXAMPLES", "15"))
PLACES = (
    "list_callbacks",
    "read_callback",
    "claim_callback",
    "release_callback",
    "call_callback",
    "record_attempt",
    "close_callback",
    "monthly_report",
)


def test_anyone_may_read_the_document(partner: Partner) -> None:
    answer = partner.client.get("/api/openapi.json")
    document = answer.get_json()
    assert answer.status_code == 200 and document["openapi"] == "3.1.0"
    named = {o["operationId"] for path in document["paths"].values() for o in path.values()}
    assert named == set(PLACES)


@pytest.fixture
def api_schema(app: Flask, kit: Kit) -> object:
    a_colleague(kit)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


schema = schemathesis.pytest.from_fixture("api_schema")
