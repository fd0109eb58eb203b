"""/healthz and /readyz: what a balancer and an operator see when something stops."""

import time

import pytest
from flask.testing import FlaskClient

import bot.health
from bot.health import blueprint
from tests.api.builders import a_callback, a_colleague, an_app
from tests.conftest import PUBLIC, Clock, environment, free_port, start_valkey
from workers import health
from workers.jobs import Kit
from workers.records import when
from workers.settings import load_settings


def _failing(web: FlaskClient) -> dict[str, str]:
    answer = web.get("/readyz")
    checks = answer.get_json()["checks"]
    failing = {name: check["detail"] for name, check in checks.items() if not check["ok"]}
    assert answer.status_code == (503 if failing else 200)
    assert answer.get_json()["ok"] is not bool(failing)
    return failing


def test_ready_when_all_is_well(web: FlaskClient, beating: Kit) -> None:
    answer = web.get("/readyz")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert tuple(answer.get_json()["checks"])
    assert set(answer.get_json()["checks"]) == set(health.CHECKS)
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_on_shift_is_said_but_is_not_a_fault(web: FlaskClient, beating: Kit) -> None:
    assert web.get("/readyz").get_json()["checks"]["on_shift"] == {"ok": True, "detail": "0 on shift"}
    beating.roster.shift(a_colleague(beating), True)
    assert web.get("/readyz").get_json()["checks"]["on_shift"] == {"ok": True, "detail": "1 on shift"}


@pytest.mark.parametrize("silent", ["worker", "sweeper"])
def test_readyz_turns_503_when_the_sweeper_or_worker_is_silent(
    web: FlaskClient, beating: Kit, clock: Clock, silent: str
) -> None:
    other = {"worker": "sweeper", "sweeper": "worker"}[silent]
    clock.advance(seconds=7)
    beating.store.beat(other)
    assert _failing(web) == {}
    clock.advance(seconds=2)
    beating.store.beat(other)
    assert list(_failing(web)) == [f"{silent}_beat"]
    beating.store.beat(silent)
    assert _failing(web) == {}


def test_beats_that_never_came(web: FlaskClient, kit: Kit) -> None:
    assert _failing(web) == {"worker_beat": "never", "sweeper_beat": "never"}


def test_the_clock_of_this_host_is_compared_with_the_stores(
    web: FlaskClient, beating: Kit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(minutes=60)  # a test that moves the ledger's time does not move the host's
    for who in ("worker", "sweeper"):
        beating.store.beat(who)
    assert _failing(web) == {}
    real = time.time
    for ahead in (6, -6, 3600):
        monkeypatch.setattr(health.time, "time", lambda ahead=ahead: real() + ahead)
        assert list(_failing(web)) == ["clock"]


def test_an_outbox_that_nobody_picks_up(web: FlaskClient, beating: Kit) -> None:
    one, now = a_callback(beating), beating.store.now()
    beating.store.client.hset(
        f"out:{one}.0.alex", mapping={"kind": "text", "cb": one, "state": "ready", "created_at": now - 20}
    )
    beating.store.client.zadd("out:due", {f"{one}.0.alex": now - 20})
    assert _failing(web) == {}
    beating.store.client.zadd("out:due", {f"{one}.0.alex": now - 31})
    assert "not picked up" in _failing(web)["outbox"]


def test_an_outbox_that_is_tried_again_and_again(web: FlaskClient, beating: Kit) -> None:
    one, now = a_callback(beating), beating.store.now()
    beating.store.client.hset(
        f"out:{one}.0.alex", mapping={"kind": "text", "cb": one, "state": "ready", "created_at": now - 90}
    )
    beating.store.client.zadd("out:due", {f"{one}.0.alex": now + 5})
    assert "not sent for 90 s" in _failing(web)["outbox"]


def test_a_violation_of_the_ledger_shows(web: FlaskClient, beating: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    one = a_callback(beating)
    beating.store.client.zrem("cb:timer", one)
    assert list(_failing(web)) == ["ledger"]
    monkeypatch.setattr(health, "OPENED_NUMBERS", 0)
    assert list(_failing(web)) == ["ledger"]
    assert one not in web.get("/readyz").text


def test_the_server_s_durability_and_memory_show(web: FlaskClient, beating: Kit) -> None:
    client = beating.store.client
    try:
        client.config_set("appendfsync", "everysec")
        client.config_set("maxmemory", int(client.info("memory")["used_memory"] / 0.9))
        failing = _failing(web)
        assert set(failing) >= {"durability", "memory"}
        assert "everysec" in failing["durability"]
        client.config_set("maxmemory", 1024)
        assert "redis_write" in _failing(web)
    finally:
        client.config_set("maxmemory", 0)
        client.config_set("appendfsync", "always")
    assert _failing(web) == {}


def test_a_store_that_is_away_is_said_within_two_seconds_and_healthz_lives() -> None:
    web = an_app(Kit(load_settings(environment(free_port()))), blueprint).test_client()
    began = time.monotonic()
    failing = _failing(web)
    assert time.monotonic() - began < 2
    assert set(failing) == set(health.CHECKS)
    assert failing.pop("redis_write").startswith("no answer")
    assert set(failing.values()) == {"unknown"}
    assert web.get("/healthz").status_code == 200


def test_a_store_that_hangs_is_said_within_two_seconds(tmp_path_factory: pytest.TempPathFactory) -> None:
    port = free_port()
    server = start_valkey(port, str(tmp_path_factory.mktemp("hanging")))
    try:
        kit = Kit(load_settings(environment(port)))
        kit.store.load()
        web = an_app(kit, blueprint).test_client()
        server.send_signal(19)  # SIGSTOP
        began = time.monotonic()
        assert "redis_write" in _failing(web)
        assert time.monotonic() - began < 2
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("host", ["hotline.test", "10.0.0.7", "evil.example", "localhost:8000"])
def test_healthz_is_for_anyone_by_any_name_and_asks_nobody(web: FlaskClient, kit: Kit, host: str) -> None:
    kit.store.client.connection_pool.disconnect()
    kit.store.client = None  # type: ignore[assignment]
    answer = web.get("/healthz", headers={"Host": host})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert web.head("/healthz").status_code == 200
    kit.store.client = Kit(kit.settings).store.client


def test_readyz_names_nobody(web: FlaskClient, beating: Kit) -> None:
    a_callback(beating)
    beating.roster.shift(a_colleague(beating), True)
    for word in ("alex", "+1617", PUBLIC, beating.settings.redis_url, "127.0.0.1"):
        assert word not in web.get("/readyz").text


def test_many_who_ask_at_once_cost_one_look(web: FlaskClient, beating: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(bot.health, "FRESH_SECONDS", 60)
    monkeypatch.setattr(bot.health, "readiness", lambda kit: looks.append(1) or health.readiness(kit))
    for _ in range(5):
        assert web.get("/readyz").status_code == 200
    assert len(looks) == 1
    assert when(beating.store.now()) is not None
