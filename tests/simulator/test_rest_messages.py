"""Messages over REST, through twilio-python: accepted, refused, listed, redacted, deleted, scheduled.

Not here: faults of the connection (test_faults.py).
"""

from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.conftest import ACCOUNT, PUBLIC, RESIDENT, SMS, STAFF

CALLBACK = PUBLIC + "/sms/status?m=9"
SERVICE = "MG" + "7" * 32


def test_a_message_arrives_and_is_reported(rest, company, double, staff):
    made = rest.messages.create(to=STAFF, from_=SMS, body="A callback waits.", status_callback=CALLBACK)
    assert made.status == "queued"
    assert made.date_created.tzinfo
    assert made.from_ == SMS
    assert made.num_segments == "1"
    assert [text.body for text in staff.inbox] == ["A callback waits."]
    (message,) = company.messages
    assert (message.sid, message.to, message.from_, message.body) == (made.sid, STAFF, SMS, "A callback waits.")
    assert message.params["StatusCallback"] == CALLBACK
    company.settle()
    assert [form["MessageStatus"] for form in double.at("/sms/status?m=9")] == ["sent", "delivered"]
    assert rest.messages(made.sid).fetch().status == "delivered"


@pytest.mark.parametrize("code", [21610, 21614])
def test_a_number_can_refuse_at_once(rest, company, staff, code):
    staff.text_error = code
    with pytest.raises(TwilioRestException) as refusal:
        rest.messages.create(to=STAFF, from_=SMS, body="x")
    assert (refusal.value.status, refusal.value.code) == (400, code)
    assert company.messages == []
    assert company.requests[-1].status == 400


@pytest.mark.parametrize("code", [30003, 30004, 30005, 30006, 30007, 30008])
def test_a_text_can_vanish_on_the_way(rest, company, double, staff, code):
    staff.text_error = code
    made = rest.messages.create(to=STAFF, from_=SMS, body="x", status_callback=CALLBACK)
    company.settle()
    report = double.at("/sms/status?m=9")[-1]
    assert report["MessageStatus"] == "undelivered"
    assert report["ErrorCode"] == str(code)
    assert staff.inbox == []
    assert rest.messages(made.sid).fetch().error_code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [({"to": ""}, 21604), ({"to": "12345"}, 21265), ({"to": "hello"}, 21211), ({"from_": "+16175550199"}, 21606),
     ({"from_": ""}, 21603), ({"body": ""}, 21602), ({"body": "x" * 1601}, 21617),
     ({"status_callback": "notaurl"}, 21609), ({"status_callback": "https://under_score.example/x"}, 21609)],
)  # fmt: skip
def test_malformed_requests_are_refused(rest, company, change, code):
    with pytest.raises(TwilioRestException) as refusal:
        rest.messages.create(**({"to": STAFF, "from_": SMS, "body": "x"} | change))
    assert refusal.value.code == code
    assert company.messages == []


def test_messages_are_listed_newest_first_in_pages(rest, resident, double):
    double.answers["/sms"] = "<Message>a reply</Message>"
    resident.text("hello")
    for number in range(3):
        rest.messages.create(to=RESIDENT, from_=SMS, body=str(number))
    rest.messages.create(to=STAFF, from_=SMS, body="other")
    found = rest.messages.list(to=RESIDENT, page_size=2)
    assert [message.body for message in found] == ["2", "1", "0", "a reply"]
    assert [message.body for message in rest.messages.list(from_=RESIDENT)] == ["hello"]


def test_messages_are_listed_by_time(rest):
    rest.messages.create(to=STAFF, from_=SMS, body="x")
    now = datetime.now(UTC)
    assert len(rest.messages.list(to=STAFF, date_sent_after=now - timedelta(minutes=1))) == 1
    assert rest.messages.list(to=STAFF, date_sent_after=now + timedelta(minutes=1)) == []
    assert rest.messages.list(to=STAFF, date_sent_before=now - timedelta(minutes=1)) == []


def test_messages_are_redacted_inbound_ones_too(rest, company, resident):
    resident.text("my secret")
    made = rest.messages.create(to=RESIDENT, from_=SMS, body="the answer")
    for message in (company.received[0], company.messages[0]):
        assert rest.messages(message.sid).update(body="").body == ""
        assert message.body == ""
        assert message.redacted
    assert rest.messages(made.sid).fetch().body == ""
    assert resident.inbox[0].body == "the answer"
    with pytest.raises(TwilioRestException):
        rest.messages(made.sid).update(body="something else")


def test_messages_are_deleted(rest, company):
    made = rest.messages.create(to=RESIDENT, from_=SMS, body="x")
    assert rest.messages(made.sid).delete()
    for again in (rest.messages(made.sid).delete, rest.messages(made.sid).fetch):
        with pytest.raises(TwilioRestException) as missing:
            again()
        assert missing.value.code == 20404
    assert company.messages[0].redacted


def _schedule(rest, minutes, **more):
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    wanted = {"messaging_service_sid": SERVICE, "schedule_type": "fixed", "send_at": moment} | more
    return rest.messages.create(to=STAFF, body="later", status_callback=CALLBACK, **wanted), moment


def test_a_scheduled_message_goes_when_its_time_comes(rest, company, staff):
    made, moment = _schedule(rest, 30)
    assert made.status == "scheduled"
    assert made.from_ is None
    assert staff.inbox == []
    assert company.release_scheduled() == []
    assert [m.sid for m in company.release_scheduled(moment)] == [made.sid]
    assert staff.inbox[0].body == "later"
    assert staff.inbox[0].sender == SMS
    company.settle()
    assert rest.messages(made.sid).fetch().status == "delivered"


def test_a_scheduled_message_can_be_canceled(rest, company, double, staff):
    made, moment = _schedule(rest, 30)
    assert rest.messages(made.sid).update(status="canceled").status == "canceled"
    company.settle()
    assert double.at("/sms/status?m=9")[0]["MessageStatus"] == "canceled"
    assert company.release_scheduled(moment) == []
    assert staff.inbox == []
    with pytest.raises(TwilioRestException):
        rest.messages(made.sid).update(status="canceled")


@pytest.mark.parametrize(
    ("minutes", "more", "code"),
    [(5, {}, 35114), (36 * 24 * 60, {}, 35114), (30, {"messaging_service_sid": "", "from_": SMS}, 35118)],
)
def test_schedules_have_their_limits(rest, minutes, more, code):
    with pytest.raises(TwilioRestException) as refusal:
        _schedule(rest, minutes, **more)
    assert refusal.value.code == code


def test_wrong_credentials_are_refused(rest, company):
    for user, word in ((ACCOUNT, "wrong"), ("AC" + "6" * 32, "wrong")):
        stranger = Client(user, word, http_client=rest.http_client)
        stranger.api.base_url = rest.api.base_url
        with pytest.raises(TwilioRestException) as refusal:
            stranger.messages.create(to=STAFF, from_=SMS, body="x")
        assert (refusal.value.status, refusal.value.code) == (401, 20003)
    assert company.messages == []


def test_the_account_and_its_numbers_can_be_read(rest):
    assert rest.api.accounts(ACCOUNT).fetch().status == "active"
    assert [row.sms_url for row in rest.incoming_phone_numbers.list()] == [PUBLIC + "/sms"]
