"""Commands for operators: `flask --app bot …`.

Lives here: putting them on the application. Each module is one group; plainly.py is how they all fail.
"""

from flask import Flask

from bot.commands import backup, directory, doctor, ledger, staff


def init_app(app: Flask) -> None:
    for command in (staff.group, directory.group, ledger.group, doctor.doctor, backup.backup, backup.restore):
        app.cli.add_command(command)
