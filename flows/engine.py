"""A turn: (session, what the person said, the world) -> (session, what to say, what to have done). No I/O, no clock.

Lives here: what comes before any conversation (opt-outs, floods, first contact) and playing the chart. Not here: the
chart (machines/).
"""

import threading
from dataclasses import replace

from flows.machines.conversation import Conversation
from flows.machines.interpret import ALARMS, interpret
from flows.machines.talk import Talk
from flows.session import Session, after_pause
from flows.turn import Asks, Effects, Inbound, Outcome, World
from flows.understand import opt_word, understand
from flows.words import Words

TURNS_A_MINUTE = 60  # of one person; above it one safe answer, then silence
LONGEST_CALL_TURNS = 60
CARRIERS_WORDS = frozenset(
    "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT START YES UNSTOP HELP INFO".split()  # noqa: SIM905
)
STATES = frozenset(state.id for state in Conversation.states)
VOICE_ONLY = frozenset({"more", "quiet", "connecting", "after_dial"})
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
        return self._before(session, inbound, world) or self._play(session, inbound, world)

    # Before the conversation

    def _before(self, session: Session, inbound: Inbound, world: World) -> Outcome | None:
        if inbound.channel == "voice":
            return None
        few = len(inbound.words) < 2  # a digit, as most messages are, is no such word
        word = inbound.opt_out_type.lower() or (None if few else opt_word(inbound.words))
        if not word and world.opted_out and inbound.words.strip().casefold() == "yes":
            word = "start"
        if word:
            return self._opt(word, session, inbound, world)
        if world.opted_out:
            return self._opted_out(session, inbound, world)
        if world.quotas and session.in_minute > TURNS_A_MINUTE:
            return self._flood(session, inbound, world)
        return None

    def _opt(self, word: str, session: Session, inbound: Inbound, world: World) -> Outcome | None:
        """STOP, START, HELP. We are silent where Twilio has answered: OptOutType, or a long code's keywords."""
        silent = bool(inbound.opt_out_type) or (not inbound.short_code and _carriers_own(inbound.words))
        if word == "stop":
            says = [] if silent or world.opted_out else [self._say("stopped", session, world)]
            return Outcome(session, says, Effects(opt="out"))
        if word == "start":
            if not world.opted_out and not inbound.opt_out_type:
                return None  # nothing to start again: the menu, as for any first word
            says = [] if silent else [self._say("started", session, world)]
            return Outcome(session, says, Effects(opt="in"))
        return Outcome(session, [] if silent else [self._say("help", session, world)], Effects())

    def _opted_out(self, session: Session, inbound: Inbound, world: World) -> Outcome:
        """Silence, but never for words of danger."""
        alarm = self._alarm(inbound.words)
        return Outcome(session, [self._say(f"danger.{alarm}.only", session, world)] if alarm else [], Effects())

    def _flood(self, session: Session, inbound: Inbound, world: World) -> Outcome:
        alarm = self._alarm(inbound.words)
        if alarm and session.in_minute % TURNS_A_MINUTE == 0:
            return Outcome(session, [self._say(f"danger.{alarm}.only", session, world)], Effects())
        first = session.in_minute == TURNS_A_MINUTE + 1
        return Outcome(session, [self._say("safe", session, world)] if first else [], Effects())

    @staticmethod
    def _alarm(words: str) -> str:
        heard = understand(words)
        return next((ALARMS[label] for label in heard.labels if label in ALARMS), "emergency") if heard.danger else ""

    def _say(self, message: str, session: Session, world: World) -> str:
        talk = Talk()
        talk.begin(session, Inbound("sms"), world, self._words)
        talk.say(message)
        return talk.says[0]

    # The conversation

    def _play(self, session: Session, inbound: Inbound, world: World) -> Outcome:
        if session.state not in STATES or (inbound.channel == "sms" and session.state in VOICE_ONLY):
            session.state = "menu"  # a state of another version: home
        first = session.state == "new"
        if first and world.request and not inbound.begins:
            session.state, first = "waiting", False
        chart, talk = self._chart()
        talk.begin(session, inbound, world, self._words)
        event = interpret(talk)
        if first and event != "alarm":
            self._introduce(talk, event)
        if talk.speaks and event != "alarm":
            talk.say("language." + talk.speaks)
        chart.send(event)
        session.state = talk.state
        if inbound.channel == "voice" and session.turns > LONGEST_CALL_TURNS:
            talk.say_goodbye()
        asks = ASKS.get(talk.state, "choice")
        return Outcome(
            session, talk.says, talk.effects, "" if talk.hang_up or talk.dial else asks, talk.dial, talk.hang_up
        )

    @staticmethod
    def _introduce(talk: Talk, event: str) -> None:
        """First contact names danger before anything else, and says who this is and how to stop."""
        if event in ("clear", "aside"):
            return
        if talk.channel == "sms" and event in ("go_menu", "nothing", "thanks", "status", "help_"):
            talk.introduced = True
            talk.say("first", menu=talk.menu_lines(talk.world.directory.menus.sms))
        else:
            talk.say("first.short" if talk.channel == "sms" else "greeting")

    def _chart(self) -> tuple[Conversation, Talk]:
        try:
            return self._local.chart, self._local.talk
        except AttributeError:
            talk = Talk()
            talk.state = "new"
            self._local.talk, self._local.chart = talk, Conversation(model=talk)
            return self._local.chart, self._local.talk


def _carriers_own(words: str) -> bool:
    """On a long code Twilio answers these itself: the bare word only, not `Stop!!` or `ALTO`."""
    return words.strip().upper() in CARRIERS_WORDS


def _count_minute(session: Session, now: float) -> None:
    minute = int(now // 60)
    session.in_minute = session.in_minute + 1 if session.minute == minute else 1
    session.minute = minute
