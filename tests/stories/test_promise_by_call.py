"""A resident calls: danger first, a person at once, or a promise; keys, silence, mistakes."""

import re

import pytest

from tests.world import ANA, LIVE_LINE, World

TIME = re.compile(r"\b\d{1,2}:\d\d [AP]M\b")


def test_danger_first_and_the_first_choice_within_eight_seconds(world: World) -> None:
    call = world.resident().call()
    heard = call.heard
    assert "9 1 1" in heard[:60]
    assert "9 8 8" in heard
    before = heard[: heard.index("To talk to a person now")]
    assert len(before.split()) / 2.6 < 8


def test_the_road_of_ones_connects_and_when_nobody_answers_promises(world: World) -> None:
    call = world.resident().call()
    call.press("1")
    assert call.dialled[-1].number == LIVE_LINE
    assert call.dialled[-1].caller_id == world.kit.settings.voice_number
    call.dial_ends("no-answer")
    assert "Nobody picked up" in call.heard
    call.press("1")
    call.press("1")
    assert f"by {world.clock(30)}" in call.heard
    callback = world.callback()
    assert (callback.channel, callback.promised) == ("voice", True)
    assert callback.reveal(world.kit.vault, "phone") == ANA


def test_the_promise_is_heard_before_the_questions_and_a_hang_up_keeps_it(world: World) -> None:
    call = world.resident().call()
    call.press("2")
    call.press("1")
    assert call.heard.index(world.clock(30)) < call.heard.index("may we text")
    call.hang_up()
    assert world.callback().status == "waiting"
    assert world.callback().may_text == ""


@pytest.mark.parametrize("presses", [0, 1, 2])
def test_a_hang_up_before_a_clear_yes_makes_no_callback(world: World, presses: int) -> None:
    call = world.resident().call()
    for key in ("2", "2", "6175550144#")[:presses]:
        call.press(key)
    call.hang_up()
    assert world.callbacks() == []


@pytest.mark.parametrize("sender", ["anonymous", "+266696687", "Restricted", ""])
def test_a_withheld_number_is_asked_for_read_back_and_corrected(world: World, sender: str) -> None:
    call = world.resident().call(From=sender)
    call.press("2")
    assert "area code" in call.heard
    call.press("617555014#")
    assert "missing" in call.heard
    call.press("6175550145#")
    assert "6 1 7, 5 5 5, 0 1 4 5" in call.heard
    call.press("2")
    call.press("6175550144#")
    call.press("1")
    assert TIME.search(call.heard)
    assert world.callback().reveal(world.kit.vault, "phone") == "+16175550144"
    call.press("1")  # nothing about texts: we can't text a number that we only heard
    assert world.callback().may_text == ""


def test_three_silences_lead_to_a_person(world: World) -> None:
    call = world.resident().call()
    call.silence()
    assert "If you can't talk, press 5" in call.heard
    call.silence()
    call.silence()
    assert call.dialled[-1].number == LIVE_LINE


def test_three_wrong_keys_lead_to_a_person(world: World) -> None:
    call = world.resident().call()
    for _ in range(3):
        call.press("7")
    assert call.dialled[-1].number == LIVE_LINE


@pytest.mark.parametrize("keys", ["2", "3", "22"])
def test_silence_and_nonsense_in_every_corner_reach_a_person_or_keep_a_promise(world: World, keys: str) -> None:
    call = world.resident().call()
    for key in keys:
        call.press(key)
    for _ in range(8):
        if call.over or call.dialled:
            break
        call.silence()
    assert call.dialled


def test_someone_who_cannot_talk_needs_only_keys(world: World) -> None:
    call = world.resident().call()
    call.press("5")
    assert "press 1" in call.heard
    assert "1 for police" in call.heard
    call.press("1")
    call.press("1")
    assert TIME.search(call.heard)


def test_the_menu_understands_speech(world: World) -> None:
    call = world.resident().call()
    call.say("call me back please")
    call.say("yes")
    assert TIME.search(call.heard)


def test_danger_spoken_gets_911_first(world: World) -> None:
    call = world.resident().call()
    call.say("he has a gun and he is in the house")
    assert "9 1 1" in call.heard[:60]
    assert call.asks


@pytest.mark.parametrize(("keys", "said"), [("911", "9 1 1"), ("988", "9 8 8")])
def test_a_danger_number_keyed_into_the_menu_is_no_choice_from_it(world: World, keys: str, said: str) -> None:
    call = world.resident().call()
    for key in keys:
        call.press(key)
    assert said in call.heard[:120]
    assert call.asks


def test_nobody_is_rung_by_the_first_two_keys_of_911_before_its_number_is_said(world: World) -> None:
    call = world.resident().call()
    for key in "391":  # a service, back, and what would be "a person now"
        call.press(key)
    assert call.heard.index("9 1 1") < call.heard.index("connect")


def test_the_same_keys_pressed_as_each_menu_ends_are_choices(world: World) -> None:
    call = world.resident().call()
    for key in "911":
        world.wait(minutes=0.1)
        call.press(key)
    assert call.dialled  # the languages, English, a person now


def test_who_is_cut_off_hears_the_number_for_danger_before_the_goodbye(world: World) -> None:
    call = world.resident().call()
    call.press("2")
    call.say("he's here i have to go")
    assert call.heard.index("9 1 1") < call.heard.index("Goodbye")


def test_who_can_not_talk_and_stays_silent_is_not_told_to_press_5_again(world: World) -> None:
    call = world.resident().call()
    call.press("5")
    call.silence()
    assert "press 5" not in call.heard
    call.press("5")
    assert "press 1" in call.heard


def test_police_are_named_as_such_beside_those_who_are_not(world: World) -> None:
    call = world.resident().call()
    call.press("3")
    call.press("1")
    heard = call.heard
    assert heard.index("not police") < heard.index("detectives")
    call.press("1")
    assert call.dialled[-1].number == "+18777852020"


def test_no_promise_where_nobody_is_on_shift_but_a_person_and_a_call_without_a_time(world: World) -> None:
    world.kit.roster.shift("alex", False)
    call = world.resident().call()
    call.press("2")
    call.press("1")
    assert not TIME.search(call.heard)
    assert "6 1 7, 4 3 1, 0 1 2 5" in call.heard
    call.press("1")
    assert not world.callback().promised


def test_the_same_person_by_text_and_by_call_has_one_request(world: World) -> None:
    phone = world.resident()
    phone.text("call me")
    phone.text("1")
    call = phone.call()
    call.press("2")
    assert world.clock(30) in call.heard
    assert world.callback().requests == 2


def test_keying_too_few_digits_three_times_leads_to_a_person(world: World) -> None:
    call = world.resident().call(From="anonymous")
    call.press("2")
    heard = []
    for _ in range(3):
        if not call.dialled:
            call.press("617#")
            heard.append(call.heard)
    assert heard[0] != heard[1]
    assert call.dialled[-1].number == LIVE_LINE


def test_5_for_who_cannot_talk_works_wherever_it_was_offered(world: World) -> None:
    for keys in ("", "2", "3", "31"):
        call = world.resident().call()
        for key in keys:
            call.press(key)
        call.silence()
        assert "press 5" in call.heard
        call.press("5")
        assert "You don't need to speak" in call.heard
        call.hang_up()


def test_trying_again_rings_the_same_service(world: World) -> None:
    call = world.resident().call()
    for key in ("3", "1", "1"):
        call.press(key)
    first = call.dialled[-1].number
    call.dial_ends("no-answer")
    call.press("2")
    assert call.dialled[-1].number == first


def test_who_takes_a_call_back_by_phone_hears_the_way_on(world: World) -> None:
    call = world.resident().call()
    for key in "21":
        call.press(key)
    call.say("cancel my callback")
    call.press("1")
    assert "We won't call you" in call.heard
    assert "To talk to a person now, press 1" in call.heard
    assert world.callbacks() == []


def test_the_lines_of_a_menu_are_heard_as_one_sentence_and_names_keep_their_capitals(world: World) -> None:
    call = world.resident().call()
    call.press("3")
    assert "For sexual harm, press 2. For a child being hurt, press 3." in call.heard
    call.press("9")
    call.press("4")
    call.press("5")
    assert "For YouthConnect charts, press 4. For BEST charts, press 5." in call.heard


def test_nine_leads_back_from_the_languages_too(world: World) -> None:
    call = world.resident().call()
    call.press("9")
    call.press("9")
    assert "To talk to a person now, press 1" in call.heard
