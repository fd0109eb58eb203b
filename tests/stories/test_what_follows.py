"""The second and third message: short answers stay with what was told, danger stays on top, nothing is shown twice."""

import re

import pytest

from tests.stories.test_in_their_own_words import say
from tests.world import ANA, World

SERVICE_NAMES = ("SafeLink", "DVU", "police", "Rape", "violence")


# Yes and no, where the text has just asked


@pytest.mark.parametrize(
    ("told", "no"),
    [("my husband hits me", "no"), ("mi marido me pega", "no"), ("mon mari me frappe", "non"), ("mari m konn bat mwen", "non")],
)  # fmt: skip
def test_a_no_to_is_this_phone_safe_shows_nothing_more(world: World, told: str, no: str) -> None:
    said = say(world, told, no)
    assert "(617) 555-0100" in said  # a way from a safer phone
    assert not any(name in said for name in SERVICE_NAMES)


def test_a_yes_after_a_service_is_a_wish_to_be_called(world: World) -> None:
    assert "Is this number right?" in say(world, "i was raped", "yes")


def test_from_a_phone_that_is_read_nothing_of_the_other_number_is_told_after_the_promise(world: World) -> None:
    said = say(world, "my husband hits me", "2", "1", "617 555 0188", "1")
    assert "0188" not in said
    assert "may we" not in said
    assert world.clock(30) in said
    assert world.callback().reveal(world.kit.vault, "phone") == "+16175550188"


@pytest.mark.parametrize(
    "steps", [("call me", "1"), ("call me", "1", "1", "1", "1", "1", "1"), ("hola", "me pueden llamar", "1")]
)
def test_hello_while_waiting_for_a_call_is_told_when_it_comes(world: World, steps: tuple[str, ...]) -> None:
    told = say(world, *steps, "hola" if steps[0] == "hola" else "hello?")
    assert world.clock(30).removesuffix(" PM") in told
    assert "MENU" in told
    assert "2" in told


@pytest.mark.parametrize("hides", ["CLEAR", "my husband reads my texts"])
def test_hello_from_whoever_holds_the_phone_now_is_not_told_of_a_call(world: World, hides: str) -> None:
    say(world, "call me", "1", hides)
    told = say(world, "hello?")
    assert world.clock(30) not in told
    assert "call you" not in told


def test_hello_after_the_time_is_told_that_we_are_late_and_coming(world: World) -> None:
    say(world, "call me", "1")
    world.wait(minutes=31)
    assert "still coming" in say(world, "hello?")


@pytest.mark.parametrize(("first", "options"), [("hola", "opciones"), ("oi", "opções"), ("bonjour", "les options")])
def test_who_asks_for_the_menu_in_their_language_is_not_told_which_one_that_is(
    world: World, first: str, options: str
) -> None:
    say(world, first)
    told = say(world, options)
    assert "OK" not in told
    assert "\n8 " in told


# What somebody tells of how they can be helped


@pytest.mark.parametrize(
    "words",
    [
        "text only dont call",
        "im deaf i cant do phone calls",
        "no puedo hablar",
        "我不方便说话",
    ],
)
def test_who_can_not_talk_is_not_offered_a_call(world: World, words: str) -> None:
    said = say(world, "hello", words)
    assert "988" in said
    assert "Is this number right?" not in said
    assert world.callbacks() == []


def test_who_can_not_talk_and_is_hit_reads_where_help_is(world: World) -> None:
    said = say(world, "hes in the shower i have 5 min. he hits me. text only dont call")
    assert "(877) 785-2020" in said
    assert "We have no call set" not in said


@pytest.mark.parametrize(
    ("told", "number"),
    [("my boyfriend hits me", "(877) 785-2020"), ("i was raped", "(800) 841-8371"), ("i want out of the gang", "(617) 431-0125")],
)  # fmt: skip
@pytest.mark.parametrize("words", ["i dont want police", "no cops please", "is there someone who isnt police"])
def test_no_police_is_met_with_who_is_not(world: World, told: str, number: str, words: str) -> None:
    said = say(world, told, words)
    assert number in said
    assert not re.search(r"detectives|DVU|SAU|police-accountability|Text-A-Tip", said)


def test_a_cop_who_hits_at_home_is_met_without_police(world: World) -> None:
    said = say(world, "my husband is a boston police officer and he beats me i dont trust the police")
    assert "(877) 785-2020" in said
    assert "detectives" not in said


def test_who_has_to_go_is_let_go_in_silence(world: World) -> None:
    assert say(world, "my husband hits me", "hes back i gotta go") == "OK."
    call = world.resident("+16175550108").call()
    call.press("2")
    call.say("i have to go")
    assert not any(name in call.heard for name in SERVICE_NAMES)


@pytest.mark.parametrize(
    "words", ["no police he is beating me", "please send police he is choking me", "no cops he is strangling me"]
)
def test_no_police_undoes_no_danger(world: World, words: str) -> None:
    assert "911" in say(world, "hello", words)[:100]


@pytest.mark.parametrize(
    "steps",
    [
        ("my husband hits me", "no its not safe", "call me"),
        ("mi marido me pega", "no es seguro", "llámenme"),
        ("my husband hits me", "2", "call me tomorrow at 3"),
    ],
)
def test_a_phone_that_is_not_safe_is_not_the_one_to_call(world: World, steps: tuple[str, ...]) -> None:
    said = say(world, *steps)
    assert "0107" not in said
    assert "988" not in said
    assert world.callbacks() == []


@pytest.mark.parametrize(
    "steps", [("i have to go",), ("my husband hits me", "gotta go"), ("my husband hits me", "no", "i have to go")]
)
def test_i_have_to_go_means_that(world: World, steps: tuple[str, ...]) -> None:
    said = say(world, "hello", *steps)
    assert said == "OK."


def test_a_no_about_somebody_else_does_not_end_their_danger(world: World) -> None:
    said = say(world, "my friend is suicidal", "no")
    assert "988" in said
    assert "if that changes" not in said


def test_a_yes_with_a_but_is_a_yes(world: World) -> None:
    assert "Thank you for telling us" in say(world, "i want to die", "yes but it is hard to say")


@pytest.mark.parametrize("words", ["no idea", "no i dont know", "no but its too much for me", "nao sei mais"])
def test_a_no_with_more_does_not_end_the_danger(world: World, words: str) -> None:
    said = say(world, "i want to die", words)
    assert "We hear you" not in said
    assert "988" in said[:100]


def test_who_speaks_no_english_is_shown_the_languages(world: World) -> None:
    assert "2 Español" in say(world, "hello", "I don't speak english")


@pytest.mark.parametrize(
    "words", ["he will hear about it in court", "i have no police report", "i cant talk to anyone about it"]
)
def test_what_only_sounds_like_it_is_not_taken_for_it(world: World, words: str) -> None:
    said = say(world, "hello", words)
    assert "without police" not in said
    assert "don't have to talk" not in said


@pytest.mark.parametrize("words", ["can you call me tonight", "could someone call me"])
def test_a_question_for_a_call_is_a_wish_for_one(world: World, words: str) -> None:
    assert "Is this number right?" in say(world, "hello", words)


def test_who_can_not_talk_is_told_that_a_call_is_coming(world: World) -> None:
    said = say(world, "call me", "1", "i cant talk")
    assert world.clock(30) in said
    assert "3 to take it back" in said


@pytest.mark.parametrize(
    "time", ["Not after 8, my husband is home then", "when he is at work", "only in the morning before my kids wake up"]
)
def test_a_good_time_is_kept_in_their_words(world: World, time: str) -> None:
    say(world, "call me", "1", "1", "1", "1", "Sam", time)
    assert world.callback().reveal(world.kit.vault, "good_time") == time


def test_a_number_in_words_is_the_one_that_is_read_back(world: World) -> None:
    said = say(world, "hello", "call me at six one seven five five five oh one four two")
    assert "(617) 555-0142" in said


def test_a_spoken_digit_counts_in_the_callers_language(world: World) -> None:
    call = world.resident().call()
    call.press("9")
    call.press("2")
    call.say("dos")
    call.say("uno")
    assert world.callback().language == "es"


def test_more_that_is_told_in_danger_is_heard(world: World) -> None:
    said = say(world, "i want to die", "I'm 15")
    assert "Thank you for telling us" in said
    assert "didn't get that" not in said
    assert "988" in said[:100]


def test_can_i_stay_anonymous_is_no_wish_to_give_a_tip(world: World) -> None:
    assert "Text-A-Tip" not in say(world, "i was assaulted by a cop", "can I stay anonymous")


def test_a_word_of_several_languages_is_english(world: World) -> None:
    assert "In danger" in say(world, "trauma")


@pytest.mark.parametrize("words", ["1 man has gun", "2 guys hitting her", "1 man breaking in"])
@pytest.mark.parametrize("steps", [("call me", "1"), ("call me", "1", "take it back")], ids=["texts?", "not call?"])
def test_danger_that_begins_with_a_digit_answers_no_question(world: World, steps: tuple[str, ...], words: str) -> None:
    said = say(world, *steps, words)
    assert "911" in said[:100]
    assert world.callback().may_text == ""


def test_a_phone_that_is_read_loses_its_consent_to_texts(world: World) -> None:
    say(world, "call me", "1", "1", "he reads my texts")
    assert world.callback().may_text == "no"


def test_nothing_is_asked_on_a_phone_that_is_read_when_nobody_is_there(world: World) -> None:
    world.kit.roster.shift("alex", False)
    said = say(world, "he reads my texts", "1", "617 555 0133", "1", "1")
    assert "0133" not in said
    assert "may we" not in said
    assert world.callback().may_text == ""


@pytest.mark.parametrize("words", ["where do i have to go", "i was raped and dont know where i have to go"])
def test_where_to_go_is_a_question(world: World, words: str) -> None:
    assert say(world, "hello", words) != "OK."


def test_a_changed_mind_about_the_time_is_heard(world: World) -> None:
    say(world, "call me tomorrow", "actually call me right now", "1")
    assert world.callback().promised


def test_a_number_is_no_time(world: World) -> None:
    say(world, "call me at 1 (617) 555-0123", "1")
    assert world.callback().promised


# A time that is asked for


# A time that is asked for


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        (("he hits me. call me tomorrow morning", "1", "1"), "tomorrow morning"),
        (("can someone call me after 9", "1"), "after 9"),
        (("llamenme mañana por favor", "1"), "manana"),
    ],
)
def test_a_time_that_is_asked_for_is_kept_and_none_is_promised_against_it(
    world: World, steps: tuple[str, ...], kept: str
) -> None:
    said = say(world, *steps)
    assert not re.search(r"\d{1,2}:\d\d", said)
    callback = world.callback()
    assert not callback.promised
    assert callback.reveal(world.kit.vault, "good_time") == kept  # and nothing else of what they wrote


# Danger stays on top


@pytest.mark.parametrize(
    "steps",
    [
        ("i took a bunch of tylenol", "dont call the cops"),
        ("i want to die", "maybe", "1"),
        ("i want to die", "maybe", "1", "1"),
        ("im cutting myself again", "im 13"),
        ("my brother got stabbed", "my boyfriend hits me"),
        ("i want to die", "menu"),
    ],
    ids=" / ".join,
)
def test_after_words_of_danger_the_numbers_stay_in_the_first_line(world: World, steps: tuple[str, ...]) -> None:
    said = say(world, *steps)
    assert "911" in said[:100]
    assert "988" in said


def test_who_says_it_is_over_is_believed(world: World) -> None:
    assert "911" not in say(world, "i want to die", "no", "roca")[:60]


def test_what_may_be_danger_is_told_the_numbers_with_the_rest(world: World) -> None:
    said = say(world, "hello", "i want to be removed from this world")
    assert "988" in said[:100]


# Short answers and repeats


def test_a_short_answer_to_what_was_told_is_no_new_question(world: World) -> None:
    said = say(world, "my bf makes me have sex with his friends for money", "im 16")
    assert "YouthConnect" not in said
    assert "We don't call your parents" in said


def test_a_service_is_not_told_again_to_whoever_holds_the_phone(world: World) -> None:
    phone = world.resident()
    phone.text("my husband hits me")
    for words in ("who is this???", "what did she write you", "blorp"):
        assert not any(name in "\n".join(phone.text(words)) for name in SERVICE_NAMES), words
    assert "SafeLink" in "\n".join(world.resident("+16175550108").text("my husband hits me"))


def test_repeat_says_it_in_full(world: World) -> None:
    assert "SafeLink" in say(world, "my husband hits me", "repeat")


def test_a_child_whose_first_text_is_full_is_told_of_parents_in_the_next(world: World) -> None:
    phone = world.resident()
    told = "\n".join(phone.text("im 14 i need a mental health clinician and i have a complaint about a cop"))
    told += "\n".join(phone.text("menu")) + "\n".join(phone.text("menu"))
    assert told.count("We don't call your parents") == 1


# What was never asked for is not taken back


@pytest.mark.parametrize(
    "words",
    [
        "no more texts, call me",
        "dont text just call me",
        "forget about calling the police, call me",
        "别打我",
        "不要打我",
    ],
)
def test_who_texted_stop_keeps_the_call_unless_they_take_it_back(world: World, words: str) -> None:
    for step in ("call me", "1", "STOP", words):
        world.resident().text(step)
    assert world.callback().reveal(world.kit.vault, "phone") == ANA


def test_wrong_number_is_no_wish_for_a_call(world: World) -> None:
    assert "area code" not in say(world, "hello", "wrong number sorry")


@pytest.mark.parametrize(
    "words",
    ["arrêtez de me frapper", "stop hitting me", "laisse moi tranquille il me frappe", "unsubscribe me from life"],
)
def test_a_cry_for_help_opts_nobody_out(world: World, words: str) -> None:
    world.resident().text("hello")
    world.resident().text(words)
    assert world.resident().text("menu") != []


# What a phone writes, and what a person writes beside it


@pytest.mark.parametrize(
    "words",
    ["im out of office my boss has a gun", "text failed he has a gun help", 'Liked "ok" he is stabbing me',
     "do not disturb while driving he is choking me", "Read: he hit me with a hammer im bleeding"],
)  # fmt: skip
def test_danger_beside_what_a_phone_wrote_is_heard(world: World, words: str) -> None:
    assert "911" in say(world, "hello", words)[:100]


# Languages


def test_a_chosen_language_is_kept_until_another_is_asked_for(world: World) -> None:
    phone = world.resident()
    phone.text("KRIOLU")
    phone.text("quero falar com alguém")
    phone.text("1")
    assert world.callback().language == "kea"


@pytest.mark.parametrize("words", ["gracias", "merci", "non", "si"])
def test_a_word_of_thanks_or_a_yes_turns_no_conversation(world: World, words: str) -> None:
    phone = world.resident()
    for step in ("call me", "1", words):
        phone.text(step)
    assert world.callback().language == "en"
    assert re.search(r"[a-z]", "\n".join(phone.text("repeat")))


# A call that should not come


@pytest.mark.parametrize(
    "words",
    ["its not safe to call anymore", "don't call he might answer", "can we text instead", "ya no es seguro que llamen",
     "ce n'est plus sûr d'appeler", "nao é seguro ligar", "gọi không an toàn", "现在打电话不安全"],
)  # fmt: skip
def test_a_call_that_is_not_safe_any_more_is_asked_about(world: World, words: str) -> None:
    told = say(world, "call me", "1", words)
    assert "\n1 " in told
    assert world.clock(30) not in told
    say(world, "1")
    assert world.callbacks() == []


@pytest.mark.parametrize("words", ["he is here dont call", "don't call, he has a knife"])
def test_danger_comes_first_then_whether_the_call_should_come(world: World, words: str) -> None:
    told = say(world, "call me", "1", words)
    assert "911" in told[:60]
    assert "Should we not call?" in told
    assert told.count("\n1 ") == 1  # one question at a time
    say(world, "1")
    assert world.callbacks() == []


def test_the_number_that_takes_a_call_back_works_in_danger_too(world: World) -> None:
    assert "Should we not call?" in say(world, "call me", "1", "he has a gun", "3")


def test_a_call_that_is_not_safe_and_was_not_asked_for_is_answered_in_writing(world: World) -> None:
    assert "You can text here" in say(world, "its not safe to call me")
    assert world.callbacks() == []


@pytest.mark.parametrize("steps", [("call me", "1"), ("call me", "1", "1", "1", "1", "Rosa")])
def test_after_another_time_is_named_ours_is_not_said_again(world: World, steps: tuple[str, ...]) -> None:
    kept = say(world, *steps, "wait call me tomorrow instead" if len(steps) == 2 else "not tonight")
    assert "will see that" in kept
    assert world.callback().reveal(world.kit.vault, "good_time") in ("tomorrow", "not tonight")
    for later in ("when will you call", "hello?", "thanks"):
        assert world.clock(30) not in say(world, later)


# Danger that goes on, and danger that is over


def test_what_happens_next_in_danger_is_danger(world: World) -> None:
    told = say(world, "he has a knife and he is outside the bathroom", "he broke the door")
    assert "Call 911 now" in told


@pytest.mark.parametrize("words", ["i am safe now", "im ok now he left", "false alarm", "the police are here"])
def test_who_is_safe_now_is_believed_and_the_way_stays_open(world: World, words: str) -> None:
    told = say(world, "he has a knife", words)
    assert "We're glad" in told
    assert "911" in told
    assert "In danger: 911" not in say(world, "menu")


def test_who_is_safe_now_is_asked_whether_the_call_should_still_come(world: World) -> None:
    assert "Should we not call?" in say(world, "call me", "1", "i am safe now")


def test_nobody_in_danger_is_told_that_they_were_not_understood(world: World) -> None:
    told = say(world, "i want to die", "no im just so tired")
    assert "Thank you for telling us" in told
    assert "988" in told


# Whose phone, which language


@pytest.mark.parametrize("words", ["hello", "what is this", "hola"])
def test_whoever_writes_hello_from_a_phone_that_is_read_is_shown_nothing(world: World, words: str) -> None:
    told = say(world, "my husband hits me", "2", words)
    assert "no more here" in told or "no diremos" in told.lower()
    assert not any(name in told for name in SERVICE_NAMES)


@pytest.mark.parametrize(
    ("words", "answer"),
    [("tengo miedo", "peligro"), ("我好害怕", "危险"), ("je suis triste", "En danger"), ("N sta tristi", "perigu")],
)
def test_a_first_text_in_another_language_is_answered_in_it(world: World, words: str, answer: str) -> None:
    assert answer in say(world, words)


def test_a_word_of_danger_without_words_of_a_language_changes_none(world: World) -> None:
    assert "¿" in say(world, "hola", "me siento sola")


def test_who_asks_for_english_gets_it(world: World) -> None:
    assert "OK, English." in say(world, "hola", "i dont speak spanish")


# Where the same words mean something else


@pytest.mark.parametrize(
    "steps",
    [("im ok",), ("my husband hits me", "yes im safe"), ("call me", "im ok to talk he left now"),
     ("call me", "1", "dont call he is here", "he left already"), ("hola", "estoy bien ahora")],
)  # fmt: skip
def test_i_am_ok_is_answered_wherever_it_is_said(world: World, steps: tuple[str, ...]) -> None:
    assert "something went wrong" not in say(world, *steps).lower()
    assert world.resident().text("menu")


@pytest.mark.parametrize(
    "words",
    ["i dont think im safe", "i don't feel like i am safe", "he left now but he hurt my mom", "i want to be safe"],
)
def test_a_doubt_about_being_safe_is_no_relief(world: World, words: str) -> None:
    told = say(world, "he has a knife", words)
    assert "We're glad" not in told
    assert "911" in told


@pytest.mark.parametrize("words", ["dont call the police they will take my son", "no llamen a la policia, el se enoja"])
def test_no_call_to_the_police_takes_no_call_of_ours_back(world: World, words: str) -> None:
    say(world, "call me", "1", words, "1")
    assert world.callbacks()


def test_in_danger_a_call_can_still_be_asked_for_in_words(world: World) -> None:
    told = say(world, "he has a knife", "can somebody call me please")
    assert "Is this number right?" in told


@pytest.mark.parametrize("words", ["its not safe to call anymore", "dont call he is here with a gun"])
def test_who_texted_stop_can_still_say_that_a_call_is_not_safe(world: World, words: str) -> None:
    said = say(world, "call me", "1", "stop", words)
    assert ("911" in said) is ("gun" in words)
    assert world.callbacks() == []


def test_a_changed_number_brings_no_time_back_that_they_did_not_want(world: World) -> None:
    said = say(world, "call me", "1", "call me tomorrow instead", "change my number", "617-555-0188", "1")
    assert world.clock(30) not in said
    assert world.clock(30) not in say(world, "status")


def test_asking_again_promises_nothing_against_a_time_of_their_own(world: World) -> None:
    assert world.clock(30) not in say(world, "call me tomorrow at 5", "1", "1", "call me")


def test_a_time_is_not_kept_as_a_name(world: World) -> None:
    say(world, "call me", "1", "2", "2", "2", "call me tomorrow instead")
    callback = world.callback()
    assert callback.reveal(world.kit.vault, "name") == ""
    assert callback.reveal(world.kit.vault, "good_time") == "tomorrow"


def test_a_question_when_we_call_is_answered_with_the_time(world: World) -> None:
    assert world.clock(30) in say(world, "call me", "1", "what time will you call tonight?")


def test_a_good_time_to_be_safe_is_a_good_time(world: World) -> None:
    said = say(world, "call me", "1", "2", "2", "2", "2", "i am safe after 6pm")
    assert "will see that" in said
