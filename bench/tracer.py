"""Exclusive times of functions: what each spent itself, without what the timed functions inside it spent.

Lives here: wrapping and adding up, in wall time and in this thread's CPU. Not here: which functions (profile.py).
"""

import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from inspect import getattr_static
from typing import Any


class Tracer:
    """`wrap` functions under a name, `call` something, then read `spent`: name -> [wall ns, CPU ns]."""

    def __init__(self) -> None:
        self.spent: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._inside: list[list[int]] = []
        self._undo: list[Callable[[], None]] = []

    def call(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        inner = [0, 0]
        self._inside.append(inner)
        cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
        try:
            return function(*args, **kwargs)
        finally:
            wall, cpu = time.perf_counter_ns() - wall, time.thread_time_ns() - cpu
            self._inside.pop()
            mine = self.spent[name]
            mine[0] += wall - inner[0]
            mine[1] += cpu - inner[1]
            if self._inside:
                self._inside[-1][0] += wall
                self._inside[-1][1] += cpu

    def wrap(self, owner: Any, attribute: str, name: str) -> None:
        """Time every call of a module's or class's function from now on. One that is no longer there is named."""
        if not hasattr(owner, attribute):
            print(f"  not timed: {owner.__name__} has no {attribute} any more", flush=True)
            return
        kept, inherited = getattr_static(owner, attribute), attribute not in vars(owner)
        function = kept.__func__ if isinstance(kept, (staticmethod, classmethod)) else kept

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            return self.call(name, function, *args, **kwargs)

        setattr(owner, attribute, type(kept)(timed) if isinstance(kept, (staticmethod, classmethod)) else timed)
        self._undo.append(lambda: delattr(owner, attribute) if inherited else setattr(owner, attribute, kept))

    def unwrap(self) -> None:
        while self._undo:
            self._undo.pop()()

    def take(self) -> dict[str, tuple[int, int]]:
        """What was spent since the last time."""
        taken = {name: (wall, cpu) for name, (wall, cpu) in self.spent.items()}
        self.spent.clear()
        return taken
