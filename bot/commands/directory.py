"""`directory`: which facts of the city's record somebody should check.

Lives here: printing them. Not here: what makes a fact stale (flows/directory/freshness.py).
"""

from datetime import UTC, datetime

import click

from bot.commands.plainly import Group
from bot.kit import kit
from flows.directory.freshness import stale

group = Group("directory", help="The city's services.")


@group.command()
def check() -> None:
    """Facts that need checking. Calling each number once is the best check."""
    lines = stale(kit().directory, datetime.now(UTC).date())
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} facts need checking." if lines else "Every fact was checked lately.")
