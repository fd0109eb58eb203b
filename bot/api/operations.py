"""One operation of the API: its route, what it takes and gives, its view. Routes and document are made of one list.

Lives here: reading and checking a request before the view sees it. Not here: the views (callbacks, reports).
"""

import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from bot.api import gate
from bot.api.problems import Problem

MOST_BYTES = 16 * 1024


@dataclass(frozen=True)
class Operation:
    """`path`: Flask's form, below /api. `status`, `gives`: of the good answer. `errors`: what else it may say."""

    method: str
    path: str
    name: str
    summary: str
    view: Callable[..., BaseModel]
    status: int
    gives: type[BaseModel]
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    body_needed: bool
    reveal: bool
    errors: tuple[int, ...]

    def answer(self, **path: str) -> Response:
        """The view that Flask calls."""
        gate.admit(self.reveal)
        taken: dict[str, Any] = dict(path)
        given = _query()
        if self.query:
            taken["query"] = _checked(self.query.model_validate, given)
        elif given:
            raise Problem(
                422,
                "This address takes no query.",
                "invalid",
                errors=[{"field": name[:100], "message": "not known here"} for name in given],
            )
        if self.body:
            taken["body"] = _checked(self.body.model_validate_json, _body(self.body_needed))
        text = self.view(**taken).model_dump_json()
        return Response(
            text,
            self.status,
            {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
            content_type="application/json",
        )


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    *,
    status: int = 200,
    reveal: bool = False,
    body_needed: bool = False,
    errors: tuple[int, ...] = (),
) -> Callable[[Callable[..., BaseModel]], Callable[..., BaseModel]]:
    """Make a view an operation. Its `query` and `body` are what it is annotated with; its docstring is the summary."""

    def add(view: Callable[..., BaseModel]) -> Callable[..., BaseModel]:
        hints = typing.get_type_hints(view)
        OPERATIONS.append(
            Operation(
                method,
                path,
                view.__name__,
                (view.__doc__ or "").strip().partition("\n")[0],
                view,
                status,
                hints["return"],
                hints.get("query"),
                hints.get("body"),
                body_needed,
                reveal,
                errors,
            )
        )
        return view

    return add


def _query() -> dict[str, str]:
    """The address's parameters. An empty one counts as left out; one that comes twice is an error."""
    gate.refuse_tokens_in_address()
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise Problem(
            422,
            "A parameter comes more than once.",
            "invalid",
            errors=[{"field": name[:100], "message": "comes more than once"} for name in twice],
        )
    return {name: value for name, value in request.args.items() if value}


def _body(needed: bool) -> bytes:
    request.max_content_length = MOST_BYTES
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Problem(413, "The body is larger than 16 kB.") from None
    if raw and request.mimetype != "application/json":
        raise Problem(415, "Send application/json.")
    if raw.strip():
        return raw
    if needed:
        raise Problem(400, "A JSON object is needed as body.", "json")
    return b"{}"


def _checked(validate: Callable[[Any], Any], given: Any) -> Any:
    """Never says what was sent: it may be somebody's data."""
    try:
        return validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        raise Problem(400, "The body is not valid JSON.", "json")
    raise Problem(
        422,
        "The request is understood, but not acceptable.",
        "invalid",
        errors=[
            {"field": ".".join(str(part) for part in fault["loc"])[:100], "message": fault["msg"]}
            for fault in faults[:20]
        ],
    )
