"""The classifier beside the rules: its file belongs to its code, it adds what the rules have no words for, and no more."""

import json
from zlib import crc32

import numpy as np
import pytest

from flows.understand import danger, routes, understand
from flows.understand.lexicon import LANGUAGES
from flows.understand.model import Opinion, opinion, weights
from flows.understand.model.corpus import Example, checksum, examples
from flows.understand.model.features import features
from flows.understand.model.training import _vocabulary, separate
from flows.understand.text import Message

SHIPPED = weights.FILE.read_bytes()


def _thought(danger: float = 0.0, alarm: str = "emergency_911", **labels: float) -> Opinion:
    """An opinion that puts the rest of the probability on "none"."""
    return Opinion({"none": 1 - sum(labels.values()), **labels}, danger, alarm)


def test_the_shipped_file_was_trained_with_this_code() -> None:
    assert json.loads(SHIPPED.partition(b"\n")[0])["features"] == weights.fingerprint()


def test_the_shipped_file_was_trained_on_these_messages() -> None:
    """Whoever adds a message runs `make model`."""
    assert weights.weights().trained_on == checksum(examples())


def test_weights_of_other_features_are_refused() -> None:
    head, _, body = SHIPPED.partition(b"\n")
    stale = json.dumps({**json.loads(head), "features": 1}).encode()
    with pytest.raises(weights.StaleWeights):
        weights.Weights.parse(stale + b"\n" + body)


def test_written_again_the_file_is_the_same() -> None:
    assert weights.Weights.parse(SHIPPED).dump() == SHIPPED


def test_the_file_stays_small() -> None:
    assert len(SHIPPED) < 8_000_000


def test_no_message_of_the_tests_is_trained_on() -> None:
    forms = {row.text for row in examples()}
    assert "my stepdad has a shotgun and he is screaming at us" not in forms
    assert len(forms) > 5000


CALM, CRISIS = danger.Heard((), frozenset(), frozenset()), frozenset({"crisis_988"})
LABELS = [
    "trauma_line",
    "dvu",
    "sau",
    "cacu",
    "htu",
    "fjc",
    "text_a_tip",
    "best",
    "roca",
    "north_star",
    "opat",
    "youthconnect",
    "youthconnect_dashboard",
    "safetynet",
    "shotspotter_info",
    "callback",
    "stop",
    "start",
    "help",
    "menu",
    "abuse",
]


def test_every_message_to_learn_from_is_labelled_as_the_others_are() -> None:
    known = {*LABELS, *weights.ALARMS, "none", *(f"language:{language}" for language in LANGUAGES)}
    for row in examples():
        assert row.language in LANGUAGES, row
        assert set(row.accepted) <= known, row
        assert not row.danger or weights.ALARMS.intersection(row.accepted), row


@pytest.mark.parametrize("text", ["", "qqqqqq zzzzzz", "他", "a" * 1600, "ю" * 300])
def test_an_opinion_is_probabilities(text: str) -> None:
    thought = opinion(Message.of(text))
    assert sum(thought.labels.values()) == pytest.approx(1)
    assert 0 <= thought.danger <= 1


def test_features_know_no_order_but_of_neighbours() -> None:
    words, _ = features(Message.of("one two"))
    turned, _ = features(Message.of("two one"))
    assert 3 <= len(np.intersect1d(words, turned)) < len(words)


def test_little_is_thought_of_a_text_of_which_little_is_known() -> None:
    """Everyday talk has names and words that were never met; it sounds like danger by chance."""
    known, mixed = (opinion(Message.of(text)) for text in ("he has a gun", "he has a gun vrskt plozm qyrdle"))
    assert known.danger > 0.9 > mixed.danger


def test_a_word_that_one_message_has_is_learned_from_and_not_kept() -> None:
    rows = [Example("en", text, ("none",), danger=False) for text in ("blue apples", "red apples", "pears")]
    keys, seen = _vocabulary(rows)
    words = {int(key): int(times) for key, times in zip(keys, seen, strict=True)}
    assert words[crc32(b"apples")] == 2
    assert words[crc32(b"pears")] == 1
    assert crc32(b"~<pears") not in words
    assert crc32(b"pears") not in separate([*rows, Example("en", "help", ("help",), danger=False)]).keys


def test_accents_and_traditional_characters_make_no_difference() -> None:
    for one, other in (("él me pegó", "el me pego"), ("我想自殺", "我想自杀")):
        assert np.array_equal(features(Message.of(one))[1], features(Message.of(other))[1])


def test_likely_danger_is_an_alarm_and_possible_danger_is_named() -> None:
    sure, _ = danger.sensed(_thought(0.95, "crisis_988"), CALM, asks=False)
    assert [alarm.label for alarm in sure] == ["crisis_988"]
    assert danger.sensed(_thought(0.4), CALM, asks=False) == ((), "emergency_911")
    assert danger.sensed(_thought(0.1), CALM, asks=False) == ((), "")


def test_against_a_figure_of_speech_or_the_past_it_must_be_nearly_certain() -> None:
    doubted = danger.Heard((), frozenset(), CRISIS)
    assert danger.sensed(_thought(0.8, "crisis_988"), doubted, asks=False) == ((), "crisis_988")
    assert danger.sensed(_thought(0.95, "crisis_988"), doubted, asks=False)[0]


def test_an_alarm_that_is_not_plain_comes_after_the_service_that_was_asked_for() -> None:
    assert danger.sensed(_thought(0.78), CALM, asks=True)[0][0].soft
    assert not danger.sensed(_thought(0.95), CALM, asks=True)[0][0].soft
    assert not danger.sensed(_thought(0.78), CALM, asks=False)[0][0].soft


def test_what_the_lexicon_hears_denied_the_classifier_does_not_overrule() -> None:
    assert danger.sensed(_thought(0.99, "crisis_988"), danger.Heard((), CRISIS, frozenset()), asks=False) == ((), "")
    assert danger.sensed(_thought(0.99), danger.Heard((), CRISIS, frozenset()), asks=False)[0]


def test_the_classifier_alone_names_a_service_only_when_it_beats_none() -> None:
    assert routes.weighed({}, _thought(dvu=0.9)) == ["dvu"]
    assert routes.weighed({}, _thought(dvu=0.3)) == []


def test_phrases_outweigh_a_guess() -> None:
    assert routes.weighed({"north_star": routes.ENOUGH}, _thought(dvu=0.5, north_star=0.05))[0] == "north_star"


def test_two_likely_services_are_both_offered() -> None:
    assert routes.weighed({}, _thought(dvu=0.5, trauma_line=0.45)) == ["dvu", "trauma_line"]


def test_nobody_is_opted_out_or_in_on_a_guess() -> None:
    assert routes.weighed({}, _thought(stop=0.99)) == []
    assert routes.weighed({}, _thought(start=0.99)) == []


def test_a_guessed_complaint_is_kept_from_the_police_too() -> None:
    assert routes.weighed({}, _thought(dvu=0.5, opat=0.45)) == ["opat", "fjc"]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("he flips out and shoves me whenever dinner is late", "dvu fjc"),
        ("my wife scratches me up and then says sorry", "dvu fjc"),
        ("a man rubbed up against me on the train and i froze", "sau fjc"),
        ("my trainer put his fingers where he shouldnt", "sau fjc"),
        ("our neighbor spanks her baby with a shoe all day", "cacu fjc emergency_911"),
        ("my sons swim coach asks him for shirtless pictures", "cacu"),
        ("the nail salon keeps the girls ids and they sleep in the back", "htu fjc text_a_tip"),
        ("my aunt made me clean for free and hid my visa", "htu fjc"),
        ("ever since the stabbing i jump at every noise", "trauma_line"),
        ("we buried my brother after the shooting and my kids dont talk", "trauma_line"),
        ("there is a guy selling pills out of a van by the playground", "text_a_tip"),
        ("i know which garage chops the stolen cars", "text_a_tip"),
        ("my aunt stopped her meds and talks to the ceiling", "best crisis_988"),
        ("could a clinician visit instead of officers", "best"),
        ("my cousin wants out of his gang and needs a job", "roca youthconnect"),
        ("grandpa keeps walking off and forgets the way back", "north_star safetynet"),
        ("put my autistic boy on your wandering list", "north_star safetynet"),
        ("how do i get one of those tracking wristbands for my dad", "safetynet north_star"),
        ("the officer cursed at me and twisted my arm", "opat"),
        ("they frisked my son for nothing and laughed", "opat"),
        ("my 14 year old skips school and hangs with bad kids", "youthconnect"),
        ("who hears those microphones that listen for gunfire", "shotspotter_info"),
        ("can somebody ring me this evening", "callback"),
        ("rather speak with a live person", "callback trauma_line"),
        ("mi esposo me empuja y me insulta", "dvu fjc"),
        ("un policia me humillo en la calle", "opat"),
        ("meu chefe segura meu passaporte e nao me paga", "htu fjc"),
        ("desde o tiroteio nao consigo dormir", "trauma_line"),
        ("mon copain me frappe quand il boit", "dvu fjc"),
        ("老公经常打我骂我", "dvu fjc"),
        ("chồng tôi hay đánh tôi", "dvu fjc"),
        ("mennaj mwen konn joure m epi frape m", "dvu fjc"),
    ],
)
def test_a_service_described_in_other_words_is_found(text: str, labels: str) -> None:
    assert understand(text).labels[0] in labels.split()


@pytest.mark.parametrize(
    "text",
    [
        "can you grab milk on your way home",
        "the bus is late again so annoying",
        "what should i wear to the wedding",
        "haha that movie was so bad",
        "our coach moved practice to five",
        "whats a good recipe for lentil soup",
        "my flight got in early, waiting for my bags",
        "did you finish the math homework",
        "la reunion es a las tres",
        "a que horas fecha o mercado",
        "on mange quoi ce soir",
        "明天一起吃饭吗",
    ],
)
def test_everyday_texts_are_left_alone(text: str) -> None:
    got = understand(text)
    assert not got.danger
    assert got.labels[0] in ("none", "menu", "help", "callback")
