"""Accounts and shifts from the command line."""

import re

import pytest

from tests.commands.conftest import Terminal, terminal_of
from tests.conftest import SMS_NUMBER, VOICE_NUMBER, environment, free_port
from workers.jobs import Kit
from workers.settings import load_settings

PHONE = "+16175550150"


def test_a_new_account_can_log_in_with_the_password_shown_once(terminal: Terminal, kit: Kit) -> None:
    result = terminal.run(f"staff add alex --phone {PHONE} --role supervisor --language es --language en --language es")
    assert result.exit_code == 0
    assert result.output.count("\n") == 1
    password = result.output.split()[-1]
    person = kit.roster.check_password("alex", password)
    assert person
    assert (person.role, person.languages, person.phone) == ("supervisor", ("es", "en"), PHONE)
    assert person.must_change
    assert password not in terminal.run("staff list").output


def test_a_first_shift_in_two_commands(terminal: Terminal, kit: Kit) -> None:
    assert terminal.run(f"staff add alex --phone {PHONE}").exit_code == 0
    assert terminal.run("staff on alex").exit_code == 0
    assert kit.store.client.smembers("staff:on") == {b"alex"}
    result = terminal.run("staff off alex")
    assert result.exit_code == 0
    assert "no promises" in result.stderr
    assert kit.store.client.smembers("staff:on") == set()


def test_the_list_shows_no_phone(terminal: Terminal, kit: Kit) -> None:
    assert "no accounts" in terminal.run("staff list").output
    terminal.run(f"staff add alex --phone {PHONE} --language vi")
    kit.store.client.hset("staff:alex", "no_texts", "21610")
    terminal.run(f"staff add sam --phone {PHONE}")
    terminal.run("staff on sam")
    terminal.run("staff disable alex")
    output = terminal.run("staff list").output
    assert re.search(r"alex +responder +disabled; speaks vi; is rung.*21610", output)
    assert re.search(r"sam +responder +on shift", output)
    assert "555" not in output


def test_a_reset_password_replaces_the_old_one(terminal: Terminal, kit: Kit) -> None:
    old = terminal.run(f"staff add alex --phone {PHONE}").output.split()[-1]
    new = terminal.run("staff reset-password alex").output.split()[-1]
    assert kit.roster.check_password("alex", old) is None
    assert kit.roster.check_password("alex", new)


def test_a_disabled_account_is_out_until_enabled(terminal: Terminal, kit: Kit) -> None:
    password = terminal.run(f"staff add alex --phone {PHONE}").output.split()[-1]
    terminal.run("staff on alex")
    assert terminal.run("staff disable alex").exit_code == 0
    assert kit.roster.check_password("alex", password) is None
    assert kit.store.client.scard("staff:on") == 0
    assert "disabled" in terminal.fails("staff on alex")
    assert terminal.run("staff enable alex").exit_code == 0
    assert kit.roster.check_password("alex", password)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("staff add Alex --phone +16175550150", "login"),
        ("staff add alex --phone 6175550150", "+16175550150"),
        (f"staff add alex --phone {VOICE_NUMBER}", "hotline's own"),
        (f"staff add alex --phone {SMS_NUMBER}", "hotline's own"),
        ("staff on nobody", "nobody"),
        ("staff off nobody", "nobody"),
        ("staff disable nobody", "nobody"),
        ("staff enable nobody", "nobody"),
        ("staff reset-password nobody", "nobody"),
        ("staff reset-password ../x", "../x"),
    ],
)
def test_a_mistake_gets_one_sentence(terminal: Terminal, kit: Kit, line: str, why: str) -> None:
    assert why in terminal.fails(line)
    assert kit.store.client.scard("staff") == 0


def test_an_account_is_not_made_twice(terminal: Terminal) -> None:
    terminal.run(f"staff add alex --phone {PHONE}")
    assert "already" in terminal.fails(f"staff add alex --phone {PHONE}")


@pytest.mark.parametrize(
    "line",
    [
        "staff add alex --phone +16175550150 --role king",
        "staff add alex",
        "staff on",
        "staff add alex --phone +16175550150 --language tlh",
    ],
)
def test_a_wrong_use_is_explained(terminal: Terminal, line: str) -> None:
    result = terminal.run(line)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_store_that_is_away_is_one_sentence() -> None:
    terminal = terminal_of(Kit(load_settings(environment(free_port()))))
    for line in ("staff list", f"staff add alex --phone {PHONE}", "staff on alex", "ledger check", "ledger story x"):
        assert "does not answer" in terminal.fails(line)
