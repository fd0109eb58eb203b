"""How commands fail: one clear sentence on standard error, exit 1, no traceback.

Lives here: errors from below, in an operator's words. Not here: what a command does.
"""

from typing import Any

import click
from flask.cli import AppGroup
from redis.exceptions import RedisError

from workers.backup import BackupError
from workers.ledger import NotFound
from workers.roster import RosterError
from workers.store import StoreDown
from workers.vault import Unsealable


def _sentence(error: Exception) -> str:
    if isinstance(error, NotFound):
        return "There is no such callback, or its details were purged after their retention."
    if isinstance(error, Unsealable):
        return f"A value can't be opened: {error}."
    if isinstance(error, (RosterError, BackupError)):
        return str(error)
    return f"The store does not answer ({type(error).__name__}): check REDIS_URL and that the server runs."


class _Plainly:
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)  # type: ignore[misc]
        except (NotFound, Unsealable, RosterError, BackupError, StoreDown, RedisError) as error:
            raise click.ClickException(_sentence(error)) from None


class Group(_Plainly, AppGroup):
    """A group of commands, each run in the application's context."""


class Command(_Plainly, click.Command):
    """A command of its own."""
