"""The safe answer: what a person gets when anything behind us fails. Static, made at start, needs no store.

911, 988, the live line; by voice also the offer to be connected. Never a promise.
"""

from flask import Response
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from flows.phone import spoken, written
from workers.jobs import Kit

DIAL_SECONDS = 30


class SafeAnswers:
    """Ready-made TwiML by channel."""

    def __init__(self, kit: Kit):
        d = kit.directory
        live = d.live_line.phone or ""
        texts = MessagingResponse()
        texts.message(
            kit.words.say(
                "en",
                "safe",
                "sms",
                name=d.name,
                emergency=d.emergency.number,
                crisis=d.crisis.number,
                live=written(live),
            )
        )
        self._sms = str(texts)
        words = kit.words.say(
            "en",
            "safe",
            "voice",
            emergency=" ".join(d.emergency.number),
            crisis=" ".join(d.crisis.number),
            live=spoken(live),
        )
        self._voice = self._call(words, live, kit.settings.voice_number)
        self._dial = self._dialled(words, live, kit.settings.voice_number)
        staff = VoiceResponse()
        staff.say("Something failed at our end. Please go on in the console. Goodbye.", language="en-US")
        staff.hangup()
        self._staff = str(staff)

    @staticmethod
    def _call(words: str, live: str, ours: str) -> str:
        """Any key connects; so does silence: never a dead end."""
        call = VoiceResponse()
        asked = Gather(num_digits=1, action="/voice/safe", method="POST", timeout=5)
        asked.say(words, language="en-US")
        call.append(asked)
        call.dial(live, caller_id=ours, timeout=DIAL_SECONDS)
        call.say(words, language="en-US")  # nobody answered: the numbers, once more
        return str(call)

    @staticmethod
    def _dialled(words: str, live: str, ours: str) -> str:
        call = VoiceResponse()
        dial = Dial(caller_id=ours, timeout=DIAL_SECONDS)
        dial.number(live)
        call.append(dial)
        call.say(words, language="en-US")
        return str(call)

    def answer(self, path: str) -> Response:
        """The safe answer for a route; a status callback needs no words."""
        if path.endswith("/status"):
            return Response(status=204)
        if path.startswith("/voice/staff"):  # or a staff phone, or its voicemail, would be put through to the live line
            return xml(self._staff)
        return xml(self._sms if path.startswith("/sms") else self._voice)

    def connect(self) -> Response:
        """Straight to the live line, with nothing behind it."""
        return xml(self._dial)


def xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
