"""`python -m bot.simulator` as an operator starts it.

Not here: the page itself (test_page.py).
"""

import pytest

import bot.simulator.__main__ as command
from bot.simulator.company import Company
from tests.simulator.test_page import some_settings


def test_production_ends_with_a_clear_sentence(monkeypatch):
    monkeypatch.setattr(command, "load_settings", lambda: some_settings(hotline_env="production"))
    monkeypatch.setattr(Company, "serve", lambda *_: pytest.fail("the desk phone was served in production"))
    with pytest.raises(SystemExit, match="HOTLINE_ENV=development"):
        command.main()


def test_it_serves_on_its_port_until_interrupted(monkeypatch, capsys):
    served = []
    monkeypatch.setattr(command, "load_settings", some_settings)
    monkeypatch.setenv("SIMULATOR_PORT", "8123")
    monkeypatch.setattr(Company, "serve", lambda self, port, app: served.append(port) or f"http://127.0.0.1:{port}")
    monkeypatch.setattr(command, "Event", Interrupted)
    command.main()
    assert served == [8123]
    assert "http://127.0.0.1:8123" in capsys.readouterr().out


class Interrupted:
    """An event that nobody waits for: Ctrl-C comes first."""

    def wait(self, *_):
        raise KeyboardInterrupt

    def set(self):
        """Nothing to set."""
