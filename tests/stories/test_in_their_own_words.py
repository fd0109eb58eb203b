"""What a resident tells in one sentence is met as a whole: two things at once, for whom it is, how old they are."""

import pytest

from flows.segments import segments
from tests.world import World


def say(world: World, *messages: str) -> str:
    """What is answered to the last of some messages."""
    phone = world.resident()
    said: list[str] = []
    for words in messages:
        said = phone.text(words)
    return "\n".join(said)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("my husband hit me and my son saw a shooting and cant sleep", ["(617) 431-0125", "(877) 785-2020"]),
        ("i was raped and i need help with my bipolar brother", ["(800) 841-8371", "(800) 981-4357"]),
        ("i want to complain about a cop and i need a tracker for my dad with dementia", ["police-accountability", "(877) 434-6384"]),
    ],
)  # fmt: skip
def test_two_things_in_one_message_get_both(world: World, words: str, numbers: list[str]) -> None:
    said = say(world, "hello", words)
    for number in numbers:
        assert number in said
    assert segments(said).parts <= 3


def test_who_complains_of_police_and_was_raped_reads_of_who_is_not_police(world: World) -> None:
    said = say(world, "hello", "a cop raped me at the station and i want to file a complaint about him")
    assert "(800) 841-8371" in said
    assert "detectives" not in said


def test_beside_a_complaint_about_police_no_tip_line_of_theirs_is_named(world: World) -> None:
    said = say(world, "hello", "i want to complain about a cop and i have a tip about a murder")
    assert "police-accountability" in said
    assert "Text-A-Tip" not in said


def test_the_second_thing_of_a_complaint_about_police_is_never_police(world: World) -> None:
    said = say(world, "hello", "the cop who took my rape report laughed at me, i want to complain")
    assert "police-accountability" in said
    assert "SAU" not in said
    assert "detectives" not in said


def test_beside_a_call_nothing_is_shown_that_should_stay_hidden(world: World) -> None:
    said = say(world, "hello", "i want to talk to someone")
    assert "Also" not in said


def test_an_overdose_is_told_of_naloxone_after_911(world: World) -> None:
    said = say(world, "my brother overdosed hes turning blue")
    assert said.index("911") < said.index("naloxone")
    assert segments(said).parts <= 3
    assert "naloxone" not in say(world, "he has a knife")


def test_who_worries_about_another_is_not_asked_if_they_want_to_die(world: World) -> None:
    said = say(world, "hello", "my brother says he wants to kill himself")
    assert "988" in said[:100]
    assert "Are you thinking about killing yourself" not in said
    assert "Are you thinking about killing yourself" in say(world, "i want to kill myself")


def test_a_child_is_told_once_that_no_parent_is_called(world: World) -> None:
    assert "We don't call your parents" in say(world, "hello", "im 14 and my stepdad hurts me")
    assert "parents" not in say(world, "im 14 and i dont know what to do")
    assert "parents" not in "\n".join(world.resident("+16175550108").text("my son is 14 and gets beaten at school"))


def test_a_call_for_somebody_else_needs_their_wish(world: World) -> None:
    assert "please ask them first" in say(world, "hello", "can someone call my sister")


@pytest.mark.parametrize("words", ["he reads my texts", "my husband checks my phone", "its not safe to text me"])
def test_a_watched_phone_gets_a_neutral_way_out_at_any_time(world: World, words: str) -> None:
    said = say(world, "hello", words)
    assert "delete this chat" in said
    assert not any(word in said.lower() for word in ("police", "violence", "assault", "trauma", "safelink"))


@pytest.mark.parametrize("words", ["take me off your list", "please stop texting me", "dont text me anymore"])
def test_an_opt_out_in_their_own_words_counts(world: World, words: str) -> None:
    assert "unsubscribed" in say(world, "hello", words)
    assert world.resident().text("menu") == []


@pytest.mark.parametrize("words", ["make him stop texting me", "i want it to stop", "dont call me, i changed my mind"])
def test_what_only_sounds_like_an_opt_out_does_not(world: World, words: str) -> None:
    assert "unsubscribed" not in say(world, "hello", words)
    assert world.resident().text("menu") != []


@pytest.mark.parametrize("words", ["talk to a person", "call me", "he hits me", "he reads my texts"])
def test_what_asks_for_something_is_not_kept_as_a_name(world: World, words: str) -> None:
    say(world, "call me", "1", "1", "1", "1", words)
    assert world.callback().reveal(world.kit.vault, "name") == ""


@pytest.mark.parametrize(("words", "name"), [("call me Rosa", "Rosa"), ("Hope", "Hope"), ("Maria Jose", "Maria Jose")])
def test_a_name_is_kept_as_it_is_given(world: World, words: str, name: str) -> None:
    say(world, "call me", "1", "1", "1", "1", words)
    assert world.callback().reveal(world.kit.vault, "name") == name
