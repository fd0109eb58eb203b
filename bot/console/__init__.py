"""The staff room: the pages by which staff keep the promises, at /staff.

Lives here: putting it together. Not here: what a callback may do (workers/ledger), nor Twilio's edge (bot/twilio).
"""

from flask import Flask

from bot.console import callbacks, changes, door, queue, roster, security, sessions
from bot.console.room import room

__all__ = ["callbacks", "changes", "door", "init_app", "queue", "roster"]


def init_app(app: Flask) -> None:
    """Set up everything that pages for people need, and open the staff room. Needs app.extensions["hotline"]."""
    security.init_app(app)
    sessions.init_app(app)
    app.register_blueprint(room)
