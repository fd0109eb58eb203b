"""One callback: its page, and everything that staff do with it.

Lives here: who may do what with a callback, and what the page says. Not here: what it does to the record (workers/ledger).
"""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import sessions, words
from bot.console.queue import moment, part
from bot.console.room import may, needs, room
from bot.console.rows import Times, row
from bot.kit import kit
from flows.phone import written
from workers.ledger import Conflict, NotFound
from workers.records import NEXT_ATTEMPT, Callback, Event
from workers.vault import Unsealable

class Unclear(Exception):
    """The form leaves open what is meant; the message says what to choose."""


UNREADABLE = "(can't be opened: tell whoever runs the hotline)"


def _get(callback_id: str) -> Callback:
    try:
        return kit().ledger.get(callback_id)
    except NotFound:
        abort(404)


def _opened(cb: Callback, name: str) -> str:
    try:
        return cb.reveal(kit().vault, name)
    except Unsealable:
        return UNREADABLE


# The page


@room.get("/callbacks/<callback_id>")
@needs("read")
def callback(callback_id: str) -> str:
    return _page(_get(callback_id), moment())


@room.get("/callbacks/<callback_id>/status")
@needs("read", poll=True)
def callback_part(callback_id: str) -> Any:
    times = moment()
    return part(_status(_get(callback_id), times), times)


def _status(cb: Callback, times: Times) -> str:
    events = kit().ledger.history(cb.id)
    return render_template("console/_status.html", r=row(cb, times, sessions.me().login), since=_since(cb, events, times),
                           closed_at=times.say(cb.closed_at), reason=words.REASONS.get(cb.reason, cb.reason))


def _since(cb: Callback, events: list[Event], times: Times) -> str:
    taken = [event.at for event in events if event.what == "claimed"]
    return times.say(taken[-1]) if cb.claimed_by and taken else ""


def _page(cb: Callback, times: Times, number: dict[str, str] | None = None, refusal: str = "") -> str:
    """`number`: what to show where it was asked for. `refusal`: why the last thing was not done; what was typed is kept."""
    private = may("act")
    events = kit().ledger.history(cb.id)
    lines = [(times.say(e.at), words.happened(e), words.person(e.who), e.note if private or not e.note else "(hidden)")
             for e in reversed(events)]
    return render_template(
        "console/callback.html", r=row(cb, times, sessions.me().login), status=_status(cb, times), now=times.now, lines=lines,
        private=private, name=_opened(cb, "name") if private else "", good_time=_opened(cb, "good_time") if private else "",
        number=number, refusal=refusal, outcomes=_outcomes(times), reasons=words.REASONS, records=kit().directory.records,
        referred_to=_referred(cb), interpreter=written(kit().directory.interpreter_line or ""), typed=request.form,
        speaks=cb.language in sessions.me().languages, shows=written(kit().settings.voice_number), asked=times.say(cb.requested_at))


def _outcomes(times: Times) -> list[tuple[str, str, str]]:
    """(code, words, what follows) of each outcome."""
    seconds = {code: NEXT_ATTEMPT[code] for code in words.OUTCOMES}
    return [(code, text, words.next_try(code, seconds[code], times.in_seconds(float(seconds[code])) if seconds[code].isdigit() else ""))
            for code, text in words.OUTCOMES.items()]


def _referred(cb: Callback) -> str:
    raw = kit().store.client.hget("cb:" + cb.id, "referred_to") if cb.reason == "referred" else None
    record = kit().directory.records.get(raw.decode()) if raw else None
    return record.name if record else ""


# What staff do


def _do(callback_id: str, change: Callable[[Callback], str]) -> ResponseReturnValue:
    """Do it, say so, and show the page again; a refusal shows why and who has it, and keeps what was typed."""
    try:
        said = change(_get(callback_id))
    except NotFound:
        abort(404)
    except Unclear as error:
        return _page(_get(callback_id), moment(), refusal=str(error)), 400
    except Conflict as error:
        times = moment()
        why = words.conflict(error, sessions.me().login, times.say(error.since))
        return _page(_get(callback_id), times, refusal=why), 409
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
        return f"{cb.code} is yours."

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
        kit().ledger.release(cb.id, request.form.get("fence", "") or "none")
        kit().ledger.note(cb.id, f"Taken back from {words.person(holder or '')}.", me)
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
            raise Unclear("Choose what happened.")
        status = kit().ledger.attempt(cb.id, what, request.form.get("note", ""), sessions.me().login, fence)
        return _what_follows(cb, what, status)

    return _do(callback_id, change)


def _what_follows(cb: Callback, what: str, status: str) -> str:
    if status != "waiting":
        return f"Recorded: {words.OUTCOMES[what]}. {cb.code} stays with you until you close it."
    return f"Recorded: {words.OUTCOMES[what]}. The next try is due {moment().say(_get(cb.id).due_at)}, by whoever takes it."


@room.post("/callbacks/<callback_id>/close")
@needs("act")
def close(callback_id: str) -> ResponseReturnValue:
    reason, service = request.form.get("reason", ""), request.form.get("referred_to", "")

    def change(cb: Callback) -> str:
        fence = _mine(cb)
        if reason not in words.REASONS:
            raise Unclear("Choose why it is closed.")
        if reason == "referred" and service not in kit().directory.records:
            raise Unclear("Choose the service that you put them in touch with.")
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
            raise Unclear("Write the note first.")
        kit().ledger.note(cb.id, text, sessions.me().login)
        return "The note is kept, encrypted."

    return _do(callback_id, change)


@room.route("/callbacks/<callback_id>/number", methods=["GET", "POST"])
@needs("act")
def number(callback_id: str) -> ResponseReturnValue:
    """Show the number, once, to whoever holds the callback or supervises. Each look is kept before it is given."""
    if request.method == "GET":  # the page was loaded again: asked for again, not shown again
        return redirect(url_for("console.callback", callback_id=callback_id), 303)
    cb, times = _get(callback_id), moment()
    if cb.claimed_by != sessions.me().login and not may("supervise"):
        return _page(cb, times, refusal="Claim it first: only whoever has a callback sees its number."), 409
    kit().ledger.audit(cb.id, sessions.me().login, "number")
    phone = _opened(cb, "phone")
    shown = {"phone": written(phone), "dial": phone, "extension": _opened(cb, "extension")}
    return _page(cb, times, number=shown)
