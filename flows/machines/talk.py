"""The model behind the chart: what one turn collects, and the actions by name.

Lives here: words and effects of each step. Not here: which step follows which (conversation.py).
"""

from datetime import timedelta
from functools import lru_cache

from flows.directory import MenuItem, Record
from flows.phone import Reading, spoken, written
from flows.session import Session
from flows.turn import Effects, Inbound, World
from flows.words import Words, clock

LONGEST_NAME, LONGEST_TIME = 40, 80  # characters kept of what a person wants to be called, and of a good time


def said(number: str, channel: str) -> str:
    """A number as it is read, or heard digit by digit in groups."""
    if channel == "voice":
        return spoken(number) if number.startswith("+") else " ".join(number)
    return written(number) if number.startswith("+") else number


@lru_cache(maxsize=64)
def _common(name: str, live_name: str, numbers: tuple[str, ...], channel: str) -> dict[str, str]:
    """What every message may name: ourselves, 911, 988, the live line, our numbers."""
    names = ("emergency", "crisis", "live", "voice", "sms")
    return {"name": name, "live_name": live_name, **{k: said(n, channel) for k, n in zip(names, numbers, strict=True)}}


class Talk:
    """One turn in the making. The engine fills it in before each event and reads it afterwards."""

    state: str
    session: Session
    world: World
    inbound: Inbound
    words: Words
    says: list[str]
    effects: Effects
    reading: Reading
    record: Record | None
    alarm: str
    free_words: str
    dial: str
    hang_up: bool
    ask: bool
    introduced: bool
    speaks: str

    def begin(self, session: Session, inbound: Inbound, world: World, words: Words) -> None:
        self.session, self.inbound, self.world, self.words = session, inbound, world, words
        self.state = session.state
        self.says, self.effects = [], Effects()
        self.reading, self.record, self.alarm, self.free_words = Reading(None, None, "none"), None, "", ""
        self.dial, self.hang_up, self.ask, self.introduced = "", False, True, False
        self.speaks = ""

    # Saying

    @property
    def channel(self) -> str:
        return self.inbound.channel

    def say(self, message: str, **values: object) -> None:
        d, w = self.world.directory, self.world
        numbers = (d.emergency.number, d.crisis.number, d.live_line.phone or "", w.voice_number, w.sms_number)
        common = _common(d.name, d.live_line.short_name, numbers, self.channel)
        self.says.append(self.words.say(self.session.language, message, self.channel, **{**common, **values}))

    def said(self, number: str) -> str:
        return said(number, self.channel)

    def time(self) -> str:
        """The clock time of the promise that is made, or stands; '' where there is none."""
        due = self.effects.due_at or (self.world.request.due_at if self.world.request else None)
        return clock(due, self.world.directory.time_zone) if due else ""

    # Entering a state

    def enter(self, state: str, stayed: bool) -> None:
        """Say the state's question, once."""
        if not stayed:
            self.session.misses = 0
        if self.ask:
            getattr(self, "ask_" + state, lambda: self.say(state))()

    def ask_new(self) -> None:
        pass

    def ask_menu(self) -> None:
        if self.introduced:
            return  # first contact has the menu in it
        self.say(
            "menu",
            menu=self.menu_lines(
                self.world.directory.menus.sms if self.channel == "sms" else self.world.directory.menus.voice
            ),
        )
        if self.inbound.begins:
            self.say("menu.tail")

    def ask_more(self) -> None:
        self.say("more", menu=self.menu_lines(self.world.directory.menus.more))

    def menu_lines(self, items: tuple[MenuItem, ...]) -> str:
        """The menu's lines; nothing that isn't in the directory can be named."""
        lines = [self._menu_line(n, item) for n, item in enumerate(items, 1)]
        return ("\n" if self.channel == "sms" else " ").join(lines)

    def _menu_line(self, n: int, item: MenuItem) -> str:
        language = self.session.language
        if item.record is None:
            what, line = self.words.say(language, f"do.{item.do}", self.channel), "menu.line"
        else:
            record = self.world.directory.records[item.record]
            what, line = record.menu.get(language) or record.menu.get("en") or record.short_name, "menu.service"
        if line == "menu.service" and self.channel == "voice":
            what = what[0].lower() + what[1:]
        return self.words.say(language, line, self.channel, n=n, what=what)

    def ask_service(self) -> None:
        record = self.world.directory.records.get(self.session.record) or self.world.directory.live_line
        beside = self.world.directory.records.get(record.beside or "")
        kind = (
            "tip"
            if record.text_to
            else "police"
            if record.police
            else "live"
            if record == self.world.directory.live_line
            else "plain"
        )
        self.say(
            "service." + kind,
            purpose=record.purpose,
            service=record.short_name,
            full_name=record.name,
            run_by=record.run_by,
            phone=self.said(record.phone or ""),
            expect=record.expect,
            address=record.address or "",
            text_to=self.said(record.text_to or ""),
            text_word=record.text_word or "",
            hours=record.hours or "",
            beside=beside.short_name if beside else "",
            beside_run_by=beside.run_by if beside else "",
            beside_phone=self.said(beside.phone or "") if beside else "",
        )

    def ask_confirm_own(self) -> None:
        self.say("confirm_own", number=self.said(self.world.own_number))

    def ask_confirm_number(self) -> None:
        extension = self.session.extension
        self.say(
            "confirm_number.extension" if extension else "confirm_number",
            number=self.said(self.session.number),
            extension=self.said(extension),
        )

    def ask_no_time(self) -> None:
        self.say("no_time." + self.world.why_no_promise if self.world.why_no_promise == "nobody" else "no_time")

    def ask_connecting(self) -> None:
        if not self.dial:  # the action that leads here has said so and dials; anything else rings again
            self.dial_live()

    def ask_after_dial(self) -> None:
        self.say("after_dial" if self.inbound.dial in ("completed", "answered") else "after_dial.unanswered")

    def ask_danger(self) -> None:
        """The first time sound_alarm has spoken; after something we didn't get, the way on is said again."""
        if self.session.misses or not self.says:
            self.say("danger.stay")

    def ask_waiting(self) -> None:
        request = self.world.request
        if request is None and self.effects.verb != "request":
            self.say("no_request")  # staff have closed it meanwhile: no time is named that nobody keeps
        elif (self.effects.verb == "request" and not self.effects.promised) or (request and not request.promised):
            self.say("waiting.no_time")
        elif request and request.late:
            self.say("waiting.late")
        else:
            self.say("waiting", time=self.time())

    # Actions on the way to a promise

    def keep_number(self) -> None:
        self.session.number, self.session.extension = str(self.reading.e164 or ""), self.reading.extension or ""

    def forget_number(self) -> None:
        self.session.number = self.session.extension = ""

    def explain_number(self) -> None:
        self.say("number." + self.reading.reason)

    def _settled_number(self) -> dict[str, str]:
        """The fields of the number that was just agreed to, and of the phone that may be asked about texts."""
        own = self.state == "confirm_own" or not self.session.number
        number = self.world.own_number if own else self.session.number
        fields = {
            "phone": number,
            "extension": "" if own else self.session.extension,
            "language": self.session.language,
            "channel": self.channel,
            "team": self.world.directory.live_line_id,
            "urgent": str(self.session.urgent or ""),
        }
        self.session.number = self.session.extension = ""
        return fields

    def promise(self) -> None:
        """Somebody is on shift, workers are alive, the store is durable: give the time, in the same commit."""
        fields = self._settled_number()
        self.effects.verb, self.effects.promised, self.effects.fields = "request", True, fields
        self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
        self.say("promise", number=self.said(fields["phone"]), time=self.time())

    def note_request(self) -> None:
        """A callback without a time: kept and worked on, but not promised."""
        self.effects.verb, self.effects.fields = "request", self._settled_number()
        self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
        self.say("noted", number=self.said(self.effects.fields["phone"]))

    def ask_again(self) -> None:
        """One person has one open request: asking again raises it, and never makes it later."""
        request = self.world.request
        self.effects.verb = "request"
        self.effects.promised = bool(request and request.promised)
        self.effects.due_at = request.due_at if request else None
        if request and not request.promised and not self.world.why_no_promise:
            self.effects.promised = True
            self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
            self.say("promise.now", time=self.time())
            self.ask = False

    def change_it(self) -> None:
        fields = self._settled_number()
        self.effects.verb = "update"
        self.effects.fields = {"phone": fields["phone"], "extension": fields["extension"]}
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
        self.say("time_kept")

    def withdraw_it(self) -> None:
        if self.world.request:
            self.effects.verb = "withdraw"
        self.say("taken_back")
        self.ask = False

    def nothing_to_take_back(self) -> None:
        self.say("no_request")

    # Elsewhere

    def keep_record(self) -> None:
        self.session.record = self.record.id if self.record else self.world.directory.live_line_id

    def keep_live_line(self) -> None:
        self.session.record = self.world.directory.live_line_id

    def sound_alarm(self) -> None:
        self.say("danger." + self.alarm)
        self.session.urgent = 1
        self._update(urgent="1")

    def heard_yes(self) -> None:
        """Yes to the question about suicide (or to anything after words of danger): the way to help, again."""
        self.session.misses = 0
        self.say("danger.yes")

    def heard_no(self) -> None:
        self.say("danger.no")

    def dial_live(self) -> None:
        self.say("connecting", service=self.world.directory.live_line.short_name)
        self.dial = self.world.directory.live_line.phone or ""

    def dial_this(self) -> None:
        record = self.record or self.world.directory.live_line
        self.say(
            "connecting.police" if record.police else "connecting", service=record.short_name, run_by=record.run_by
        )
        self.dial = record.phone or self.world.directory.live_line.phone or ""

    def lead_to_person(self) -> None:
        self.say("lead_to_person")
        self.dial_live()

    def offer_person(self) -> None:
        self.say("offer_person")
        self.ask = False

    def wipe(self) -> None:
        self.effects.clear = True
        if self.world.request:
            self._update(may_text="no")
        self.say("cleared")

    # Staying

    def no_request(self) -> None:
        self.say("no_request")

    def kind_line(self) -> None:
        """Thanks, an OK or a heart: one kind line with the time, and no more than two in a row."""
        self.ask = False
        self.session.thanked += 1
        if self.session.thanked > 2 and self.channel == "sms":
            return
        request = self.world.request
        if request and request.promised and not request.late:
            self.say("welcome.promised", time=self.time())
        else:
            self.say("welcome")

    def say_nothing(self) -> None:
        self.ask = False

    def stay_silent(self) -> None:
        """Nothing but the question again."""

    def say_help(self) -> None:
        self.say("help")
        self.ask = self.channel == "voice"

    def was_silent(self) -> None:
        self.session.misses += 1
        self.say("silence")

    def not_understood(self) -> None:
        self.session.misses += 1
        self.say("media" if self.inbound.media and not self.inbound.words.strip() else "not_understood")

    def say_goodbye(self) -> None:
        self.say(
            "goodbye.promised" if self.world.request and self.world.request.promised else "goodbye", time=self.time()
        )
        self.hang_up, self.ask = True, False
