"""The data files: readable, complete, and the small language they are written in."""

from pathlib import Path

import pytest
import yaml

from flows.understand.danger import Heard, stated
from flows.understand.lexicon import LANGUAGES, lexicon
from flows.understand.model import Opinion
from flows.understand.patterns import PatternFault, compile_pattern
from flows.understand.routes import POLICE_RUN, weighed
from flows.understand.text import Message
from flows.understand.whole import _table

DATA = Path("flows/understand")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_loads_and_knows_nothing_of_an_empty_message(language: str) -> None:
    lex = lexicon(language)
    view = lex.view(Message.of(""))
    assert stated([(lex, view)]) == Heard((), frozenset(), frozenset())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_class_is_used(language: str) -> None:
    written = "".join((DATA / folder / f"{language}.yaml").read_text() for folder in ("danger", "routes", "words"))
    classes = yaml.safe_load((DATA / "words" / f"{language}.yaml").read_text())["classes"]
    assert [name for name in classes if f"<{name}>" not in written] == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("gun", " a gun ", True),
        ("gun", " a gunner ", False),
        ("shoot*", " they shooting ", True),
        ("(he|the man) ~1 has", " the man now has ", True),
        ("(he|the man) ~1 has", " the man is not one who has ", False),
        ("has ~ gun", " has it . gun ", False),
        ("[my] house", " house ", True),
        ("<who> has", " she has ", True),
        ("^ stop $", " stop . ", True),
        ("^ stop $", " stop it ", False),
        ("lost & son", " my son is lost ", True),
        ("lost & !phone", " lost my phone ", False),
    ],
)
def test_the_pattern_language(pattern: str, text: str, found: bool) -> None:
    compiled = compile_pattern(pattern, {"who": ["he", "she"]})
    assert (compiled.find(text, text) is not None) is found


@pytest.mark.parametrize("pattern", ["", "(a|b", "<nobody> has", "& !only", "a) b"])
def test_a_pattern_that_cannot_be_read_is_named(pattern: str) -> None:
    with pytest.raises(PatternFault):
        compile_pattern(pattern, {})


def test_no_whole_phrase_of_opting_out_has_another_meaning() -> None:
    stops = {phrase for phrase, (meaning, _) in _table().items() if meaning == "stop"}
    assert {"stop", "opt out", "alto", "parar", "dừng", "停止"} <= stops
    assert not stops & {"yes", "no", "ok", "hi", "back"}


def test_opat_pushes_out_what_the_police_run() -> None:
    thought = Opinion({"none": 0.1, "dvu": 0.5, "opat": 0.2, "best": 0.2}, 0, "")
    labels = weighed({"dvu": 9, "opat": 5, "best": 4}, thought)
    assert labels == ["opat", "best", "fjc"]
    assert not POLICE_RUN & set(labels)


def test_nobody_is_opted_out_on_a_guess_or_with_words_that_ask_for_help() -> None:
    sure = Opinion({"none": 0.01, "stop": 0.99}, 0.0, "emergency_911")
    assert weighed({}, sure) == []
    assert weighed({"stop": 8}, sure) == ["stop"]
    assert "stop" not in weighed({"stop": 8, "dvu": 5}, sure)
