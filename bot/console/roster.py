"""The roster: who is there, who is on shift, whose phone can't be texted.

Lives here: the page for supervisors. Not here: adding an account, which is a command, so that no
open browser can do it.
"""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from bot.console import sessions, words
from bot.console.room import RIGHTS, needs, room
from bot.kit import kit
from workers.ledger import Conflict, NotFound
from workers.records import Staff


@room.get("/roster")
@needs("roster")
def roster() -> str:
    return render_template("console/roster.html", people=kit().roster.all(), words=words)


def _change(login: str, change: Callable[[Staff], str]) -> Any:
    staff = kit().roster.get(login)
    if staff is None:
        abort(404)
    flash(change(staff))
    return redirect(url_for("console.roster"), 303)


@room.post("/roster/<login>/shift/<any(on, off):onoff>")
@needs("supervise")
def shift_of(login: str, onoff: str) -> Any:
    """Begin or end somebody's shift. An auditor on shift would stand for promises that they can't keep."""
    on = onoff == "on"

    def change(staff: Staff) -> str:
        if on and (staff.disabled or "act" not in RIGHTS[staff.role]):
            return f"{words.person(staff.login)} can't take callbacks, so can't be on shift."
        kit().roster.shift(staff.login, on)
        return f"{words.person(staff.login)} is {'on' if on else 'off'} shift."

    return _change(login, change)


@room.post("/roster/<login>/texts")
@needs("supervise")
def texts_of(login: str) -> Any:
    def change(staff: Staff) -> str:
        kit().roster.texts_work_again(staff.login)
        return f"{words.person(staff.login)}'s phone is texted again."

    return _change(login, change)


@room.post("/roster/<login>/account/<any(open, shut):state>")
@needs("supervise")
def account_of(login: str, state: str) -> Any:
    """Shut an account or open it again. Supervisors shut responders and auditors; admins shut anyone but themselves."""

    def change(staff: Staff) -> str:
        if staff.login == sessions.me().login or (staff.is_supervisor and sessions.me().role != "admin"):
            abort(403)
        kit().roster.disable(staff.login, state != "open")
        if state == "open":
            return f"{words.person(staff.login)} can log in again."
        back = _give_back(staff.login)
        went = f"{words.times(back, 'callback')} went back to the queue."
        return f"{words.person(staff.login)} is logged out and can't log in. {went}"

    return _change(login, change)


def _give_back(login: str) -> int:
    """Return everything that an account holds; how many."""
    count, cursor = 0, ""
    held = []
    while True:
        page = kit().ledger.page(limit=200, cursor=cursor)
        held += [cb for cb in page.callbacks if cb.claimed_by == login]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    for cb in held:
        try:
            kit().ledger.release(cb.id, cb.fence)
            count += 1
        except (Conflict, NotFound):
            continue  # it moved on by itself
    return count
