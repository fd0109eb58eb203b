"""What residents read is in words that a child of twelve knows, and the check would say so if it were not."""

from pathlib import Path

import pytest

from flows.directory import load_directory
from flows.words.grade import grade, syllables, too_hard, without_names
from tests.flows.test_conversation import BOSTON

HARD = "Clinicians provide psychiatric assessments and coordinate interventions with community organizations."


@pytest.mark.parametrize(
    ("word", "how_many"),
    [("we", 1), ("called", 1), ("wanted", 2), ("voices", 2), ("makes", 1), ("open", 2), ("any", 2), ("violence", 3),
     ("police", 2), ("area", 2), ("they're", 1), ("didn't", 2), ("little", 2), ("texts", 1), ("pages", 2)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, how_many: int) -> None:
    assert syllables(word) == how_many


def test_plain_words_are_plain_and_long_ones_are_not() -> None:
    assert grade("We can call you. Is this number right?") < 2
    assert grade(HARD) > 12


def test_a_line_of_a_menu_is_a_sentence() -> None:
    lines = "1 Hurt at home\n2 Sexual harm\n3 A child being hurt\n4 Forced work or sex\n5 A crime tip"
    assert grade(without_names(lines, BOSTON)) < 3


def test_names_and_numbers_weigh_as_one_short_word() -> None:
    told = "Dee Kennedy Family Justice Center: (617) 779-2100, a@b.org, rocainc.org/x. Run by the Boston Public Health Commission."
    assert without_names(told, BOSTON).split() == ["it:", "it", ",", "it", "it", "Run", "by", "the", "it."]


def test_what_a_city_words_too_hard_is_named(tmp_path: Path) -> None:
    good = Path("docs/another-city/port-harlan.yaml").read_text(encoding="utf-8")
    worse = good.replace("For ages 12 to 25 who want out of trouble.", HARD)
    assert worse != good
    (tmp_path / "city.yaml").write_text(worse, encoding="utf-8")
    found = list(too_hard(load_directory(tmp_path / "city.yaml")))
    assert any(line.startswith("service second_wave needs grade") for line in found)
