"""The jobs that RQ runs. Each carries an id, looks the truth up, and acts by compare-and-set.

Lives here: turning an outbox entry into one request to Twilio. May be repeated: all of them; the outbox decides whether
anything goes out.
"""

from functools import cache

from redis.exceptions import RedisError

from flows.directory import load_directory
from flows.words import Words, clock
from workers.carrier import Carrier, Sent
from workers.ledger import Ledger, NotFound
from workers.logs import logger
from workers.records import Callback
from workers.roster import Roster
from workers.settings import Settings, load_settings
from workers.store import Store, StoreDown
from workers.vault import Unsealable, Vault

DEADLINE_SECONDS = 10
STAFF_TEXT_VALID_SECONDS = 600
LATE_TEXT_VALID_SECONDS = 1800


class Kit:
    """What the jobs of one process share."""

    def __init__(self, settings: Settings, store: Store | None = None):
        self.settings = settings
        self.store = store or Store(settings)
        self.vault = Vault(
            [key.get_secret_value() for key in settings.data_keys], settings.lookup_key.get_secret_value()
        )
        self.ledger = Ledger(self.store, self.vault)
        self.roster = Roster(self.store, self.vault)
        self.carrier = Carrier(settings)
        self.directory = load_directory(settings.directory)
        self.words = Words(self.directory.languages)


@cache
def kit() -> Kit:
    """This process's kit, made on first use (a client must not be made before a fork)."""
    return Kit(load_settings())


def beat() -> None:
    """A worker runs jobs: /readyz and the promise look at this. Harmless to repeat."""
    kit().store.beat("worker")


def redact(message_sid: str) -> None:
    """Empty Twilio's copy of one message. Harmless to repeat; stays queued until it is done."""
    if kit().carrier.redact(message_sid):
        kit().store.client.zrem("redact", message_sid)


def send(outbox_id: str) -> None:
    """Send one outbox entry, if it is still ready. Harmless to repeat: `begin` lets one through.

    Nothing is raised: RQ would keep an exception's text for an hour. The entry's deadline settles what went wrong.
    """
    try:
        deliver(kit(), outbox_id)
    except Exception as error:
        logger.error("send_failed", error=type(error).__name__)


def deliver(k: Kit, outbox_id: str) -> None:
    """Begin, send, record. A crash in between leaves the entry `sending`, which the sweeper settles at its deadline."""
    begun = k.store.words("begin", outbox_id, DEADLINE_SECONDS)
    if begun[0] != "go":
        return
    attempt, kind, callback_id, login, extra = begun[1:]
    try:
        sent = _send(k, outbox_id, kind, k.ledger.get(callback_id), login, extra)
    except (NotFound, Unsealable):
        sent = Sent("failed", code="record")
    except (StoreDown, RedisError):
        sent = Sent("retry", code="store")  # nothing was sent yet
    delay = min(30, 2 ** int(attempt)) if sent.result == "retry" else 15
    try:
        k.store.words("outcome", outbox_id, attempt, sent.result, sent.sid, sent.code, delay, "1" if sent.deaf else "")
        k.store.client.hincrby("count", f"twilio_{sent.code or 'ok'}", 1)
    except (StoreDown, RedisError):
        return  # the deadline settles it


def _send(k: Kit, outbox_id: str, kind: str, cb: Callback, login: str, extra: str) -> Sent:
    status = f"/sms/status?o={outbox_id}"
    if kind == "late":
        body = k.words.say(cb.language, "late", "sms", live=k.directory.live_line.written_phone)
        return k.carrier.text(cb.reveal(k.vault, "contact"), body, status, LATE_TEXT_VALID_SECONDS)
    person = k.roster.get(login)
    if person is None or person.disabled or not person.phone:
        return Sent("failed", code="no phone")
    if kind == "text":
        return k.carrier.text(person.phone, staff_text(k, cb, extra), status, STAFF_TEXT_VALID_SECONDS)
    return k.carrier.ring(person.phone, f"/voice/staff?o={outbox_id}", f"/voice/status?o={outbox_id}")


def staff_text(k: Kit, cb: Callback, step: str) -> str:
    """A page to staff: neutral, no number, no name; what it is and what to do."""
    at = clock(cb.due_at, k.directory.time_zone) + (", urgent" if cb.urgent else "")
    where = f"Open {k.settings.public_url}/staff"
    if cb.late:
        return f"Callback {cb.code} is late (due {at}) and nobody has it. {where}"
    step = step.partition("p")[0]
    if step == "0":
        return f"New callback {cb.code}, due {at}. {where}"
    if step.startswith("b"):
        return f"Callback {cb.code} is back in the queue, due {at}. {where}"
    if step.isdigit() and int(step) >= 1000:
        return f"Callback {cb.code}: another try is due {at}. {where}"
    return f"Callback {cb.code}, due {at}, is not taken yet. {where}"
