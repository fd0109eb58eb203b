"""What no machine speaks: a native speaker's recording is played where there is one, and shows when it is out of date."""

import pytest

from bot import spoken
from bot.app import build
from bot.twilio import create_edge
from flows import words
from flows.directory import CITY, load_directory
from flows.words import record
from flows.words.record import out_of_date, to_read
from tests.world import World

DIRECTORY = load_directory(CITY)


@pytest.fixture
def studio(tmp_path, monkeypatch):
    """A place of recordings of our own, with the catalogues where they are."""
    for module in (words, record, spoken):
        monkeypatch.setattr(module, "HERE", tmp_path)
    folder = tmp_path / "ht" / "audio"
    folder.mkdir(parents=True)
    return folder


def recorded(folder, name: str, text: str) -> None:
    (folder / f"{name}.mp3").write_bytes(b"ID3")
    (folder / "read.po").write_text(f'msgid "{name}"\nmsgstr "{text}"\n', encoding="utf-8")


def test_everything_a_call_says_that_stays_the_same_can_be_recorded() -> None:
    for language in words.SPOKEN_AS:
        listed = to_read(DIRECTORY, language)
        assert {"greeting", "menu", "service.dvu", "connecting.trauma_line", "danger.emergency"} <= listed.keys()
        assert not {"promise", "confirm_own"} & listed.keys()  # a time, a number: these can't be
        assert words.catalogue(language)["greeting.voice"].partition("{")[0] in listed["greeting"]


def test_a_recording_of_words_that_changed_since_shows(studio) -> None:
    now = to_read(DIRECTORY, "ht")["greeting"]
    recorded(studio, "greeting", now)
    assert list(out_of_date(DIRECTORY, "ht")) == []
    recorded(studio, "greeting", "Bonjou.")
    assert list(out_of_date(DIRECTORY, "ht")) == ["the recording greeting is of other words than are said now"]
    recorded(studio, "gone", now)
    assert "the recording gone is of nothing that is said" in list(out_of_date(DIRECTORY, "ht"))


def test_what_is_shipped_is_not_out_of_date() -> None:
    assert [fault for language in words.SPOKEN_AS for fault in out_of_date(DIRECTORY, language)] == []


def test_a_caller_hears_the_recording_and_the_phone_company_may_fetch_it(studio, world: World, environ) -> None:
    recorded(studio, "menu", "x")
    world.kit.words = words.Words(world.kit.directory.languages)
    world.edge = create_edge(world.kit).test_client()
    phone = world.resident()
    call = phone.call()
    call.press("9")
    call.press("3")
    address = spoken.audio_address("ht", "menu.mp3")
    assert f"<Play>{address}</Play>" in world.company.webhooks.log[-1].body
    assert "menu" not in address
    browser = build(world.kit.settings).test_client()
    assert browser.get(address).data == b"ID3"
    for other in ("/audio/menu.mp3", "/audio/" + "0" * 20, "/audio/..%2f..%2fhotline.po"):
        assert browser.get(other).status_code == 404
