"""How well messages are understood that no rule was written for and nothing was trained on: floors, not lines.

unseen.psv and unseen_2.psv are by two writers who had seen no rule. Whoever tunes reads none of their lines: then they
would measure nothing. The aims are higher (danger 1.00, nothing where it must not go); what is missed is said openly.
"""

from pathlib import Path

import pytest

from flows.understand import Understanding, understand

DANGER = {"emergency_911", "crisis_988"}
SETS = ("unseen.psv", "unseen_2.psv")
Line = tuple[list[str], Understanding]


def lines(name: str) -> list[Line]:
    """(language, text, accepted, danger, forbidden) of each line, and what is made of it."""
    read = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    fields = [(line.split("|") + [""] * 5)[:5] for line in read if line.strip() and not line.startswith("#")]
    return [(one, understand(one[1])) for one in fields]


@pytest.fixture(scope="module", params=SETS)
def told(request: pytest.FixtureRequest) -> list[Line]:
    return lines(request.param)


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def test_danger_is_heard(told: list[Line]) -> None:
    danger = [got for (_, _, _, is_danger, _), got in told if is_danger == "1"]
    assert share([got.danger for got in danger]) >= 0.95
    assert share([got.danger or bool(got.unsure) for got in danger]) >= 0.97  # those are told the numbers


def test_danger_that_no_rule_has_words_for_is_sensed(told: list[Line]) -> None:
    assert sum(got.is_sensed for (_, _, _, is_danger, _), got in told if is_danger == "1") >= 3


def test_few_calm_messages_raise_an_alarm(told: list[Line]) -> None:
    calm = [
        got
        for (_, _, accepted, is_danger, _), got in told
        if is_danger == "0" and not DANGER & set(accepted.split(","))
    ]
    assert share([got.danger for got in calm]) <= 0.035


@pytest.mark.parametrize(("english", "least"), [(True, 0.94), (False, 0.94)], ids=["English", "the others"])
def test_the_first_answer_is_right(told: list[Line], english: bool, least: float) -> None:
    rows = [(accepted, got) for (language, _, accepted, _, _), got in told if (language == "en") is english]
    assert share([got.labels[0] in accepted.split(",") for accepted, got in rows]) >= least


def test_hardly_anything_goes_where_it_must_not(told: list[Line]) -> None:
    assert sum(got.labels[0] in forbidden.split(",") for (_, _, _, _, forbidden), got in told if forbidden) <= 6


def test_nobody_is_opted_out_who_did_not_ask_for_it(told: list[Line]) -> None:
    assert not [
        got for (_, _, accepted, _, _), got in told if "stop" in got.labels and "stop" not in accepted.split(",")
    ]
