"""How well messages are understood that no rule was written for and nothing was trained on: floors, not lines.

unseen*.psv are by writers who had seen no rule; those of unseen_4.psv are hard on purpose (hints, signs without their
names, figures of speech). Whoever tunes reads none of their lines: then they would measure nothing. The aims are higher
(danger 1.00, nothing where it must not go); what is missed is said openly.
"""

from pathlib import Path

import pytest

from flows.understand.measure import Figures, measure, read

HERE = Path(__file__).parent
PLAIN, HARD = ("unseen.psv", "unseen_2.psv", "unseen_3.psv"), ("unseen_4.psv",)


@pytest.fixture(scope="module", params=PLAIN + HARD)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def told(name: str) -> Figures:
    return measure(read(HERE / name))


def test_danger_is_heard(told: Figures, name: str) -> None:
    assert told.heard >= (0.97 if name in PLAIN else 0.93)
    assert told.named >= (
        0.98 if name in PLAIN else 0.96
    )  # those who are not sure to be in danger are told the numbers


def test_danger_that_no_rule_has_words_for_is_sensed(told: Figures) -> None:
    assert told.sensed >= 3


def test_few_calm_messages_raise_an_alarm(told: Figures, name: str) -> None:
    assert told.alarms <= (0.035 if name in PLAIN else 0.13)


def test_the_first_answer_is_right(told: Figures, name: str) -> None:
    assert told.right_english >= (0.94 if name in PLAIN else 0.83)
    assert told.right_others >= (0.94 if name in PLAIN else 0.83)


def test_hardly_anything_goes_where_it_must_not(told: Figures) -> None:
    assert told.forbidden <= 0.035 * told.messages


def test_nobody_is_opted_out_who_did_not_ask_for_it(told: Figures) -> None:
    assert told.opted_out == 0
