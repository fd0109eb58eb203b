"""Turns of one resident as the hotline itself stores them, to be stored again and again under other people's keys.

Lives here: recording and repeating commits, so that sizes are true. Not here: what is measured.
"""

import secrets
from dataclasses import replace

from bench import residents
from bot.twilio.inbound import person
from bot.twilio.turns import Turns
from flows.turn import Inbound, Outcome
from workers.jobs import Kit
from workers.store import Commit, Keys


def texts(outcome: Outcome, _: str) -> str:
    """About as long as the TwiML that carries it."""
    said = "\n".join(outcome.says)
    return f'<?xml version="1.0" encoding="UTF-8"?><Response><Message action="/sms/status">{said}</Message></Response>'


def record(kit: Kit) -> list[Commit]:
    """The commits of one whole dialogue, played for real: sealed session, sealed answer, sealed fields."""
    kept: list[Commit] = []
    commit = kit.store.commit

    def remember(keys: Keys, turn: Commit) -> tuple[str, bytes]:
        kept.append(turn)
        return commit(keys, turn)

    kit.store.commit = remember  # type: ignore[method-assign]
    try:
        turns, number = Turns(kit), residents.sender(1_999_998)
        kit.store.beat("worker")
        kit.store.beat("sweeper")
        for step, words in enumerate(residents.DIALOGUES["ones"]):
            turns.play(
                person(number),
                "sms|" + number,
                f"SM{2**101 + step:032x}",
                Inbound("sms", words),
                texts,
                "SM" + "0" * 32,
            )
    finally:
        kit.store.commit = commit  # type: ignore[method-assign]
    return kept


def repeat(kit: Kit, turn: Commit, n: int, due_at: float = 0.0) -> str:
    """Store a recorded turn as the n-th resident's; the callback's id, where it makes one. `due_at`: of a promise."""
    look, number, sid = kit.vault.lookup, residents.sender(n), f"SM{n:032x}"
    owner = look("person", number)
    keys = Keys(look("session", "sms|" + number), look("step", sid), owner, owner)
    callback_id = secrets.token_hex(16) if turn.verb else ""
    fields = tuple((name, owner if name == "owner" else value) for name, value in turn.fields)
    once = replace(turn, version="0", redact=sid, callback_id=callback_id, due_at=due_at or turn.due_at, fields=fields)
    result, _ = kit.store.commit(keys, once)
    if result != "done":
        raise RuntimeError(f"a recorded turn was not stored: {result}")
    return callback_id
