"""What is told of the directory: the lines of a menu, a service and how to reach it, a second one beside it.

Not here: saying things at all (speech.py), nor which service is told of (services.py).
"""

from flows.directory import MenuItem, Record
from flows.machines.speech import Speech

MOST_ALSO = 2  # of the other services that one message asks for


class Telling(Speech):
    """The part of a turn that tells of services."""

    def menu_lines(self, name: str) -> str:
        """The menu's lines; nothing that isn't in the directory can be named."""
        items = self.world.directory.menus[name]
        lines = [self._menu_line(name, n, item) for n, item in enumerate(items, 1)]
        return ("\n" if self.channel == "sms" else " ").join(lines)

    def _menu_line(self, name: str, n: int, item: MenuItem) -> str:
        if item.do:
            what = self.words.say(self.tongue, f"do.{item.do}", self.channel)
        else:
            what = self.world.directory.line(name, n, self.tongue)
        line = "menu.service" if item.record and not item.words else "menu.line"
        a_name = any(letter.isupper() for letter in what.split()[0][1:])  # BEST, YouthConnect
        if line == "menu.service" and self.channel == "voice" and not a_name:
            what = what[0].lower() + what[1:]
        return self.words.say(self.tongue, line, self.channel, n=n, what=what)

    # A service

    def ask_service(self) -> None:
        """What it is and how to reach it; by text only once, for somebody else may hold the phone by now."""
        record = self.the_record()
        if self.channel == "sms" and self.stayed and not self.in_full:
            self.ask_next(record)
            return
        self.say("service." + self._kind(record), slot="service." + record.id, **self._facts(record))
        self.tell_also()
        if self.channel == "sms":
            self.ask_next(record)

    def ask_next(self, record: Record) -> None:
        self.say("next.private" if record.private else "next.triage" if record.triage else "next")

    def tell_also(self) -> None:
        """What else was asked for in the same message; of a service that is run by police, the one beside it."""
        records = self.world.directory.records
        for asked in self.also[:MOST_ALSO]:
            told = records[asked.beside] if asked.police and asked.beside else asked
            only_web = self.channel == "voice" and not told.phone
            self.say("also.web" if only_web else "also", slot="also." + told.id, **self._facts(told))
            self.notices[self.says[-1]] = 0

    def the_record(self) -> Record:
        """The service that was last told of."""
        return self.world.directory.records.get(self.session.record) or self.world.directory.live_line

    def _kind(self, record: Record) -> str:
        """Which message tells of it."""
        if record == self.world.directory.live_line:
            return "live"
        if record.danger_first:
            return "shots"
        if record.text_to:
            return "tip"
        if record.beside:
            return "beside"
        voice = self.channel == "voice"
        return "triage" if record.triage and voice else "web" if voice and not record.phone else "plain"

    def _facts(self, record: Record) -> dict[str, str]:
        """All that the messages may say of a record, and of the one beside it."""
        d = self.world.directory
        beside = d.records.get(record.beside or "", record)
        tip = next((r for r in d.all if r.text_to), record)
        return {
            "purpose": self.told(record, "purpose"),
            "expect": self.told(record, "expect"),
            "run_by": self.told(record, "run_by"),
            "full_name": self.told(record, "name"),
            "service": self.told(record, "short_name"),
            "phone": self.said(record.phone or ""),
            "address": record.address or "",
            "contact": self._contact(record),
            "text_to": self.said(tip.text_to or ""),
            "text_word": tip.text_word or "",
            "beside": self.told(beside, "short_name"),
            "beside_run_by": self.told(beside, "run_by"),
            "beside_phone": self.said(beside.phone or ""),
        }

    def _contact(self, record: Record) -> str:
        """How to reach it, as text: number, mail, page; an address only where the door is its own."""
        web = (record.web or "").removeprefix("https://").removeprefix("www.").rstrip("/")
        address = "" if record.beside else record.address
        return ", ".join(filter(None, (self.said(record.phone or ""), record.email, web, address)))
