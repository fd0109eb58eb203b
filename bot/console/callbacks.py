"""One callback's page: what staff must know before they call, and what may be done.

Lives here: what the page says and who sees what. Not here: what the buttons do (changes.py).
"""

import re
from typing import Any

from flask import abort, render_template, request

from bot.console import sessions, words
from bot.console.queue import moment, part
from bot.console.room import may, needs, room
from bot.console.rows import Times, row
from bot.kit import kit
from flows.phone import written
from workers.ledger import NotFound
from workers.records import NEXT_ATTEMPT, Callback
from workers.vault import Unsealable

ID = re.compile(r"[0-9a-f]{16,64}")  # as the edge makes them; nothing else may become a key
UNREADABLE = "(can't be opened: tell whoever runs the hotline)"


def find(callback_id: str) -> Callback:
    if not ID.fullmatch(callback_id):
        abort(404)
    try:
        return kit().ledger.get(callback_id)
    except NotFound:
        abort(404)


def opened(cb: Callback, name: str) -> str:
    try:
        return cb.reveal(kit().vault, name)
    except Unsealable:
        return UNREADABLE


@room.get("/callbacks/<callback_id>")
@needs("read")
def callback(callback_id: str) -> str:
    return show(find(callback_id), moment())


@room.get("/callbacks/<callback_id>/status")
@needs("read", poll=True)
def callback_part(callback_id: str) -> Any:
    times = moment()
    return part(_status(find(callback_id), times), times)


def _status(cb: Callback, times: Times) -> str:
    return render_template(
        "console/_status.html",
        r=row(cb, times, sessions.me().login),
        since=times.say(cb.claimed_at) if cb.claimed_by else "",
        closed_at=times.say(cb.closed_at),
        reason=words.REASONS.get(cb.reason, cb.reason),
    )


def show(cb: Callback, times: Times, number: dict[str, str] | None = None, refusal: str = "") -> str:
    """`number`: shown where it was asked for. `refusal`: why the last thing was not done; what was typed stays."""
    private = may("act")
    events = kit().ledger.history(cb.id)
    lines = [
        (times.say(e.at), words.happened(e), words.person(e.who), e.note if private or not e.note else "(hidden)")
        for e in reversed(events)
    ]
    return render_template(
        "console/callback.html",
        r=row(cb, times, sessions.me().login),
        status=_status(cb, times),
        now=times.now,
        lines=lines,
        private=private,
        name=opened(cb, "name") if private else "",
        good_time=opened(cb, "good_time") if private else "",
        number=number,
        refusal=refusal,
        outcomes=_outcomes(times),
        reasons=words.REASONS,
        records=kit().directory.records,
        referred_to=_referred(cb),
        interpreter=written(kit().directory.interpreter_line or ""),
        typed=request.form,
        speaks=cb.language in sessions.me().languages,
        shows=written(kit().settings.voice_number),
        lease_minutes=f"{kit().settings.lease_minutes:g}",
        asked=times.say(cb.requested_at),
    )


def _outcomes(times: Times) -> list[tuple[str, str, str]]:
    """(code, words, what follows) of each outcome."""
    listed = []
    for code, text in words.OUTCOMES.items():
        seconds = NEXT_ATTEMPT[code]
        at = times.in_seconds(float(seconds)) if seconds.isdigit() else ""
        listed.append((code, text, words.next_try(seconds, at)))
    return listed


def _referred(cb: Callback) -> str:
    if cb.reason != "referred":
        return ""
    record = kit().directory.records.get(cb.referred_to)
    return record.name if record else ""
