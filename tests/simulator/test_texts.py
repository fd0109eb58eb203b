"""A person texts the hotline: what is posted, what comes back, what is reported.

Not here: messages over REST (test_rest_messages.py).
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulator.conftest import ACCOUNT, RESIDENT, SMS


def test_a_text_is_posted_with_everything_twilio_sends(double, resident):
    double.answers["/sms"] = "<Message>Hello. You can ask for a call.</Message>"
    assert resident.text("hi there") == ["Hello. You can ask for a call."]
    form = double.at("/sms")[0]
    assert form["From"] == RESIDENT
    assert form["To"] == SMS
    assert form["Body"] == "hi there"
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert form["MessageSid"].startswith("SM")
    expected = {"AccountSid", "NumMedia", "NumSegments", "ApiVersion", "SmsStatus"}
    expected |= {side + part for side in ("From", "To") for part in ("City", "State", "Zip", "Country")}
    assert expected <= form.keys()
    assert form["AccountSid"] == ACCOUNT
    assert form["FromState"] == "MA"


def test_the_answer_arrives_on_the_handset(double, resident, company):
    double.answers["/sms"] = "<Message><Body>One</Body></Message><Message>Two</Message>"
    resident.text("1")
    assert [(text.sender, text.body) for text in resident.inbox] == [(SMS, "One"), (SMS, "Two")]
    assert resident.outbox[0].body == "1"
    assert resident.inbox[0].at.tzinfo is not None
    assert [m.body for m in company.replies] == ["One", "Two"]
    assert company.messages == []


def test_no_answer_is_no_text(double, resident, company):
    assert resident.text("stop") == []
    assert resident.inbox == []
    double.answers["/sms"] = 204
    assert resident.text("stop") == []
    assert not company.debugger


def test_an_answer_for_somebody_else_goes_to_their_handset(double, resident, staff):
    double.answers["/sms"] = f"<Message to='{staff.number}'>please call</Message>"
    assert resident.text("call me") == []
    assert [text.body for text in staff.inbox] == ["please call"]


def test_a_repeated_text_is_answered_but_nothing_new_arrives(double, resident):
    double.answers["/sms"] = "<Message>Yes</Message>"
    resident.text("call me", sid="SM" + "1" * 32)
    assert resident.text("call me", sid="SM" + "1" * 32) == ["Yes"]
    assert len(resident.inbox) == len(resident.outbox) == 1
    assert [form["MessageSid"] for form in double.at("/sms")] == ["SM" + "1" * 32] * 2


def test_the_same_text_at_the_same_moment_arrives_once(double, resident):
    double.answers["/sms"] = "<Message>Yes</Message>"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: resident.text("call me", sid="SM" + "2" * 32), range(8)))
    assert answers == [["Yes"]] * 8
    assert len(resident.inbox) == 1


def test_parameters_can_be_added_and_left_out(double, resident):
    resident.text("", NumMedia="1", MediaUrl0="https://example.org/a.jpg", MessageSid=None)
    form = double.at("/sms")[0]
    assert form["NumMedia"] == "1"
    assert "MessageSid" not in form
    assert form["SmsSid"].startswith("MM")


def test_a_parameter_can_be_given_twice(double, resident):
    resident.text("x", Extra=["b", "a"])
    assert double.at("/sms")[0]["Extra"] == "b"


def test_a_redirect_is_followed(double, resident):
    double.answers["/sms"] = "<Redirect>/city/more?step=2</Redirect><Message>never</Message>"
    double.answers["/more"] = "<Message>From the second page</Message>"
    assert resident.text("x") == ["From the second page"]
    assert double.seen[1][0] == "/more?step=2"


@pytest.mark.parametrize(
    ("answer", "code"),
    [(500, "11200"), ("<Response><Message>", "12100"), ("<Say>hi</Say>", "12200"), ("<Message/>", "14103"),
     (f"<Message>{'x' * 1601}</Message>", "21617"), (f"<Message>{'x' * 64_000}</Message>", "11750")],
)  # fmt: skip
def test_an_answer_that_twilio_would_not_follow_is_a_complaint(double, resident, company, answer, code):
    double.answers["/sms"] = answer
    assert resident.text("x") == []
    assert [line[:5] for line in company.debugger] == [code]


@pytest.mark.parametrize("attribute", ["action", "statusCallback"])
def test_delivery_is_reported_in_order(double, resident, company, attribute):
    double.answers["/sms"] = f"<Message {attribute}='/city/sms/status?m=7'>Hello</Message>"
    resident.text("x")
    assert double.at("/sms/status?m=7") == []
    company.settle()
    reports = double.at("/sms/status?m=7")
    assert [form["MessageStatus"] for form in reports] == ["sent", "delivered"]
    assert reports[0]["MessageSid"] == company.replies[0].sid
    assert reports[0]["To"] == RESIDENT
    assert "ErrorCode" not in reports[1]
    assert company.replies[0].status == "delivered"


@pytest.mark.parametrize(
    ("code", "statuses"), [(30003, ["sent", "undelivered"]), (30008, ["sent", "undelivered"]), (21610, ["failed"])]
)
def test_a_reply_that_cannot_be_delivered_is_reported(double, resident, company, code, statuses):
    resident.text_error = code
    double.answers["/sms"] = "<Message action='/city/sms/status'>Hello</Message>"
    resident.text("x")
    company.settle()
    reports = double.at("/sms/status")
    assert [form["MessageStatus"] for form in reports] == statuses
    assert [form.get("ErrorCode") for form in reports] == [None] * (len(statuses) - 1) + [str(code)]
    assert resident.inbox == []


def test_a_refused_status_callback_is_a_complaint(double, resident, company):
    double.answers |= {"/sms": "<Message action='/city/sms/status'>Hi</Message>", "/sms/status": 500}
    resident.text("x")
    company.settle()
    assert len(company.debugger) == 2


def test_raw_posts_choose_their_signature(double, company):
    double.answers["/sms"] = "<Message>in</Message>"
    assert company.post("/sms", {"Body": "x"})[0] == 200
    assert company.post("/sms", {"Body": "x"}, signature=False)[0] == 403
    assert company.post("/sms", {"Body": "x"}, signature="")[0] == 403
    assert company.post("/sms", {"Body": "x"}, signature="AAAA")[0] == 403
    assert company.post("/sms?a=%C3%A9&b=", {"Body": "x"}, X_Forwarded_Host="evil.example")[0] == 200
    assert company.webhooks.log[-1].headers["X-Forwarded-Host"] == "evil.example"
