"""The JSON API for a partner's own software, described by GET /api/openapi.json.

Lives here: the blueprint, put together. callbacks and reports are the views, operations what surrounds each of them,
shapes what goes in and out, gate who may come in, problems how it says no.
"""

from flask import Blueprint, Response, jsonify, request

from bot.api import callbacks, gate, problems, reports  # noqa: F401  (the views register themselves)
from bot.api.openapi import document
from bot.api.operations import OPERATIONS

blueprint = Blueprint("api", __name__, url_prefix="/api")
problems.install(blueprint)
for _one in OPERATIONS:
    blueprint.add_url_rule(_one.path, _one.name, _one.answer, methods=[_one.method])


@blueprint.get("/openapi.json")
def openapi() -> Response:
    gate.refuse_tokens_in_address()
    return jsonify(document())


@blueprint.before_app_request
def refuse_unknown_routes() -> Response | None:
    """404 and 405 belong to no blueprint: below /api they are problem documents too."""
    if request.routing_exception and (request.path + "/").startswith("/api/"):
        return problems.from_http(request.routing_exception).response()
    return None
