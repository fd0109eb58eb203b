"""A web side for staff tests, on the real store."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask

from tests.console.builders import Browser, a_callback, a_web_side, an_account, fence_on, page_of
from workers.jobs import Kit
from workers.records import Callback


@pytest.fixture
def app(kit: Kit) -> Flask:
    kit.roster._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the same checks, in less time
    kit.roster._dummy = kit.roster._hasher.hash("nobody")
    return a_web_side(kit)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def logged_in(app: Flask, kit: Kit) -> Callable[..., Browser]:
    """Makes an account of a role and logs it in at a browser of its own."""

    def make(login: str, role: str = "responder", **more: object) -> Browser:
        an_account(kit, login, role, **more)  # type: ignore[arg-type]
        return Browser(app).log_in(login)

    return make


@pytest.fixture
def ana(logged_in: Callable[..., Browser]) -> Browser:
    return logged_in("ana")


@pytest.fixture
def ben(logged_in: Callable[..., Browser]) -> Browser:
    return logged_in("ben")


@pytest.fixture
def held(kit: Kit, ana: Browser) -> tuple[Callback, str]:
    """A callback that Ana holds, and the fence on her page."""
    cb = a_callback(kit)
    assert ana.post(f"/staff/callbacks/{cb.id}/claim").status_code == 303
    return cb, fence_on(page_of(ana, cb))
