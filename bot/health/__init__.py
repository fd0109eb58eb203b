"""Health: /healthz for balancers, /readyz for operators, /metrics for Prometheus.

Lives here: the routes. Not here: the checks (workers/health) or the figures (metrics).
"""

import threading
import time

from flask import Blueprint, Response, current_app, jsonify, request

from bot.health.metrics import render
from bot.kit import kit
from workers.health import Check, readiness

blueprint = Blueprint("health", __name__)
FRESH_SECONDS = 1.0  # anyone may ask for /readyz: one look a second, however many ask
_lock = threading.Lock()


@blueprint.get("/healthz")
def healthz() -> Response:
    """This process answers. Never touches the store: a balancer would take the safe answer away with it."""
    return Response("ok", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Every check; 200, or 503 where one fails."""
    checks = _checks()
    ok = all(check["ok"] for check in checks.values())
    answer = jsonify(ok=ok, checks=checks)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if ok else 503


def _checks() -> dict[str, Check]:
    checks: dict[str, Check]
    with _lock:
        at, checks = current_app.extensions.get("readiness", (0.0, {}))
        if not checks or time.monotonic() - at > FRESH_SECONDS:
            checks = readiness(kit())
            current_app.extensions["readiness"] = (time.monotonic(), checks)
        return checks


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures without names, for whoever has one of the API's tokens."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not kit().settings.api_client(token.strip()):
        return Response("An API token is needed.\n", 401, {"WWW-Authenticate": 'Bearer realm="hotline"'}, "text/plain")
    return Response(
        render(kit()), content_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
