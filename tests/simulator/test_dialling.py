"""A call dials another number: who rings, the whisper, the bridge, and what the Dial's action hears.

Not here: calls that the hotline starts over REST (test_rest_calls.py).
"""

import pytest

from tests.simulator.conftest import LINE, RESIDENT, STAFF, VOICE

DIAL = (
    f"<Say>One moment.</Say><Dial action='/city/dialled' callerId='{VOICE}' timeout='20' timeLimit='600'>{{0}}</Dial>"
)
NUMBER = f"<Number>{LINE}</Number>"
SCREENED = f"<Number url='/city/whisper?c=1'>{STAFF}</Number>"


@pytest.fixture
def dial(double):
    double.answers["/voice"] = DIAL.format(NUMBER)
    double.answers["/dialled"] = lambda form: f"<Say>It was {form['DialCallStatus']}.</Say>"


@pytest.fixture
def screened(double):
    double.answers["/voice"] = DIAL.format(SCREENED)
    double.answers["/dialled"] = lambda form: f"<Say>It was {form['DialCallStatus']}.</Say>"
    double.answers["/whisper"] = "<Gather numDigits='1' action='/city/accept'><Say>Press 1.</Say></Gather><Hangup/>"
    double.answers["/accept"] = "<Say>Connecting.</Say>"


def test_a_dial_waits_for_its_end(dial, resident):
    call = resident.call()
    assert call.heard == "One moment."
    assert not call.over
    assert call.asks is None
    (made,) = call.dialled
    assert (made.number, made.caller_id, made.timeout, made.time_limit) == (LINE, VOICE, 20, 600)
    assert made.status == "ringing"
    assert call.silence() == "One moment."


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "completed"])
def test_how_it_ended_is_posted_to_the_action(dial, double, resident, status):
    call = resident.call()
    assert call.dial_ends(status, seconds=63) == f"It was {status}."
    (form,) = double.at("/dialled")
    assert form["DialCallStatus"] == status
    assert form["DialCallSid"] == call.dialled[0].sid
    assert form.get("DialCallDuration") == ("63" if status == "completed" else None)
    assert form["DialBridged"] == ("true" if status == "completed" else "false")
    assert call.dialled[0].status == status
    assert call.over


def test_only_a_pending_dial_can_end(dial, resident):
    call = resident.call()
    with pytest.raises(ValueError, match="a dial ends as"):
        call.dial_ends("perhaps")
    call.dial_ends("busy")
    with pytest.raises(RuntimeError):
        call.dial_ends("busy")


def test_without_an_action_the_next_verb_runs(double, resident):
    double.answers["/voice"] = f"<Dial>{LINE}</Dial><Say>Still here.</Say>"
    call = resident.call()
    assert call.dialled[0].caller_id == RESIDENT
    assert call.dial_ends("completed") == "Still here."
    assert call.over


def test_a_handset_that_answers_is_bridged(dial, company, resident):
    company.phone(LINE).when_rung = "answer"
    call = resident.call()
    leg = company.phone(LINE).calls[-1]
    assert call.other is leg
    assert leg.other is call
    assert leg.direction == "outbound-dial"
    assert ("line", f"connected to {LINE}") in call.transcript
    assert ("line", f"connected to {RESIDENT}") in leg.transcript
    call.say("is anybody there")
    leg.say("yes, I am here")
    assert leg.heard == "is anybody there"
    assert call.heard.endswith("yes, I am here")


def test_the_far_end_hangs_up(dial, double, company, resident):
    company.phone(LINE).when_rung = "answer"
    call = resident.call()
    company.phone(LINE).calls[-1].hang_up()
    assert call.heard == "It was completed."
    assert call.over
    assert double.at("/dialled")[0]["DialBridged"] == "true"


def test_the_caller_hangs_up(dial, double, company, resident):
    company.phone(LINE).when_rung = "answer"
    call = resident.call()
    call.hang_up()
    company.settle()
    assert company.phone(LINE).calls[-1].status == "completed"
    assert double.at("/dialled")[0]["CallStatus"] == "completed"
    assert "It was" not in call.heard


def test_a_caller_who_gives_up_cancels_the_ringing(dial, double, company, resident):
    call = resident.call()
    call.hang_up()
    company.settle()
    assert call.dialled[0].status == "canceled"
    assert double.at("/dialled")[0]["DialCallStatus"] == "canceled"


@pytest.mark.parametrize("behaviour", ["busy", "no-answer", "failed"])
def test_a_handset_can_refuse_by_itself(dial, company, resident, behaviour):
    company.phone(LINE).when_rung = behaviour
    assert resident.call().heard == f"It was {behaviour}."


def test_a_person_can_answer_decline_or_ignore(dial, company, resident):
    line = company.phone(LINE)
    call = resident.call()
    line.ringing[0].decline()
    assert call.heard == "It was busy."
    call = resident.call()
    line.ringing[0].ignore()
    assert call.heard == "It was no-answer."
    call = resident.call()
    line.ringing[0].answer()
    assert call.other is line.call_now
    assert line.ringing == []


def test_a_second_call_finds_the_handset_busy(dial, company, resident):
    company.phone(LINE).when_rung = "answer"
    resident.call()
    assert company.phone("+16175550108").call().heard == "It was busy."


def test_the_whisper_comes_before_the_bridge(screened, double, resident, staff):
    staff.when_rung = "answer"
    call = resident.call()
    leg = staff.calls[-1]
    assert leg.heard == "Press 1."
    assert call.other is None
    form = double.at("/whisper?c=1")[0]
    assert form["ParentCallSid"] == call.sid
    assert form["CallSid"] == leg.sid
    assert form["To"] == STAFF
    assert form["From"] == VOICE
    assert form["Direction"] == "outbound-dial"
    leg.press("1")
    assert call.other is leg
    assert double.at("/accept")[0]["Digits"] == "1"


def test_a_whisper_that_is_not_accepted_is_not_bridged(screened, double, resident, staff):
    staff.when_rung = "answer"
    call = resident.call()
    staff.calls[-1].silence()
    assert call.heard == "It was completed."
    assert double.at("/dialled")[0]["DialBridged"] == "false"


def test_a_voicemail_does_not_press_keys(screened, double, resident, staff):
    staff.when_rung = "voicemail"
    call = resident.call()
    assert call.heard == "It was completed."
    assert double.at("/dialled")[0]["DialBridged"] == "false"
    assert staff.voicemails == ["Press 1."]


def test_an_unscreened_voicemail_is_bridged(dial, company, resident):
    company.phone(LINE).when_rung = "voicemail"
    call = resident.call()
    assert "voicemail" in call.heard
    assert not call.over
    assert call.dial_ends("completed", seconds=9) == "It was completed."


def test_the_first_of_several_to_answer_wins(double, resident, staff, company):
    double.answers["/voice"] = DIAL.format(f"<Number>{STAFF}</Number>{NUMBER}")
    call = resident.call()
    staff.ringing[0].decline()
    assert not call.over
    assert call.dialling
    company.phone(LINE).ringing[0].answer()
    assert call.other is company.phone(LINE).call_now
    assert [dial.status for dial in call.dialled] == ["busy", "answered"]


def test_the_others_stop_ringing(double, resident, staff, company):
    double.answers["/voice"] = DIAL.format(f"<Number>{STAFF}</Number>{NUMBER}")
    resident.call()
    staff.ringing[0].answer()
    assert company.phone(LINE).calls[-1].status == "canceled"
    assert company.phone(LINE).ringing == []


def test_a_star_ends_the_dialled_leg(double, resident):
    double.answers["/voice"] = f"<Dial hangupOnStar='true'>{LINE}</Dial><Say>Back.</Say>"
    assert resident.call().press("*") == "Back."


def test_a_dialled_leg_reports_its_progress(double, resident, company):
    noun = "<Number statusCallback='/city/leg' statusCallbackEvent='initiated ringing answered completed'>"
    double.answers["/voice"] = f"<Dial>{noun}{LINE}</Number></Dial>"
    company.phone(LINE).when_rung = "answer"
    resident.call().hang_up()
    company.settle()
    reports = double.at("/leg")
    assert [form["CallStatus"] for form in reports] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in reports] == ["0", "1", "2", "3"]


def test_what_cannot_be_dialled_fails(double, resident, company):
    double.answers["/voice"] = "<Dial action='/city/dialled'><Conference>room</Conference></Dial>"
    resident.call()
    assert double.at("/dialled")[0]["DialCallStatus"] == "failed"
    assert "Conference" in company.debugger[0]
