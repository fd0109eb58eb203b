"""What staff do with a callback: claim, call, record, close, add a note, look at the number.

Lives here: who may do it, and what is said afterwards. Not here: what it does to the record (workers/ledger).
"""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import sessions, words
from bot.console.callbacks import find, opened, show
from bot.console.queue import moment
from bot.console.room import may, needs, room
from bot.kit import kit
from flows.phone import written
from workers.ledger import Conflict, NotFound
from workers.records import Callback


class UnclearError(Exception):
    """The form leaves open what is meant; the message says what to choose."""


def _do(callback_id: str, change: Callable[[Callback], str]) -> ResponseReturnValue:
    """Do it, say so, and show the page again; a refusal shows why and who has it, and keeps what was typed."""
    try:
        said = change(find(callback_id))
    except NotFound:
        abort(404)
    except UnclearError as error:
        return show(find(callback_id), moment(), refusal=str(error)), 400
    except Conflict as error:
        times = moment()
        why = words.conflict(error, sessions.me().login, times.say(error.since))
        return show(find(callback_id), times, refusal=why), 409
    flash(said)
    return redirect(url_for("console.callback", callback_id=callback_id), 303)


def _mine(cb: Callback) -> str:
    """The fence that the form was rendered with. Raises Conflict unless the callback is held, with it, by who asks.

    The store compares the fence again as it writes, and a new holder means a new fence: no gap in between.
    """
    fence, me = request.form.get("fence", ""), sessions.me().login
    if not cb.is_open:
        raise Conflict(f"it is {cb.status}")
    if cb.claimed_by != me or not fence or fence != cb.fence:
        taken = [e.at for e in kit().ledger.history(cb.id) if e.what == "claimed"]
        raise Conflict("stale", cb.claimed_by or "", taken[-1] if taken else None)
    return fence


@room.post("/callbacks/<callback_id>/claim")
@needs("act")
def claim(callback_id: str) -> ResponseReturnValue:
    def change(cb: Callback) -> str:
        kit().ledger.claim(cb.id, sessions.me().login)
        return (
            f"{cb.code} is yours."
            if cb.claimed_by != sessions.me().login
            else f"{cb.code} stays yours a little longer."
        )

    return _do(callback_id, change)


@room.post("/callbacks/<callback_id>/release")
@needs("act")
def release(callback_id: str) -> ResponseReturnValue:
    """Give it back. A supervisor may also take it from whoever holds it."""

    def change(cb: Callback) -> str:
        holder, me = cb.claimed_by, sessions.me().login
        if holder in (None, me) or not may("supervise"):
            kit().ledger.release(cb.id, _mine(cb))
            return f"{cb.code} is back in the queue."
        kit().ledger.release(cb.id, request.form.get("fence", "") or "none", who=me)
        return f"{cb.code} was taken back from {words.person(holder or '')}."

    return _do(callback_id, change)


@room.post("/callbacks/<callback_id>/call")
@needs("act")
def call(callback_id: str) -> ResponseReturnValue:
    def change(cb: Callback) -> str:
        kit().ledger.call(cb.id, _mine(cb))
        return "Your phone rings in a moment. Press 1 when you hear us, and we call them."

    return _do(callback_id, change)


@room.post("/callbacks/<callback_id>/outcome")
@needs("act")
def outcome(callback_id: str) -> ResponseReturnValue:
    what = request.form.get("outcome", "")

    def change(cb: Callback) -> str:
        fence = _mine(cb)
        if what not in words.OUTCOMES:
            raise UnclearError("Choose what happened.")
        status = kit().ledger.attempt(cb.id, what, request.form.get("note", ""), sessions.me().login, fence)
        return _what_follows(cb, what, status)

    return _do(callback_id, change)


def _what_follows(cb: Callback, what: str, status: str) -> str:
    if status != "waiting":
        return f"Recorded: {words.OUTCOMES[what]}. {cb.code} stays with you until you close it."
    due = moment().say(find(cb.id).due_at)
    return f"Recorded: {words.OUTCOMES[what]}. The next try is due {due}, by whoever takes it."


@room.post("/callbacks/<callback_id>/close")
@needs("act")
def close(callback_id: str) -> ResponseReturnValue:
    reason, service = request.form.get("reason", ""), request.form.get("referred_to", "")

    def change(cb: Callback) -> str:
        fence = _mine(cb)
        if reason not in words.REASONS:
            raise UnclearError("Choose why it is closed.")
        if reason == "referred" and service not in kit().directory.records:
            raise UnclearError("Choose the service that you put them in touch with.")
        kit().ledger.close(cb.id, reason, service if reason == "referred" else "", sessions.me().login, fence)
        return f"{cb.code} is closed."

    return _do(callback_id, change)


@room.post("/callbacks/<callback_id>/note")
@needs("act")
def note(callback_id: str) -> ResponseReturnValue:
    """Anyone who may act adds a note, whoever holds it: it changes nothing else."""
    text = request.form.get("note", "").strip()

    def change(cb: Callback) -> str:
        if not text:
            raise UnclearError("Write the note first.")
        kit().ledger.note(cb.id, text, sessions.me().login)
        return "The note is kept, encrypted."

    return _do(callback_id, change)


@room.route("/callbacks/<callback_id>/number", methods=["GET", "POST"])
@needs("act")
def number(callback_id: str) -> ResponseReturnValue:
    """Show the number, once, to whoever holds the callback or supervises. Each look is kept before it is given."""
    if request.method == "GET":  # the page was loaded again: asked for again, not shown again
        return redirect(url_for("console.callback", callback_id=callback_id), 303)
    cb, times = find(callback_id), moment()
    if cb.claimed_by != sessions.me().login and not may("supervise"):
        return show(cb, times, refusal="Claim it first: only whoever has a callback sees its number."), 409
    kit().ledger.audit(cb.id, sessions.me().login, "number")
    phone = opened(cb, "phone")
    shown = {"phone": written(phone), "dial": phone, "extension": opened(cb, "extension")}
    return show(cb, times, number=shown)
