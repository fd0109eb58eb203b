"""`backup` and `restore`: the whole store in one encrypted file.

Lives here: the commands. Not here: the format (workers/backup).
"""

from pathlib import Path

import click
from flask.cli import with_appcontext

from bot.commands.plainly import Command
from bot.kit import kit
from workers import backup as files


@click.command(cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything to FILE, encrypted with the first key of DATA_KEY. Keep both keys elsewhere."""
    k = kit()
    count = files.backup(k.settings, k.vault, file)
    click.echo(f"{count} keys are in {file}. To restore it you need the present DATA_KEY and LOOKUP_KEY.")


@click.command(cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the store holds.")
@with_appcontext
def restore(file: Path, force: bool) -> None:
    """Put FILE back into an empty store. Stop the hotline first."""
    k = kit()
    count = files.restore(k.settings, k.vault, file, force)
    click.echo(f"{count} keys are back. Now run: flask --app bot ledger check")
