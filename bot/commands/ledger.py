"""`ledger`: the invariant of the promise, and the life of one.

Lives here: printing them. Not here: the check (store/lua/5_outbox, workers/ledger).
"""

import json
import re
from datetime import datetime
from typing import Any

import click

from bot.commands.plainly import Group
from bot.kit import kit
from workers.ledger import NotFound
from workers.records import Callback, when

ID = re.compile(r"(?!open$|closed$|timer$)[A-Za-z0-9_-]{1,64}")
group = Group("ledger", help="Callbacks, and whether every promise is accounted for.")


@group.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Print {"ok", "violations"} as JSON; exit 1 where the invariant does not hold."""
    found = kit().ledger.check()
    click.echo(json.dumps({"ok": not found, "violations": [{"what": what, "id": one} for what, one in found]}))
    ctx.exit(1 if found else 0)


@group.command()
@click.argument("callback_id", metavar="ID")
def story(callback_id: str) -> None:
    """What happened to one callback, step by step. No number, name or note."""
    if not ID.fullmatch(callback_id):
        raise NotFound
    cb = kit().ledger.get(callback_id)
    click.echo(f"{cb.id} ({cb.code}): {cb.status}, {cb.channel}, {cb.language}, for {cb.team}")
    click.echo(
        f"asked {_clock(cb.requested_at)}, due {_clock(cb.due_at)}, "
        f"{'promised' if cb.promised else 'not promised'}{', late' if cb.late else ''}"
    )
    lines = [(event.at, f"{event.what} {event.who} {event.detail}") for event in kit().ledger.history(cb.id)]
    for at, words in sorted([*lines, *_sent(cb)], key=lambda line: line[0]):
        click.echo(f"{_clock(at)}  {_after(cb, at):>9}  {' '.join(words.split())}")


def _sent(cb: Callback) -> list[tuple[datetime, str]]:
    """What was put in the outbox for it, and what became of that."""
    client: Any = kit().store.client
    found = []
    for key in client.scan_iter(match=f"out:{cb.id}.*", count=1000):
        row = {k.decode(): v.decode("utf-8", "replace") for k, v in client.hgetall(key).items()}
        at = when(row.get("created_at"))
        words = [row.get(name, "") for name in ("kind", "login", "state", "code", "receipt")]
        if at:
            found.append((at, "outbox {} {}: {} {} {}".format(*words)))
    return found


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z"


def _after(cb: Callback, at: datetime) -> str:
    """Minutes and seconds after the request."""
    minutes, seconds = divmod(round((at - cb.requested_at).total_seconds()), 60)
    return f"+{minutes}:{seconds:02d}"
