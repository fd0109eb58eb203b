"""A person calls the hotline: TwiML is followed as Twilio follows it.

Not here: dialling other numbers (test_dialling.py).
"""

import pytest

from tests.simulator.conftest import ACCOUNT, RESIDENT, VOICE

MENU = (
    "<Gather numDigits='1' action='/city/voice/menu?step=1' input='dtmf speech' timeout='6' language='es-US' "
    "hints='callback,help' actionOnEmptyResult='{empty}'><Say language='es-US'>Press 1 for a call.</Say>"
    "<Pause length='2'/></Gather><Say>Goodbye then.</Say>"
)


@pytest.fixture
def menu(double):
    double.answers["/voice"] = MENU.format(empty="false")
    double.answers["/voice/menu"] = "<Say>Thank you.</Say><Hangup/>"


def test_a_call_is_posted_with_everything_twilio_sends(double, resident):
    resident.call()
    form = double.at("/voice")[0]
    assert form["From"] == form["Caller"] == RESIDENT
    assert form["To"] == form["Called"] == VOICE
    assert form["CallSid"].startswith("CA")
    assert form["AccountSid"] == ACCOUNT
    assert form["CallStatus"] == "ringing"
    assert form["Direction"] == "inbound"
    assert form["StirVerstat"]
    expected = {"ApiVersion", "CallToken"}
    expected |= {side + part for side in ("From", "Caller") for part in ("City", "State", "Zip", "Country")}
    assert expected <= form.keys()


def test_what_is_said_is_heard_and_timed(menu, resident):
    call = resident.call()
    assert call.heard == "Press 1 for a call."
    assert call.transcript == [("hotline", "Press 1 for a call.")]
    assert call.lines[0].language == "es-US"
    assert call.seconds == pytest.approx(5 / 2.6 + 2)
    assert not call.over
    assert call.asks.num_digits == 1
    assert call.asks.hints == "callback,help"


def test_a_key_is_posted_to_the_action(menu, double, resident):
    call = resident.call()
    assert call.press("1") == "Thank you."
    form = double.at("/voice/menu?step=1")[0]
    assert form["Digits"] == "1"
    assert form["CallSid"] == call.sid
    assert form["CallStatus"] == "in-progress"
    assert call.over
    assert call.status == "completed"
    assert call.transcript == [("hotline", "Press 1 for a call."), ("me", "[1]"), ("hotline", "Thank you.")]


def test_words_are_posted_with_their_confidence(menu, double, resident):
    resident.call().say("a call please", confidence=0.42)
    form = double.at("/voice/menu?step=1")[0]
    assert form["SpeechResult"] == "a call please"
    assert form["Confidence"] == "0.42"
    assert "Digits" not in form
    resident.call().say("a call please", confidence=None)
    assert "Confidence" not in double.at("/voice/menu?step=1")[1]


def test_silence_falls_through_to_the_next_verb(menu, double, resident):
    call = resident.call()
    before = call.seconds
    assert call.silence() == "Goodbye then."
    assert call.over
    assert call.seconds == pytest.approx(before + 6 + 2 / 2.6)
    assert double.at("/voice/menu?step=1") == []


def test_silence_is_posted_where_empty_results_are_wanted(double, resident):
    double.answers["/voice"] = MENU.format(empty="true")
    double.answers["/voice/menu"] = lambda form: f"<Say>[{form['Digits']}]</Say>"
    assert resident.call().silence() == "[]"


def test_keys_end_at_the_finish_key(double, resident):
    double.answers["/voice"] = "<Gather action='/city/n'><Say>Your number?</Say></Gather><Say>nothing</Say>"
    double.answers["/n"] = lambda form: f"<Say>{form['Digits']} {form['FinishedOnKey']}</Say>"
    assert resident.call().press("6175550107#99") == "6175550107 #"
    assert resident.call().press("6175550107") == "6175550107"
    assert resident.call().press("#") == "nothing"


def test_keys_can_be_pressed_one_at_a_time(double, resident):
    double.answers["/voice"] = "<Gather action='/city/n' numDigits='3'/>"
    double.answers["/n"] = lambda form: f"<Say>got {form['Digits']}</Say>"
    call = resident.call()
    call.press("1", wait=False)
    call.press("2", wait=False)
    assert not call.over
    assert call.keyed == "12"
    assert call.press("3", wait=False) == "got 123"
    other = resident.call()
    other.press("9", wait=False)
    assert other.silence() == "got 9"


def test_no_finish_key_takes_every_key(double, resident):
    double.answers["/voice"] = "<Gather action='/city/n' finishOnKey='' numDigits='2'/>"
    double.answers["/n"] = lambda form: f"<Say>got {form['Digits']}</Say>"
    assert resident.call().press("1#") == "got 1#"


def test_input_that_is_not_asked_for_is_lost(double, resident):
    double.answers["/voice"] = "<Gather input='speech' action='/city/n'/>"
    call = resident.call()
    call.press("1")
    assert call.asks
    assert double.at("/n") == []
    double.answers["/voice"] = "<Gather action='/city/n'/>"
    call = resident.call()
    call.say("hello")
    assert call.asks
    assert double.at("/n") == []


def test_an_action_is_relative_to_its_document(double, resident):
    double.answers["/voice"] = "<Redirect>voice/deep/one</Redirect>"
    double.answers["/voice/deep/one"] = "<Gather numDigits='1' action='two?x=a%20b'/>"
    double.answers["/voice/deep/two"] = "<Say>here</Say>"
    assert resident.call().press("5") == "here"
    assert double.seen[-1][0] == "/voice/deep/two?x=a%20b"


def test_without_an_action_the_same_document_is_asked(double, resident):
    double.answers["/voice"] = lambda form: f"<Say>{form.get('Digits', 'none')}</Say><Gather numDigits='1'/>"
    assert resident.call().press("4") == "4"


def test_a_fragment_is_not_sent(double, resident):
    double.answers["/voice"] = "<Gather numDigits='1' action='/city/n?a=1#rc=2'/>"
    double.answers["/n"] = "<Say>ok</Say>"
    assert resident.call().press("4") == "ok"


def test_play_pause_loop_and_breaks_take_their_time(double, resident):
    double.answers["/voice"] = (
        "<Play>/city/audio/ht.wav</Play><Pause/><Say loop='2'>one two <break time='500ms'/></Say>"
        "<Say>你好你好</Say><Gather/>"
    )
    call = resident.call()
    assert call.heard.startswith("(plays https://hotline.example.org/city/audio/ht.wav) one two one two")
    assert call.seconds == pytest.approx(3 + 1 + 2 * (2 / 2.6 + 0.5) + 1)


def test_hanging_up_is_reported_as_completed(menu, double, resident, company):
    call = resident.call()
    call.hang_up()
    call.hang_up()
    company.settle()
    (form,) = double.at("/voice/status")
    assert form["CallStatus"] == "completed"
    assert form["CallSid"] == call.sid
    assert {"CallDuration", "Timestamp", "SequenceNumber", "CallbackSource"} <= form.keys()
    assert call.press("1") == call.heard
    assert double.at("/voice/menu?step=1") == []


def test_the_end_of_the_twiml_ends_the_call(double, resident, company):
    double.answers["/voice"] = "<Say>Bye</Say>"
    assert resident.call().over
    company.settle()
    assert double.at("/voice/status")[0]["CallStatus"] == "completed"


@pytest.mark.parametrize(("verb", "status"), [("<Reject/>", "no-answer"), ("<Reject reason='busy'/>", "busy")])
def test_a_rejected_call_is_never_answered(double, resident, company, verb, status):
    double.answers["/voice"] = verb + "<Say>never</Say>"
    call = resident.call()
    company.settle()
    assert call.status == status
    assert call.heard == ""
    assert call.duration_seconds == 0


@pytest.mark.parametrize(("answer", "code"), [(500, "11200"), ("<Response><Say>", "12100"), (403, "11200")])
def test_a_fault_is_heard_as_an_application_error(double, resident, company, answer, code):
    double.answers["/voice"] = answer
    call = resident.call()
    assert "application error" in call.heard
    assert call.over
    assert company.debugger[0].startswith(code)


def test_a_loop_is_noticed(double, resident, company):
    double.answers["/voice"] = "<Redirect>/city/voice</Redirect>"
    assert resident.call().over
    assert "12400" in company.debugger[0]
    assert len(double.at("/voice")) == 30


def test_another_server_is_not_called(double, resident, company):
    double.answers["/voice"] = "<Redirect>https://elsewhere.example/x</Redirect>"
    assert resident.call().over
    assert "elsewhere" in company.debugger[0]


def test_a_withheld_number_has_no_place(double, company):
    company.phone("anonymous").call()
    form = double.at("/voice")[0]
    assert form["From"] == "anonymous"
    assert form["FromCity"] == ""
    assert "StirVerstat" not in form


def test_parameters_can_be_added_and_left_out_for_a_whole_call(menu, double, resident):
    resident.call(ForwardedFrom="+16175550109", CallerCity=None).press("1")
    for form in (double.at("/voice")[0], double.at("/voice/menu?step=1")[0]):
        assert form["ForwardedFrom"] == "+16175550109"
        assert "CallerCity" not in form


def test_a_step_can_be_delivered_again(menu, double, resident, company):
    resident.call().press("1")
    step = company.webhooks.log[-1]
    assert company.post(step.path, step.params) == (step.status, step.body)


def test_verbs_that_are_not_followed_are_named(double, resident, company):
    double.answers["/voice"] = "<Record/><Gather><Dial>+16175550125</Dial></Gather>"
    resident.call()
    assert ["Record" in line or "Dial" in line for line in company.debugger] == [True, True]
