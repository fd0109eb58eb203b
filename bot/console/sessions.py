"""Who is logged in. A login is a random id in the signed cookie and a key in the store that dies with it.

Lives here: beginning, checking and ending a login. Not here: the login page (door.py), what a role may
do (room.py).
"""

import secrets
import time

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from bot.kit import kit
from workers.records import Staff

IDLE_SECONDS = 30 * 60  # without a human at the page
LONGEST_SECONDS = 12 * 3600  # from login, whatever happens
FRESH_SECONDS = 20  # how often a sign of life is written


class Visitor(UserMixin):  # type: ignore[misc]
    """A staff account at this browser, read from the roster at each request."""

    def __init__(self, staff: Staff):
        self.staff = staff

    def get_id(self) -> str:
        return self.staff.login


def now() -> float:
    """Seconds since 1970 by this process's clock: enough for time-outs of minutes."""
    return time.time()


def init_app(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = (
        None  # it ties a login to the address, which changes on phones; the id and epoch decide
    )
    manager.init_app(app, add_context_processor=False)  # pages without a login must not ask the store
    manager.user_loader(_load)


def _key(visit: str) -> str:
    return "web:" + visit


def me() -> Staff:
    """The account that asks. Only behind room.guard, which lets nobody else through."""
    staff: Staff = current_user.staff
    return staff


def begin(staff: Staff) -> None:
    """Log in: a new session that shares nothing with the one before (no fixation)."""
    end()
    visit = secrets.token_urlsafe(16)
    kit().store.client.set(_key(visit), f"{now():.0f}", ex=IDLE_SECONDS + 60)
    session.update(visit=visit, epoch=staff.epoch, since=now())
    login_user(Visitor(staff))


def end() -> None:
    """Log out: the store forgets the login, so a copy of its cookie is worth nothing."""
    visit = session.get("visit")
    if isinstance(visit, str):
        kit().store.client.delete(_key(visit))
    logout_user()
    session.clear()


def touch() -> None:
    """Somebody is at the page: the idle time begins anew."""
    visit = session["visit"]
    seen = kit().store.client.get(_key(visit))
    if seen is None or now() - float(seen) > FRESH_SECONDS:
        kit().store.client.set(_key(visit), f"{now():.0f}", ex=IDLE_SECONDS + 60, xx=True)


def _load(login: str) -> Visitor | None:
    """The account of this session, or None: idle, too old, logged out, disabled, or password changed since."""
    visit, since = session.get("visit"), session.get("since", 0.0)
    if not visit or not 0 <= now() - since <= LONGEST_SECONDS:
        return None
    seen = kit().store.client.get(_key(visit))
    if seen is None or now() - float(seen) > IDLE_SECONDS:
        return None
    staff = kit().roster.get(login)
    if staff is None or staff.disabled or staff.epoch != session.get("epoch"):
        return None
    return Visitor(staff)
