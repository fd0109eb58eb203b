"""A person's phone: the texts on it, the calls it makes and takes, and what it does when it rings.

Not here: the course of a call (call.py), the phone company's side of a text (texting.py).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Literal

from bot.simulator import texting
from bot.simulator.call import Call
from bot.simulator.records import Text

if TYPE_CHECKING:
    from bot.simulator.company import Company

WhenRung = Literal["ring", "answer", "busy", "no-answer", "voicemail", "failed"]
WHEN_RUNG: tuple[WhenRung, ...] = ("ring", "answer", "busy", "no-answer", "voicemail", "failed")

REFUSED_AT_ONCE = {
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    21211: "Invalid 'To' Phone Number",
    21612: "Message cannot be sent with the current combination of 'To' and/or 'From' parameters",
}


class Handset:
    """The phone with this `number`. It holds one call at a time: a second one finds it busy.

    `when_rung`: `ring` waits for somebody to answer, decline or ignore; the others do so by themselves.
    `text_error`: None; a code of REFUSED_AT_ONCE answers the REST request with 400; any other code (30003…)
    accepts the text and later reports it undelivered.
    """

    def __init__(self, company: Company, number: str) -> None:
        self.company = company
        self.number = number
        self.when_rung: WhenRung = "ring"
        self.text_error: int | None = None
        self.inbox: list[Text] = []
        self.outbox: list[Text] = []
        self.calls: list[Call] = []
        self.voicemails: list[str] = []

    def __repr__(self) -> str:
        return f"<Handset {self.number}>"

    @property
    def ringing(self) -> list[Call]:
        """The calls that ring here now."""
        return [call for call in self.calls if call.direction != "inbound" and call.status == "ringing"]

    @property
    def call_now(self) -> Call | None:
        """The call that this handset is in, or None."""
        return next((call for call in reversed(self.calls) if call.status == "in-progress"), None)

    def text(
        self, body: str, sid: str | None = None, to: str | None = None, **extra_params: str | list[str] | None
    ) -> list[str]:
        """Text the hotline and return the words that came back at once, in order.

        `sid` of an earlier text sends it once more, as a retry does: the answer is returned, but nothing new
        arrives on the handset. `extra_params` replace Twilio's (None leaves one out).
        """
        return texting.send(self, body, sid, to, extra_params)

    def call(self, to: str | None = None, sid: str | None = None, **extra_params: str | list[str] | None) -> Call:
        """Call the hotline; returns when it waits for input, dials, or has ended.

        `extra_params` replace or add to Twilio's in every request of this call (None leaves one out).
        """
        company = self.company
        call = company.new_call("inbound", self.number, to or company.voice_number, self, sid=sid)
        call.status_callback = company.webhooks.public_url + company.voice_status_path
        call.extra = {name: value for name, value in extra_params.items() if value is not None}
        call.left_out = frozenset(name for name, value in extra_params.items() if value is None)
        with call.lock:
            call.script.go(company.webhooks.public_url + company.voice_path)
        return call

    def rung(self, call: Call) -> None:
        """A call arrives: do what `when_rung` says."""
        taken = self.call_now is not None
        if call.over:
            return
        call.status = "ringing"
        call.progress("ringing")
        if self.company.timed and self.when_rung == "ring" and not taken:
            timer = threading.Timer(call.ring_seconds, call.ignore)
            timer.daemon = True
            timer.start()
        match self.when_rung:
            case "ring" | "answer" if taken:
                call.decline()
            case "answer":
                call.answer()
            case "voicemail":
                call.answer_by_machine()
            case "busy" | "no-answer" | "failed" as outcome:
                call.end(outcome)
