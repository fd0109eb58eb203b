"""/metrics: the figures an operator watches, for holders of a token, without a name in them."""

import time

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from bot.health import blueprint
from tests.api.builders import NAME, PHONE, a_callback, a_colleague, an_app
from tests.conftest import API_TOKEN, Clock, environment, free_port
from workers.counters import Counters
from workers.jobs import Kit
from workers.settings import load_settings

TOKEN = {"Authorization": f"Bearer {API_TOKEN}"}


def _figures(web: FlaskClient) -> dict[tuple[str, str], float]:
    answer = web.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_only_a_token_opens_it(web: FlaskClient) -> None:
    for headers in ({}, {"Authorization": ""}, {"Authorization": "Bearer wrong"}, {"Authorization": API_TOKEN}):
        answer = web.get("/metrics", headers=headers)
        assert answer.status_code == 401
        assert "hotline_" not in answer.text
        assert answer.headers["WWW-Authenticate"]
    assert web.get(f"/metrics?token={API_TOKEN}").status_code == 401


def test_what_the_ledger_counts_is_shown(web: FlaskClient, beating: Kit, clock: Clock) -> None:
    one, two, three = (a_callback(beating) for _ in range(3))
    a_colleague(beating)
    beating.roster.shift("alex", True)
    clock.advance(minutes=5)
    beating.ledger.claim(two, "alex")
    beating.ledger.close(three, "unreachable")
    found = _figures(web)
    assert found["hotline_callbacks_open", "waiting"] == 1
    assert found["hotline_callbacks_open", "claimed"] == 1
    assert found["hotline_callbacks_open", "calling"] == 0
    assert found["hotline_callbacks_overdue", ""] == 0
    assert 300 <= found["hotline_callback_oldest_seconds", ""] < 310
    assert 300 <= found["hotline_sweeper_beat_age_seconds", ""] < 310
    assert found["hotline_on_shift", ""] == 1
    assert found["hotline_durability_ok", ""] == 1
    assert found["hotline_events_total", "requested"] == 3
    assert found["hotline_events_total", "closed_unreachable"] == 1
    clock.advance(minutes=26)
    assert _figures(web)["hotline_callbacks_overdue", ""] == 2
    assert one


def test_no_number_or_name_is_in_it(web: FlaskClient, beating: Kit) -> None:
    one = a_callback(beating)
    beating.roster.shift(a_colleague(beating), True)
    text = web.get("/metrics", headers=TOKEN).text
    for word in (PHONE, PHONE[2:], NAME, "alex", one):
        assert word not in text


def test_a_store_that_is_away_is_a_figure_too() -> None:
    web = an_app(Kit(load_settings(environment(free_port()))), blueprint).test_client()
    assert _figures(web) == {("hotline_store_up", ""): 0}


def test_counters_reach_the_store_and_outlive_an_outage(web: FlaskClient, kit: Kit) -> None:
    counters = Counters()
    counters.add("signature_failures", 2)  # before anything is started: kept
    counters.flush()
    counters.start(Kit(load_settings(environment(free_port()))).store)  # nobody there
    counters.add("signature_failures")
    counters.flush()
    counters.start(kit.store)
    counters.add("replays")
    end = time.monotonic() + 5
    while kit.store.client.hget("count", "replays") is None and time.monotonic() < end:
        time.sleep(0.05)
    found = _figures(web)
    assert found["hotline_events_total", "signature_failures"] == 3
    assert found["hotline_events_total", "replays"] == 1


def test_a_forked_child_counts_only_its_own(kit: Kit) -> None:
    counters = Counters()
    counters.start(kit.store)
    counters.add("parent")
    counters.after_fork()
    counters.flush()
    assert kit.store.client.hget("count", "parent") is None
    counters.add("child")
    counters.flush()
    assert kit.store.client.hget("count", "child") == b"1"


def test_counters_bound_their_names(kit: Kit) -> None:
    counters = Counters()
    for n in range(5000):
        counters.add(f"n{n}")
    counters.start(kit.store)
    counters.flush()
    assert kit.store.client.hlen("count") <= 200
