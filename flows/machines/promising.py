"""The actions of the chart on the way to a promise, and what a person allows after it.

Not here: what is promised and kept (workers/), nor the other actions (talk.py).
"""

from datetime import timedelta

from flows.machines.asking import Asking
from flows.machines.phrases import time_in

LONGEST_NAME, LONGEST_TIME = 40, 80  # characters kept of what a person wants to be called, and of a good time


class Promising(Asking):
    """The part of a turn that leads to a call."""

    def keep_number(self) -> None:
        self.session.number, self.session.extension = str(self.reading.e164 or ""), self.reading.extension or ""

    def forget_number(self) -> None:
        self.session.number = self.session.extension = ""

    def explain_number(self) -> None:
        """Why that is no number to call; the same reason is not said twice, but how a number is written."""
        self.session.misses += 1
        again = self.session.reason == self.reading.reason and self.session.misses > 1
        self.session.reason = self.reading.reason
        self.say("number.again" if again else "number." + self.reading.reason)

    def _settled_number(self) -> dict[str, str]:
        """The fields of the number that was just agreed to, and of the phone that may be asked about texts."""
        own = not self.session.number  # (inside an action the chart's state says nothing)
        number = self.world.own_number if own else self.session.number
        fields = {
            "phone": number,
            "extension": "" if own else self.session.extension,
            "language": self.session.language,
            "channel": self.channel,
            "team": self.world.directory.live_line_id,
            "asked_for": self._asked_for(),
            "urgent": "1" if self.session.urgent else "",
        }
        self.session.number = self.session.extension = ""
        return fields

    def _asked_for(self) -> str:
        """What else of the live line they asked for, by its id (advice for partners); '' for support."""
        asked, live = self.the_record(), self.world.directory.live_line
        return asked.id if asked.phone == live.phone and asked != live else ""

    def promise(self) -> None:
        """Somebody is on shift, workers are alive, the store is durable: give the time, in the same commit."""
        fields = self._settled_number()
        self.effects.verb, self.effects.promised, self.effects.fields = "request", True, fields
        self.session.own_time = False
        self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
        number = self.said(fields["phone"])
        if self._is_read("welcome.promised", "waiting.no_time"):
            return
        self.say("promise", number=number, time=self.time())
        self.unconfirmed = [*self.says[:-1], self.saying("unconfirmed", number=number)]

    def note_request(self) -> None:
        """A callback without a time: kept and worked on, but not promised."""
        self.effects.verb, self.effects.fields = "request", self._settled_number()
        self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
        noted = "noted.time" if self.session.wish else "noted"
        self.session.own_time = bool(self.session.wish)
        if self.session.wish:
            self.effects.fields["good_time"], self.session.wish = self.session.wish, ""
        if not self._is_read("waiting.no_time", "waiting.no_time"):
            self.say(noted, number=self.said(self.effects.fields["phone"]))

    def _is_read(self, told: str, unconfirmed: str) -> bool:
        """Somebody else reads this phone: nothing of the other number is told, and nothing more is asked. Was it so?"""
        if self.session.unsafe:
            self.ask = False
            self.say(told, time=self.time())
            self.unconfirmed = [*self.says[:-1], self.saying(unconfirmed)]
        return self.session.unsafe

    def ask_again(self) -> None:
        """One person has one open request: asking again raises it, and never makes it later."""
        request = self.world.request
        self.effects.verb = "request"
        self.effects.due_at = request.due_at if request else None
        if request and not (request.promised or self.session.own_time or self.world.why_no_promise):
            self.effects.promised = True
            self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
            self.say("promise.now", time=self.time())
            self.ask = False

    def change_it(self) -> None:
        fields = self._settled_number()
        self.effects.verb = "update"
        self.effects.fields = {"phone": fields["phone"], "extension": fields["extension"]}
        if not self._is_read("ask.leaving", "ask.leaving"):
            self.say("changed", number=self.said(fields["phone"]))

    def _update(self, **fields: str) -> None:
        if self.world.request:
            self.effects.verb, self.effects.fields = "update", fields

    def allow_text(self) -> None:
        self._update(may_text="yes", contact=self.world.own_number)

    def refuse_text(self) -> None:
        self._update(may_text="no")

    def allow_voicemail(self) -> None:
        self._update(may_voicemail="neutral")

    def allow_more(self) -> None:
        self._update(may_voicemail="named")

    def refuse_voicemail(self) -> None:
        self._update(may_voicemail="no")

    def only_them(self) -> None:
        self._update(may_answer="only_me")

    def others_too(self) -> None:
        self._update(may_answer="others")

    def keep_name(self) -> None:
        self._update(name=self.free_words[:LONGEST_NAME])

    def keep_time(self) -> None:
        self._update(good_time=self.free_words[:LONGEST_TIME])
        self.session.own_time = bool(time_in(self.free_words))
        self.say("time_kept")  # and no clock time here, that might speak against theirs
        self.ask = False

    def mark_unsafe(self) -> None:
        """Whatever they allowed before, no text is started to a phone that somebody else reads."""
        self.session.unsafe = True
        self._update(may_text="no")

    def mark_safe(self) -> None:
        self.session.unsafe = False

    def withdraw_it(self) -> None:
        if self.world.request:
            self.effects.verb = "withdraw"
        self.say("taken_back")
        self.ask = self.channel == "voice"  # a call goes on with the menu: its words name no keys

    def nothing_to_take_back(self) -> None:
        self.say("no_request")
