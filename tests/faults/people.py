"""What people do and hear when something is broken. Not here: what breaks (conftest.py, proxy.py)."""

import re
import time
from collections.abc import Callable
from typing import TypeVar

from tests.world import ANA, World

T = TypeVar("T")
TIME = re.compile(r"\b\d{1,2}:\d\d [AP]M\b")
SAFE = ("911", "988", "(617) 431-0125")
LONGEST_SECONDS = 3.0


def in_time(act: Callable[[], T]) -> T:
    """Do it, in less time than a person would wait for."""
    began = time.monotonic()
    result = act()
    took = time.monotonic() - began
    assert took < LONGEST_SECONDS, f"it took {took:.1f} s"
    return result


def is_safe_text(said: list[str]) -> bool:
    return len(said) == 1 and all(number in said[0] for number in SAFE) and not TIME.search(said[0])


def is_safe_call(heard: str) -> bool:
    return "9 1 1" in heard and "9 8 8" in heard and "press 1" in heard and not TIME.search(heard)


def promised(world: World, number: str = ANA) -> str:
    phone = world.resident(number)
    phone.text("call me")
    said = " ".join(phone.text("1"))
    assert TIME.search(said)
    return said


def asked_for_the_late_text(world: World) -> None:
    """Promised, and agreed to a plain text should plans change."""
    promised(world)
    world.resident().text("1")
    assert world.callback().may_text == "yes"
