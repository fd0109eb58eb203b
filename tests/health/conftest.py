import pytest
from flask import Flask
from flask.testing import FlaskClient

import bot.health
from bot.health import blueprint
from tests.api.builders import an_app
from workers.jobs import Kit


@pytest.fixture
def app(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(bot.health, "FRESH_SECONDS", -1)
    return an_app(kit, blueprint)


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def beating(kit: Kit) -> Kit:
    """Workers and sweepers are alive."""
    kit.store.beat("worker")
    kit.store.beat("sweeper")
    return kit
