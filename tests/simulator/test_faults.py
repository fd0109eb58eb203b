"""Faults of the REST API on request, as a client sees them over a real socket.

Not here: numbers that can't be reached (test_rest_messages.py).
"""

import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from bot.simulator.webhooks import over_http
from tests.simulator.conftest import ACCOUNT, PUBLIC, SMS, STAFF, TOKEN, VOICE


def send(rest):
    return rest.messages.create(to=STAFF, from_=SMS, body="x")


@pytest.mark.parametrize(("kind", "status", "code"), [("429", 429, 20429), ("500", 500, 20500), ("20003", 401, 20003)])
def test_an_error_answers_as_twilio_does_and_does_nothing(rest, company, kind, status, code):
    company.fail_next(kind, times=2)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refusal:
            send(rest)
        assert (refusal.value.status, refusal.value.code) == (status, code)
    assert company.messages == []
    assert [r.fault for r in company.requests] == [kind, kind]
    assert send(rest).sid
    assert company.faults == []


def test_accepted_then_cut_sends_the_text_but_not_the_answer(rest, company, staff):
    company.fail_next("accepted_then_cut")
    assert rest.messages.list(to=STAFF) == []
    with pytest.raises(requests.ConnectionError):
        send(rest)
    assert len(company.messages) == len(staff.inbox) == 1
    assert company.requests[-1].status == 0
    assert [m.sid for m in rest.messages.list(to=STAFF)] == [company.messages[0].sid]


def test_a_hang_drops_the_request(rest, company):
    company.hang_seconds = 0.05
    company.fail_next("hang")
    with pytest.raises(requests.ConnectionError):
        send(rest)
    assert company.messages == []


def test_a_hang_outlasts_the_clients_patience(rest, company):
    rest.http_client.timeout = 0.1
    company.fail_next("hang")
    with pytest.raises(requests.ReadTimeout):
        send(rest)
    assert company.messages == []


def test_slow_answers_late_but_rightly(rest, company):
    company.slow_seconds = 0.15
    company.fail_next("slow")
    began = time.monotonic()
    assert send(rest).sid
    assert time.monotonic() - began >= 0.15


def test_a_fault_can_be_kept_for_some_requests(rest, company):
    company.fail_next("500", path="Calls")
    assert send(rest).sid
    with pytest.raises(TwilioRestException):
        rest.calls.create(to=STAFF, from_=VOICE, url=PUBLIC + "/x")
    company.fail_next("500", method="GET")
    assert send(rest).sid
    assert company.faults == [("500", 1)]
    company.heal()
    assert rest.messages.list(to=STAFF)


def test_unknown_faults_are_refused(company):
    with pytest.raises(ValueError, match="a fault is one of"):
        company.fail_next("earthquake")


def test_requests_are_kept_in_order(rest, company):
    send(rest)
    assert [(r.method, r.path, r.status) for r in company.requests] == [
        ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", 201)
    ]
    assert company.requests[0].params["Body"] == "x"
    assert TOKEN not in repr(company.requests)


def test_without_a_server_a_cut_is_a_bare_500(company):
    company.fail_next("accepted_then_cut")
    answer = (
        company.rest_app()
        .test_client()
        .post(
            f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            data={"To": STAFF, "From": SMS, "Body": "x"},
            auth=(ACCOUNT, TOKEN),
        )
    )
    assert answer.status_code == 500
    assert answer.data == b""
    assert len(company.messages) == 1


def test_webhooks_go_over_http_and_a_dead_server_is_no_answer(company, double):
    double.answers["/sms"] = "<Message>over the wire</Message>"
    deliver = over_http(company.serve(app=double.app) + "/city")
    headers = {"X-Twilio-Signature": company.webhooks.signature("/sms", {"Body": "x", "Many": ["b", "a"]})}
    status, body = deliver("/sms", {"Body": "x", "Many": ["b", "a"]}, headers)
    assert status == 200
    assert "over the wire" in body
    assert over_http("http://127.0.0.1:9")("/sms", {}, {}) == (0, "")
