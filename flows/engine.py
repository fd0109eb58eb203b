"""A turn: (session, what the person said, the world) -> (session, what to say, what to have done). No I/O, no clock.

Lives here: what comes before any conversation (opt-outs, floods, first contact) and playing the chart. Not here: the
chart (machines/).
"""

import threading
from dataclasses import replace

from flows.machines.conversation import Conversation
from flows.machines.interpret import interpret
from flows.machines.phrases import command, told
from flows.machines.talk import Talk
from flows.machines.written import alarm_of
from flows.segments import fold, segments
from flows.session import TOLD, Session, after_pause
from flows.turn import Asks, Effects, Inbound, Outcome, World
from flows.understand import Understanding, opt_word, understand
from flows.words import FALLBACK, Said, Words

TURNS_A_MINUTE = 60  # of one person; above it one safe answer, then silence
LONGEST_CALL_TURNS = 60
CARRIERS_WORDS = frozenset(
    "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT START YES UNSTOP HELP INFO".split()  # noqa: SIM905
)
NOTHING = understand("")
STATES = frozenset(state.id for state in Conversation.states)
# What says nothing of its own: hours later it may answer a question that nobody remembers.
VAGUE = frozenset({"agree", "refuse", "go_menu", "nothing", "repeat", "thanks", "back", "call_me", "change_number"})
OFTEN = 25  # turns of one conversation without a callback asked for: writing may be hard
NEED_A_REQUEST = frozenset(
    {"may_text", "may_voicemail", "may_answer", "their_name", "good_time", "waiting", "withdraw"}
)
MOST_SEGMENTS = 3
ALL_OR_NONE = frozenset({"vi"})  # languages that people type with all of their accents or with none
VOICE_ONLY = frozenset({"quiet", "connecting", "after_dial"})
ASKS: dict[str, Asks] = {"ask_number": "number", "their_name": "words", "good_time": "words"}


class Engine:
    """Plays turns. One chart a thread: building one costs more than twice what an event costs."""

    def __init__(self, words: Words):
        self._words = words
        self._local = threading.local()

    def turn(self, session: Session, inbound: Inbound, world: World) -> Outcome:
        """One turn; `session` is not changed. Raises what the conversation raises: the caller gives the safe answer."""
        now = world.now.timestamp()
        session = replace(after_pause(session, now), at=now, turns=session.turns + 1)
        _count_minute(session, now)
        heard = understand(inbound.words) if len(inbound.words) > 1 else NOTHING  # a digit, as most messages are
        return self._before(session, inbound, world, heard) or self._play(session, inbound, world, heard)

    # Before the conversation

    def _before(self, session: Session, inbound: Inbound, world: World, heard: Understanding) -> Outcome | None:
        if inbound.channel == "voice":
            return None
        word = inbound.opt_out_type.lower() or (opt_word(inbound.words) if len(inbound.words) > 1 else None)
        if not word and heard.labels[0] == "stop":
            word = "stop"  # in their own words: "take me off your list"
        if word == "help" and not inbound.opt_out_type and len(inbound.words.split()) > 1:
            word = None  # "help me" asks for help, not for terms
        if not word and world.opted_out and inbound.words.strip().casefold() == "yes":
            word = "start"
        if word:
            if session.language == FALLBACK:  # "parar" is Spanish and Portuguese: who writes one of them stays in it
                self._speak_as_they_do(session, heard)
            return self._opt(word, session, inbound, world)
        if world.opted_out:
            return self._opted_out(session, inbound, world, heard)
        if world.quotas and session.in_minute > TURNS_A_MINUTE:
            return self._flood(session, world, heard)
        return None

    def _opt(self, word: str, session: Session, inbound: Inbound, world: World) -> Outcome | None:
        """STOP, START, HELP. We are silent where Twilio has answered: OptOutType, or a long code's keywords."""
        silent = bool(inbound.opt_out_type) or (not inbound.short_code and _carriers_own(inbound.words))
        if word == "stop":
            message = (
                "stopped.promised" if world.request and world.request.promised and not world.is_late else "stopped"
            )
            says = [] if silent or world.opted_out else [self._say(message, session, world)]
            return Outcome(session, says, Effects(opt="out"))
        if word == "start":
            if not world.opted_out and not silent:
                return None  # nothing to start again: the menu, as for any first word
            return Outcome(session, [] if silent else [self._say("started", session, world)], Effects(opt="in"))
        if session.state == "their_name" and inbound.words.strip().upper() not in CARRIERS_WORDS:
            return None  # "Ed" is a name where one is asked for
        return Outcome(session, [] if silent else [self._say("help", session, world)], Effects())

    def _opted_out(self, session: Session, inbound: Inbound, world: World, heard: Understanding) -> Outcome:
        """Silence, but never for words of danger; and who takes a call back is heard."""
        alarm = self._alarm(session, heard)
        unwanted = told(inbound.words) == "no_call"
        takes_back = "withdraw" in heard.acts or command(inbound.words) == "take_back"
        withdraws = world.request and (unwanted or (takes_back and not alarm))
        says = [self._say(f"danger.{alarm}.only", session, world)] if alarm else []
        return Outcome(session, says, Effects(verb="withdraw" if withdraws else ""))

    def _flood(self, session: Session, world: World, heard: Understanding) -> Outcome:
        alarm = self._alarm(session, heard)
        if alarm and session.in_minute % TURNS_A_MINUTE == 0:
            return Outcome(session, [self._say(f"danger.{alarm}.only", session, world)], Effects())
        first = session.in_minute == TURNS_A_MINUTE + 1
        return Outcome(session, [self._say("safe", session, world)] if first else [], Effects())

    def _speak_as_they_do(self, session: Session, heard: Understanding) -> None:
        """A compliance word, or words of danger, are answered in the language they came in."""
        if not session.chosen and heard.language in self._words.languages:
            session.language = heard.language

    def _alarm(self, session: Session, heard: Understanding) -> str:
        """Which danger was told, or ''; it is answered in the language it was told in."""
        if not heard.danger:
            return ""
        self._speak_as_they_do(session, heard)
        return alarm_of(heard)

    def _say(self, message: str, session: Session, world: World) -> Said:
        talk = Talk()
        talk.begin(session, Inbound("sms"), world, self._words)
        talk.say(message)
        return fit(talk)[0]

    # The conversation

    def _play(self, session: Session, inbound: Inbound, world: World, heard: Understanding) -> Outcome:
        if session.state not in STATES or (inbound.channel == "sms" and session.state in VOICE_ONLY):
            session.state = "menu"  # a state of another version: home
        chart, talk = self._chart()
        talk.begin(session, inbound, world, self._words)
        talk.heard = heard
        event = self._event(talk)
        chart.send(event)
        talk.keep_danger_first(session.state, event)
        if talk.state == "new" and event not in ("clear", "aside"):
            talk.state = "menu"  # who we are has been said
        session.state = talk.state
        if (
            session.turns == OFTEN
            and inbound.channel == "sms"
            and not (world.request or talk.effects.verb or talk.alarm)
        ):
            talk.notice("often")
        if inbound.channel == "voice" and session.turns > LONGEST_CALL_TURNS:
            talk.say_goodbye()
        asks = "" if talk.hang_up or talk.dial else ASKS.get(talk.state, "choice")
        return Outcome(session, fit(talk), talk.effects, asks, talk.dial, talk.hang_up, tuple(talk.unconfirmed))

    def _event(self, talk: Talk) -> str:
        """What came in, as an event; before it, what must be said whatever it is."""
        first = talk.state == "new"
        closed = talk.state in NEED_A_REQUEST and talk.world.request is None
        if closed:
            talk.state = talk.session.state = "menu"
        event = interpret(talk)
        talk.session.silent = False
        for what in [name for name, bit in TOLD.items() if talk.session.owed & bit and event != "alarm"]:
            talk.say_owed(what)
        if talk.session.left and event in VAGUE and talk.channel == "sms":
            event = "offer_resume"
        talk.session.left = False
        if closed and event not in ("alarm", "clear"):
            talk.say("closed")
            answers_old_question = talk.inbound.digits or len(talk.inbound.words.strip()) < 2 or event == "nothing"
            event = "go_menu" if answers_old_question else event
        if first and event not in ("alarm", "clear", "aside"):
            event = self._introduce(talk, event)
        return event

    @staticmethod
    def _introduce(talk: Talk, event: str) -> str:
        """First contact names danger before anything else, and says who this is and how to stop."""
        if talk.channel == "voice":
            talk.say("greeting")
            return event
        vague = event in ("go_menu", "nothing", "repeat", "speak", "thanks", "agree", "refuse", "back", "silence")
        if not vague:
            talk.say("danger.numbers" if event == "go_languages" else "first.short")  # eight names and scripts are long
            return event
        talk.introduced = True
        if talk.asked_language:
            talk.session.language, talk.session.chosen = talk.asked_language, True
        talk.say_first()
        return "go_menu"

    def _chart(self) -> tuple[Conversation, Talk]:
        try:
            return self._local.chart, self._local.talk
        except AttributeError:
            talk = Talk()
            talk.state = "new"
            self._local.talk, self._local.chart = talk, Conversation(model=talk)
            return self._local.chart, self._local.talk


def fit(talk: Talk) -> list[Said]:
    """A text of more than three segments loses what could wait for another time, then its accents: one letter outside
    GSM-7 halves the room, and people who text read their language without them."""
    if talk.channel == "voice":
        return talk.says
    says = talk.says
    for notice, bit in reversed(talk.notices.items()):
        if _segments(says) <= MOST_SEGMENTS or talk.unconfirmed:
            break  # a promise keeps its place among the sentences: it may have to be taken back (Outcome.unconfirmed)
        says = [text for text in says if text is not notice]
        talk.session.owed |= bit
    if _segments(says) <= MOST_SEGMENTS:
        return says
    return [Said(fold(text, text.language in ALL_OR_NONE), text.language) for text in says]


def _segments(says: list[Said]) -> int:
    return segments("\n".join(says)).parts


def _carriers_own(words: str) -> bool:
    """On a long code Twilio answers these itself: the bare word only, not `Stop!!` or `ALTO`."""
    return words.strip().upper() in CARRIERS_WORDS


def _count_minute(session: Session, now: float) -> None:
    minute = int(now // 60)
    session.in_minute = session.in_minute + 1 if session.minute == minute else 1
    session.minute = minute
