"""The API's description of itself, OpenAPI 3.1, made of the same models and list as its routes.

Lives here: the document. Not here: anything that could disagree with the code.
"""

import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api.operations import OPERATIONS, Operation
from bot.api.shapes import ConflictOut, InvalidOut, ProblemOut

ERRORS: dict[int, tuple[str, type[BaseModel]]] = {
    400: ("Not JSON, or a token in the address", ProblemOut),
    401: ("No valid token", ProblemOut),
    403: ("The token lacks the scope `reveal`", ProblemOut),
    404: ("No such callback", ProblemOut),
    409: ("Somebody else has it, the fence is outdated, or it has ended", ConflictOut),
    413: ("More than 16 kB", ProblemOut),
    415: ("Not application/json", ProblemOut),
    422: ("Not acceptable", InvalidOut),
    500: ("A fault of ours", ProblemOut),
    503: ("The store does not answer", ProblemOut),
}
PATH_ID = {
    "name": "callback_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
}
REF = "#/components/schemas/{model}"


@cache
def document() -> dict[str, Any]:
    """Build it once: it does not change while the process lives."""
    used = {o.gives for o in OPERATIONS} | {o.body for o in OPERATIONS if o.body} | {m for _, m in ERRORS.values()}
    ordered = sorted(used, key=lambda m: m.__name__)
    refs, schemas = models_json_schema([(m, _mode(m)) for m in ordered], ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for o in OPERATIONS:
        path = "/api" + re.sub(r"<(\w+)>", r"{\1}", o.path)
        paths.setdefault(path, {})[o.method.lower()] = _operation(o, {m: refs[m, _mode(m)] for m in ordered})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hotline callbacks",
            "version": "1",
            "description": "For a partner's own software. Times are RFC 3339, UTC. Errors are RFC 9457 problems.",
        },
        "paths": paths,
        "components": {"schemas": schemas["$defs"], "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _mode(model: type[BaseModel]) -> Any:
    return "serialization" if model.__name__.endswith("Out") else "validation"


def _operation(o: Operation, refs: dict[type[BaseModel], Any]) -> dict[str, Any]:
    statuses = {400, 401, 422, 500, 503, *o.errors} | ({403} if o.reveal else set()) | ({413, 415} if o.body else set())
    responses: dict[str, Any] = {str(o.status): _response("Done", "application/json", refs[o.gives])}
    for status in sorted(statuses):
        words, model = ERRORS[status]
        responses[str(status)] = _response(words, "application/problem+json", refs[model])
    described: dict[str, Any] = {
        "operationId": o.name,
        "summary": o.summary,
        "responses": responses,
        "parameters": ([PATH_ID] if "<" in o.path else []) + _parameters(o.query),
    }
    if o.body:
        described["requestBody"] = {
            "required": o.body_needed,
            "content": {"application/json": {"schema": refs[o.body]}},
        }
    return described


def _response(words: str, content_type: str, schema: Any) -> dict[str, Any]:
    return {"description": words, "content": {content_type: {"schema": schema}}}


def _parameters(query: type[BaseModel] | None) -> list[dict[str, Any]]:
    properties = query.model_json_schema()["properties"] if query else {}
    found = []
    for name, schema in properties.items():
        kinds = [kind for kind in schema.pop("anyOf", []) if kind.get("type") != "null"]
        schema = {k: v for k, v in {**schema, **(kinds[0] if kinds else {})}.items() if k != "title" and v is not None}
        found.append({"name": name, "in": "query", "required": False, "schema": schema})
    return found
