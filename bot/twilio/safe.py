"""The safe answer: what a person gets when anything behind us fails. Static, made at start, needs no store.

911, 988, the live line; by voice also the offer to be connected. Never a promise. In the language that a text is
written in, or that a call has had so far, as far as that is known without asking anybody.
"""

from flask import Request, Response
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot.spoken import IN, address_in, audio_address, voice_of
from flows.machines.speech import said
from flows.understand import understand
from flows.words import FALLBACK
from workers.jobs import Kit

DIAL_SECONDS = 30


class SafeAnswers:
    """Ready-made TwiML by channel and language."""

    def __init__(self, kit: Kit):
        self._kit, self._live = kit, kit.directory.live_line.phone or ""
        self._sms = {language: self._text(language) for language in kit.directory.languages}
        self._voice = {language: self._call(language) for language in kit.directory.languages}
        self._dial = {language: self._dialled(language) for language in kit.directory.languages}
        staff = VoiceResponse()
        staff.say("Something failed at our end. Please go on in the console. Goodbye.", language="en-US")
        staff.hangup()
        self._staff = str(staff)

    def _words(self, language: str, channel: str) -> str:
        d = self._kit.directory
        return self._kit.words.say(
            language,
            "safe",
            channel,
            name=d.named(language),
            emergency=said(d.emergency.number, channel),
            crisis=said(d.crisis.number, channel),
            live=said(self._live, channel),
        )

    def _text(self, language: str) -> str:
        texts = MessagingResponse()
        texts.message(self._words(language, "sms"))
        return str(texts)

    def _say(self, verb: VoiceResponse | Gather, language: str) -> None:
        if recorded := self._kit.words.recording(language, "safe"):
            verb.play(audio_address(language, recorded))
            return
        tongue = self._kit.words.tongue(language, "voice")
        verb.say(self._words(tongue, "voice"), **voice_of(tongue))

    def _call(self, language: str) -> str:
        """Any key connects; so does silence: never a dead end."""
        call = VoiceResponse()
        asked = Gather(num_digits=1, action=address_in("/voice/safe", language), method="POST", timeout=5)
        self._say(asked, language)
        call.append(asked)
        call.dial(self._live, caller_id=self._kit.settings.voice_number, timeout=DIAL_SECONDS)
        self._say(call, language)  # nobody answered: the numbers, once more
        return str(call)

    def _dialled(self, language: str) -> str:
        call = VoiceResponse()
        dial = Dial(caller_id=self._kit.settings.voice_number, timeout=DIAL_SECONDS)
        dial.number(self._live)
        call.append(dial)
        self._say(call, language)
        return str(call)

    def answer(self, request: Request) -> Response:
        """The safe answer for what came in; a status callback needs no words. Never raises."""
        path = request.path
        if path.endswith("/status"):
            return Response(status=204)
        if path.startswith("/voice/staff"):  # or a staff phone, or its voicemail, would be put through to the live line
            return xml(self._staff)
        if path.startswith("/sms"):
            return xml(self._sms[self._written_in(request)])
        return xml(self._voice[self._called_in(request)])

    def connect(self, request: Request) -> Response:
        """Straight to the live line, with nothing behind it."""
        return xml(self._dial[self._called_in(request)])

    def _called_in(self, request: Request) -> str:
        language = request.args.get(IN, FALLBACK)
        return language if language in self._voice else FALLBACK

    def _written_in(self, request: Request) -> str:
        try:
            language = understand(request.form.get("Body", "")).language
        except Exception:  # it may be what failed; a person waits
            return FALLBACK
        return language if language in self._sms else FALLBACK


def xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
