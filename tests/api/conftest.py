import pytest
from flask import Flask

from bot.api import blueprint
from tests.api.builders import Partner, an_app
from workers.jobs import Kit


@pytest.fixture
def app(kit: Kit) -> Flask:
    return an_app(kit, blueprint)


@pytest.fixture
def partner(app: Flask) -> Partner:
    return Partner(app.test_client())
