"""Where a turn's time goes: the edge called in this process, on a local store, with its functions timed one by one.

Lives here: which functions, and medians by turn. Not here: the timing (tracer.py), or servers and sockets.
"""

import io
from statistics import median
from typing import Any
from urllib.parse import urlencode

from twilio.twiml import TwiML
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.wrappers import Request

import bot.twilio.turns
import flows.engine
from bench import residents
from bench.hotline import environment, kit, valkey
from bench.report import Section, table
from bench.tracer import Tracer
from bot.twilio import create_edge
from bot.twilio.signature import Signatures
from bot.twilio.turns import Turns
from flows.engine import Engine
from flows.machines.conversation import Conversation
from flows.machines.talk import Talk
from flows.session import Session
from workers.store import Store
from workers.vault import Vault

RESIDENTS = 1000
TURNS = ("anything", "1: my number?", "1: promise", "1: consent")
REST = "Flask: routing, request, response"
PARTS: tuple[tuple[Any, str, str], ...] = (
    (Request, "_load_form_data", "form"),
    (Signatures, "are_good", "signature"),
    (Turns, "play", "turn: what holds it together"),
    (Turns, "_world", "world"),
    (Turns, "_fields", "fields of the callback"),
    (Vault, "lookup", "look-up hashes"),
    (Store, "read", "read"),
    (Store, "commit", "commit"),
    (Vault, "open", "open"),
    (Vault, "seal", "seal"),
    (bot.twilio.turns, "load", "session from text"),
    (Session, "dump", "session to text"),
    (Engine, "turn", "engine"),
    (flows.engine, "opt_word", "STOP, START, HELP?"),
    (flows.engine, "interpret", "interpret"),
    (flows.engine, "understand", "understand"),
    (Conversation, "send", "chart"),
    (Talk, "say", "words"),
    (Talk, "menu_lines", "words"),
    (MessagingResponse, "__init__", "TwiML"),
    (MessagingResponse, "message", "TwiML"),
    (TwiML, "to_xml", "TwiML"),
)


def environ(fields: dict[str, str]) -> dict[str, Any]:
    """A request as a server hands it over."""
    body = urlencode(fields).encode()
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/sms",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "hotline.test",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_TWILIO_SIGNATURE": residents.sign("/sms", fields),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
    }


def _answer(app: Any, request: dict[str, Any]) -> None:
    status: list[str] = []
    answer = app(request, lambda line, _headers, _error=None: status.append(line))
    b"".join(answer)
    getattr(answer, "close", lambda: None)()
    if not status[0].startswith("200"):
        raise RuntimeError(f"a turn got {status[0]}")


def play(count: int, traced: bool) -> list[list[dict[str, tuple[int, int]]]]:
    """For each step of the dialogue, what each resident's turn spent by part."""
    tracer = Tracer()
    with valkey() as port:
        made = kit(environment(port))
        edge = create_edge(made).wsgi_app
        found: list[list[dict[str, tuple[int, int]]]] = [[] for _ in TURNS]
        try:
            for part in PARTS if traced else ():
                tracer.wrap(*part)
            for n, fields in enumerate(_messages(count)):
                if n % 500 == 0:
                    made.store.beat("worker")
                    made.store.beat("sweeper")
                    tracer.take()
                request = environ(fields)
                tracer.call(REST, _answer, edge, request)
                found[n // count].append(tracer.take())
        finally:
            tracer.unwrap()
        if int(made.store.client.hget("count", "promised") or 0) != count:
            raise RuntimeError("not every dialogue ended in a promise")
    return found


def _messages(count: int) -> list[dict[str, str]]:
    words = residents.DIALOGUES["ones"]
    return [residents.body(n, said, step * count + n + 1) for step, said in enumerate(words) for n in range(count)]


def measure(quick: bool) -> Section:
    count = 50 if quick else RESIDENTS
    plain, traced = play(count, traced=False), play(count, traced=True)
    cpu = {name: _medians(traced, name, 1) for name in _names(traced)}
    waits = {name: _mean(_medians(traced, name, 0)) - _mean(cpu[name]) for name in cpu}
    order = sorted(cpu, key=lambda name: -_mean(cpu[name]))
    rows = [_row(name, cpu[name], max(0.0, waits[name])) for name in order]
    for title, of in (("all, while timed", traced), ("all, not timed", plain)):
        used, took = _totals(of, 1), _totals(of, 0)
        rows.append(_row(f"**{title}**", used, _mean(took) - _mean(used)))
    heads = ("CPU µs of the web process", *TURNS, "mean", "and waiting")
    text = f"""One thread, in process, {count} residents; medians. Each part without the parts inside it. The
store's own CPU and its fsync are under waiting. Timing costs a few microseconds a call.

{table(heads, rows)}"""
    return Section("Where a turn's time goes", text)


def _row(name: str, steps: list[float], waits: float) -> list[str]:
    return [name, *(f"{us:.0f}" for us in (*steps, _mean(steps), waits))]


def _names(found: list[list[dict[str, tuple[int, int]]]]) -> set[str]:
    return {name for turns in found for turn in turns for name in turn}


def _medians(found: list[list[dict[str, tuple[int, int]]]], name: str, which: int) -> list[float]:
    """µs of one part in each step; 0: wall, 1: CPU."""
    return [median(turn.get(name, (0, 0))[which] for turn in turns) / 1000 for turns in found]


def _totals(found: list[list[dict[str, tuple[int, int]]]], which: int) -> list[float]:
    return [median(sum(spent[which] for spent in turn.values()) for turn in turns) / 1000 for turns in found]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
