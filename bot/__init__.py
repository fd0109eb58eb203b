"""Who it is said to: Twilio's webhooks, the staff console, the API, the public page, the simulator.

Lives here: the factory that Flask's command and every server call. Imports wait until it is called, so that bot.start
can run before anything is installed on the path.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from workers.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The whole web side: pages for people, with Twilio's edge in front. Raises SettingsError."""
    from bot.app import build

    return build(settings)
