"""What is asked on entering each state, once.

Not here: how a service is told of (telling.py), nor what an answer leads to (conversation.py).
"""

from flows.machines.telling import Telling
from flows.words import Said


class Asking(Telling):
    """The part of a turn that asks: `ask_menu` for the state menu, and so on; other states say their own message."""

    def enter(self, state: str, stayed: bool) -> None:
        """Say the state's question, once."""
        self.stayed = stayed
        if not stayed and self.ask:
            self.session.misses = 0
        if state == "confirm_own":  # whatever number was given and refused before is not the one that is agreed to
            self.session.number = self.session.extension = ""
        if self.ask:
            getattr(self, "ask_" + state, lambda: self.say(state))()

    def say_first(self) -> None:
        """First contact by text: danger, the menu, how to end it, and in which other language it can go on."""
        others = [language for language in self.words.languages if language != self.session.language]
        what = self.words.say(others[0], "language.named." + others[0], "sms") if others else ""
        languages = self.words.say(self.session.language, "first.languages", "sms", what=what) if others else ""
        self.say("first", menu=self.menu_lines("sms"), languages=languages)

    def ask_new(self) -> None:
        pass

    def ask_menu(self) -> None:
        if self.introduced:
            return  # first contact has the menu in it
        self.say("menu", menu=self.menu_lines(self.channel))
        if self.inbound.begins:
            self.say("menu.tail")
            self._say_languages("language.key", others_only=True)

    def ask_more(self) -> None:
        name = self.session.menu if self.session.menu in self.world.directory.menus else self.channel
        self.say("more", slot=f"more.{name}", menu=self.menu_lines(name))

    def ask_languages(self) -> None:
        """Each language in its own words and script, by number."""
        if self.channel == "voice":
            self._say_languages("language.press")
            return
        lines = [
            f"{n} {self.words.say(language, 'language.named.' + language, 'sms')}"
            for n, language in enumerate(self.words.languages, 1)
        ]
        self.says.append(Said("\n".join(lines), self.tongue))

    def _say_languages(self, message: str, others_only: bool = False) -> None:
        """One sentence for each language, in its own voice."""
        for n, language in enumerate(self.words.languages, 1):
            if others_only and language == self.session.language:
                continue
            recording = self.words.recording(language, message)
            tongue = language if recording else self.words.tongue(language, "voice")
            what = self.words.say(tongue, "language.named." + language, "voice")
            self.says.append(Said(self.words.say(tongue, message, "voice", n=n, what=what), tongue, recording))

    # The other questions

    def ask_confirm_own(self) -> None:
        self.tell_also()
        self.say("confirm_own", number=self.said(self.world.own_number))
        self.say_once("limits")  # the limits of confidentiality, before anybody gives details (care.md §4)

    def ask_confirm_number(self) -> None:
        extension = self.session.extension
        self.say(
            "confirm_number.extension" if extension else "confirm_number",
            number=self.said(self.session.number),
            extension=self.said(extension),
        )
        self.say_once("limits")

    def ask_no_time(self) -> None:
        self.say("no_time." + self.world.why_no_promise if self.world.why_no_promise == "nobody" else "no_time")

    def ask_after_dial(self) -> None:
        self.say("after_dial" if self.inbound.dial in ("completed", "answered") else "after_dial.unanswered")

    def ask_danger(self) -> None:
        """The first time sound_alarm has spoken; after something we didn't get, the way on is said again."""
        if not self.alarm and (self.session.misses or not self.says or self.asked_language):
            self.say("danger.stay")

    @property
    def says_when(self) -> bool:
        """Is there a time that we promised, that has not passed, and against which they named none of their own?"""
        request = self.world.request
        return bool(request and request.promised) and not self.world.is_late and not self.session.own_time

    def ask_waiting(self) -> None:
        request = self.world.request
        if request is None and self.effects.verb != "request":
            self.say("no_request")  # staff have closed it meanwhile: no time is named that nobody keeps
        elif not self.effects.promised and (self.session.own_time or not (request and request.promised)):
            self.say("waiting.no_time")
        elif request and self.world.is_late:
            self.say("waiting.late")
        else:
            self.say("waiting", time=self.time())
