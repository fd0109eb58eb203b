"""The queue through the API: what is listed, who holds what, and what a late writer is told."""

import threading
from collections import Counter

import pytest

from tests.api.builders import Partner, a_callback, a_colleague, is_problem
from tests.conftest import Clock
from workers.jobs import Kit
from workers.records import when


def _claim(partner: Partner, one: str, staff: str = "alex") -> int:
    answer = partner.post(f"/callbacks/{one}/claim", {"staff": staff})
    assert answer.status_code == 200, answer.text
    return int(answer.get_json()["fence"])


def test_the_list_has_exactly_what_was_agreed(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit, language="es", channel="voice", may_text="no")
    (row,) = partner.get("/callbacks").get_json()["callbacks"]
    assert set(row) == {
        "id",
        "team",
        "status",
        "channel",
        "language",
        "requested_at",
        "due_at",
        "attempts",
        "claimed_by",
        "late",
        "safe_to_text",
        "safe_to_voicemail",
    }
    assert (row["id"], row["team"], row["status"], row["channel"], row["language"]) == (
        one,
        "trauma_line",
        "waiting",
        "voice",
        "es",
    )
    assert (row["attempts"], row["claimed_by"], row["late"]) == (0, None, False)
    assert (row["safe_to_text"], row["safe_to_voicemail"]) == (False, None)
    assert row["requested_at"].endswith("Z")
    assert row["due_at"].endswith("Z")
    assert row["requested_at"] < row["due_at"]


def test_pages_follow_each_other_soonest_due_first(partner: Partner, kit: Kit) -> None:
    ids = [a_callback(kit, due_in=seconds) for seconds in (900, 300, 600)]
    expected = [ids[1], ids[2], ids[0]]
    first = partner.get("/callbacks?limit=2").get_json()
    assert [row["id"] for row in first["callbacks"]] == expected[:2]
    assert first["next_cursor"]
    second = partner.get(f"/callbacks?limit=2&cursor={first['next_cursor']}").get_json()
    assert [row["id"] for row in second["callbacks"]] == expected[2:]
    assert second["next_cursor"] is None


def test_the_list_can_be_narrowed(partner: Partner, kit: Kit) -> None:
    a_colleague(kit)
    waiting, taken, other, ended = a_callback(kit), a_callback(kit), a_callback(kit, team="dvu"), a_callback(kit)
    _claim(partner, taken)
    partner.post(f"/callbacks/{ended}/close", {"reason": "reached"})

    def ids(query: str) -> set[str]:
        return {row["id"] for row in partner.get("/callbacks?" + query).get_json()["callbacks"]}

    assert ids("status=&team=&limit=&cursor=") == {waiting, taken, other}  # empty is left out
    assert ids("status=claimed") == {taken}
    assert ids("team=dvu") == {other}
    assert ids("team=nobody") == set()
    assert ids("status=closed") == {ended}
    assert ids("status=withdrawn") == set()


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=1000000",
        "limit=-1",
        "limit=1.0",
        "limit=ten",
        "limit=+5",
        "limit=" + "9" * 400,
        "cursor=!!",
        "cursor=abc",
        "cursor=LTU",
        "cursor=" + "x" * 99,
        "status=late",
        "team=Trauma",
        "state=waiting",
        "limit=1&limit=2",
    ],
)
def test_a_bad_question_is_refused_by_name(partner: Partner, query: str) -> None:
    document = is_problem(partner.get("/callbacks?" + query), 422)
    assert query.partition("=")[0] in document["errors"][0]["field"]
    assert "999999" not in str(document)


def test_two_claims_at_once_one_wins(partner: Partner, kit: Kit) -> None:
    for n in range(8):
        a_colleague(kit, f"s{n}")
    for _ in range(25):
        one, results, gate = a_callback(kit), Counter[int](), threading.Barrier(8)

        def take(n: int, one: str = one, results: Counter[int] = results, gate: threading.Barrier = gate) -> None:
            client = Partner(partner.client.application.test_client())
            gate.wait()
            results[client.post(f"/callbacks/{one}/claim", {"staff": f"s{n}"}).status_code] += 1

        threads = [threading.Thread(target=take, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == {200: 1, 409: 7}


def test_whoever_comes_second_hears_who_has_it_and_since_when(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    a_colleague(kit, "alex"), a_colleague(kit, "sam")
    first = partner.post(f"/callbacks/{one}/claim", {"staff": "alex"}).get_json()
    assert first["status"] == "claimed"
    assert first["claimed_by"] == "alex"
    document = is_problem(partner.post(f"/callbacks/{one}/claim", {"staff": "sam"}), 409)
    assert document["holder"] == "alex"
    assert document["since"].endswith("Z")
    assert document["type"].endswith("held")
    assert partner.post(f"/callbacks/{one}/claim", {"staff": "alex"}).get_json()["fence"] == first["fence"]


@pytest.mark.parametrize("login", ["nobody", "ALEX", "alex'--", "open", "a" * 64])
def test_only_staff_in_service_can_claim(partner: Partner, kit: Kit, login: str) -> None:
    one = a_callback(kit)
    a_colleague(kit, "alex")
    document = is_problem(partner.post(f"/callbacks/{one}/claim", {"staff": login}), 422)
    assert document["errors"][0]["field"] == "staff"
    kit.roster.disable("alex")
    is_problem(partner.post(f"/callbacks/{one}/claim", {"staff": "alex"}), 422)
    assert kit.ledger.get(one).status == "waiting"


@pytest.mark.parametrize(
    ("verb", "body"),
    [("release", {}), ("call", {}), ("attempts", {"outcome": "no_answer"}), ("close", {"reason": "reached"})],
)
def test_an_old_fence_gets_409(partner: Partner, kit: Kit, clock: Clock, verb: str, body: dict[str, str]) -> None:
    one = a_callback(kit)
    a_colleague(kit, "alex"), a_colleague(kit, "sam")
    old = _claim(partner, one, "alex")
    clock.advance(minutes=10)  # alex's lease has run out
    new = _claim(partner, one, "sam")
    assert new > old
    for fence in (old, str(old)):
        document = is_problem(partner.post(f"/callbacks/{one}/{verb}", {**body, "fence": fence}), 409)
        assert document["type"].endswith("stale")
        assert document["holder"] == "sam"
    assert kit.ledger.get(one).claimed_by == "sam"
    assert partner.post(f"/callbacks/{one}/{verb}", {**body, "fence": new}).status_code in (200, 201, 202)


def test_calling_needs_a_holder_and_rings_them_once(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    a_colleague(kit)
    assert is_problem(partner.post(f"/callbacks/{one}/call"), 409)["type"].endswith("unclaimed")
    _claim(partner, one)
    for _ in range(2):
        answer = partner.post(f"/callbacks/{one}/call")
        assert answer.status_code == 202
        assert answer.get_json()["status"] == "calling"
    rings = list(kit.store.client.scan_iter(match=f"out:{one}.call*"))
    assert len(rings) == 1


def test_a_body_may_be_left_out_where_it_says_nothing(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    answer = partner.client.post(f"/api/callbacks/{one}/release", headers=partner._headers())
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "waiting"


def test_an_attempt_that_reached_nobody_puts_it_back_with_a_later_time(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    a_colleague(kit)
    fence = _claim(partner, one)
    answer = partner.post(f"/callbacks/{one}/attempts", {"outcome": "no_answer", "note": "", "fence": fence})
    assert answer.status_code == 201
    row = answer.get_json()
    assert (row["status"], row["attempts"], row["claimed_by"]) == ("waiting", 1, None)


def test_only_close_closes(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    a_colleague(kit)
    _claim(partner, one)
    row = partner.post(f"/callbacks/{one}/attempts", {"outcome": "reached"}).get_json()
    assert (row["status"], row["claimed_by"]) == ("claimed", "alex")
    assert partner.post(f"/callbacks/{one}/close", {"reason": "reached"}).get_json()["status"] == "closed"
    document = is_problem(partner.post(f"/callbacks/{one}/close", {"reason": "reached"}), 409)
    assert document["type"].endswith("over")
    assert "closed" in document["detail"]


@pytest.mark.parametrize(("to", "kept"), [("dvu", "dvu"), ("Canary House, ask for Zebra", "other")])
def test_a_referral_keeps_ids_and_seals_words(partner: Partner, kit: Kit, to: str, kept: str) -> None:
    one = a_callback(kit)
    assert partner.post(f"/callbacks/{one}/close", {"reason": "referred", "referred_to": to}).status_code == 200
    raw = kit.store.client.hgetall(f"cb:{one}")
    assert raw[b"referred_to"].decode() == kept
    log = b"".join(kit.store.client.lrange(f"log:{one}", 0, -1))
    assert b"Zebra" not in log
    notes = partner.owner().get(f"/callbacks/{one}").get_json()["notes"]
    assert [n["text"] for n in notes] == ([] if kept == "dvu" else [f"Referred to: {to}"])


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "referred"},
        {"reason": "referred", "referred_to": ""},
        {"reason": "late"},
        {},
        {"reason": "reached", "referred_to": "dvu"},
        {"reason": "reached", "fence": "x"},
        {"reason": "reached", "fence": -1},
        {"reason": "reached", "fence": True},
        [],
        "reached",
    ],
)
def test_a_bad_close_changes_nothing(partner: Partner, kit: Kit, body: object) -> None:
    one = a_callback(kit)
    answer = partner.client.post(f"/api/callbacks/{one}/close", headers=partner._headers(), json=body)
    is_problem(answer, 422)
    assert kit.ledger.get(one).status == "waiting"


@pytest.mark.parametrize(
    "one", ["nobody", "open", "closed", "timer", "..", "%00", "a b", "x" * 65, "%2e%2e%2f", "é", "cb:x"]
)
def test_what_is_not_there_is_not_found(partner: Partner, kit: Kit, one: str) -> None:
    a_callback(kit)
    a_colleague(kit)
    kit.store.client.zadd("cb:closed", {"gone": 1})
    is_problem(partner.owner().get(f"/callbacks/{one}"), 404)
    is_problem(partner.post(f"/callbacks/{one}/claim", {"staff": "alex"}), 404)
    is_problem(partner.post(f"/callbacks/{one}/close", {"reason": "reached"}), 404)


def test_times_are_of_the_store_and_late_is_a_flag(partner: Partner, kit: Kit, clock: Clock) -> None:
    one = a_callback(kit)
    kit.store.client.hset(f"cb:{one}", "late", 1)
    (row,) = partner.get("/callbacks").get_json()["callbacks"]
    due = when(kit.store.client.hget(f"cb:{one}", "due_at").decode())
    assert row["late"] is True
    assert row["status"] == "waiting"
    assert due is not None
    assert row["due_at"] == due.strftime("%Y-%m-%dT%H:%M:%S.") + f"{due.microsecond // 1000:03d}Z"
