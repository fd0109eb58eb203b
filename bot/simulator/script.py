"""Follows the TwiML of one call: fetches a document, speaks it, stops where a person or a dial is awaited.

Not here: what a person does in the call (call.py), ringing other numbers (dialling.py).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from bot.simulator import parameters, twiml
from bot.simulator.dialling import Dialling

if TYPE_CHECKING:
    from bot.simulator.call import Call

DOCUMENTS_WITHOUT_INPUT = 30  # more in a row is a loop
SORRY = "We are sorry, an application error has occurred. Goodbye."


class Script:
    """Where a call stands in its TwiML: the document's address and the verbs still to come."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.base = ""
        self.verbs: deque[Element] = deque()
        self._documents = 0
        self._verbs: dict[str, Callable[[Element], None]] = {
            "Say": self._say,
            "Play": self._play,
            "Pause": self._pause,
            "Gather": self._gather,
            "Dial": self._dial,
            "Redirect": self._redirect,
            "Hangup": self._hangup,
            "Reject": self._reject,
        }

    def go(self, url: str, **params: str | list[str]) -> None:
        """Fetch `url` (absolute) with what the person did, and follow the answer."""
        self._documents = 0
        self.load(url, **params)
        self.run()

    def load(self, url: str, **params: str | list[str]) -> None:
        """Fetch `url` in place of what was still to come; it is followed by the `run` that is under way."""
        self._documents += 1
        if self._documents > DOCUMENTS_WITHOUT_INPUT:
            self._fail(twiml.TwiMLError(12400, f"{DOCUMENTS_WITHOUT_INPUT} documents in a row asked for nothing"))
            return
        call = self.call
        status, body = call.webhook(url, parameters.call_request(call.company.account_sid, call) | params)
        if call.over:
            return  # ended meanwhile, over REST: nobody hears the answer
        if call.status == "ringing" and call.direction == "inbound":
            call.status, call.answered_at = "in-progress", call.company.clock()
        self.read(status, body, url)

    def read(self, status: int, body: str, base: str) -> None:
        """Take a document in place of what was still to come; `base` is its address."""
        self.base = base
        try:
            self.verbs = deque(twiml.parse(status, body))
        except twiml.TwiMLError as error:
            self._fail(error)

    def run(self) -> None:
        """Follow the verbs until the call waits, ends, or nothing is left to say."""
        call = self.call
        while self.verbs and not call.waits:
            verb = self.verbs.popleft()
            act = self._verbs.get(verb.tag)
            if act:
                act(verb)
            else:
                call.company.complain(f"12200: <{verb.tag}> in a call isn't followed here")
        if not call.waits:
            call.nothing_left()

    def _fail(self, error: twiml.TwiMLError) -> None:
        self.call.company.complain(f"{error} ({self.base or 'no address'})")
        self.verbs.clear()
        self.call.hear(SORRY)
        self.call.end("completed")

    def _say(self, verb: Element) -> None:
        words = twiml.words_of(verb)
        times = max(1, int(twiml.number(verb.get("loop"), 1)))
        for _ in range(times):
            self.call.hear(words, verb.get("language", ""))
            self.call.seconds += twiml.speech_seconds(words) + _breaks(verb)

    def _play(self, verb: Element) -> None:
        if address := (verb.text or "").strip():
            self.call.hear(f"(plays {self.call.company.webhooks.absolute(address, self.base)})")
            self.call.seconds += twiml.PLAY_SECONDS

    def _pause(self, verb: Element) -> None:
        self.call.seconds += twiml.number(verb.get("length"), 1)

    def _gather(self, verb: Element) -> None:
        for nested in verb:
            if nested.tag in twiml.NESTED_IN_GATHER:
                self._verbs[nested.tag](nested)
            else:
                self.call.company.complain(f"12200: <{nested.tag}> may not stand in <Gather>")
        action = self.call.company.webhooks.absolute(verb.get("action") or self.base, self.base)
        self._check_method(verb)
        self.call.asks = twiml.read_gather(verb, action)

    def _dial(self, verb: Element) -> None:
        if self.call.direction == "outbound-dial":
            self.call.company.complain("12200: <Dial> may not stand in the TwiML of a <Number url>")
            return
        self._check_method(verb)
        Dialling(self.call, verb, self.base).start()

    def _redirect(self, verb: Element) -> None:
        self._check_method(verb)
        self.load(self.call.company.webhooks.absolute(verb.text or "", self.base))

    def _hangup(self, _: Element) -> None:
        self.call.end("completed")

    def _reject(self, verb: Element) -> None:
        self.call.answered_at = None
        self.call.end("busy" if verb.get("reason") == "busy" else "no-answer")

    def _check_method(self, verb: Element) -> None:
        if verb.get("method", "POST").upper() != "POST":
            self.call.company.complain(f"<{verb.tag} method='{verb.get('method')}'> is sent as POST here")


def _breaks(verb: Element) -> float:
    """The seconds of SSML `<break time>` in a Say."""
    seconds = 0.0
    for pause in verb.iter("break"):
        time = pause.get("time", "")
        if time.endswith("ms"):
            seconds += twiml.number(time[:-2], 0) / 1000
        elif time.endswith("s"):
            seconds += twiml.number(time[:-1], 0)
    return seconds
