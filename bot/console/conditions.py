"""What staff must know about the hotline itself while they look at the queue.

Lives here: the banners. Not here: /readyz, which tells machines (bot/health).
"""

from dataclasses import dataclass

from bot.console import words
from bot.console.room import may
from bot.kit import kit

SILENT_SECONDS = 30  # a worker or sweeper that hasn't been heard of for so long is missing


@dataclass(frozen=True)
class Banner:
    """`kind`: alarm (a promise is in danger) or notice."""

    kind: str
    text: str


def banners(now: float) -> list[Banner]:
    """What keeps promises from being made or kept, worst first. `now`: seconds since 1970 by the store's clock."""
    found = [*_shift(), *_beats(now), *_durability()]
    return found + _phones() if may("roster") else found


def _shift() -> list[Banner]:
    if kit().store.client.scard("staff:on"):
        return []
    return [Banner("alarm", "Nobody is on shift: no callback is promised to anyone. Supervisors are paged instead.")]


def _beats(now: float) -> list[Banner]:
    worker, sweeper = kit().store.client.hmget("beat", "worker", "sweeper")
    missing = [
        name for name, beat in (("worker", worker), ("sweeper", sweeper)) if now - float(beat or 0) > SILENT_SECONDS
    ]
    if not missing:
        return []
    return [
        Banner(
            "alarm",
            f"No {' and no '.join(missing)} has reported for {SILENT_SECONDS} seconds: reminders don't go out and "
            "Call doesn't ring. Watch this page and dial by hand. Tell whoever runs the hotline.",
        )
    ]


def _durability() -> list[Banner]:
    durability = kit().store.durability
    if durability.is_stale():
        durability.refresh()
    if durability.trouble:
        return [Banner("alarm", f"No callback is promised to anyone now: {durability.trouble}.")]
    if durability.mode == "memory":
        return [
            Banner(
                "notice", "Promises are kept in memory only: a restart of the store loses them. Not for real callers."
            )
        ]
    return []


def _phones() -> list[Banner]:
    people = [one for one in kit().roster.all() if not one.disabled]
    deaf = [
        Banner("notice", f"{words.person(one.login)}'s phone {words.no_texts(one.no_texts)}. It is rung instead.")
        for one in people
        if one.no_texts
    ]
    mute = [
        Banner("alarm", f"{words.person(one.login)}'s phone number can't be read: it can't be texted or rung.")
        for one in people
        if not one.phone
    ]
    return mute + deaf
