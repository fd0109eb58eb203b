"""The kit (settings, store, ledger, roster, directory) of the application that is serving this request."""

from flask import current_app

from workers.jobs import Kit


def kit() -> Kit:
    found: Kit = current_app.extensions["hotline"]
    return found
