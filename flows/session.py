"""Where a conversation stands: what one turn leaves for the next.

Lives here: the shape of a session and how it becomes text. It is sealed before it is kept (bot/twilio). Not here: what
staff know of a person (that is the callback).
"""

import json
from dataclasses import dataclass, fields, replace
from typing import Any

SHAPE = 1  # raised when an old session could not be understood; such a one begins anew
PAUSE_SECONDS = 15 * 60  # after it, nothing given earlier is read back (care.md §3)
LONG_PAUSE_SECONDS = 60 * 60  # after it, an answer may be to a question that nobody remembers: we ask first
UNFINISHED = frozenset({"confirm_own", "ask_number", "confirm_number", "no_time"})
AFTER_PAUSE = {
    "confirm_number": "ask_number",
    **dict.fromkeys(("may_text", "may_voicemail", "may_answer", "their_name", "good_time"), "waiting"),
    **dict.fromkeys(("service", "unsafe", "resume"), "menu"),
}
TOLD = {"limits": 1, "minor": 2, "for_other": 4, "often": 8}


@dataclass(slots=True)
class Session:
    """A conversation's state. `number` is E.164 and not yet agreed to; `at` is seconds since 1970."""

    state: str = "new"
    language: str = "en"
    misses: int = 0
    number: str = ""
    extension: str = ""
    record: str = ""
    reason: str = ""  # why the last number could not be called
    thanked: int = 0
    urgent: int = 0  # 1: spoke of danger; 2: of suicide
    told: int = 0  # what was said once already, as bits (TOLD)
    owed: int = 0  # what found no room in a text and is said in the next, likewise
    wish: str = ""  # when to call, in their own words, until a number is agreed to
    own_time: bool = False  # they named a time for the call that was promised: ours is not said again
    unsafe: bool = False  # this phone is read by somebody else
    menu: str = ""  # the menu below the first that was shown last
    chosen: bool = False  # the language was asked for, not guessed
    left: bool = False  # something was left unfinished, more than an hour ago
    silent: bool = False  # a call's last turn was silence: "if you can't talk, press 5" was just said
    keyed: str = ""  # the last keys of a call, pressed right after each other: 9 1 1 is no choice from a menu
    keyed_at: float = 0.0
    turns: int = 0
    minute: int = 0
    in_minute: int = 0
    at: float = 0.0

    def dump(self) -> str:
        """Short JSON: only what differs from a new session."""
        kept = {k: v for k, new in _NEW.items() if (v := getattr(self, k)) != new}
        return json.dumps({"v": SHAPE, **kept}, separators=(",", ":"))


_NEW: dict[str, Any] = {f.name: f.default for f in fields(Session)}


def load(text: str) -> Session:
    """A session from its text; a new one where the text is of another shape or damaged."""
    try:
        raw = json.loads(text)
        if raw.pop("v", None) != SHAPE:
            return Session()
        return Session(**{k: v for k, v in raw.items() if k in _NEW and type(v) is type(_NEW[k])})
    except (ValueError, TypeError, AttributeError):
        return Session()


def after_pause(session: Session, now: float) -> Session:
    """The session as it may be used now: after 15 minutes a number that was read back is asked for again, and nobody
    is shown which service they had asked for. After an hour what was left unfinished is offered again (`left`)."""
    pause = now - session.at
    if not session.at or pause < PAUSE_SECONDS:
        return session
    kept = replace(session, number="", extension="", record="", menu="", wish="", misses=0, thanked=0)
    if session.state in UNFINISHED and pause >= LONG_PAUSE_SECONDS:
        return replace(kept, left=True)
    if session.state == "no_time" and session.number:
        return replace(kept, state="ask_number")
    return replace(kept, state=AFTER_PAUSE.get(session.state, session.state), left=False)
