import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from bot.commands import init_app
from tests.api.builders import an_app
from workers.jobs import Kit


class Terminal:
    """An operator's terminal: `run("staff add alex …")`."""

    def __init__(self, app: Flask):
        self._runner: FlaskCliRunner = app.test_cli_runner()

    def run(self, line: str) -> Result:
        return self._runner.invoke(args=line.split())

    def fails(self, line: str) -> str:
        """Run what must fail; the one sentence on standard error."""
        result = self.run(line)
        assert result.exit_code == 1, (result.exit_code, result.output)
        assert result.stdout == ""
        assert isinstance(result.exception, SystemExit)
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
        return result.stderr


@pytest.fixture
def terminal(kit: Kit) -> Terminal:
    return terminal_of(kit)


def terminal_of(kit: Kit) -> Terminal:
    app = an_app(kit)
    init_app(app)
    return Terminal(app)
