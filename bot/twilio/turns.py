"""Playing a turn against the store: read, let the conversation decide, render, commit; again where the race was lost.

Lives here: the one path on which a promise reaches a resident, and so the one place that may say it: after the commit
is durable. Not here: what is said (flows/), or how a channel looks (bot/sms.py, bot/voice.py).
"""

import random
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from redis.exceptions import RedisError

from bot.twilio.inbound import Person
from flows.engine import Engine
from flows.session import Session, load
from flows.turn import Effects, Inbound, Outcome, Request, World
from workers import counters
from workers.jobs import Kit
from workers.records import PERSONAL
from workers.store import Commit, Keys, PromiseNotDurable, Snapshot, StoreDown
from workers.vault import Unsealable

DUE = re.compile(r"\d{1,12}(\.\d+)?")
TRIES = 40  # a race is lost only to a turn that was won: fifty texts at once all get through
LOCK_SECONDS = 0.5  # the lock only saves races: where the store is silent, nobody waits for another's time-out
BEAT_SECONDS = 10.0  # workers and sweepers silent for longer keep no promise
ROSTER_SECONDS = 10.0  # that a change of staff phones may take to be heeded
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response />'
Render = Callable[[Outcome, str], str]  # an outcome and the id of the callback it promises ('' for none) -> TwiML


class Turns:
    """Plays turns for both channels."""

    def __init__(self, kit: Kit):
        self._kit, self._engine = kit, Engine(kit.words)
        s = kit.settings
        self._ours = tuple({*s.sms_numbers, s.voice_number})
        self._staff_phones, self._staff_read = frozenset[str](), 0.0
        # One turn at a time a person in this process: others wait here instead of losing races in the store.
        self._locks = [threading.Lock() for _ in range(64)]

    def play(
        self, who: Person, conversation: str, step: str, inbound: Inbound, render: Render, redact: str = ""
    ) -> str:
        """The TwiML for one message or one step of a call; the same for the same `step`, whoever asks.

        `conversation`: what keys the session (an address, or a CallSid). Raises StoreDown.
        """
        look = self._kit.vault.lookup
        session = look("session", conversation)
        owner = look("person", who.address or conversation)
        keys = Keys(session, look("step", step), owner, owner)
        lock = self._locks[hash(session) % len(self._locks)]
        waited = lock.acquire(timeout=LOCK_SECONDS)
        try:
            for n in range(TRIES):
                answer = self._once(keys, who, inbound, render, redact)
                if answer is not None:
                    return answer
                time.sleep(random.uniform(0, 0.002 * n))
        finally:
            if waited:
                lock.release()
        raise StoreDown("lost every race")

    def _once(self, keys: Keys, who: Person, inbound: Inbound, render: Render, redact: str) -> str | None:
        kit = self._kit
        now = kit.store.read(keys)
        if now.answer is not None:
            return self._again(now.answer, keys)
        version, session = self._session(now.session, keys)
        outcome = self._engine.turn(session, inbound, self._world(now, who, inbound))
        callback_id = now.callback_id or secrets.token_hex(16)
        promises = callback_id if outcome.effects.promised else ""
        answer = render(outcome, promises)
        result, more = self._commit(keys, version, outcome, callback_id, answer, redact, render)
        if result == "again":
            return self._again(more, keys)
        return more.decode() if result == "done" else None

    def _again(self, sealed: bytes, keys: Keys) -> str:
        """The same answer as before, to the byte; nothing where that was a day ago, or the session was wiped since."""
        counters.add("replays")
        return self._kit.vault.open(sealed, "m|" + keys.answer) if sealed else NOTHING

    def _session(self, raw: bytes | None, keys: Keys) -> tuple[str, Session]:
        if raw is None:
            return "0", Session()
        head, bar, sealed = raw.partition(b"|")
        version = head.decode() if bar and head.isdigit() else "0"  # as `commit` reads it; a damaged one begins anew
        try:
            return version, load(self._kit.vault.open(sealed, "s|" + keys.session))
        except Unsealable:
            return version, Session()  # a key was taken away: the person begins anew

    def _world(self, now: Snapshot, who: Person, inbound: Inbound) -> World:
        s = self._kit.settings
        return World(
            now=datetime.fromtimestamp(now.now, UTC),
            directory=self._kit.directory,
            promise_minutes=s.callback_minutes,
            why_no_promise=self._why_no_promise(now),
            request=_request(now),
            opted_out=now.opted_out,
            own_number=who.number,
            can_text=bool(who.number),
            sms_number=s.sms_numbers[0],
            voice_number=s.voice_number,
            ours=self._ours,
            not_called=self._phones_of_staff(now.now),
            quotas=s.hotline_quotas == "on",
        )

    def _phones_of_staff(self, now: float) -> frozenset[str]:
        """As they were a few seconds ago at most: nobody reads the whole roster for each message."""
        if abs(now - self._staff_read) > ROSTER_SECONDS:
            with suppress(RedisError):  # the turn itself will notice, and say so
                self._staff_phones, self._staff_read = self._kit.roster.phones(), now
        return self._staff_phones

    def _why_no_promise(self, now: Snapshot) -> str:
        """'' where a promise can be kept: durable, somebody on shift, workers and sweepers alive."""
        if self._kit.store.durability.trouble:
            return "store"
        if not now.on_shift:
            return "nobody"
        return "workers" if now.now - min(now.worker_beat, now.sweeper_beat) > BEAT_SECONDS else ""

    def _commit(
        self,
        keys: Keys,
        version: str,
        outcome: Outcome,
        callback_id: str,
        answer: str,
        redact: str,
        render: Render,
    ) -> tuple[str, bytes]:
        kit, effects = self._kit, outcome.effects
        session = b"" if effects.clear else kit.vault.seal(outcome.session.dump(), "s|" + keys.session)
        turn = Commit(
            version=version,
            session=session,
            answer=kit.vault.seal(answer, "m|" + keys.answer),
            redact=redact,
            verb=effects.verb,
            callback_id=callback_id if effects.verb else "",
            promised=effects.promised,
            due_at=effects.due_at.timestamp() if effects.due_at else 0.0,
            opt=effects.opt,
            fields=self._fields(effects, callback_id, keys),
        )
        try:
            result, more = kit.store.commit(keys, turn)
        except PromiseNotDurable:
            counters.add("promises_not_durable")
            told = list(outcome.unconfirmed)  # what follows it stands, and so does the session
            says = told + outcome.says[len(told) :]
            truth = render(replace(outcome, says=says), "")
            kit.store.unpromise(keys, kit.vault.seal(truth, "m|" + keys.answer), callback_id)
            return "done", truth.encode()
        return result, answer.encode() if result == "done" else more

    def _fields(self, effects: Effects, callback_id: str, keys: Keys) -> tuple[tuple[str, str | bytes], ...]:
        """A callback's fields as they are kept: personal ones sealed for this record, the rest as they are."""
        kit = self._kit
        kept: list[tuple[str, str | bytes]] = []
        for name, value in effects.fields.items():
            if name in PERSONAL:
                kept.append((name, kit.vault.seal(value, f"cb:{callback_id}|{name}") if value else b""))
            else:
                kept.append((name, value))
        if effects.fields.get("contact"):
            kept.append(("contact_key", kit.vault.lookup("person", effects.fields["contact"])))
        if effects.verb == "request":
            kept.append(("owner", keys.owner))
        return tuple(kept)


def _request(now: Snapshot) -> Request | None:
    """The person's open callback, as the conversation may know it."""
    if not now.callback_id or not now.callback[0]:
        return None
    status, due, promised, late = now.callback
    if not DUE.fullmatch(due):
        return None  # damaged: `ledger check` names it; the person is served as if they had asked for nothing
    return Request(datetime.fromtimestamp(float(due), UTC), promised == "1", late == "1", status)
