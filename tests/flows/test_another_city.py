"""The whole conversation in another city: its own names, numbers and clock, and nothing of Boston."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from flows.directory import Directory, DirectoryError, MenuItem, Record, load_directory
from flows.engine import Engine
from flows.machines.speech import said as spoken_or_written
from flows.turn import Channel, Outcome
from flows.words import Words, messages_in
from flows.words.check import problems
from flows.words.grade import too_hard
from tests.flows.person import Person
from tests.flows.test_conversation import BOSTON, INBOUND, STATES

HERE = Path("docs/another-city")
CITY = load_directory(HERE / "port-harlan.yaml")
ENGINE = Engine(Words(CITY.languages))
CHANNELS: tuple[Channel, ...] = ("sms", "voice")
LIVE = CITY.live_line


def of_boston(directory: Directory) -> re.Pattern[str]:
    """Any name, number or address that only Boston has."""
    words = {directory.city, directory.name, "Massachusetts"}
    for record in directory.all:
        words |= {record.name, record.short_name, record.email or record.name, record.web or record.name}
        if record.phone:
            words |= {record.phone, record.written_phone, spoken_or_written(record.phone, "voice")}
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words))


BOSTONIAN = of_boston(BOSTON)


def person(channel: Channel = "sms") -> Person:
    """Somebody who has said hello, or who has just called."""
    made = Person(ENGINE, CITY, channel)
    heard(made.says("hi") if channel == "sms" else made.calls())
    return made


def heard(outcome: Outcome) -> str:
    """What was said, after a look that nothing in it is Boston's."""
    said = "\n".join(outcome.says)
    assert not BOSTONIAN.search(said), said
    return said


def lines(menu: str, path: str = "") -> Iterator[tuple[str, MenuItem, str]]:
    """(keys from the first menu, the line, its words) of every line below a menu."""
    for n, item in enumerate(CITY.menus[menu], 1):
        words = "" if item.do else CITY.line(menu, n, "en")
        yield path + str(n), item, words
        if item.menu:
            yield from lines(item.menu, path + str(n))


def by(channel: Channel, number: str | None) -> str:
    return spoken_or_written(number or "", channel)


def tells_of(said: str, record: Record, channel: Channel) -> bool:
    """Its number by text (by voice it is dialled), and who runs it in the same breath."""
    page = (record.web or "").removeprefix("https://").rstrip("/")
    return record.run_by in said and (channel == "voice" or (record.written_phone or page) in said)


def test_the_words_and_the_directory_pass_every_check() -> None:
    assert problems(CITY, CITY.languages) == []
    assert [line for line in too_hard(CITY) if not line.startswith("page ")] == []  # that one is no city's own


def test_first_contact_by_text_names_danger_the_city_and_its_menu() -> None:
    said = heard(Person(ENGINE, CITY).says("hi"))
    assert said.startswith(CITY.name)
    assert "911" in said[:100]
    assert "988" in said[:100]
    for _, item, words in lines("sms"):
        assert item.do or words in said or item not in CITY.menus["sms"]


def test_first_contact_by_voice_names_danger_and_every_key() -> None:
    said = heard(Person(ENGINE, CITY).calls())
    assert "9 1 1" in said[:100]
    for n in range(1, len(CITY.menus["voice"]) + 1):
        assert f"press {n}" in said


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_line_of_every_menu_leads_where_it_says(channel: Channel) -> None:
    for path, item, _ in lines(channel):
        someone = person(channel)
        outcome = [someone.keys(key) for key in path][-1]
        said = heard(outcome)
        if item.menu:
            assert someone.session.state == "more"
            assert all(CITY.line(item.menu, n, "en")[1:] in said for n in range(1, len(CITY.menus[item.menu]) + 1))
        elif item.record:
            assert someone.session.record == item.record
            assert tells_of(said, CITY.records[item.record], channel)
        elif item.do == "connect":
            assert outcome.dial == LIVE.phone if channel == "voice" else tells_of(said, LIVE, channel)
        else:
            assert someone.session.state == {"callback": "confirm_own", "quiet": "quiet"}[str(item.do)]


@pytest.mark.parametrize("record", CITY.all, ids=lambda record: record.id)
def test_a_service_asked_for_by_name_is_told_of_with_its_number_and_who_runs_it(record: Record) -> None:
    someone = person()
    said = heard(someone.says("tell me about " + record.name))
    assert someone.session.record == record.id
    assert tells_of(said, record, "sms")
    if record.beside:
        other = CITY.records[record.beside]
        assert said.index(other.written_phone) < said.index(record.written_phone)
        assert other.run_by in said


@pytest.mark.parametrize("record", [r for r in CITY.all if r.menu and r.phone], ids=lambda record: record.id)
def test_by_voice_a_key_rings_the_service_and_the_one_beside_it(record: Record) -> None:
    path = next(path for path, item, _ in lines("voice") if item.record == record.id)
    for key, who in (("1", CITY.records.get(record.beside or "", record)), ("2", record)):
        if key == "2" and not record.beside:
            continue
        someone = person("voice")
        for press in path:
            someone.keys(press)
        outcome = someone.keys(key)
        said = heard(outcome)
        assert outcome.dial == who.phone
        assert who.short_name in said
        assert not who.police or who.run_by in said


@pytest.mark.parametrize(
    ("words", "record"),
    [("my boyfriend hits me", "home_desk"), ("i was raped last year", "assault_desk"), ("complaint about a cop", "review_board"),
     ("my mom with dementia wanders off, how do i sign her up", "way_back"), ("i need a mental health clinician", "calm_crew")],
)  # fmt: skip
def test_own_words_find_this_citys_services(words: str, record: str) -> None:
    someone = person()
    assert tells_of(heard(someone.says(words)), CITY.records[record], "sms")


@pytest.mark.parametrize("words", ["youthconnect dashboard", "what is shotspotter", "where can i see the best data"])
def test_what_this_city_does_not_have_is_not_named_and_a_person_is_near(words: str) -> None:
    said = heard(person().says(words))
    assert LIVE.written_phone in said or "CALL" in said or "calls you" in said


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("words", ["he has a gun and says he will shoot me", "i want to kill myself"])
def test_danger_comes_first_and_a_person_of_this_city_next(channel: Channel, words: str) -> None:
    someone = person(channel)
    said = heard(someone.says(words))
    assert re.search(r"9 ?1 ?1|9 ?8 ?8", said[:100])
    assert channel == "voice" or LIVE.written_phone in said
    heard(someone.keys("1" if channel == "sms" else "2"))
    assert someone.session.state == "confirm_own"


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_road_of_ones_ends_in_a_promise_in_this_citys_time(channel: Channel) -> None:
    someone = person(channel)
    assert by(channel, someone.own) in heard(someone.says("call me"))
    said = heard(someone.keys("1"))
    assert "by 1:12 PM" in said  # 12:42:59 in Port Harlan and thirty minutes
    assert by(channel, "+12135550100") in said
    for _ in range(6):
        heard(someone.keys("1"))
    assert someone.session.state in ("waiting", "connecting")
    assert someone.request
    assert someone.request.promised


def test_nobody_on_shift_gives_the_live_line_and_no_time() -> None:
    someone = person()
    someone.why = "nobody"
    someone.says("call me")
    said = heard(someone.keys("1"))
    assert LIVE.written_phone in said
    assert not re.search(r"\d:\d\d", said)


def test_the_door_asks_its_questions_and_leads_to_the_desk() -> None:
    someone = person()
    someone.says("lantern house")
    assert "takes my pay" in heard(someone.keys("2"))
    assert tells_of(heard(someone.keys("4")), CITY.records["forced_work_desk"], "sms")


def test_a_tip_is_not_taken_and_the_citys_own_line_is_named() -> None:
    someone = person()
    assert "text QUAY to 55501" in heard(someone.says("i have a tip about a crime"))
    assert "text QUAY to 55501" in heard(someone.says("he sells from the blue house"))


def test_a_phone_that_is_not_safe_is_shown_no_service() -> None:
    someone = person()
    someone.says("my husband hits me")
    said = heard(someone.keys("2"))
    assert someone.session.state == "unsafe"
    assert not any(record.short_name in said for record in CITY.all)


def test_from_every_state_whatever_comes_nothing_of_boston_is_said() -> None:
    for channel, state in itertools.product(CHANNELS, STATES):
        for inbound in INBOUND[channel]:
            someone = Person(ENGINE, CITY, channel)
            someone.session.state, someone.session.turns = state, 1
            outcome = someone.turn(inbound)
            heard(outcome)
            assert outcome.dial in ("", *(record.phone for record in CITY.all))


def test_its_spanish_is_whole_and_spoken() -> None:
    assert messages_in(HERE / "port-harlan.es.po").keys() == CITY.to_translate().keys()
    someone = Person(ENGINE, CITY)
    assert "Daño en casa" in "\n".join([heard(someone.says("hola")), heard(someone.keys("2"))])
    assert "la policía de Port Harlan" in heard(someone.keys("1")).replace("policia", "policía")
    someone.says("llámame")
    assert "1:12 de la tarde" in heard(someone.keys("1"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"languages": ["es"]}, "English"),
        ({"languages": ["en", "ar"]}, "ar has no catalogue"),
        ({"emergency": {"number": "911", "sentence": "Danger at {address}. Send help."}}, "only {language}"),
    ],
    ids=["no English", "no catalogue", "a blank that nobody fills"],
)
def test_a_city_that_could_not_answer_is_refused_when_it_is_read(tmp_path: Path, change: dict, why: str) -> None:
    raw = yaml.safe_load((HERE / "port-harlan.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "city.yaml"
    path.write_text(yaml.safe_dump({**raw, **change}), encoding="utf-8")
    with pytest.raises(DirectoryError, match=why):
        load_directory(path)


def test_a_language_that_the_city_does_not_write_is_answered_and_spoken_in_english_and_known_to_staff() -> None:
    caller = person("voice")
    caller.calls()
    heard = caller.says("je veux que quelqu'un me rappelle")
    assert {said.language for said in heard.says} == {"en"}
    assert caller.session.language == "fr"
