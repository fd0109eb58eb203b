"""The REST API of the phone company: who may ask, which faults it shows, and the routes.

Not here: what a request creates or changes (resources.py), how it is written as JSON (answers.py).
"""

from __future__ import annotations

import contextlib
import hmac
import socket
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, request

from bot.simulator import resources
from bot.simulator.answers import ApiError, error_body, written
from bot.simulator.records import RestRequest, flat

if TYPE_CHECKING:
    from bot.simulator.company import Company

ROOT = "/2010-04-01/Accounts/<account>"
FAULT_ANSWERS = {
    "429": ApiError(429, 20429, "Too Many Requests"),
    "500": ApiError(500, 20500, "An internal server error has occurred"),
    "20003": ApiError(401, 20003, "Authenticate"),
}


def create_rest(company: Company) -> Blueprint:
    """The API as a blueprint: Messages, Calls, IncomingPhoneNumbers and the account itself."""
    api = Blueprint("rest", __name__)

    @api.before_request
    def admit() -> None:
        """Log the request, show a fault that was ordered, check the credentials."""
        g.rest = RestRequest(company.clock(), request.method, request.path, flat(request.values))
        company.requests.append(g.rest)
        g.rest.fault = fault = company.take_fault(request.method, request.path)
        if fault == "hang":
            company.closing.wait(company.hang_seconds)
            raise _CutError
        if fault == "slow":
            company.closing.wait(company.slow_seconds)
        if fault in FAULT_ANSWERS:
            raise FAULT_ANSWERS[fault]
        if not _is_ours(company):
            raise FAULT_ANSWERS["20003"]

    @api.after_request
    def finish(response: Response) -> Response:
        """Note the outcome; cut the connection where that was ordered."""
        response.headers["Twilio-Concurrent-Requests"] = "1"
        g.rest.status = response.status_code
        if g.rest.fault == "accepted_then_cut":
            return _cut()
        return response

    api.register_error_handler(_CutError, lambda _: _cut())
    api.register_error_handler(ApiError, lambda error: written(error_body(error), error.status))

    @api.get(ROOT + ".json")
    def account(account: str) -> Response:
        return written(resources.account(company))

    @api.get(ROOT + "/IncomingPhoneNumbers.json")
    def numbers(account: str) -> Response:
        return written(resources.numbers(company))

    @api.route(ROOT + "/Messages.json", methods=["GET", "POST"])
    def messages(account: str) -> Response:
        if request.method == "POST":
            return written(resources.create_message(company, flat(request.form)), 201)
        return written(resources.list_messages(company, _query(), request.path))

    @api.route(ROOT + "/Messages/<sid>.json", methods=["GET", "POST", "DELETE"])
    def message(account: str, sid: str) -> Response:
        if request.method == "DELETE":
            return _deleted(company.forget(sid))
        if request.method == "POST":
            return written(resources.update_message(company, sid, flat(request.form)))
        return written(resources.fetch_message(company, sid))

    @api.route(ROOT + "/Calls.json", methods=["GET", "POST"])
    def calls(account: str) -> Response:
        if request.method == "POST":
            return written(resources.create_call(company, flat(request.form)), 201)
        return written(resources.list_calls(company, _query(), request.path))

    @api.route(ROOT + "/Calls/<sid>.json", methods=["GET", "POST"])
    def call(account: str, sid: str) -> Response:
        if request.method == "POST":
            return written(resources.update_call(company, sid, flat(request.form)))
        return written(resources.fetch_call(company, sid))

    return api


class _CutError(Exception):
    """Drop the connection without an answer."""


def _query() -> dict[str, str]:
    return request.args.to_dict()


def _is_ours(company: Company) -> bool:
    """Whether the basic authorisation is this account's, and the path is too."""
    given = request.authorization
    account = (request.view_args or {}).get("account", company.account_sid)
    if given is None or given.type != "basic" or account != company.account_sid:
        return False
    right = hmac.compare_digest((given.password or "").encode(), company.auth_token.encode())
    return given.username == company.account_sid and right


def _deleted(existed: bool) -> Response:
    if not existed:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return Response(status=204)


def _cut() -> Response:
    """Close the socket under the answer; where there is none to close (a test client) it becomes a bare 500."""
    g.rest.status = 0
    connection: Any = request.environ.get("werkzeug.socket")
    if connection is not None:
        with contextlib.suppress(OSError):  # the client has gone already, which is what we wanted
            connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)
