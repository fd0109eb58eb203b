"""The ledger: every callback, what staff do with it, and the check that no promise is lost.

Lives here: reading and changing callbacks for the console, the API, the staff phone and the commands. Not here: a
resident's own turn, which is committed with their session (store.commit).
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from redis.exceptions import RedisError

from workers.records import NEXT_ATTEMPT, Callback, Event, callback, when
from workers.store import Store, StoreDown
from workers.vault import Unsealable, Vault

PAGE = 200  # the most rows a listing gives at once
NOT_IDS = ("open", "timer", "closed")  # `cb:open` and its like are keys too, of another type
WRAP_UP_SECONDS = 600  # after a call, before an unwritten outcome gives the callback back
LONGEST_CALL_SECONDS = 3600


class NotFound(Exception):
    """There is no such callback, or it was purged after its retention."""


class Conflict(Exception):
    """The callback is not in a state for that. `holder` and `since` say who has it, where somebody does."""

    def __init__(self, why: str, holder: str = "", since: datetime | None = None):
        super().__init__(why)
        self.why, self.holder, self.since = why, holder, since


@dataclass(frozen=True)
class Page:
    """A page of callbacks, soonest due first, and the cursor of the next, or None."""

    callbacks: list[Callback]
    next_cursor: str | None


def _settle(answer: list[str]) -> list[str]:
    """The words after 'ok', or the refusal as an exception."""
    word = answer[0]
    if word == "ok":
        return answer[1:]
    if word == "missing":
        raise NotFound
    if word == "over":
        raise Conflict(f"it is {answer[1]}")
    if word in ("held", "stale"):
        raise Conflict(word, answer[1], when(answer[2]))
    raise Conflict(word)


def _cursor(place: tuple[float, str]) -> str:
    return base64.urlsafe_b64encode(f"{place[0]!r}|{place[1]}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[float, str] | None:
    """Where a listing goes on: after this score and id, whatever came or went before it. Raises ValueError."""
    if not cursor:
        return None
    score, bar, callback_id = base64.urlsafe_b64decode(cursor.encode() + b"==").decode().partition("|")
    if not bar:
        raise ValueError("cursor")
    return float(score), callback_id


class Ledger:
    """Callbacks for staff. Ids are the callback's; logins are staff; a fence is what `claim` gave."""

    def __init__(self, store: Store, vault: Vault):
        self.store, self.vault = store, vault

    # Reading

    def get(self, callback_id: str) -> Callback:
        """One callback. Raises NotFound."""
        if callback_id in NOT_IDS:
            raise NotFound
        return next(iter(self._fetch([callback_id])), None) or self._missing()

    @staticmethod
    def _missing() -> Callback:
        raise NotFound

    def _fetch(self, ids: list[str]) -> Iterator[Callback]:
        try:
            with self.store.client.pipeline(transaction=False) as pipe:
                for one in ids:
                    pipe.hgetall("cb:" + one)
                rows = pipe.execute(raise_on_error=False)
        except RedisError as error:
            raise StoreDown(type(error).__name__) from None
        for one, raw in zip(ids, rows, strict=True):
            try:
                if raw and isinstance(raw, dict):
                    yield callback(one, raw)
            except (KeyError, ValueError):
                continue  # damaged: `check` names it

    def page(self, status: str = "", team: str = "", limit: int = 50, cursor: str = "") -> Page:
        """Open callbacks, soonest due first; with status `closed` or `withdrawn`, the ended ones, newest first.

        Raises ValueError for a cursor that is not ours.
        """
        after = _place(cursor)
        ended = status in ("closed", "withdrawn")
        found: list[Callback] = []
        while True:
            places = self._places(ended, after)
            for row in self._fetch([callback_id for _, callback_id in places]):
                if (not status or row.status == status) and (not team or row.team == team):
                    found.append(row)
                if len(found) == limit:
                    return Page(found, _cursor(next(place for place in places if place[1] == row.id)))
            if len(places) < PAGE:
                return Page(found, None)
            after = places[-1]

    def _places(self, ended: bool, after: tuple[float, str] | None) -> list[tuple[float, str]]:
        """(score, id) of up to a page of callbacks after a place, in the listing's order."""
        client = self.store.client
        try:
            if ended:
                top = after[0] if after else "+inf"
                raw = client.zrevrangebyscore("cb:closed", top, "-inf", start=0, num=2 * PAGE, withscores=True)
            else:
                bottom = after[0] if after else "-inf"
                raw = client.zrangebyscore("cb:open", bottom, "+inf", start=0, num=2 * PAGE, withscores=True)
        except RedisError as error:
            raise StoreDown(type(error).__name__) from None
        places = [(float(score), member.decode()) for member, score in raw]
        if after:
            places = [place for place in places if (place < after if ended else place > after)]
        return places[:PAGE]

    def history(self, callback_id: str) -> list[Event]:
        """What happened to a callback, oldest first, with notes in clear."""
        events = []
        for raw in self.store.client.lrange("log:" + callback_id, 0, -1):
            row = json.loads(raw)
            events.append(
                Event(
                    when(row["at"]) or datetime.min,
                    row["what"],
                    row["who"],
                    row["detail"],
                    self._open_note(callback_id, row["note"]),
                )
            )
        return events

    def _open_note(self, callback_id: str, note: str) -> str:
        try:
            return self.vault.open(base64.b64decode(note), f"cb:{callback_id}|note") if note else ""
        except (Unsealable, ValueError):
            return "(this note can't be opened)"

    def _seal_note(self, callback_id: str, note: str) -> str:
        note = note.strip()[:2000]
        return base64.b64encode(self.vault.seal(note, f"cb:{callback_id}|note")).decode() if note else ""

    # Staff

    def claim(self, callback_id: str, login: str) -> str:
        """Take a callback for a lease of LEASE_MINUTES; the fence for later writes. Raises NotFound, Conflict."""
        return _settle(self.store.words("claim", callback_id, login, self.store.settings.lease_minutes * 60))[0]

    def release(self, callback_id: str, fence: str = "", who: str = "") -> None:
        """Give it back to the queue. `who`: a supervisor who takes it from its holder."""
        _settle(self.store.words("release", callback_id, fence, who))

    def call(self, callback_id: str, fence: str = "") -> str:
        """Ring the phone of whoever holds it; the outbox id of the ring. Raises Conflict where nobody holds it."""
        return _settle(self.store.words("call", callback_id, fence))[0]

    def look(self, outbox_id: str) -> tuple[Callback, str]:
        """The callback that a ring is about and whose phone it is, where it may still be taken. Raises as `accept`."""
        found = _settle(self.store.words("accept", outbox_id, 0, 0, ""))
        return self.get(found[0]), found[1]

    def accept(self, outbox_id: str) -> tuple[Callback, str]:
        """A staff member pressed 1: from now on it is theirs and being called. Raises NotFound, Conflict."""
        lease = self.store.settings.lease_minutes * 60
        found = _settle(self.store.words("accept", outbox_id, lease, LONGEST_CALL_SECONDS + 120, "1"))
        return self.get(found[0]), found[1]

    def hang_up(self, outbox_id: str, why: str) -> None:
        """The ring or the call behind an outbox entry is over; `why` is Twilio's status."""
        self.store.words("hang_up", outbox_id, why, WRAP_UP_SECONDS if why == "completed" else 180)

    def attempt(self, callback_id: str, outcome: str, note: str = "", who: str = "", fence: str = "") -> str:
        """Record what came of an attempt; the callback's new status. The next attempt is computed from the outcome."""
        sealed = self._seal_note(callback_id, note)
        return _settle(self.store.words("attempt", callback_id, fence, outcome, sealed, who, NEXT_ATTEMPT[outcome]))[0]

    def close(self, callback_id: str, reason: str, referred_to: str = "", who: str = "", fence: str = "") -> None:
        """End it. Its details are purged after RETENTION_DAYS."""
        keep = self.store.settings.retention_days * 86400
        _settle(self.store.words("finish", callback_id, fence, reason, referred_to, who, keep))

    def note(self, callback_id: str, text: str, who: str) -> None:
        _settle(self.store.words("note", callback_id, self._seal_note(callback_id, text), who))

    def audit(self, callback_id: str, who: str, what: str) -> None:
        """Keep that somebody read a number or a note."""
        _settle(self.store.words("audit", callback_id, who, what))

    # The invariant

    def check(self, repair: bool = False) -> list[tuple[str, str]]:
        """Every breach of the promise's invariant, as (what, id); empty where all holds. Also opens each number."""
        answer = [part.decode() for part in self.store.fcall("check", (), ("repair" if repair else "",))]
        found = list(zip(answer[::2], answer[1::2], strict=True))
        ids = [i.decode() for i in self.store.client.zrange("cb:open", 0, -1)]
        seen = set()
        for row in self._fetch(ids):
            seen.add(row.id)
            try:
                row.reveal(self.vault, "phone")
            except Unsealable as error:
                found.append((f"number {error}", row.id))
        return found + [("record damaged", i) for i in ids if i not in seen]
