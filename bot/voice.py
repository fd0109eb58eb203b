"""Calls: each step of an inbound call becomes a turn, its outcome something to hear and a key or words to wait for.

Lives here: POST /voice and the steps that its TwiML leads to. Not here: calls to staff (bot/staff_phone.py).
"""

import re

from flask import Blueprint, Response, request
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot.sms import NOT_XML
from bot.spoken import HEARS, address_in, audio_address, voice_of
from bot.twilio.inbound import call_sid, person
from bot.twilio.safe import SafeAnswers, xml
from bot.twilio.turns import Turns
from flows.turn import Inbound, Outcome
from flows.words import FALLBACK, Said
from workers import counters
from workers.jobs import Kit

DIAL_SECONDS = 25  # how long the live line rings before a callback is offered
KEYS = re.compile(r"[0-9*#]{1,32}")
DIALLED = frozenset({"completed", "answered", "busy", "no-answer", "failed", "canceled"})


def room(kit: Kit, turns: Turns, safe: SafeAnswers) -> Blueprint:
    blueprint = Blueprint("voice", __name__)
    ours = frozenset({*kit.settings.sms_numbers, kit.settings.voice_number})

    def play(step: int, begins: bool = False) -> Response:
        sid = call_sid(request)
        if not sid or request.form.get("To", "") not in ours:
            counters.add("not_ours")
            return safe.answer(request)
        sender = request.form.get("From", "")
        who = person("" if sender in ours else sender)  # our own number: a loop, or a forged caller id

        def render(outcome: Outcome, _: str) -> str:
            return _twiml(outcome, step + 1, kit.settings.voice_number, kit.words.languages)

        return xml(turns.play(who, "call|" + sid, f"{sid}|{step}", _inbound(begins), render))

    @blueprint.post("/voice")
    def begin() -> Response:
        return play(0, begins=True)

    @blueprint.post("/voice/turn/<int(max=9999):step>")
    def turn(step: int) -> Response:
        return play(step)

    @blueprint.post("/voice/safe")
    def connect() -> Response:
        return safe.connect(request)

    return blueprint


def _inbound(begins: bool) -> Inbound:
    form = request.form
    dial = form.get("DialCallStatus", "")
    digits = form.get("Digits", "")
    if dial:
        return Inbound("voice", dial=dial if dial in DIALLED else "failed")
    if digits:  # keys that no telephone has are a wrong key
        return Inbound("voice", digits=digits if KEYS.fullmatch(digits) else "#")
    words = form.get("SpeechResult", "").strip()
    return Inbound("voice", words=words[:500], silent=not words, begins=begins)


def _twiml(outcome: Outcome, step: int, ours: str, languages: tuple[str, ...]) -> str:
    """Sentences, then a key or words to wait for, a dial, or the end. Silence comes back to the same step."""
    call = VoiceResponse()
    language = outcome.session.language if outcome.session.language in languages else FALLBACK
    here = address_in(f"/voice/turn/{step}", language)
    if outcome.dial or outcome.hang_up:
        _speak(call, outcome.says)
        if outcome.dial:
            dial = Dial(action=here, method="POST", caller_id=ours, timeout=DIAL_SECONDS)
            dial.number(outcome.dial)
            call.append(dial)
        else:
            call.hangup()
        return str(call)
    more = {"finish_on_key": "#", "timeout": 8} if outcome.asks == "number" else {"num_digits": 1, "timeout": 5}
    hears = HEARS.get(language)
    speech = {"input": "dtmf speech", "speech_timeout": "auto", "language": hears} if hears else {"input": "dtmf"}
    asked = Gather(action=here, method="POST", action_on_empty_result=True, **speech, **more)
    _speak(asked, outcome.says)
    call.append(asked)
    call.redirect(here, method="POST")  # where a Gather fails altogether
    return str(call)


def _speak(verb: VoiceResponse | Gather, says: list[Said]) -> None:
    """Each sentence in its own language; what somebody has recorded is played."""
    for said in says:
        if said.recording:
            verb.play(audio_address(said.language, said.recording))
        else:
            verb.say(NOT_XML.sub("", said), **voice_of(said.language))
