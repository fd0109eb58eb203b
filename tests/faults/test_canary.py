"""A number, a name and words, sent down every path: afterwards they are in no log, no key or value, no job, no address."""

import base64
import contextlib
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import STAFF_PHONE, free_port, start_valkey
from tests.faults.canary import CONTACT, GOOD_TIME, NAME, NOTE, NUMBER, WITHHELD, WORDS
from workers.store.client import connect

CANARIES = [NAME, WORDS, GOOD_TIME, NOTE, *(n.removeprefix("+1") for n in (NUMBER, CONTACT, WITHHELD))]


class Day(NamedTuple):
    """What a day of the hotline left behind."""

    output: str
    store: dict[str, str]
    for_ever: list[str]  # keys without a time to live
    disk: str
    asked: list[dict[str, Any]]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    folder, port = tmp_path_factory.mktemp("canary"), free_port()
    server = start_valkey(port, str(folder))
    report = folder / "asked.json"
    command = [sys.executable, "-m", "tests.faults.canary", str(port), str(report)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=Path(__file__).parents[2])
        assert ran.returncode == 0, ran.stderr[-3000:]
        client = connect(f"redis://127.0.0.1:{port}/0")
        store = {key.decode("latin-1"): _whole(client, key) for key in client.keys("*")}
        for_ever = [key.decode("latin-1") for key in client.keys("*") if client.ttl(key) == -1]
        disk = "".join(p.read_bytes().decode("latin-1") for p in folder.rglob("*") if p.is_file() and p != report)
        return Day(ran.stdout + ran.stderr, store, for_ever, disk, json.loads(report.read_text()))
    finally:
        server.kill()
        server.wait()


def _whole(client: Any, key: bytes) -> str:
    """A key's whole value, as text."""
    read = {b"string": client.get, b"hash": client.hgetall, b"set": client.smembers, b"list": lambda k: client.lrange(k, 0, -1),
            b"zset": lambda k: client.zrange(k, 0, -1, withscores=True), b"stream": client.xrange}  # fmt: skip
    value = read[client.type(key)](key)
    return repr(value) + "".join(_unpacked(part) for part in _parts(value))


def _parts(value: Any) -> Iterator[bytes]:
    """Every string in a value, however deep."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        yield from _parts(list(value.values()))
    elif isinstance(value, (list, tuple, set)):
        for one in value:
            yield from _parts(one)


def _unpacked(part: bytes) -> str:
    """What RQ keeps compressed: the traceback of a job that failed."""
    for raw in (part, part[:-1]):
        for decode in (bytes, lambda text: base64.b64decode(text, validate=True)):
            with contextlib.suppress(ValueError, zlib.error):
                return zlib.decompress(decode(raw)).decode("utf-8", "replace")
    return ""


def seen_in(text: str) -> list[str]:
    """The canaries in a text: as they are, without the marks of a number, or in base64."""
    digits = re.sub(r"(?<=\d)[ ().-]+(?=\d)", "", text)
    found = [c for c in CANARIES if c.lower() in text.lower() or c in digits]
    return found + [c for c in CANARIES if base64.b64encode(c.encode()).decode()[2:-4] in text]


def test_the_day_was_a_full_one(day: Day) -> None:
    """Or the rest would prove nothing."""
    kinds = {key.partition(":")[0] for key in day.store}
    assert {"cb", "log", "s", "m", "own", "out", "count"} <= kinds
    assert any("no_answer" in value for key, value in day.store.items() if key.startswith("log:"))
    assert "safe_answer" in day.output
    assert any(key.startswith("rq:") for key in day.store)
    assert len(day.asked) > 20


def test_no_log_line_names_anybody(day: Day) -> None:
    assert seen_in(day.output) == []
    assert STAFF_PHONE not in day.output
    assert re.findall(r"\+?1?\d{10}\b", re.sub(r'"timestamp":"[^"]*"', "", day.output)) == []


def test_every_log_line_is_one_line_of_json(day: Day) -> None:
    for line in day.output.splitlines():
        assert isinstance(json.loads(line), dict), line


def test_no_key_names_anybody(day: Day) -> None:
    assert [key for key in day.store if seen_in(key)] == []


def test_no_value_names_anybody(day: Day) -> None:
    assert [key for key, value in day.store.items() if seen_in(value) and not key.startswith("rq:")] == []
    assert [key for key, value in day.store.items() if STAFF_PHONE.removeprefix("+") in value] == []


def test_no_job_names_anybody(day: Day) -> None:
    rq = {key: value for key, value in day.store.items() if key.startswith("rq:")}
    assert rq
    assert [key for key, value in rq.items() if seen_in(key + value)] == []


def test_nothing_on_the_stores_disk_names_anybody(day: Day) -> None:
    """The append-only file also has what was deleted since."""
    assert len(day.disk) > 10_000
    assert seen_in(day.disk) == []


def test_no_address_given_to_the_carrier_names_anybody(day: Day) -> None:
    for one in day.asked:
        addresses = [one["path"], *(str(v) for k, v in one["params"].items() if k not in ("To", "From", "Body"))]
        assert seen_in(" ".join(addresses)) == []


def test_what_staff_are_texted_names_nobody(day: Day) -> None:
    bodies = [str(one["params"].get("Body", "")) for one in day.asked if one["path"].endswith("Messages.json")]
    assert len([body for body in bodies if body]) > 3
    assert [body for body in bodies if seen_in(body)] == []


def test_only_residents_and_staff_who_are_to_be_reached_are_named_to_the_carrier(day: Day) -> None:
    """Numbers go to the carrier only as the number to be reached."""
    for one in day.asked:
        others = {k: v for k, v in one["params"].items() if k != "To"}
        assert not any(n.removeprefix("+1") in json.dumps(others) for n in (NUMBER, CONTACT, WITHHELD))


def test_every_key_ends_or_has_a_reason_to_stay(day: Day) -> None:
    """What is open, what counts, who works here, and RQ's own registries."""
    reasons = re.compile(r"(cb|log):[0-9a-f]{32}|cb:(open|timer|closed)|own:.*|out:due|out:[0-9a-f]{32}.*|opt:.*|staff.*|month:.*|"
                         r"count|beat|redact|test:clock|rq:(queues?|workers?|wip|failed|finished|clean|intermediate).*")  # fmt: skip
    assert [key for key in day.for_ever if not reasons.fullmatch(key)] == []
    open_ones = {key.removeprefix("own:") for key in day.for_ever if key.startswith("own:")}
    assert len(open_ones) == sum(key.startswith("cb:") and len(key) == 35 for key in day.for_ever)
