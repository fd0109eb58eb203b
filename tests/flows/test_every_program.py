"""Every program can be reached by keys and by name, on both channels, and each is told of with who runs it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.directory import CITY, DirectoryError, load_directory
from flows.directory.freshness import stale
from flows.engine import Engine
from flows.segments import segments
from flows.session import Session
from flows.turn import Inbound, Outcome
from flows.words import Words
from tests.flows.test_conversation import BOSTON, ENGINE, NOW, world

IN_A_MENU = [record for record in BOSTON.all if record.menu]


def text(words: str, session: Session | None = None) -> Outcome:
    return ENGINE.turn(session or Session(), Inbound("sms", words=words), world())


def keys(menu: str, record: str, path: str = "") -> str:
    """The keys that lead from a menu to a record."""
    for n, item in enumerate(BOSTON.menus[menu], 1):
        if item.record == record:
            return path + str(n)
        if item.menu and (found := keys(item.menu, record, path + str(n))):
            return found
    return ""


@pytest.mark.parametrize("channel", ["sms", "voice"])
@pytest.mark.parametrize("record", IN_A_MENU, ids=lambda record: record.id)
def test_keys_alone_lead_to_every_program(channel: str, record) -> None:  # type: ignore[no-untyped-def]
    session = Session(state="menu", turns=1)
    for key in keys(channel, record.id):
        inbound = Inbound("sms", words=key) if channel == "sms" else Inbound("voice", digits=key)
        outcome = ENGINE.turn(session, inbound, world())
        session = outcome.session
    assert (session.state, session.record) == ("service", record.id)


@pytest.mark.parametrize("record", BOSTON.all, ids=lambda record: record.id)
def test_a_program_asked_for_by_name_is_told_of_in_one_reply_of_three_segments(record) -> None:  # type: ignore[no-untyped-def]
    if record == BOSTON.live_line:
        return
    outcome = text("tell me about " + record.name)
    said = "\n".join(outcome.says)
    assert outcome.session.record in (record.id, *BOSTON.records[record.id].answers)
    assert "911" in said[:100]
    assert segments(said).parts <= 3
    if record.police and record.beside:
        assert "police" in said
        assert BOSTON.records[record.beside].written_phone in said


def test_the_door_of_the_justice_center_asks_which_and_leads_to_the_unit() -> None:
    door = text("7", Session(state="menu", turns=1))
    assert "2 to find the right unit" in "\n".join(door.says)
    questions = text("2", door.session)
    assert "violent or controlling" in questions.says[0]
    assert text("2", questions.session).session.record == "sau"


def test_a_phone_that_is_not_safe_gets_nothing_more_than_a_way_out() -> None:
    asked = text("my boyfriend hits me")
    assert "safe to text" in asked.says[-1]
    unsafe = text("2", asked.session)
    said = " ".join(unsafe.says).lower()
    assert unsafe.session.state == "unsafe"
    for word in ("safelink", "dvu", "violence", "police", "trauma"):
        assert word not in said
    assert text("1", unsafe.session).session.state == "ask_number"


def test_hours_later_what_was_left_is_offered_and_not_told() -> None:
    before = Session(state="confirm_own", turns=2, at=(NOW - timedelta(hours=3)).timestamp())
    back = text("hi", before)
    assert "pick up where we were" in back.says[0]
    assert back.effects.verb == ""
    assert text("1", back.session).session.state == "confirm_own"
    assert text("2", back.session).session.state == "menu"


def test_who_begins_to_tell_a_tip_is_stopped() -> None:
    told = text("tip")
    more = text("he sells from the blue house", told.session)
    assert "stop here" in more.says[0]
    assert "27463" in more.says[0]


def test_every_fact_has_a_source_and_grows_old() -> None:
    today = datetime(2026, 11, 25, tzinfo=UTC).date()
    assert any(line.startswith("fjc: hours") for line in stale(BOSTON, today))
    assert not any(line.startswith("dvu: phone") for line in stale(BOSTON, today))
    assert any(line.startswith("dvu: phone") for line in stale(BOSTON, today + timedelta(days=91)))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("- {menu: more, words: More}", "- {menu: gone, words: More}"),
        ("    beside: safelink\n", ""),
        ("    - {record: opat}\n    - {record: shotspotter_info}\n    - {record: consultation}\n    - {menu: charts", "    - {menu: charts"),
        ("source: page\n    checked: 2026-11-25\n\n  - id: consultation", "source: hearsay\n    checked: 2026-11-25\n\n  - id: consultation"),
    ],
    ids=["a menu that is not there", "police alone", "a program without a place", "no such source"],
)  # fmt: skip
def test_a_directory_that_would_mislead_is_refused(tmp_path: Path, was: str, becomes: str) -> None:
    good = CITY.read_text(encoding="utf-8")
    assert was in good
    (tmp_path / "city.yaml").write_text(good.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(DirectoryError):
        load_directory(tmp_path / "city.yaml")


def test_translations_beside_the_file_are_used(tmp_path: Path) -> None:
    good = CITY.read_text(encoding="utf-8")
    (tmp_path / "city.yaml").write_text(good.replace("languages: [en]", "languages: [en, es]"), encoding="utf-8")
    (tmp_path / "city.es.po").write_text('msgid "dvu.expect"\nmsgstr "Hay quien no es policia."\n', encoding="utf-8")
    city = load_directory(tmp_path / "city.yaml")
    engine = Engine(Words(city.languages))
    there = world().__class__(**{**{f: getattr(world(), f) for f in world().__slots__}, "directory": city})
    said = engine.turn(Session(language="es", state="menu", turns=1), Inbound("sms", words="2"), there).says
    assert "Hay quien no es policia." in said[0]


@pytest.mark.parametrize("unit", ["domestic violence unit", "sexual assault unit"])
def test_a_complaint_about_police_that_names_a_unit_is_not_sent_to_it(unit: str) -> None:
    assert text(f"the officer from the {unit} was rude to me, i want to complain").session.record == "opat"
