"""Random walks: what people and staff may do over hours, by text and by call, against the real store, always in order.

Lives here: the machine and what must hold after every step of it. Not here: single answers (test_any_words.py).
"""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.twilio import create_edge
from flows.words import clock
from tests.edge import twiml
from tests.edge.wire import FAR_AHEAD, Wire, new_sid
from workers import counters
from workers.jobs import Kit
from workers.ledger import Conflict
from workers.records import NEXT_ATTEMPT
from workers.sweeper import sweep

PEOPLE = ["+16175550107", "+16175550108", "whatsapp:+16175550109", "anonymous"]
TEXTS = ["hi", "call me", "1", "1", "1", "2", "3", "9", "yes", "no", "ok", "thanks", "back", "menu", "617 555 0144", "6175550145", "Rosa",
         "after 5", "he has a gun", "i want to die", "cancel my callback", "when will you call", "change my number", "what", "7",
         "STOP", "START", "CLEAR", "HELP", "llámame", "blorp"]  # fmt: skip
KEYS = ["1", "1", "1", "2", "3", "4", "5", "9", "0", "*", "#", "6175550144", "6175550145", "617"]
SPEECH = [
    "call me back",
    "yes",
    "no",
    "one",
    "he has a gun",
    "thank you",
    "cancel my callback",
    "rosa",
    "blorp",
    "menu",
]
DIALS = ["completed", "no-answer", "busy", "failed", "canceled"]


class _Nobody:
    """A queue whose jobs nobody runs."""

    count = 0

    def enqueue(self, *_: object, **__: object) -> None: ...


class Walk(RuleBasedStateMachine):
    """`kit` and `counted` are set by the test that runs it."""

    kit: Kit
    counted: Counter[str]

    @initialize()
    def begin(self) -> None:
        client = self.kit.store.client
        client.flushall()
        client.sadd("staff:on", "sam")
        client.hset("beat", mapping={"worker": FAR_AHEAD, "sweeper": FAR_AHEAD})
        self.counted.clear()
        self.wire = Wire(create_edge(self.kit), self.counted)
        self.calls: dict[str, tuple[str, twiml.Answer]] = {}

    # What residents do

    @rule(who=st.sampled_from(PEOPLE[:3]), body=st.sampled_from(TEXTS))
    def texts(self, who: str, body: str) -> None:
        self._heard(who, self.wire.text(body, From=who), who)

    @rule(
        who=st.sampled_from(PEOPLE[:3]),
        bodies=st.sampled_from([["call me", "1"], ["call me", "2", "617 555 0144", "1"]]),
    )
    def texts_on_the_short_way(self, who: str, bodies: list[str]) -> None:
        for body in bodies:
            self.texts(who, body)

    @rule(who=st.sampled_from(PEOPLE[:2]), body=st.sampled_from("12"), times=st.integers(2, 6))
    def texts_the_same_key_again_and_again(self, who: str, body: str, times: int) -> None:
        for _ in range(times):
            self.texts(who, body)

    @rule(
        who=st.sampled_from(PEOPLE[:2]),
        before=st.integers(0, 4),
        meanwhile=st.sampled_from(
            ["staff close it", "a quarter of an hour", "STOP", "CLEAR", "cancel my callback", "call me"]
        ),
        after=st.integers(1, 6),
        key=st.sampled_from("12"),
    )
    def is_interrupted_while_we_ask(self, who: str, before: int, meanwhile: str, after: int, key: str) -> None:
        self.texts_on_the_short_way(who, ["call me", "1"])
        for _ in range(before):
            self.texts(who, "1")
        if meanwhile == "staff close it":
            for callback in self._open():
                self.kit.ledger.close(callback.id, "reached", who="sam")
        elif meanwhile == "a quarter of an hour":
            self.time_passes(16)
        else:
            self.texts(who, meanwhile)
        for _ in range(after):
            self.texts(who, key)

    @rule(who=st.sampled_from([PEOPLE[0], PEOPLE[1], PEOPLE[3]]))
    def calls_in(self, who: str) -> None:
        sid = new_sid("CA")
        self._step(who, sid, "/voice")

    @rule(who=st.sampled_from(PEOPLE), key=st.sampled_from(KEYS))
    def presses(self, who: str, key: str) -> None:
        self._goes_on(who, Digits=key)

    @rule(who=st.sampled_from(PEOPLE), key=st.sampled_from("12"), times=st.integers(2, 6))
    def presses_the_same_key_again_and_again(self, who: str, key: str, times: int) -> None:
        for _ in range(times):
            self._goes_on(who, Digits=key)

    @rule(who=st.sampled_from(PEOPLE), words=st.sampled_from(SPEECH))
    def says(self, who: str, words: str) -> None:
        self._goes_on(who, SpeechResult=words, Confidence="0.8")

    @rule(who=st.sampled_from(PEOPLE))
    def is_silent(self, who: str) -> None:
        self._goes_on(who, Digits="")

    @rule(who=st.sampled_from(PEOPLE), ended=st.sampled_from(DIALS))
    def dial_ends(self, who: str, ended: str) -> None:
        if who in self.calls and self.calls[who][1].dial:
            sid, at = self.calls[who]
            self._step(who, sid, at.dial_action, DialCallStatus=ended)

    # What staff and time do

    @precondition(lambda self: self._open())
    @rule(outcome=st.sampled_from(sorted(NEXT_ATTEMPT)))
    def staff_try(self, outcome: str) -> None:
        with suppress(Conflict):
            self.kit.ledger.claim(self._open()[0].id, "sam")
            self.kit.ledger.attempt(self._open()[0].id, outcome, who="sam")

    @precondition(lambda self: self._open())
    @rule()
    def staff_close(self) -> None:
        with suppress(Conflict):
            self.kit.ledger.close(self._open()[0].id, "reached", who="sam")

    @rule(on=st.booleans())
    def shift_changes(self, on: bool) -> None:
        (self.kit.store.client.sadd if on else self.kit.store.client.srem)("staff:on", "sam")

    @rule(minutes=st.sampled_from([1, 4, 16, 31]))
    def time_passes(self, minutes: int) -> None:
        for _ in range(minutes if minutes < 10 else 1):
            self.kit.store.client.incrbyfloat("test:clock", 60 * (1 if minutes < 10 else minutes))
            for _ in range(8):
                sweep(self.kit.store, _Nobody())  # type: ignore[arg-type]

    # What must hold

    @invariant()
    def the_ledger_is_whole(self) -> None:
        if hasattr(self, "wire"):
            assert self.kit.ledger.check() == []

    @invariant()
    def nobody_has_two_open_callbacks(self) -> None:
        if hasattr(self, "wire"):
            client = self.kit.store.client
            owners = Counter(client.hget("cb:" + cb.id, "owner") for cb in self._open())
            assert max(owners.values(), default=1) == 1
            assert len(client.keys("own:*")) == len(owners)
            assert all(cb.reveal(self.kit.vault, "phone").startswith("+1") for cb in self._open())

    @invariant()
    def nothing_was_answered_in_need(self) -> None:
        assert self.counted["safe_answers"] == 0

    def _open(self) -> list:
        return self.kit.ledger.page(limit=1000).callbacks

    def _goes_on(self, who: str, **more: str) -> None:
        if who in self.calls and self.calls[who][1].gather:
            sid, at = self.calls[who]
            self._step(who, sid, at.gather, **more)

    def _step(self, who: str, sid: str, path: str, **more: str) -> None:
        at = self.wire.step(path, sid, From=who, **more)
        assert at.leads_on or "Goodbye" in at.words
        self.calls[who] = (sid, at)
        self._heard(who, at, "call|" + sid if who == "anonymous" else who)

    def _heard(self, who: str, answer: twiml.Answer, owner: str) -> None:
        """A clock time is the time of an open, promised callback of this very person."""
        note(f"{who}: {answer.words}")
        if not answer.times:
            return
        key = self.kit.store.client.get("own:" + self.kit.vault.lookup("person", owner))
        assert key, f"{answer.words!r} is said to somebody without a callback"
        callback = self.kit.ledger.get(key.decode())
        assert callback.promised
        assert callback.is_open
        assert set(answer.times) == {clock(callback.due_at, self.kit.directory.time_zone)}
        assert (
            callback.due_at > datetime.fromtimestamp(self.kit.store.now() - 60, UTC)
            or callback.late
            or callback.attempts
        )


def test_whatever_people_and_staff_do_the_ledger_is_whole_and_no_promise_is_empty(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: Counter[str] = Counter()
    monkeypatch.setattr(counters, "add", lambda name, n=1: counted.update({name: n}))
    monkeypatch.setattr(Walk, "kit", kit, raising=False)
    monkeypatch.setattr(Walk, "counted", counted, raising=False)
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],  # a failure shows its steps as they came: to shorten them takes minutes
        ),
    )
