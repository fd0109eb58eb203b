"""Eight languages: a resident is answered in the one they write, can change it at any time, and staff know it."""

import re

import pytest

from flows.segments import fold, segments
from flows.words import LANGUAGES, catalogue
from tests.world import World

OTHERS = [language for language in LANGUAGES if language != "en"]
HELLO = {
    "es": "buenas tardes",
    "ht": "bonjou",
    "pt": "boa tarde",
    "kea": "oi manera",
    "vi": "xin chào",
    "zh": "你好",
    "fr": "bonjour",
}
CALL_ME = {
    "es": "que alguien me llame por favor",
    "ht": "mwen ta renmen yon moun rele m",
    "pt": "quero que alguém me ligue",
    "kea": "n kre pa algen txoma-m",
    "vi": "xin gọi lại cho tôi",
    "zh": "请给我回电话",
    "fr": "je voudrais qu'on me rappelle",
}  # fmt: skip
KNIFE = {
    "es": "mi marido tiene un cuchillo",
    "ht": "mari m gen yon kouto nan men l",
    "pt": "meu marido está com uma faca",
    "kea": "nha maridu ten faka na mon",
    "vi": "chồng tôi đang cầm dao",
    "zh": "我丈夫拿着刀",
    "fr": "mon mari a un couteau",
}
BY_NAME = {
    "es": "ESPAÑOL",
    "ht": "kreyòl",
    "pt": "portugues",
    "kea": "kriolu",
    "vi": "tiếng Việt",
    "zh": "中文",
    "fr": "Français",
}
STOP = {"es": "ALTO", "ht": "SISPANN", "pt": "PAREM", "kea": "para ku el", "vi": "DỪNG", "zh": "停止", "fr": "ARRÊT"}


def is_in(language: str, said: str, message: str) -> bool:
    """Does a text hold a message of a catalogue: its longest words between facts (with accents, or folded)?"""
    words = max(re.split(r"\{\w+\}|\n", catalogue(language)[message]), key=len).strip()
    return any(form in said for form in (words, fold(words), fold(words, whole=True)))


@pytest.mark.parametrize("language", OTHERS)
def test_who_greets_in_a_language_is_answered_in_it(world: World, language: str) -> None:
    said = "\n".join(world.resident().text(HELLO[language]))
    assert is_in(language, said, "do.callback.sms")
    assert "911" in said[:100]
    assert said.index("911") < said.index("988")
    assert {"STOP", "LANG"} <= set(
        said.replace(":", " ").replace(".", " ").replace("。", " ").split()
    ) or "STOP" in said
    assert segments(said).parts <= 3


@pytest.mark.parametrize("language", OTHERS)
def test_call_me_in_a_language_is_promised_in_it_and_staff_know_it(world: World, language: str) -> None:
    phone = world.resident()
    assert is_in(language, "\n".join(phone.text(CALL_ME[language])), "confirm_own.sms")
    said = "\n".join(phone.text("1"))
    hour, minutes = world.clock(30).split()[0].split(":")
    assert f"{hour}:{minutes}" in said
    assert " PM" not in said
    assert " AM" not in said
    assert segments(said).parts <= 3
    assert world.callback().language == language


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_is_changed_by_its_name_at_any_time_and_kept(world: World, language: str) -> None:
    phone = world.resident()
    phone.text("call me")
    assert is_in(language, "\n".join(phone.text(BY_NAME[language])), "confirm_own.sms")
    assert is_in(language, "\n".join(phone.text("1")), "may_text.sms")
    assert "We'll call by" in "\n".join(phone.text("ENGLISH")) or "may we text" in "\n".join(phone.text("repeat"))


@pytest.mark.parametrize(("n", "language"), enumerate(LANGUAGES, 1))
def test_lang_lists_the_languages_in_their_own_words_and_a_number_chooses(world: World, n: int, language: str) -> None:
    phone = world.resident()
    phone.text("hola" if language == "en" else "hello")
    said = "\n".join(phone.text("LANG"))
    assert f"{n} {catalogue(language)[f'language.named.{language}']}" in said
    assert is_in(language, "\n".join(phone.text(str(n))), "do.callback.sms")


@pytest.mark.parametrize("language", OTHERS)
def test_danger_is_answered_in_the_language_it_is_told_in_with_english_to_send_to_911(
    world: World, language: str
) -> None:
    phone = world.resident()
    phone.text("hello")
    said = "\n".join(phone.text(KNIFE[language]))
    assert "911" in said[:100]
    assert is_in(language, said, "danger.emergency.sms")
    assert f"I speak {LANGUAGES[language]}" in said
    assert segments(said).parts <= 3


def test_english_is_given_no_english_to_copy(world: World) -> None:
    assert "I speak" not in "\n".join(world.resident().text("my husband has a knife"))


@pytest.mark.parametrize("language", OTHERS)
def test_stop_in_a_language_is_confirmed_in_it(world: World, language: str) -> None:
    phone = world.resident()
    assert is_in(language, "\n".join(phone.text(STOP[language])), "stopped.sms")
    assert phone.text("menu") == []


def test_a_word_of_two_languages_is_read_in_the_one_they_write(world: World) -> None:
    phone = world.resident()
    phone.text("boa tarde")
    assert is_in("pt", "\n".join(phone.text("PARAR")), "stopped.sms")


def test_clear_forgets_the_language_too(world: World) -> None:
    phone = world.resident()
    phone.text("ESPAÑOL")
    phone.text("CLEAR")
    assert "In danger?" in "\n".join(phone.text("hello"))


# By voice


def test_a_caller_chooses_spanish_by_key_and_is_spoken_to_and_heard_in_it(world: World) -> None:
    call = world.resident().call()
    assert any(line.language == "es-US" and "9" in line.words for line in call.lines)  # "Español, marque 9"
    call.press("9")
    call.press("2")
    last = [line for line in call.lines if line.who == "hotline"][-1]
    assert last.language == "es-US"
    assert call.asks.language == "es-US"
    call.press("2")
    call.press("1")
    assert world.callback().language == "es"


def test_what_no_machine_speaks_is_said_in_the_nearest_language_and_staff_know_the_right_one(world: World) -> None:
    call = world.resident().call()
    call.press("9")
    call.press("3")
    last = [line for line in call.lines if line.who == "hotline"][-1]
    assert last.language == "fr-FR"
    assert call.asks.input == ("dtmf",)  # and keys alone are heard: no machine hears it either
    call.press("2")
    call.press("1")
    assert world.callback().language == "ht"


def test_a_city_listens_only_in_the_languages_it_speaks(world: World) -> None:
    """Who speaks French where only English is spoken is heard in English: a French ear would hear nothing of it."""
    world.kit.words.languages = ("en",)
    call = world.resident().call()
    call.say("je veux que quelqu'un me rappelle")
    assert call.asks.language == "en-US"
    assert {line.language for line in call.lines if line.who == "hotline"} == {"en-US"}
