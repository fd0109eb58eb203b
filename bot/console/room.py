"""The staff room's door-keeper: one blueprint, and one guard that every request passes.

Lives here: which role may do what. Not here: who holds a callback (callbacks.py), nor the pages themselves.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.console import sessions

Right = Literal["open", "self", "read", "act", "roster", "supervise"]
View = TypeVar("View", bound=Callable[..., Any])

# self: one's own login. read: queue and callbacks without personal details. act: take callbacks, see details, change
# them. roster: see who is on the roster. supervise: change it.
RIGHTS: dict[str, frozenset[Right]] = {
    "responder": frozenset({"self", "read", "act"}),
    "supervisor": frozenset({"self", "read", "act", "roster", "supervise"}),
    "admin": frozenset({"self", "read", "act", "roster", "supervise"}),
    "auditor": frozenset({"self", "read", "roster"}),
}

room = Blueprint(
    "console",
    __name__,
    url_prefix="/staff",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


def needs(right: Right, poll: bool = False) -> Callable[[View], View]:
    """Say which right a view needs. A view that says nothing is closed to all.

    `poll`: a page asks for it by itself, so it is no sign of life, and is answered 401 where it may not be had.
    """

    def mark(view: View) -> View:
        view.needs, view.is_poll = right, poll  # type: ignore[attr-defined]
        return view

    return mark


def may(right: Right) -> bool:
    """Does the account that asks have this right?"""
    return right in RIGHTS.get(sessions.me().role, frozenset())


@room.before_request
def guard() -> Response | None:
    """Nobody passes who isn't logged in, has a first password, or lacks the right that the view names."""
    if request.endpoint == "console.static":
        return None
    view = current_app.view_functions[request.endpoint or ""]
    right, poll = getattr(view, "needs", None), getattr(view, "is_poll", False)
    if right == "open":
        return None
    if not current_user.is_authenticated:
        return _log_in(poll)
    if sessions.me().must_change and right != "self":
        return abort(401) if poll else redirect(url_for("console.password"), 303)
    if right is None or not may(right):
        abort(403)
    if not poll or request.headers.get("X-Active") == "1":
        sessions.touch()
    return None


def _log_in(poll: bool) -> Response:
    if poll:
        abort(401)
    back = request.path if request.method == "GET" else None
    return redirect(url_for("console.login", next=back), 303)
