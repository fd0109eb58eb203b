"""One person who texts or calls, and a world that keeps what was promised to them. No store, no clock.

Lives here: what the tests of whole conversations share. Not here: what must hold.
"""

from datetime import UTC, datetime, timedelta

from flows.directory import Directory
from flows.engine import Engine
from flows.session import Session
from flows.turn import Channel, Inbound, Outcome, Request, World

NOON = datetime(2026, 11, 25, 20, 42, 59, tzinfo=UTC)  # in Boston 3:42 PM, in Port Harlan 12:42 PM


class Person:
    """What they do is a method; each returns what came back. `why`: why nothing can be promised now."""

    def __init__(self, engine: Engine, directory: Directory, channel: Channel = "sms", own: str = "+12135550144"):
        self.engine, self.directory, self.channel, self.own = engine, directory, channel, own
        self.session, self.now, self.why = Session(), NOON, ""
        self.request: Request | None = None
        self.opted_out = False
        self.can_text = bool(own)

    def world(self) -> World:
        return World(
            now=self.now,
            directory=self.directory,
            promise_minutes=30,
            why_no_promise=self.why,
            request=self.request,
            opted_out=self.opted_out,
            own_number=self.own,
            can_text=self.can_text,
            sms_number="55500",
            voice_number="+12135550100",
            ours=("55500", "+12135550100"),
        )

    # What they do

    def calls(self) -> Outcome:
        """A call begins where no other was: only the callback is known."""
        self.channel, self.session = "voice", Session()
        return self.turn(Inbound("voice", begins=True))

    def says(self, words: str) -> Outcome:
        return self.turn(Inbound(self.channel, words=words))

    def keys(self, digits: str) -> Outcome:
        """By text a digit is a message like any other."""
        return self.says(digits) if self.channel == "sms" else self.turn(Inbound("voice", digits=digits))

    def turn(self, inbound: Inbound) -> Outcome:
        outcome = self.engine.turn(self.session, inbound, self.world())
        effects = outcome.effects
        self.session = Session() if effects.clear else outcome.session
        if effects.verb == "request" and effects.due_at:
            self.request = Request(effects.due_at, effects.promised, False, "waiting")
        elif effects.verb == "withdraw":
            self.request = None
        self.opted_out = {"out": True, "in": False}.get(effects.opt, self.opted_out)
        return outcome

    def does(self, step: str) -> Outcome | None:
        """One step of a story, as tables write it: `hi`, `#1` a key, `~` silence, `@busy` a dial that ended, `^` a picture,
        `call`, `+20` minutes pass; `!closed` staff close the callback, `!nobody` (`!somebody`)
        is on shift, `!withheld` is the number, `!stopped`: they have texted STOP."""
        rest = step[1:]
        match step[:1]:
            case "#":
                return self.turn(Inbound("voice", digits=rest))
            case "~":
                return self.turn(Inbound("voice", silent=True))
            case "@":
                return self.turn(Inbound("voice", dial=rest))
            case "^":
                return self.turn(Inbound("sms", media=True))
            case "+" if rest.isdigit():
                self.wait(int(rest))
            case "!":
                self._meanwhile(rest)
            case _:
                return self.calls() if step == "call" else self.says(step)
        return None

    # What happens meanwhile

    def _meanwhile(self, what: str) -> None:
        if what == "closed":
            self.request = None
        elif what == "nobody":
            self.why = "nobody"
        elif what == "somebody":
            self.why = ""
        elif what == "withheld":
            self.own, self.can_text = "", False
        elif what == "stopped":
            self.opted_out = True
        else:
            raise ValueError(what)

    def wait(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
