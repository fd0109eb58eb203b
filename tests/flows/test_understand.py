"""What one message means: two sides of each concept, whole messages, echoes, and input that nobody typed."""

import json
import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understand import normal, opt_word, understand

# Each concept of danger: a message that states it, and a near one that does not.
TWO_SIDED = [
    ("weapon_present", "he is waving a gun at us", "how do i get a gun license"),
    ("weapon_present", "she has a knife to my throat", "i need a new bread knife set"),
    ("shooting_now", "they are shooting outside", "we had a photo shoot outside"),
    ("shooting_now", "i hear gunshots right now", "i keep dreaming of the shooting last year"),
    ("violence_now", "my uncle is beating my aunt", "the celtics are beating the heat"),
    ("violence_now", "i am being attacked", "i was attacked three years ago"),
    ("stabbed", "my brother was stabbed just now", "my brother was stabbed and killed in 2019"),
    ("not_breathing", "my baby is not breathing", "i can't breathe through my nose with this cold"),
    ("unconscious", "he is unconscious on the floor", "my laptop is not responding"),
    ("bleeding", "she is bleeding a lot", "my gums are bleeding when i floss"),
    ("overdose", "my friend overdosed", "when is the next overdose prevention class"),
    ("fire", "our building is on fire", "you are on fire today lol"),
    ("intruder", "someone is breaking into my house", "a mouse is in my kitchen"),
    ("threat_to_kill", "he says he will kill me", "my mom will kill me if i'm late lol"),
    (
        "wanderer_missing",
        "my mother has dementia and we can't find her",
        "my mother has dementia and wanders sometimes",
    ),
    ("child_alone", "the baby was left alone in the car", "i need some time alone, leave me alone"),
    ("send_help", "send an ambulance", "who is my emergency contact"),
    ("suicide_self", "i want to kill myself", "i don't want to kill myself"),
    ("suicide_self", "i don't want to live anymore", "i am not suicidal"),
    ("suicide_self", "i am thinking about suicide", "he died by suicide years ago"),
]


@pytest.mark.parametrize(("concept", "danger", "calm"), TWO_SIDED)
def test_each_concept_of_danger_has_two_sides(concept: str, danger: str, calm: str) -> None:
    assert concept in understand(danger).concepts
    assert understand(danger).danger
    assert not understand(calm).danger


@pytest.mark.parametrize(
    ("plain", "typed"),
    [
        ("he has a gun", "HES GOT A GUN!!!"),
        ("she is not breathing", "shes not breathin"),
        ("i am suicidal", "im sucidal"),
        ("someone is bleeding badly", "sum1 is bleedin bad"),
        ("they are shooting", "they r shootin"),
        ("my boyfriend is choking me", "my bf is chokin me rn"),
        ("please send an ambulance", "pls send an ambulence"),
    ],
)
def test_slips_slang_and_capitals_change_nothing(plain: str, typed: str) -> None:
    assert understand(typed).danger
    assert understand(plain).labels[0] == understand(typed).labels[0]


@pytest.mark.parametrize(
    ("language", "danger", "calm"),
    [
        ("es", "mi vecino tiene una pistola y esta disparando", "me muero de hambre"),
        ("es", "quiero quitarme la vida", "no quiero morir"),
        ("ht", "li ap bat manman m kounye a", "mwen mouri grangou"),
        ("ht", "mwen pa vle viv ankò", "mwen pa vle mouri"),
        ("pt", "ele esta me batendo agora", "estou morrendo de rir"),
        ("pt", "penso em tirar minha vida", "nao quero morrer"),
        ("kea", "el sta ta bate nha mai gosi", "n sta ku fomi"),
        ("kea", "n ka kre vive mas", "n ka kre more"),
        ("vi", "chồng tôi đang đánh tôi", "tôi buồn ngủ muốn chết"),
        ("vi", "toi khong muon song nua", "tôi không muốn chết"),
        ("zh", "有人拿枪指着我", "今天热死了"),
        ("zh", "我想自殺", "我没有想自杀"),
        ("fr", "il est en train de frapper ma mère", "je suis morte de rire"),
        ("fr", "je veux en finir avec la vie", "je ne veux pas mourir"),
    ],
)
def test_danger_has_two_sides_in_every_language(language: str, danger: str, calm: str) -> None:
    assert understand(danger).danger
    assert understand(danger).language == language
    assert not understand(calm).danger


@pytest.mark.parametrize(
    "text",
    [
        "Liked “If you are in danger now, call 911.”",
        'Emphasized "Are you thinking about killing yourself?"',
        "Reacted 👍 to “Call 911 if someone has a gun”",
        "Le gustó “Si alguien tiene un arma, llame al 911”",
        "Curtiu “Se alguém está armado, ligue 911”",
        "A aimé « Pensez-vous à vous tuer ? »",
        "Đã thích “Gọi 911 nếu có người bắn súng”",
        "👍 to “ Are you thinking about killing yourself? ”",
        "喜欢“如果有人开枪，请打911”",
        "Removed a heart from “Call 911 or 988”",
    ],
)
def test_a_reaction_that_quotes_us_is_never_danger(text: str) -> None:
    got = understand(text)
    assert (got.kind, got.danger, got.labels) == ("reaction", False, ("none",))


@pytest.mark.parametrize(
    "text",
    [
        "I'm driving right now, I'll text you when I get there",
        'Auto-reply: I am away. "If someone is hurt call 911"',
        "I’m not receiving notifications. If this is urgent, reply “urgent”.",
        "Out of office until Monday. For an emergency call 911.",
        'Message not delivered: "call 911 if he has a gun"',
        "Estoy manejando, te llamo más tarde",
    ],
)
def test_an_automatic_reply_is_never_danger(text: str) -> None:
    assert understand(text).kind == "auto_reply"
    assert not understand(text).danger


@pytest.mark.parametrize(
    "text", ["he said “i will kill you tonight”", "i'm driving and he is following me with a gun, call later"]
)
def test_a_person_who_quotes_or_drives_is_still_heard(text: str) -> None:
    assert understand(text).danger


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("STOP", "stop"),
        ("  Stop!! ", "stop"),
        ("Ｓｔｏｐ", "stop"),
        ("opt out", "stop"),
        ("Opt-Out.", "stop"),
        ("stopall", "stop"),
        ("Revoke", "stop"),
        ("ALTO", "stop"),
        ("Parar", "stop"),
        ("PARE", "stop"),
        ("sispann", "stop"),
        ("KANPE", "stop"),
        ("DỪNG", "stop"),
        ("dung lai", "stop"),
        ("停止", "stop"),
        ("退订", "stop"),
        ("ARRÊT", "stop"),
        ("Start", "start"),
        ("unstop", "start"),
        ("help!", "help"),
        ("INFO", "help"),
        ("ayuda", "help"),
        ("帮助", "help"),
        ("đúng", None),
        ("yes", None),
        ("stop it he is hurting me", None),
        ("don't stop", None),
        ("bus stop", None),
        ("please stop", None),
        ("cancel my callback", None),
        ("the end", None),
        ("", None),
    ],
)
def test_compliance_words_count_only_as_whole_messages(text: str, word: str | None) -> None:
    assert opt_word(text) == word


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("still waiting for a call", "status"),
        ("cancel my callback", "withdraw"),
        ("don't call me anymore", "withdraw"),
        ("call my other number instead", "change_number"),
        ("CLEAR", "clear"),
        ("delete this chat", "clear"),
        ("back", "back"),
        ("repeat", "repeat"),
        ("talk to someone now", "person"),
        ("yes", "yes"),
        ("sí", "yes"),
        ("no", "no"),
        ("thanks!", "thanks"),
        ("ok", "thanks"),
        ("👍", "thanks"),
        ("谢谢", "thanks"),
    ],
)
def test_acts_of_the_conversation(text: str, act: str) -> None:
    assert act in understand(text).acts


def test_ok_and_a_thumb_may_also_be_a_yes() -> None:
    assert understand("ok").acts == understand("👍🏽").acts == ("thanks", "yes")
    assert understand("ok").kind == "thanks"


def test_taking_a_callback_back_is_not_opting_out() -> None:
    got = understand("please don't call me anymore")
    assert got.labels[0] == "callback"
    assert "stop" not in got.labels


@pytest.mark.parametrize("text", ["please stop texting me", "take me off your list", "no more texts"])
def test_revoking_in_plain_words_is_opting_out(text: str) -> None:
    assert understand(text).labels[0] == "stop"
    assert opt_word(text) is None


@pytest.mark.parametrize("text", ["a cop hit my husband", "the officer raped me", "police beat my child"])
def test_a_complaint_about_police_is_never_sent_to_a_police_unit(text: str) -> None:
    labels = understand(text).labels
    assert "opat" in labels
    assert not {"dvu", "sau", "cacu", "htu", "text_a_tip"} & set(labels)


@pytest.mark.parametrize("text", ["1", " 2. ", "12345"])
def test_bare_digits_are_not_words(text: str) -> None:
    assert understand(text).labels == ("none",)
    assert not understand(text).danger


def test_911_and_988_are_words() -> None:
    assert understand("911").labels[0] == "emergency_911"
    assert understand("988").labels[0] == "crisis_988"


@pytest.mark.parametrize("text", ["", "   ", "...", "\u200b\u200d", "\0"])
def test_nothing_is_empty(text: str) -> None:
    assert understand(text).kind == "empty"


def test_an_asked_for_language_and_a_greeting_in_one() -> None:
    assert understand("do you speak haitian creole").labels[0] == "language:ht"
    assert understand("Hola!").labels == ("menu", "language:es")


def test_danger_comes_before_the_service_it_also_asks_for() -> None:
    labels = understand("my husband has a gun, i need a restraining order").labels
    assert labels[0] == "emergency_911"
    assert "dvu" in labels


def test_the_normal_form() -> None:
    assert normal("  “Opt   Out!!” ") == "opt out"
    assert normal("ＡＬＴＯ。") == "alto"
    assert normal("\u200bSí\ud83d") == "sí"


@given(st.text(st.characters(), max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    got = understand(text)
    assert got.labels
    assert got.labels == understand(text).labels
    assert not got.danger or {"emergency_911", "crisis_988"} & set(got.labels)


@given(
    st.sampled_from(["he has a gun", "i want to die", "my baby is not breathing"]),
    st.sampled_from(["!!!", " ", "…", "\n", " 😭"]),
)
def test_marks_around_words_of_danger_hide_nothing(words: str, mark: str) -> None:
    assert understand(mark + words.upper() + mark).danger


def test_a_message_takes_little_time() -> None:
    understand("warm up")
    texts = [
        "my husband hit me and now my son won't talk since he saw it",
        "a" * 1600,
        "he has a gun " * 120,
        "枪" * 800,
    ]
    for text in texts:
        started = time.perf_counter()
        understand(text)
        assert time.perf_counter() - started < 0.1


def test_the_filter_answers_every_line() -> None:
    lines = '{"id": "a", "text": "he has a gun"}\nnot json\n{"id": 3, "text": null}\n'
    done = subprocess.run(
        [sys.executable, "-m", "flows.understand"], input=lines, capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, 3]
    assert answers[0]["danger"] is True
    assert answers[0]["labels"][0] == "emergency_911"
    assert answers[1]["labels"] == ["none"]


def test_what_words_state_has_one_order_in_every_process() -> None:
    """Sets of words have another order in each process: answers must not."""
    told = "i want to complain about a cop, my dad with dementia wanders and my sister was raped and has nightmares"
    ask = f"from flows.understand import understand; print(understand({told!r}))"
    answers = {
        subprocess.run(
            [sys.executable, "-c", ask],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1
