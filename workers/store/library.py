"""The store's server-side functions: their text, their version, and how they are loaded.

Lives here: putting lua/*.lua together. Not here: who calls them (store/__init__.py).
"""

import hashlib
from functools import cache
from pathlib import Path

FILES = sorted(Path(__file__).with_name("lua").glob("*.lua"))
TEST_CLOCK = "+ tonumber(redis.call('GET', 'test:clock') or '0')"


@cache
def library(test_clock: bool = False) -> tuple[str, str]:
    """(version, source). The version is part of each function's name, so that old and new code run side by side.

    `test_clock`: tests may move the store's clock by the seconds in `test:clock`; production has no such key.
    """
    text = "\n".join(path.read_text() for path in FILES)
    text = text.replace("--[[TEST CLOCK]]", TEST_CLOCK if test_clock else "")
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    return version, f"#!lua name=hotline_{version}\n" + text.replace("_@", f"_{version}")
