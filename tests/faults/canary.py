"""A whole day of the hotline in one process, with its real logging: a number, a name and words go down every path there is.

Run by test_canary.py as a process of its own, so that all that it writes anywhere can be searched: its standard output and
error, the store and its files, and (printed to the file named by the second argument) what it asked of the carrier.
Not here: what must not be found.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from rq import SimpleWorker
from rq.serializers import JSONSerializer

from bot.twilio import create_edge
from tests.conftest import environment
from tests.faults.people import TIME
from tests.world import World
from workers import counters, jobs
from workers.jobs import Kit
from workers.logs import configure
from workers.queues import nudge, queue
from workers.settings import load_settings
from workers.sweeper import audit, sweep

NUMBER, CONTACT, WITHHELD = "+16175558642", "+18575559753", "+17815557531"
NAME, WORDS, GOOD_TIME, NOTE = "Xylophonia", "zanzibarquux", "quetzalcoatlus", "yggdrasilnote"


def texts(world: World) -> None:
    phone = world.resident(NUMBER)
    for words in (f"hi {WORDS}", f"he has a gun {WORDS}", "call me", "2", f"call {CONTACT} {WORDS}", "1", "1", "1", "1", NAME, GOOD_TIME,
                  "menu", "change my number", CONTACT, "1", f"{WORDS} " * 100, f"{WORDS}\nlevel: info\r\nevent=x"):  # fmt: skip
        phone.text(words)
    assert TIME.search(" ".join(phone.text("status")))


def calls(world: World) -> None:
    call = world.resident(NUMBER).call(From="anonymous")
    for step in ("2", WITHHELD.removeprefix("+1") + "#", "1", "1", "1"):
        call.press(step)
    call.say(NAME)
    call.say(GOOD_TIME)
    other = world.resident(CONTACT).call()
    other.say(f"my name is {NAME} and {WORDS}")
    other.press("2")
    other.press("1")
    call.hang_up()
    other.hang_up()


def staff(world: World) -> None:
    ledger = world.kit.ledger
    world.alex.when_rung = "answer"
    world.pump()
    for callback in ledger.page().callbacks:
        fence = ledger.claim(callback.id, "alex")
        ledger.note(callback.id, f"{NOTE} {NAME} {NUMBER}", "alex")
        ledger.audit(callback.id, "alex", "phone")
        ledger.call(callback.id, fence)
        world.pump()
        call = world.alex.calls[-1]
        call.press("1")
        call.dial_ends("no-answer")
        call.press("2")
    world.wait(45)
    first = ledger.page().callbacks[0]
    ledger.close(first.id, "referred", referred_to="dvu", who="alex")


def faults(world: World) -> None:
    """What goes wrong is logged: nothing of what it was about."""
    for kind in ("500", "429", "20003", "accepted_then_cut"):
        world.company.fail_next(kind, times=2)
        world.wait(1)
    client = world.kit.store.client
    for key in client.keys("m:*")[:3]:
        client.set(key, b"garbage", keepttl=True)
    for message in list(world.company.received)[:40]:
        world.resident(NUMBER).text(message.body or WORDS, sid=message.sid)
    broken = create_edge(world.kit).test_client()
    broken.post(f"/sms?Body={WORDS}&From={NUMBER}", data={"Body": WORDS, "From": NUMBER})
    broken.get(f"/sms/{NUMBER}/{WORDS}")
    world.kit.words.say = _raises  # type: ignore[method-assign]
    world.resident(NUMBER).text(f"{WORDS} {NAME}")
    world.resident(NUMBER).call()


def _raises(*words: object, **_: object) -> str:
    raise RuntimeError(f"{WORDS} {NAME} {NUMBER} {words}")


def through_rq(world: World) -> None:
    """The jobs as RQ keeps and runs them, some of them failing."""
    client = world.kit.store.client
    jobs.kit = lambda: world.kit  # type: ignore[assignment]
    to = queue(client)
    world.resident(CONTACT).text(f"{WORDS} {NAME}")
    client.incrbyfloat("test:clock", 120)
    sweep(world.kit.store, to)
    nudge(to, "send", "0" * 32)
    to.enqueue("no.such.job", "0" * 32, failure_ttl=3600)
    work = SimpleWorker([to], connection=client, serializer=JSONSerializer, log_job_description=False).work
    work(burst=True, logging_level="WARNING")
    jobs.deliver = _raises  # type: ignore[assignment]
    nudge(to, "send", "1" * 32)
    work(burst=True, logging_level="WARNING")
    sweep(world.kit.store, to)


def asked(world: World) -> Iterable[dict[str, object]]:
    for one in world.company.requests:
        yield {"method": one.method, "path": one.path, "params": one.params}


def main(port: int, report: Path) -> None:
    configure()
    environ = environment(port)
    world = World(Kit(load_settings(environ)), environ)
    counters.start(world.kit.store)
    world.kit.store.load()
    world.alex = world.staff()
    for chapter in (texts, calls, staff, through_rq, faults):
        chapter(world)
    audit(world.kit.store)
    counters.flush()
    report.write_text(json.dumps(list(asked(world))))
    world.company.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
