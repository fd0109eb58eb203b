"""The queue: every open callback, soonest due first, live.

Lives here: the page, the part of it that is fetched again and again, and one's own shift. Not here: one
callback's page.
"""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from bot.console import conditions, sessions, words
from bot.console.room import may, needs, room
from bot.console.rows import Row, Times, row
from bot.kit import kit

MOST_ROWS = 200


def moment() -> Times:
    """Now, by the store's clock, in the city's time zone."""
    return Times(kit().store.now(), kit().directory)


@room.context_processor
def surroundings() -> dict[str, Any]:
    """What every page of the room needs: who asks and what they may do. Lazily: an error page asks nothing."""
    return {"me": sessions.me, "may": may, "hotline": kit().directory.name}


def _fragment(times: Times) -> tuple[str, int]:
    """The live part, and how many wait for somebody."""
    me = sessions.me().login
    page = kit().ledger.page(limit=MOST_ROWS)
    rows: list[Row] = [row(cb, times, me) for cb in page.callbacks]
    waiting = sum(not r.cb.claimed_by for r in rows)
    html = render_template(
        "console/_queue.html",
        rows=rows,
        waiting=waiting,
        more=page.next_cursor,
        mine=[r for r in rows if r.is_mine],
        banners=conditions.banners(times.now),
    )
    return html, waiting


@room.get("")
@needs("read")
def queue() -> str:
    times = moment()
    fragment, waiting = _fragment(times)
    return render_template("console/queue.html", fragment=fragment, waiting=waiting, now=times.now)


@room.get("/")
@needs("read")
def queue_with_slash() -> Any:
    return redirect(url_for("console.queue"), 308)


@room.get("/queue")
@needs("read", poll=True)
def queue_part() -> Response:
    times = moment()
    return part(_fragment(times)[0], times)


def part(html: str, times: Times) -> Response:
    """A piece of a live page, with the store's clock beside it."""
    answer = make_response(html)
    answer.headers["X-Now"] = f"{times.now:.3f}"
    return answer


@room.get("/ended")
@needs("read")
def ended() -> str:
    """Callbacks that are over and not yet deleted, newest first."""
    times, me = moment(), sessions.me().login
    found = [cb for status in ("closed", "withdrawn") for cb in kit().ledger.page(status, limit=100).callbacks]
    found.sort(key=lambda cb: cb.closed_at or cb.due_at, reverse=True)
    return render_template(
        "console/ended.html",
        rows=[row(cb, times, me) for cb in found],
        times=times,
        reasons=words.REASONS,
        days=kit().settings.retention_days,
    )


@room.post("/shift")
@needs("act")
def shift() -> Any:
    """Begin or end one's own shift."""
    on = request.form.get("on") == "1"
    kit().roster.shift(sessions.me().login, on)
    flash("You are on shift: new callbacks reach your phone." if on else "Your shift is over: your phone stays quiet.")
    return redirect(url_for("console.queue"), 303)
