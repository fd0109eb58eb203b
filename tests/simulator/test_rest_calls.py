"""Calls that the hotline starts over REST: how phones take them, what is reported, how they are ended.

Not here: dialling from a call (test_dialling.py).
"""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.conftest import LINE, PUBLIC, RESIDENT, SMS, STAFF, VOICE

EVENTS = ["initiated", "ringing", "answered", "completed"]
WHISPER = "<Gather numDigits='1' action='/city/accept'><Say>A callback. Press 1.</Say></Gather><Say>Later then.</Say>"


@pytest.fixture
def ring(rest, double):
    double.answers["/whisper"] = WHISPER
    double.answers["/accept"] = f"<Dial callerId='{VOICE}' action='/city/after'>{RESIDENT}</Dial>"
    double.answers["/after"] = "<Say>Thank you.</Say>"

    def create(**more):
        wanted = {"to": STAFF, "from_": VOICE, "url": PUBLIC + "/whisper?c=1", "status_callback": PUBLIC + "/progress"}
        return rest.calls.create(**(wanted | more))

    return create


def statuses(double):
    return [form["CallStatus"] for form in double.at("/progress")]


def test_a_call_is_created_before_it_rings(ring, company, staff):
    made = ring()
    assert made.status == "queued"
    assert made.direction == "outbound-api"
    assert staff.ringing == []
    company.settle()
    assert [call.sid for call in staff.ringing] == [made.sid]
    (call,) = company.calls
    assert (call.to, call.from_, call.url) == (STAFF, VOICE, PUBLIC + "/whisper?c=1")
    assert call.params["Url"] == call.url
    assert call.at.tzinfo


def test_an_answered_call_follows_its_url(ring, company, double, staff, rest):
    staff.when_rung = "answer"
    made = ring(status_callback_event=EVENTS)
    company.settle()
    form = double.at("/whisper?c=1")[0]
    assert form["CallStatus"] == "in-progress"
    assert form["Direction"] == "outbound-api"
    assert "AnsweredBy" not in form
    call = staff.calls[-1]
    assert call.heard == "A callback. Press 1."
    call.press("1")
    assert company.phone(RESIDENT).ringing[0].from_ == VOICE
    company.phone(RESIDENT).ringing[0].answer()
    company.phone(RESIDENT).call_now.hang_up()
    assert call.heard == "Thank you."
    assert call.over
    company.settle()
    assert statuses(double) == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in double.at("/progress")] == ["0", "1", "2", "3"]
    assert rest.calls(made.sid).fetch().status == "completed"
    assert len(rest.calls.list(parent_call_sid=made.sid)) == 1


def test_only_the_end_is_reported_unless_more_is_asked(ring, company, double, staff):
    staff.when_rung = "answer"
    ring()
    company.settle()
    staff.calls[-1].silence()
    company.settle()
    assert statuses(double) == ["completed"]


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed"])
def test_a_call_that_is_not_taken_is_reported(ring, company, double, staff, outcome):
    staff.when_rung = outcome
    ring(status_callback_event=["answered", "completed"])
    company.settle()
    assert statuses(double) == [outcome]
    assert double.at("/whisper?c=1") == []


def test_a_person_decides(ring, company, double, staff):
    for act in ("decline", "ignore"):
        ring()
        company.settle()
        getattr(staff.ringing[0], act)()
    ring()
    company.settle()
    staff.ringing[0].answer()
    assert staff.call_now.heard == "A callback. Press 1."
    company.settle()
    assert statuses(double) == ["busy", "no-answer"]


@pytest.mark.parametrize(
    ("behaviour", "detection", "found"),
    [("answer", "Enable", "human"), ("voicemail", "Enable", "machine_start"),
     ("voicemail", "DetectMessageEnd", "machine_end_beep"), ("voicemail", None, None)],
)  # fmt: skip
def test_who_answered_is_told_where_it_was_asked(ring, company, double, staff, behaviour, detection, found):
    staff.when_rung = behaviour
    ring(**({"machine_detection": detection} if detection else {}))
    company.settle()
    assert double.at("/whisper?c=1")[0].get("AnsweredBy") == found


def test_who_answered_can_be_told_later(ring, company, double, staff):
    staff.when_rung = "answer"
    ring(machine_detection="Enable", async_amd="true", async_amd_status_callback=PUBLIC + "/amd")
    company.settle()
    assert "AnsweredBy" not in double.at("/whisper?c=1")[0]
    assert double.at("/amd")[0]["AnsweredBy"] == "human"


def test_a_voicemail_records_what_is_said_and_presses_nothing(ring, company, double, staff):
    staff.when_rung = "voicemail"
    ring()
    company.settle()
    assert staff.voicemails == ["A callback. Press 1. Later then."]
    assert double.at("/accept") == []
    assert staff.calls[-1].over


def test_a_ringing_call_can_be_canceled_and_a_running_one_ended(ring, rest, company, double, staff):
    made = ring()
    company.settle()
    rest.calls(made.sid).update(status="completed")
    assert staff.ringing == []
    assert staff.calls[-1].status == "canceled"
    staff.when_rung = "answer"
    made = ring()
    company.settle()
    assert rest.calls(made.sid).update(status="completed").status == "completed"
    company.settle()
    assert statuses(double) == ["canceled", "completed"]
    assert staff.call_now is None
    with pytest.raises(TwilioRestException):
        rest.calls(made.sid).update(status="completed")


def test_a_call_canceled_while_queued_is_not_reported_as_ringing(ring, rest, company, double, staff):
    made = ring(status_callback_event=EVENTS)
    rest.calls(made.sid).update(status="canceled")
    company.settle()
    assert statuses(double) == []
    assert staff.ringing == []


def test_a_running_call_can_be_led_elsewhere(ring, rest, company, double, staff):
    staff.when_rung = "answer"
    made = ring()
    company.settle()
    double.answers["/new"] = "<Say>Something else.</Say>"
    rest.calls(made.sid).update(url=PUBLIC + "/new")
    company.settle()
    assert staff.calls[-1].heard.endswith("Something else.")


def test_twiml_can_be_given_with_the_call(rest, company, staff):
    staff.when_rung = "answer"
    rest.calls.create(to=STAFF, from_=VOICE, twiml="<Response><Say>Hello there.</Say></Response>")
    company.settle()
    assert staff.calls[-1].heard == "Hello there."


@pytest.mark.parametrize(
    ("change", "code"),
    [({"to": "junk"}, 21217), ({"from_": "+16175550199"}, 21210), ({"from_": SMS}, 21210), ({"url": ""}, 21205),
     ({"url": "notaurl"}, 21205), ({"status_callback": "notaurl"}, 21609)],
)  # fmt: skip
def test_malformed_requests_are_refused(ring, company, change, code):
    with pytest.raises(TwilioRestException) as refusal:
        ring(**change)
    assert refusal.value.code == code
    assert company.calls == []


def test_a_phone_nobody_answers_stops_ringing_by_itself(ring, company, double, staff):
    company.timed = True
    ring(timeout=0.01)
    company.settle()
    call = staff.calls[-1]
    assert call.await_end(5)
    assert call.status == "no-answer"
    assert call.ring_seconds == 0.01
    assert LINE not in company.handsets


def test_without_manual_everything_happens_on_threads(ring, company, double, staff):
    company.manual = False
    staff.when_rung = "voicemail"
    ring(status_callback_event=EVENTS)
    company.settle()
    assert sorted(statuses(double)) == ["completed", "in-progress", "initiated", "ringing"]


def test_what_goes_wrong_on_a_thread_is_raised_by_settle(company):
    company.manual = False
    company.backlog.later(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        company.settle()
