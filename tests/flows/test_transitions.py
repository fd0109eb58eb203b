"""Every transition of the chart that a person can take is taken by a story, by text and by call; why others can't be."""

from collections import Counter

import pytest

from flows.engine import Engine
from flows.machines.conversation import Conversation
from flows.turn import Channel
from flows.words import Words
from tests import transitions
from tests.flows.person import Person
from tests.flows.test_conversation import BOSTON
from tests.transitions import Way, never, taken

TWO = BOSTON.model_copy(update={"languages": ("en", "es")})  # a choice of languages there must be, to be taken

# What a person does, from hello; the notation is that of Person.does.
TEXTS = """
hi / call me / 1 / 1 / 1 / 1 / Rosa / after 6 / status / thanks
hi / call me / 1 / 2 / 2 / 2 / 1 / 1
hi / call me / 2 / back / 2 / 617 555 / 617 555 0123 / back / 617 555 0123 / 2 / 617 555 0124 / 1
hi / call me / 1 / 1 / back / 1 / 3 / back / 1 / 1 / back / 1 / skip / back / skip / skip
hi / call me / 1 / cancel my callback / 2 / change my number / 617 555 0126 / 1 / change my number / this one / 1
hi / call me / 1 / call me / cancel my callback / 1 / cancel my callback / status
hi / call me / 1 / fuck you / fuck you / blorp
hi / call me / 1 / change my number / +180 / hi / 1
hi / call me / +180 / hi / 1
hi / call me / +180 / hi / 2
!withheld / hi / call me / +180 / hi / 1 / 617 555 0123 / 1
!nobody / hi / call me / 1 / 1
!nobody / hi / call me / 2 / 617 555 0123 / 1 / 2
!nobody / !withheld / hi / call me / 617 555 0123 / 1 / 1
!nobody / hi / call me / 1 / !somebody / 1
!nobody / !withheld / hi / call me / 617 555 0123 / 1 / !somebody / 1
hi / i want to kill myself / yes / no
!nobody / hi / he reads my texts / 1 / 617 555 0123 / 1 / 1
!nobody / hi / he reads my texts / 1 / 617 555 0123 / 1 / !somebody / 1
hi / my boyfriend hits me / 2 / 1
hi / my boyfriend hits me / 2 / 2
hi / my boyfriend hits me / 2 / languages / 2
hi / my boyfriend hits me / 2 / 1 / 2 / 617 555 0123 / 1
hi / call me tomorrow / 1
hi / my boyfriend hits me / 2 / call me tomorrow / 617 555 0123 / 1
hi / he has a knife / no / i am safe now
hi / call me / 1 / he is here dont call / 1
hi / call me / 1 / call me tomorrow instead
hi / call me tomorrow / 2 / 617 555 0123 / 1
!withheld / hi / call me tomorrow / 617 555 0123 / 1
hi / i cant talk / i have to go
hi / im 16 and my dad hits me / im 16
hi / languages / 2 / english / menu / repeat / Liked "hello" / is this free? / blorp / blorp
hi / 8 / back / 6 / he sells from the blue house / talk to a person / CLEAR
"""
CALLS = """
call / #2 / #1 / #1 / #1 / #1 / Rosa / after 6 / when will you call me / thank you
call / call me / #1 / #2 / #2 / #2 / no name / #1
call / #2 / #2 / back / #2 / #123 / #6175550123 / back / #6175550123 / #2 / #6175550124 / #1
call / #2 / #1 / #1 / back / #1 / #3 / back / #1 / #1 / back / #1 / #1 / back / #1 / no
call / #2 / #1 / cancel my callback / #2 / change my number / #6175550126 / #1 / change my number / this one / #1
call / #2 / #1 / call me / cancel my callback / #1 / cancel my callback / status
call / #2 / #1 / ~
call / #2 / #1 / blorp / blorp / blorp
call / #2 / #2 / #123 / #123 / #123
!withheld / call / #2 / #6175550123 / #1
!stopped / call / #2 / #1
!nobody / call / #2 / #1 / #1
!nobody / call / #2 / #2 / #6175550123 / #1 / #2
!nobody / !stopped / call / #2 / #1 / #1
!nobody / call / #2 / #1 / !somebody / #1
!nobody / !stopped / call / #2 / #1 / !somebody / #1
call / i want to kill myself / yes / no
!nobody / call / he reads my texts / #1 / #6175550123 / #1 / #1
!nobody / call / he reads my texts / #1 / #6175550123 / #1 / !somebody / #1
call / call me tomorrow / #1
call / he reads my texts / call me tomorrow / #6175550123 / #1
call / he has a knife / no
call / call me tomorrow / #2 / #6175550123 / #1
!stopped / call / call me tomorrow / #1
!withheld / call / call me tomorrow / #6175550123 / #1
call / he reads my texts / #1 / #2 / #6175550123 / #1
call / i dont want police / i have to go
call / my dad hits me / im 16
call / he reads my texts / #1
call / he reads my texts / languages / #2
call / he reads my texts / #2
call / #9 / #2 / english / #* / is this free? / fuck you / fuck you / fuck you
call / ~ / ~ / ~ / @busy / #2
call / ~ / #5 / #9 / blorp / blorp / blorp
call / #1 / @completed / #1
call / #3 / #1 / #1 / @no-answer / clear
call / i have a tip about a crime / he sells from the blue house
call / he has a knife / i am safe now
call / #2 / #1 / call me tomorrow instead
call / back
"""

# What nobody can take, and why; whoever makes one possible takes it from here and tells its story.
NOBODY = {
    # Only where a yes or a no is asked for does a word become one, and each such state has its own way.
    "anywhere: agree -> stays (not_understood)",
    "anywhere: refuse -> stays (not_understood)",
    "anywhere: agree_more -> stays (not_understood)",
}
NOT_BY_TEXT = NOBODY | {
    # A text is not silent and rings nobody; who can't talk is in the right place.
    "several: silence -> waiting (say_goodbye)",
    "anywhere: silence -> connecting (lead_to_person)",
    "anywhere: silence -> stays (was_silent)",
    "anywhere: go_quiet -> quiet",
    "anywhere: connect -> connecting (dial_live)",
    "anywhere: dial_record -> connecting (dial_this)",
    "anywhere: dial_over -> after_dial",
    "anywhere: bad_number -> connecting (lead_to_person)",
    "anywhere: nothing -> connecting (lead_to_person)",
    "anywhere: rude -> stays (say_goodbye)",
    # Whoever texts from a number can be texted there, unless they have opted out: then nothing is asked.
    "confirm_own: agree -> may_voicemail (promise)",
    "confirm_own: agree -> may_voicemail (note_request)",
}
NOT_BY_CALL = NOBODY | {
    # Who speaks of it in a call is told 911; the keys of that answer stay as they are.
    "anywhere: alarm -> withdraw (sound_alarm)",
    # No call outlasts the hour after which we ask whether to go on, and each call begins anew.
    "anywhere: offer_resume -> resume",
    "resume: agree -> waiting",
    "resume: agree -> confirm_own",
    "resume: agree -> ask_number",
    "resume: refuse -> menu",
    # A call has no reactions; it rings a person and does not tell of one; so does its third miss.
    "anywhere: aside -> stays (say_nothing)",
    "anywhere: connect -> service (keep_live_line)",
    "anywhere: nothing -> menu (offer_person)",
}


def told(channel: Channel, table: str, monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[Way, str]]:
    """What these stories alone take."""
    monkeypatch.setattr(Conversation, "after_transition", transitions.after_transition, raising=False)
    engine, before = Engine(Words(TWO.languages)), Counter(taken)
    for story in table.strip().splitlines():
        someone = Person(engine, TWO, channel)
        for step in story.split(" / "):
            someone.does(step.strip())
    return taken - before


@pytest.mark.parametrize(
    ("channel", "table", "impossible"),
    [("sms", TEXTS, NOT_BY_TEXT), ("voice", CALLS, NOT_BY_CALL)],
    ids=["texts", "calls"],
)
def test_every_way_that_a_person_can_take_is_taken(
    channel: Channel, table: str, impossible: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {str(line) for line in never(channel, told(channel, table, monkeypatch))} == impossible
