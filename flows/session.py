"""Where a conversation stands: what one turn leaves for the next.

Lives here: the shape of a session and how it becomes text. It is sealed before it is kept (bot/twilio). Not here: what
staff know of a person (that is the callback).
"""

import json
from dataclasses import dataclass, fields, replace
from typing import Any

SHAPE = 1  # raised when an old session could not be understood; such a one begins anew
PAUSE_SECONDS = 15 * 60  # after it, nothing given earlier is read back (care.md §3)


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
    told: int = 0  # what limits confidentiality has
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
    """The session as it may be used now: after 15 minutes a number that was read back is asked for again."""
    if not session.at or now - session.at < PAUSE_SECONDS:
        return session
    state = {
        "confirm_number": "ask_number",
        "may_text": "waiting",
        "may_voicemail": "waiting",
        "may_answer": "waiting",
        "their_name": "waiting",
        "good_time": "waiting",
    }.get(session.state, session.state)
    if session.state == "no_time" and session.number:
        state = "ask_number"
    return replace(session, state=state, number="", extension="", misses=0, thanked=0)
