"""The conversation as a whole: from every state, whatever comes in, there is an answer, a way on, and a person to reach."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import diagram
from flows.directory import CITY, load_directory
from flows.engine import Engine
from flows.machines.conversation import Conversation
from flows.machines.talk import Talk
from flows.session import Session, load
from flows.turn import Inbound, Outcome, Request, World
from flows.words import Words

BOSTON = load_directory(CITY)
ENGINE = Engine(Words(BOSTON.languages))
NOW = datetime(2026, 11, 25, 20, 42, 59, tzinfo=UTC)
STATES = [state.id for state in Conversation.states]
TIME = re.compile(r"\b\d{1,2}:\d\d [AP]M\b")
WORDS = ["", "hi", "yes", "no", "call me", "menu", "back", "repeat", "status", "skip", "thanks", "cancel my callback", "CLEAR",
         "change my number", "talk to a person", "he has a gun", "i want to die", "911", "988", "617 555 0123", "911 please",
         "my boyfriend hits me", "Liked “hello”", "español", "Rosa", "after 6", "xyzzy", "im ok now", "dont call he is here", "call me tomorrow instead", "no police", "i cant talk", "i have to go", "48726", "this one", "😀"]  # fmt: skip


def world(request: Request | None = None, why: str = "", own: str = "+16175550107", opted_out: bool = False) -> World:
    return World(now=NOW, directory=BOSTON, promise_minutes=30, why_no_promise=why, request=request, opted_out=opted_out,
                 own_number=own, can_text=bool(own), sms_number="48726", voice_number="+16175550100",
                 ours=("48726", "+16175550100"))  # fmt: skip


def request(promised: bool = True, late: bool = False) -> Request:
    return Request(NOW + timedelta(minutes=-5 if late else 25), promised, late, "waiting")


WORLDS = {
    "nothing asked yet": world(), "promised": world(request()), "late": world(request(late=True)),
    "asked without a time": world(request(promised=False)), "nobody on shift": world(why="nobody"),
    "store not durable": world(why="store"), "number withheld": world(own=""),
    "asked, and nobody on shift": world(request(promised=False), why="nobody"),
}  # fmt: skip
INBOUND = {
    "sms": [Inbound("sms", words=words) for words in [*WORDS, *"0123456789"]] + [Inbound("sms", media=True)],
    "voice": [Inbound("voice", words=words) for words in WORDS if words]
    + [Inbound("voice", digits=key) for key in [*"0123456789*#", "6175550123", "61755", "*" * 20]]
    + [Inbound("voice", silent=True)]
    + [Inbound("voice", dial=status) for status in ("completed", "no-answer", "busy", "failed", "canceled")],
}


def leads_somewhere(inbound: Inbound, outcome: Outcome) -> bool:
    """By voice: something to press or say, a person who is rung, or a goodbye. By text: an answer, or a silence we mean."""
    if inbound.channel == "voice":
        return bool(outcome.asks and outcome.says) or bool(outcome.dial) or (outcome.hang_up and bool(outcome.says))
    return bool(outcome.says) or inbound.words.startswith("Liked")


@pytest.mark.parametrize("where", WORLDS)
@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_from_every_state_everything_gets_an_answer_and_a_way_on(where: str, channel: str) -> None:
    for state, inbound in itertools.product(STATES, INBOUND[channel]):
        session = Session(state=state, number="+16175550144", turns=1, at=NOW.timestamp())
        outcome = ENGINE.turn(session, inbound, WORLDS[where])
        assert leads_somewhere(inbound, outcome), (state, inbound)
        assert outcome.session.state in STATES
        said = " ".join(outcome.says)
        assert "by ," not in said
        assert "by ." not in said
        if TIME.search(said):  # a time is said only of a promise: one that stands, or one made in this very turn
            standing = WORLDS[where].request
            assert outcome.effects.promised or (standing and standing.promised), (state, inbound, said)
        if outcome.effects.promised and not WORLDS[where].request:
            assert not WORLDS[where].why_no_promise, (state, inbound)


@pytest.mark.parametrize("channel", ["sms", "voice"])
@pytest.mark.parametrize(
    "words", ["he has a gun and is going to shoot me", "i want to kill myself", "my baby is not breathing"]
)
def test_words_of_danger_are_never_missed_in_any_state(channel: str, words: str) -> None:
    for state in STATES:
        outcome = ENGINE.turn(Session(state=state, turns=1), Inbound(channel, words=words), world())  # type: ignore[arg-type]
        assert re.search(r"9 ?1 ?1|9 ?8 ?8", outcome.says[0][:100]), (state, outcome.says)


def test_a_promise_needs_a_yes_to_a_number_and_nothing_else_makes_one() -> None:
    for channel, where, state in itertools.product(("sms", "voice"), WORLDS, STATES):
        for inbound in INBOUND[channel]:
            outcome = ENGINE.turn(Session(state=state, number="+16175550144", turns=1), inbound, WORLDS[where])
            if outcome.effects.verb == "request" and WORLDS[where].request is None:
                assert state in ("confirm_own", "confirm_number", "no_time"), (state, inbound)


def test_consent_is_given_by_a_clear_yes_only() -> None:
    given = {(session, field): set() for session in STATES for field in ("may_text", "may_voicemail")}
    for state in STATES:
        for inbound in [*INBOUND["sms"], *INBOUND["voice"]]:
            outcome = ENGINE.turn(Session(state=state, turns=1), inbound, world(request()))
            for field in ("may_text", "may_voicemail"):
                if outcome.effects.fields.get(field) in ("yes", "neutral", "named"):
                    given[state, field].add(inbound.words or inbound.digits)
    assert {place: what for place, what in given.items() if what} == {
        ("may_text", "may_text"): {"1", "yes"}, ("may_voicemail", "may_voicemail"): {"1", "3", "yes"}}  # fmt: skip


def test_no_action_of_the_chart_has_the_name_of_an_event() -> None:
    events = {event.id for event in Conversation.events}
    actions = {name for name in dir(Talk) if not name.startswith("_")}
    assert not events & actions  # the chart would send the event instead of acting


def test_the_minute_is_rounded_down_and_the_space_is_an_ordinary_one() -> None:
    outcome = ENGINE.turn(Session(state="confirm_own", turns=1), Inbound("sms", words="1"), world())
    assert "by 4:12 PM" in outcome.says[0]  # 3:42:59 PM in Boston and thirty minutes
    assert outcome.effects.due_at == NOW + timedelta(minutes=30)


def test_after_a_pause_nothing_given_earlier_is_read_back() -> None:
    before = Session(state="confirm_number", number="+16175550144", turns=3, at=NOW.timestamp() - 16 * 60)
    outcome = ENGINE.turn(before, Inbound("sms", words="?"), world())
    assert "0144" not in " ".join(outcome.says)


def test_a_session_of_another_shape_or_damaged_begins_anew() -> None:
    for text in ("", "{", "[]", '{"v":0,"state":"menu"}', '{"v":1,"state":7}', "null"):
        assert load(text) == Session()
    kept = Session(state="may_text", language="es", misses=2, at=5.5)
    assert load(kept.dump()) == kept


def test_a_state_that_no_longer_exists_leads_home() -> None:
    outcome = ENGINE.turn(Session(state="gone_in_this_version", turns=1), Inbound("sms", words="1"), world())
    assert outcome.says


def test_a_flood_gets_one_safe_answer_then_silence_but_never_for_danger() -> None:
    session, said = Session(), []
    for _ in range(80):
        outcome = ENGINE.turn(session, Inbound("sms", words="hi"), world())
        session = outcome.session
        said.append(bool(outcome.says))
    assert said[:60] == [True] * 60
    assert sum(said[60:]) == 1


def test_the_picture_in_the_docs_is_the_code() -> None:
    assert Path("docs/flows/conversation.md").read_text(encoding="utf-8") == diagram.page()
