"""The factory: two Flask applications behind one address.

Lives here: how they are put together. People (console, API, public page, health) have sessions, CSRF and headers;
Twilio's edge (bot/twilio) has none of those, so nothing meant for browsers can slow or refuse a resident's message.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from bot.twilio import create_edge
from workers.jobs import Kit
from workers.settings import Settings, load_settings
from workers.store import open_store

EDGE = ("/sms", "/voice")


def build(settings: Settings | None = None) -> Flask:
    settings = settings or load_settings()
    kit = Kit(settings, open_store(settings, patience_seconds=2))
    app = Flask("bot", static_folder=None)
    app.extensions["hotline"] = kit
    app.secret_key = settings.secret_key.get_secret_value()

    from bot import api, commands, console, health, public, spoken

    console.init_app(app)
    for room in (api, health, public, spoken):
        app.register_blueprint(room.blueprint)
    commands.init_app(app)
    edge = create_edge(kit)
    app.extensions["edge"] = edge
    app.wsgi_app = _split(edge.wsgi_app, app.wsgi_app)  # type: ignore[method-assign]
    return app


def _split(
    edge: Callable[..., Iterable[bytes]], people: Callable[..., Iterable[bytes]]
) -> Callable[..., Iterable[bytes]]:
    def route(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        return (edge if path.startswith(EDGE) else people)(environ, start_response)

    return route
