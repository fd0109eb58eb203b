"""Which transitions of the conversation the stories have taken, by text and by call, and which never: `make transitions`.

A plugin of pytest (`-p tests.transitions`). Lives here: watching the chart, and the table. Not here: the stories, nor why
nobody can take a transition (flows/test_transitions.py).
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from statemachine.transition import Transition

from flows.machines.conversation import Conversation

CHANNELS = {"sms": "texts", "voice": "calls"}
MOST_NAMED = 4  # the same transition from more states is one way, "from several" or, from (nearly) all, "anywhere"


class Way(NamedTuple):
    """A line of the chart. `does`: the action written there."""

    source: str
    event: str
    to: str
    does: str

    def __str__(self) -> str:
        return f"{self.source}: {self.event} -> {self.to}" + (f" ({self.does})" if self.does else "")


taken: Counter[tuple[Way, str]] = Counter()


@cache
def _drawn() -> dict[tuple[str, str, str], list[str]]:
    """(event, to, does) -> the states that it starts from."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for state in Conversation.states:
        for transition in state.transitions:
            found.setdefault(_bare(transition), []).append(state.id)
    return found


def _bare(transition: Transition) -> tuple[str, str, str]:
    names = [str(spec.func) for spec in transition.on]
    does = next((name for name in names if not name.startswith("on_")), "")  # those the library looks for by name
    return str(transition.event), "stays" if transition.internal else str(transition.target.id), does


def way(transition: Transition) -> Way:
    line = _bare(transition)
    sources = _drawn()[line]
    if len(sources) <= MOST_NAMED:
        return Way(str(transition.source.id), *line)
    return Way("anywhere" if len(sources) >= len(list(Conversation.states)) - 1 else "several", *line)


@cache
def ways() -> tuple[Way, ...]:
    """Every line of the chart, by event."""
    found = {way(transition) for state in Conversation.states for transition in state.transitions}
    return tuple(sorted(found, key=lambda line: (line.event, line.source == "anywhere", line)))


def after_transition(self: Conversation, transition: Transition) -> None:
    """What the chart calls after each transition, where this is made a method of it."""
    taken[way(transition), self.model.inbound.channel] += 1


def never(channel: str, counted: Counter[tuple[Way, str]]) -> list[Way]:
    return [line for line in ways() if not counted[line, channel]]


def table() -> Iterator[str]:
    """One line a way, with how often it was taken on each channel; then those that were not."""
    yield f"{'event':<15}{'from':<16}{'to':<16}{'does':<21}" + "".join(f"{name:>7}" for name in CHANNELS.values())
    for line in ways():
        times = "".join(f"{taken[line, channel] or '-':>7}" for channel in CHANNELS)
        yield f"{line.event:<15}{line.source:<16}{line.to:<16}{line.does:<21}{times}"
    for channel, name in CHANNELS.items():
        missing = never(channel, taken)
        yield f"\nNever by {name}: {len(missing)} of {len(ways())}"
        yield from (f"  {line}" for line in missing)


def pytest_configure(config: pytest.Config) -> None:
    Conversation.after_transition = after_transition  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("transitions")
    for line in table():
        terminalreporter.write_line(line)
