"""The door: logging in and out, and one's own password.

Lives here: those pages. Not here: how a password is kept (workers/roster) and what a login is (sessions.py).
"""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.console import sessions
from bot.console.room import needs, room
from bot.console.security import account, limiter
from bot.kit import kit
from workers.roster import RosterError
from workers.vault import Vault

WRONG = "That login and password don't fit together."
OWN_PAGE = re.compile(r"/staff(/[A-Za-z0-9_-]+)*")
SIMPLE = 5  # fewer different characters than this is no password


def back(wanted: str) -> str:
    """Where a login leads: one of our own pages, or the queue. Anything that is not plainly ours is dropped."""
    return request.script_root + (wanted if OWN_PAGE.fullmatch(wanted) else "/staff")


@room.route("/login", methods=["GET", "POST"])
@needs("open")
@limiter.limit("5/minute;20/hour", methods=["POST"])
@limiter.limit("60/hour", key_func=account, methods=["POST"])
def login() -> Any:
    """The same words, and the same time, for an unknown login and a wrong password."""
    wanted = request.values.get("next", "")
    if request.method == "GET":
        return render_template("console/login.html", wanted=wanted)
    staff = kit().roster.check_password(request.form.get("login", ""), request.form.get("password", ""))
    if staff is None:
        return render_template(
            "console/login.html", wanted=wanted, wrong=WRONG, login=request.form.get("login", "")
        ), 401
    sessions.begin(staff)
    return redirect(url_for("console.password") if staff.must_change else back(wanted), 303)


@room.post("/logout")
@needs("self")
def logout() -> Response:
    sessions.end()
    answer = redirect(url_for("console.login"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


def own_account() -> str:
    """Guessing the present password at an open browser counts as guessing it at the door."""
    vault: Vault = kit().vault
    return vault.lookup("guess", sessions.me().login)


@room.route("/password", methods=["GET", "POST"])
@needs("self")
@limiter.limit("5/minute;20/hour", key_func=own_account, methods=["POST"])
def password() -> Any:
    """Change one's password. Every other login of the account dies; this one goes on."""
    if request.method == "GET":
        return render_template("console/password.html")
    new = request.form.get("new", "")
    wrong = _change(request.form.get("present", ""), new)
    if wrong:
        return render_template("console/password.html", wrong=wrong), 400
    flash("Your new password is set. Other browsers are logged out.")
    return redirect(url_for("console.queue"), 303)


def _change(present: str, new: str) -> str:
    """Change it, or say why not."""
    staff = sessions.me()
    if kit().roster.check_password(staff.login, present) is None:
        return "Your present password is not right."
    if new == present:
        return "The new password must be another one."
    if len(set(new)) < SIMPLE or staff.login in new.lower().split():
        return "That password is too easy to guess. A few words that don't belong together are good."
    try:
        kit().roster.set_password(staff.login, new)
    except RosterError as error:
        return str(error)
    changed = kit().roster.get(staff.login)
    if changed:
        sessions.begin(changed)
    return ""
