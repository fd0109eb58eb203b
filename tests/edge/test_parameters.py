"""Fields that are missing, doubled, malformed or hostile: an answer that leads somewhere, and nothing mixed up."""

from itertools import count, cycle
from typing import Any

import pytest

from tests.conftest import SMS_NUMBER, STAFF_PHONE, VOICE_NUMBER
from tests.edge import twiml
from tests.edge.wire import ANA, Wire, a_step, a_text, kept, new_sid
from workers.jobs import Kit

SAFE = ("911", "988", "(617) 431-0125")
SAFE_SPOKEN = ("9 1 1", "9 8 8", "press 1")
NEEDED = {"MessageSid", "To", "From", "CallSid"}


def is_safe_text(answer: twiml.Answer) -> bool:
    return all(number in answer.words for number in SAFE) and not answer.times


def is_safe_call(answer: twiml.Answer) -> bool:
    """The offer to be connected, and the live line where no key is pressed."""
    return all(words in answer.words for words in SAFE_SPOKEN) and answer.gather == "/voice/safe" and bool(answer.dial)


# Missing


@pytest.mark.parametrize("name", sorted(a_text("")))
def test_a_text_without_one_of_its_parameters(wire: Wire, kit: Kit, name: str) -> None:
    answer = wire.text("hello", **{name: None})
    if name == "From":
        assert answer.words == ""  # nobody to answer
    else:
        assert "911" in answer.words
    assert (wire.counted["not_ours"] == 1) is (name in ("MessageSid", "To"))
    assert bool(kept(kit.store.client)) is (name not in NEEDED)
    assert wire.counted["safe_answers"] == 0


@pytest.mark.parametrize("name", sorted(a_step("")))
@pytest.mark.parametrize("path", ["/voice", "/voice/turn/1"])
def test_a_step_of_a_call_without_one_of_its_parameters(wire: Wire, kit: Kit, path: str, name: str) -> None:
    answer = wire.step(path, new_sid("CA"), **{name: None})
    assert answer.leads_on
    lost = name in ("CallSid", "To")
    assert is_safe_call(answer) is lost
    assert bool(kept(kit.store.client)) is not lost
    assert wire.counted["safe_answers"] == 0


def test_a_step_without_input_of_any_kind_is_a_silence(wire: Wire) -> None:
    sid = new_sid("CA")
    wire.step("/voice", sid)
    for path in ("/voice/turn/1", "/voice/turn/2"):
        assert "press 5" in wire.step(path, sid).words


@pytest.mark.parametrize("to", ["+16175559999", "48727", "", "48726 ", " 48726", "+48726", "６１７", "48726,48727", "whatsapp:" + VOICE_NUMBER])  # fmt: skip
def test_what_was_sent_to_another_number_gets_the_safe_answer_and_is_forgotten(wire: Wire, kit: Kit, to: str) -> None:
    assert is_safe_text(wire.text("call me", To=to))
    assert is_safe_call(wire.step("/voice", new_sid("CA"), To=to))
    assert is_safe_call(wire.step("/voice/turn/3", new_sid("CA"), To=to, Digits="1"))
    assert wire.counted["not_ours"] == 3
    assert kept(kit.store.client) == {}


@pytest.mark.parametrize("sid", ["", "SM", "SM" + "0" * 31, "SM" + "0" * 33, "SM" + "g" * 32, "XX" + "0" * 32, "../../x",
                                 "x" * 10_000, "SM" + "0" * 32 + "\n", "sm" + "0" * 32, "CA" + "0" * 32, "ＳＭ" + "0" * 32])  # fmt: skip
def test_a_malformed_message_sid_gets_the_safe_answer_and_is_forgotten(wire: Wire, kit: Kit, sid: str) -> None:
    assert is_safe_text(wire.text("call me", MessageSid=sid))
    assert kept(kit.store.client) == {}
    assert wire.counted["not_ours"] == 1


@pytest.mark.parametrize("sid", ["", "CA", "CA" + "z" * 32, "CA" + "0" * 33, "SM" + "0" * 32, "CA" + "0" * 32 + "|1", "x" * 10_000])  # fmt: skip
@pytest.mark.parametrize("path", ["/voice", "/voice/turn/2"])
def test_a_malformed_call_sid_gets_the_safe_answer_and_is_forgotten(wire: Wire, kit: Kit, path: str, sid: str) -> None:
    assert is_safe_call(wire.step(path, sid, Digits="1"))
    assert kept(kit.store.client) == {}
    assert wire.counted["not_ours"] == 1


# Who is writing or calling

NOBODY = ["32665", "BOSTONPD", "Verizon Msg", "anonymous", "Anonymous", "Restricted", "", " ", "+266696687", "+7378742833",
          "+2562533", "+8656696", "+86282452253", "client:ana", "sip:ana@evil.test", "+", "+0", "+0016175550107",
          "6175550107", "+1617555010７", "+1" + "6" * 500, "x" * 500, "whatsapp:", "whatsapp:" + "9" * 500, "+1617\r\n5550107",
          "'; DROP TABLE", "<Say>", "\u202e+16175550107", "+16175550107\x00"]  # fmt: skip


@pytest.mark.parametrize("sender", NOBODY)
def test_a_text_from_what_cannot_be_answered_is_met_with_silence(wire: Wire, kit: Kit, sender: str) -> None:
    assert wire.text("call me", From=sender).words == ""
    assert wire.text("1", From=sender).words == ""
    assert kept(kit.store.client) == {}
    assert wire.counted["sender_cant_be_answered"] == 2


@pytest.mark.parametrize("sender", [SMS_NUMBER, VOICE_NUMBER])
def test_we_do_not_answer_ourselves(wire: Wire, kit: Kit, sender: str) -> None:
    assert wire.text("hello", From=sender).words == ""
    assert kept(kit.store.client) == {}


@pytest.mark.parametrize("sender", NOBODY)
def test_a_call_from_what_cannot_be_called_is_asked_for_a_number(wire: Wire, kit: Kit, sender: str) -> None:
    sid = new_sid("CA")
    wire.step("/voice", sid, From=sender)
    answer = wire.step("/voice/turn/1", sid, From=sender, Digits="2")
    assert "area code" in answer.words
    wire.step(answer.gather, sid, From=sender, Digits="6175550144")
    assert wire.step("/voice/turn/3", sid, From=sender, Digits="1").times
    (callback,) = kit.ledger.page().callbacks
    assert callback.reveal(kit.vault, "phone") == "+16175550144"


@pytest.mark.parametrize("sender", [VOICE_NUMBER, "+19005550123", "+442079460958", "+18765550123", "+12125551"])
def test_a_caller_whose_number_must_not_be_called_is_asked_for_another(wire: Wire, kit: Kit, sender: str) -> None:
    """Our own (a loop, or a forged caller id), premium, abroad, or too short."""
    sid = new_sid("CA")
    wire.step("/voice", sid, From=sender)
    assert "area code" in wire.step("/voice/turn/1", sid, From=sender, Digits="2").words
    assert kit.ledger.page().callbacks == []


@pytest.mark.parametrize("words", [STAFF_PHONE, "call 617.555.0150 please"])
def test_a_staff_members_phone_is_no_number_to_call(wire: Wire, kit: Kit, words: str) -> None:
    kit.roster.add("alex", STAFF_PHONE)
    wire.text("call me")
    wire.text("2")
    answer = wire.text(words).words
    assert "can't call that number" in answer
    assert "staff" not in answer  # nobody learns here whose number that is
    wire.text("1")
    assert kit.ledger.page().callbacks == []
    assert "0144" in wire.text("617 555 0144").words


def test_staff_may_ask_for_a_call_on_the_phone_they_write_from(wire: Wire, kit: Kit) -> None:
    kit.roster.add("alex", STAFF_PHONE)
    wire.text("call me", From=STAFF_PHONE)
    assert wire.text("1", From=STAFF_PHONE).times


def test_people_who_write_from_elsewhere_are_answered_and_never_mixed_up(wire: Wire, kit: Kit) -> None:
    same = ["whatsapp:+16175550107", "rcs:+16175550107", "messenger:16175550107", ANA]
    for sender in same:
        said = wire.text("call me", From=sender).words
        assert ("(617) 555-0107" in said) is (sender == ANA)  # the number is known of a phone alone
    wire.text("617 555 0144", From=same[0])
    assert wire.text("1", From=same[0]).times
    (callback,) = kit.ledger.page().callbacks
    assert callback.reveal(kit.vault, "phone") == "+16175550144"
    assert "number" in wire.text("1", From=same[1]).words  # still being asked
    assert len(kit.store.client.keys("s:*")) == 4


def test_two_withheld_callers_never_share_a_conversation_or_a_callback(wire: Wire, kit: Kit) -> None:
    calls = [new_sid("CA"), new_sid("CA")]
    for sid in calls:
        wire.step("/voice", sid, From="anonymous")
        wire.step("/voice/turn/1", sid, From="anonymous", Digits="2")
    for sid, number in zip(calls, ("6175550144", "6175550145"), strict=True):
        heard = wire.step("/voice/turn/2", sid, From="anonymous", Digits=number).words
        assert f"5 5 5, 0 1 4 {number[-1]}" in heard
        wire.step("/voice/turn/3", sid, From="anonymous", Digits="1")
    assert len(kit.ledger.page().callbacks) == 2


# Hostile values

DIGITS = ["#", "*", "0", "9", "w", "1w911", "11", "1" * 32, "1" * 33, "1" * 400, "*#" * 200, "A", "１", "²", "٣", "-1", "1.5", " ",
          "1\n", "<Say>1</Say>", "%s", "\x00"]  # fmt: skip
SPOKEN = ["<Say>hello</Say>", "]]>", "<speak><break time='9s'/></speak>", "&lt;Dial&gt;+19005550123", "{{7*7}}", "%(x)s {0}",
          "\u202eolleh", "\x00\x0b", "x" * 5000, "1", "one.", "to", "²", "٣", "１", "claim", "__class__", "go_menu"]  # fmt: skip
PEOPLE = count(2000000)
ROADS = {"the menu": [], "a number": ["2", "2"], "the promise": ["2", "1"], "a service": ["3", "1"], "quiet": ["5"],
         "more": ["3"], "details": ["2", "1", "1", "1"], "their name": ["2", "1", "1", "1", "1"], "waiting": ["2", "1", "1", "1", "1", "1", "1"]}  # fmt: skip


def along(wire: Wire, road: str) -> tuple[str, str, str]:
    """Somebody new walks to a place in a call; its CallSid, the path of the next step, and their number."""
    sid, number = new_sid("CA"), f"+1617{next(PEOPLE):07}"
    at = wire.step("/voice", sid, From=number)
    for key in ROADS[road]:
        at = wire.step(at.gather, sid, From=number, Digits=key)
    return sid, at.gather, number


@pytest.mark.parametrize("road", ROADS)
def test_any_keys_at_any_place_of_a_call_lead_on(wire: Wire, kit: Kit, road: str) -> None:
    for digits in DIGITS:
        sid, path, number = along(wire, road)
        answer = wire.step(path, sid, From=number, Digits=digits)
        assert answer.leads_on, digits
    assert wire.counted["safe_answers"] == 0
    assert kit.ledger.check() == []


@pytest.mark.parametrize("road", ROADS)
def test_any_speech_at_any_place_of_a_call_leads_on(wire: Wire, kit: Kit, road: str) -> None:
    for words, confidence in zip(SPOKEN, cycle(["0.9", None, "NaN", "-1", "x" * 300]), strict=False):
        sid, path, number = along(wire, road)
        answer = wire.step(path, sid, From=number, SpeechResult=words, Confidence=confidence)
        assert answer.leads_on, words
        assert not answer.dial.startswith("+1900")
    assert wire.counted["safe_answers"] == 0
    assert kit.ledger.check() == []


def test_keys_and_speech_and_a_dial_together_are_one_of_them(wire: Wire) -> None:
    sid, path, number = along(wire, "the menu")
    everything: dict[str, Any] = {
        "Digits": "2",
        "SpeechResult": "stop",
        "DialCallStatus": "no-answer",
        "Confidence": "0.1",
    }
    assert wire.step(path, sid, From=number, **everything).leads_on
    assert wire.counted["safe_answers"] == 0


@pytest.mark.parametrize(
    "status", ["completed", "answered", "busy", "no-answer", "failed", "canceled", "", "x" * 400, "<b>"]
)
def test_however_a_dial_ends_the_caller_is_led_on(wire: Wire, status: str) -> None:
    sid = new_sid("CA")
    wire.step("/voice", sid)
    at = wire.step("/voice/turn/1", sid, Digits="1")
    assert at.dial
    assert wire.step(at.dial_action, sid, DialCallStatus=status).leads_on


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "file:///etc/passwd", "https://evil.test/a.wav"])
def test_addresses_in_parameters_are_neither_fetched_nor_repeated(wire: Wire, url: str) -> None:
    more = {
        "RecordingUrl": url,
        "MediaUrl0": url,
        "NumMedia": "1",
        "Url": url,
        "StatusCallback": url,
        "CallerId": "+19005550123",
    }
    assert url not in wire.post("/sms", a_text("", None, **more)).text
    sid, path, number = along(wire, "the menu")
    answer = wire.post(path, a_step(sid, From=number, Digits="1", **more))
    assert url not in answer.text
    assert VOICE_NUMBER in answer.text
    assert "+1900" not in answer.text


@pytest.mark.parametrize("media", ["1", "10", "-1", "x", "", "9" * 400])
def test_pictures_are_not_seen_and_that_is_said(wire: Wire, media: str) -> None:
    wire.text("hi")
    assert wire.text("", NumMedia=media).words


def test_a_repeated_parameter_counts_once_and_the_first(wire: Wire, kit: Kit) -> None:
    other = "+16175550108"
    said = wire.text("", Body=["call me", "STOP"], From=[ANA, other], To=[SMS_NUMBER, "48727"]).words
    assert "(617) 555-0107" in said
    assert kit.store.client.keys("opt:*") == []
    assert "911" in wire.text("hello", From=other).words  # who has not written yet
    sid = new_sid("CA")
    wire.step("/voice", sid)
    assert "(617) 431-0125" not in wire.step("/voice/turn/1", sid, Digits=["2", "1"]).words
    assert wire.counted["safe_answers"] == 0


def test_two_thousand_unknown_parameters_are_no_matter(wire: Wire) -> None:
    assert "911" in wire.text("hello", **{f"Unknown{n}": "x" for n in range(2000)}).words


@pytest.mark.parametrize("kind", ["STOP", "stop", "START", "HELP", "", "OTHER", "x" * 500])
def test_twilios_own_handling_of_opt_outs(wire: Wire, kind: str) -> None:
    answer = wire.text("whatever they wrote", OptOutType=kind)
    assert (answer.words == "") is (kind.upper() in ("STOP", "START", "HELP"))
