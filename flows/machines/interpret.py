"""What came in on a channel -> one event of the conversation.

Lives here: which reader it is for. Not here: digits (keys.py), words (written.py), nor what an event leads to
(conversation.py).
"""

from flows.machines.keys import choice
from flows.machines.talk import Talk
from flows.machines.written import FEW_DIGITS, number, written
from flows.understand.digits import spoken_digit

SECONDS_BETWEEN_KEYS = 4.0  # of somebody who dials, and doesn't listen to what each key leads to


def interpret(talk: Talk) -> str:
    """The event for what came in; puts what it carries (a number, a record, words) on `talk`."""
    inbound, state = talk.inbound, talk.state
    if inbound.dial:
        return "dial_over"
    if inbound.begins:
        return "go_menu"
    if inbound.digits:
        return _keyed(talk, inbound.digits)
    if inbound.silent:
        return "silence"
    words = inbound.words.strip()
    if inbound.channel == "voice":
        words = spoken_digit(words, talk.session.language) or words
    if words.isascii() and words.isdigit() and len(words) == 1:
        return choice(talk, state, words)
    return written(talk, words)


def _dials_for_help(talk: Talk, digit: str) -> bool:
    """Do the keys of a call spell 911 or 988, one after the other? After two keys of 911 the number is said: what they
    would choose may ring somebody else."""
    session, directory, now = talk.session, talk.world.directory, talk.world.now.timestamp()
    before = session.keyed if now - session.keyed_at <= SECONDS_BETWEEN_KEYS else ""
    session.keyed, session.keyed_at = (before + digit)[-3:], now
    alarms = {directory.emergency.number: "emergency", directory.crisis.number: "crisis"}
    talk.alarm = alarms.get(session.keyed, "")
    if session.keyed.endswith(directory.emergency.number[:2]):
        talk.say("greeting")
    return bool(talk.alarm)


def _keyed(talk: Talk, digits: str) -> str:
    if len(digits) == 1 and _dials_for_help(talk, digits):
        return "alarm"
    if digits == "5" and talk.session.silent and talk.state != "quiet":
        return "go_quiet"  # what was just said to somebody who said nothing: "if you can't talk, press 5"
    if digits in ("0", "*"):
        return "connect" if digits == "0" else "repeat"
    if talk.state == "ask_number":
        return "go_menu" if digits == "9" else number(talk, digits)
    return choice(talk, talk.state, digits) if len(digits) == 1 else _several_keys(talk, digits)


def _several_keys(talk: Talk, digits: str) -> str:
    return number(talk, digits) if len(digits) >= FEW_DIGITS else "nothing"
