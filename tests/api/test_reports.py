"""Monthly counts, in which nobody can be recognised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api.reports import SMALLEST_CELL, suppress
from tests.api.builders import Partner, is_problem
from tests.conftest import Clock
from workers.jobs import Kit


def _count(kit: Kit, month: str, dimension: str, **cells: int) -> None:
    for name, n in cells.items():
        kit.store.client.hincrby(f"month:{month}:{dimension}", name, n)


def test_one_table_a_dimension(partner: Partner, kit: Kit) -> None:
    _count(kit, "2026-10", "reason", reached=40, declined=15)
    _count(kit, "2026-11", "reason", reached=20)
    _count(kit, "2026-10", "group", trauma_line=55)
    _count(kit, "2026-10", "language", en=30, es=25)
    _count(kit, "2026-10", "channel", sms=35, voice=20)
    answer = partner.get("/reports/monthly?from=2026-10&to=2026-11").get_json()
    assert answer == {
        "by_reason": [
            {"month": "2026-10", "count": 15, "reason": "declined"},
            {"month": "2026-10", "count": 40, "reason": "reached"},
            {"month": "2026-11", "count": 20, "reason": "reached"},
        ],
        "by_group": [{"month": "2026-10", "count": 55, "group": "trauma_line"}],
        "by_language": [
            {"month": "2026-10", "count": 30, "language": "en"},
            {"month": "2026-10", "count": 25, "language": "es"},
        ],
        "by_channel": [
            {"month": "2026-10", "count": 35, "channel": "sms"},
            {"month": "2026-10", "count": 20, "channel": "voice"},
        ],
    }


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ({"a": 40, "b": 11}, set()),
        ({"a": 40, "b": 10}, {"a", "b"}),  # or b is the total less a
        ({"a": 40, "b": 12, "c": 3}, {"b", "c"}),
        ({"a": 40, "b": 10, "c": 3}, {"b", "c"}),
        ({"a": 40, "b": 1, "c": 1}, {"a", "b", "c"}),  # two that come to 2 are 1 and 1
        ({"a": 10}, {"a"}),
        ({}, set()),
    ],
)
def test_small_cells_and_what_would_give_them_away_are_hidden(cells: dict[str, int], hidden: set[str]) -> None:
    assert {name for name, n in suppress(cells).items() if n is None} == hidden


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 40), max_size=8))
def test_no_hidden_cell_can_be_had_by_subtraction(cells: dict[str, int]) -> None:
    shown = suppress(cells)
    hidden = [cells[name] for name, n in shown.items() if n is None]
    assert all(n is None or n >= SMALLEST_CELL for n in shown.values())
    assert all(n is None or n == cells[name] for name, n in shown.items())
    if any(n < SMALLEST_CELL for n in cells.values()) and sum(cells.values()) >= SMALLEST_CELL and len(cells) > 1:
        assert len(hidden) >= 2
        assert sum(hidden) >= SMALLEST_CELL


def test_without_months_it_is_the_last_twelve_by_the_stores_clock(partner: Partner, kit: Kit, clock: Clock) -> None:
    clock.advance(minutes=(1_798_761_600 + 86400 - kit.store.now()) / 60)  # 2 January 2027
    for month in ("2026-01", "2026-02", "2027-01", "2027-02"):
        _count(kit, month, "channel", sms=50)
    rows = partner.get("/reports/monthly").get_json()["by_channel"]
    assert [row["month"] for row in rows] == ["2026-02", "2027-01"]


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-13",
        "from=2026",
        "to=x",
        "from=2026-02&to=2026-01",
        "from=2000-01&to=2099-12",
        "from=2026-1",
        "month=2026-01",
    ],
)
def test_a_bad_range_is_refused(partner: Partner, query: str) -> None:
    is_problem(partner.get("/reports/monthly?" + query), 422)


def test_days_are_ignored(partner: Partner, kit: Kit) -> None:
    _count(kit, "2026-10", "channel", sms=50)
    assert partner.get("/reports/monthly?from=2026-10-05&to=2026-10-06").get_json()["by_channel"][0]["count"] == 50
