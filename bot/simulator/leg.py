"""The state of one leg of a call and what the phone company does with it: lead, report, end.

Not here: what a person does on it (call.py), following TwiML (script.py), ringing others (dialling.py).
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, cast

from bot.simulator import parameters
from bot.simulator.dialling import Dialling
from bot.simulator.records import FINAL_CALL_STATUSES, Dial, Gather, Line, Params, new_sid
from bot.simulator.script import Script
from bot.simulator.twiml import number

if TYPE_CHECKING:
    from bot.simulator.call import Call
    from bot.simulator.company import Company
    from bot.simulator.handset import Handset


class Leg:
    """A call on a handset. `direction` as Twilio names it: inbound, outbound-api, outbound-dial.

    `asks` is the Gather that waits for this person, or None. `seconds` is the estimated length of what was
    spoken so far, with pauses and silences. Calls that belong together (a Dial's two sides) share one lock.
    """

    def __init__(
        self,
        company: Company,
        direction: str,
        from_: str,
        to: str,
        handset: Handset,
        parent: Call | None = None,
        sid: str | None = None,
        params: Params | None = None,
    ) -> None:
        self.company = company
        self.handset = handset
        self.direction = direction
        self.from_, self.to = from_, to
        self.parent = parent
        self.sid = sid or new_sid("CA")
        self.params: Params = params or {}
        self.extra: Params = {}
        self.left_out: frozenset[str] = frozenset()
        self.at: datetime = company.clock()
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.status = "ringing" if direction == "inbound" else "queued"
        self.answered_by: str | None = None
        self.status_callback: str | None = None
        self.events: tuple[str, ...] = ("completed",)
        self.lines: list[Line] = []
        self.seconds = 0.0
        self.asks: Gather | None = None
        self.keyed = ""
        self.dialled: list[Dial] = []
        self.dialling: Dialling | None = None
        self.other: Call | None = None
        self.script = Script(cast("Call", self))
        self.lock: threading.RLock = parent.lock if parent else threading.RLock()
        self._heard_from = 0
        self._sequence = 0
        self._ended = threading.Event()

    def __repr__(self) -> str:
        return f"<Call {self.sid[:8]} {self.direction} {self.status}>"

    @property
    def url(self) -> str:
        """The address that a REST call was created with."""
        return str(self.params.get("Url", ""))

    @property
    def ring_seconds(self) -> float:
        """How long the hotline lets this call ring, in seconds (Twilio: 60 over REST, 30 in a Dial)."""
        if self.parent and self.parent.dialling:
            return next((d.timeout for d in self.parent.dialling.dials if d.leg is self), 30.0)
        return number(str(self.params.get("Timeout", "")), 60.0)

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.status in FINAL_CALL_STATUSES

    @property
    def waits(self) -> bool:
        """Whether the TwiML stands still: for this person, for a dialled number, for ever."""
        return self.over or self.asks is not None or self.dialling is not None

    @property
    def heard(self) -> str:
        """The words since this person's last input (or since a dialled call ended)."""
        return " ".join(line.words for line in self.lines[self._heard_from :] if line.who in ("hotline", "them"))

    @property
    def transcript(self) -> list[tuple[str, str]]:
        """Everything in order, as (who, words): who is `hotline`, `me`, `them` or `line` (see Line)."""
        return [(line.who, line.words) for line in self.lines]

    @property
    def duration_seconds(self) -> int:
        """From the answer to the end (or to now), in seconds by the clock."""
        if self.answered_at is None:
            return 0
        return max(0, int(((self.ended_at or self.company.clock()) - self.answered_at).total_seconds()))

    def await_end(self, seconds: float) -> bool:
        """Wait until the call is over; False when it isn't after `seconds`."""
        return self._ended.wait(seconds)

    def hear(self, words: str, language: str = "") -> None:
        """Words of the hotline reach this person."""
        if words:
            self.lines.append(Line("hotline", words, language))

    def line(self, words: str) -> None:
        """Note what the phone company did."""
        self.lines.append(Line("line", words))

    def mark_input(self) -> None:
        """`heard` begins anew from here."""
        self._heard_from = len(self.lines)
        self.keyed = ""

    def webhook(self, url: str, params: Params) -> tuple[int, str]:
        """Send `params`, signed, to an absolute `url` of the hotline; (0, "") where it is somebody else's."""
        path = self.company.webhooks.path_of(url)
        if path is None:
            self.company.complain(f"11200: {url} is not under PUBLIC_URL ({self.company.webhooks.public_url})")
            return 0, ""
        return self.company.webhooks.post(path, params)

    def lead_to(self, url: str, inline: str = "") -> None:
        """Follow the TwiML at `url`, or `inline`, in place of whatever is under way."""
        with self.lock:
            if self.over:
                return
            self.asks, self.keyed = None, ""
            if self.dialling:
                self.dialling.caller_left()
            if url:
                self.script.go(url)
            else:
                self.script.read(200, inline, self.company.webhooks.public_url + "/")
                self.script.run()

    def nothing_left(self) -> None:
        """The TwiML has run out: a screened leg is bridged, any other call ends."""
        if self.parent and self.parent.dialling and self.direction == "outbound-dial":
            if self.other is None:
                self.parent.dialling.bridge(cast("Call", self))
            return
        self.end("completed")

    def end(self, status: str) -> None:
        """The call is over for the reason `status`, once; the other side and the status callback are told."""
        with self.lock:
            if self.over:
                return
            never_rang = self.status == "queued" and status == "canceled"  # of such a call nothing is reported
            self.status, self.ended_at = status, self.company.clock()
            self.asks = None
            self.script.verbs.clear()
            if not never_rang:
                self.progress("completed")
            self._ended.set()
            if self.dialling:
                self.dialling.caller_left()
            if self.parent and self.parent.dialling:
                self.parent.dialling.leg_over(cast("Call", self))

    def progress(self, event: str) -> None:
        """Tell the status callback of `event` (initiated, ringing, answered, completed), if it asked for it."""
        if not self.status_callback or event not in self.events:
            return
        params = parameters.call_status(self.company.account_sid, self, self._sequence)
        params["CallStatus"] = {"initiated": "initiated", "answered": "in-progress"}.get(event, self.status)
        self._sequence += 1
        url = self.status_callback
        self.company.backlog.later(lambda: self.webhook(url, params))

    def detect(self, by: str) -> None:
        """Note who answered (`human`, `machine_start`), where the hotline asked for detection."""
        asked = self.params.get("MachineDetection")
        if not asked:
            return
        self.answered_by = "machine_end_beep" if asked == "DetectMessageEnd" and by.startswith("machine") else by
        address = self.params.get("AsyncAmdStatusCallback")
        if self.params.get("AsyncAmd") == "true" and address:
            params = parameters.call_request(self.company.account_sid, self)
            self.company.backlog.later(lambda: self.webhook(str(address), params))
            self.answered_by = None
