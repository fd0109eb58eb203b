"""One `<Dial>` of a call: the numbers it rings, who answers, the bridge, how it ends.

Not here: the legs' own TwiML and keys (script.py, call.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from bot.simulator import parameters, twiml
from bot.simulator.records import Dial

if TYPE_CHECKING:
    from bot.simulator.call import Call

FAR_ENDS = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


class Dialling:
    """A `<Dial>` under way. Its numbers ring at the same time; the first that answers is bridged."""

    def __init__(self, call: Call, verb: Element, base: str) -> None:
        self.call = call
        self.base = base
        self.action = call.company.webhooks.absolute(verb.get("action", ""), base) if verb.get("action") else None
        self.hangup_on_star = twiml.is_true(verb.get("hangupOnStar"))
        self.dials: list[Dial] = []
        self._verb = verb
        self._bridged: Call | None = None
        self._reached: Call | None = None
        self._over = False

    @property
    def pending(self) -> list[Dial]:
        """The numbers that still ring."""
        return [dial for dial in self.dials if dial.leg.status in ("queued", "ringing")]

    def start(self) -> None:
        """Ring every number in the verb; where there is none that can be rung the Dial fails at once."""
        self.call.dialling = self
        nouns = [child for child in self._verb if child.tag == "Number"]
        for other in self._verb:
            if other.tag != "Number":
                self.call.company.complain(f"12200: <{other.tag}> in <Dial> isn't followed here")
        targets = [((noun.text or "").strip(), noun) for noun in nouns]
        if plain := (self._verb.text or "").strip():
            targets.append((plain, self._verb))
        for number, noun in targets:
            self._ring(number, noun)
        for dial in list(self.dials):
            if not self._over:
                dial.leg.handset.rung(dial.leg)
        if not self.dials:
            self.end("failed")

    def answered(self, leg: Call) -> None:
        """A leg picked up: the others stop ringing, and its whisper (`<Number url>`) runs before the bridge."""
        self._reached = leg
        dial = self._dial_of(leg)
        dial.status = "answered"
        for other in self.dials:
            if other.leg is not leg:
                other.leg.end("canceled")
        if dial.whisper:
            leg.script.go(dial.whisper)
        else:
            self.bridge(leg)

    def bridge(self, leg: Call) -> None:
        """Connect the two: each hears the other from here on."""
        self._bridged = leg
        self.call.other, leg.other = leg, self.call
        self.call.line(f"connected to {leg.to}")
        leg.line(f"connected to {self.call.handset.number}")

    def leg_over(self, leg: Call) -> None:
        """A leg ended by itself; when it was the last, or the one that was reached, the Dial has ended."""
        self._dial_of(leg).status = leg.status
        if self._over or (self._reached is not None and leg is not self._reached):
            return
        if self._reached is leg or not self.pending:
            self.end(leg.status)

    def end(self, status: str, seconds: int | None = None) -> None:
        """The Dial ended with `status` after `seconds` of talk: the action is fetched, or the next verb runs."""
        if status not in FAR_ENDS:
            raise ValueError(f"a dial ends as one of {sorted(FAR_ENDS)}, not {status!r}")
        if self._over:
            return
        self._close(status)
        params = self._outcome(status, seconds)
        call = self.call
        if call.over:
            return
        call.line(f"the dialled call ended: {status}")
        if self.action:
            call.script.go(self.action, **params)
        else:
            call.script.run()

    def caller_left(self) -> None:
        """The caller hung up: the legs end, and the action is told, though nobody is there to hear its answer."""
        if self._over:
            return
        status = "completed" if self._reached else "canceled"
        self._close(status)
        if self.action:
            company, call, action = self.call.company, self.call, self.action
            params = parameters.call_request(company.account_sid, call) | self._outcome(status, None)
            params["CallStatus"] = "completed"
            company.backlog.later(lambda: call.webhook(action, params))

    def _close(self, status: str) -> None:
        self._over = True
        self.call.dialling = None
        self.call.other = None
        self.call.mark_input()
        for dial in self.dials:
            dial.leg.other = None
            if not dial.leg.over:
                dial.leg.end(status)
            dial.status = dial.leg.status

    def _outcome(self, status: str, seconds: int | None) -> dict[str, str]:
        leg = self._reached or (self.dials[0].leg if self.dials else None)
        params = {"DialCallStatus": status, "DialBridged": "true" if self._bridged else "false"}
        if status == "completed" and not self._reached:
            params["DialBridged"] = "true"
        if leg:
            params["DialCallSid"] = leg.sid
        if status == "completed":
            params["DialCallDuration"] = str(seconds if seconds is not None else leg.duration_seconds if leg else 0)
        return params

    def _dial_of(self, leg: Call) -> Dial:
        return next(dial for dial in self.dials if dial.leg is leg)

    def _ring(self, number: str, noun: Element) -> None:
        company, call = self.call.company, self.call
        caller_id = self._verb.get("callerId") or call.handset.number
        whisper = noun.get("url") if noun.tag == "Number" else None
        leg = company.new_call("outbound-dial", from_=caller_id, to=number, handset=company.phone(number), parent=call)
        if callback := noun.get("statusCallback") if noun.tag == "Number" else None:
            leg.status_callback = company.webhooks.absolute(callback, self.base)
            leg.events = tuple(noun.get("statusCallbackEvent", "completed").split())
        dial = Dial(
            number=number,
            caller_id=caller_id,
            at=company.clock(),
            timeout=twiml.number(self._verb.get("timeout"), 30),
            time_limit=twiml.number(self._verb.get("timeLimit"), 14_400),
            leg=leg,
            whisper=company.webhooks.absolute(whisper, self.base) if whisper else None,
        )
        self.dials.append(dial)
        call.dialled.append(dial)
        call.line(f"ringing {number}")
        leg.progress("initiated")
