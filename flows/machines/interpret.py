"""What a person said -> one event of the conversation.

Lives here: digits by state, words by what they mean, numbers. Not here: what free text means (understand/), nor what an
event leads to (conversation.py).
"""

import re

from flows.directory import MenuItem
from flows.machines.talk import Talk
from flows.phone import read_number
from flows.understand import Understanding, understand

YES_NO = {"1": "agree", "2": "refuse"}
DIGITS: dict[str, dict[str, str]] = {
    "confirm_own": YES_NO,
    "confirm_number": YES_NO,
    "no_time": YES_NO,
    "may_text": YES_NO,
    "may_voicemail": YES_NO,
    "may_answer": YES_NO,
    "their_name": YES_NO,
    "good_time": YES_NO,
    "withdraw": YES_NO,
    "danger": {"1": "call_me", "2": "go_menu"},
    "after_dial": {"1": "call_me", "2": "connect"},
    "quiet": {"1": "call_me", "2": "go_menu"},
    "waiting": {"1": "status", "2": "change_number", "3": "take_back"},
    "new": {"1": "call_me"},
    "connecting": {"1": "connect"},
    "ask_number": {},
}
COMMANDS = {"status": "status", "skip": "refuse"}
ALARMS = {"emergency_911": "emergency", "crisis_988": "crisis"}
ACTS = {
    "status": "status",
    "withdraw": "take_back",
    "change_number": "change_number",
    "clear": "clear",
    "back": "back",
    "repeat": "repeat",
    "person": "connect",
    "connect": "connect",
    "yes": "agree",
    "no": "refuse",
    "thanks": "thanks",
}
ASKS_NUMBER = ("ask_number", "confirm_own", "confirm_number")
SETTLES = ("confirm_own", "confirm_number", "no_time")
FREE = ("their_name", "good_time")
SPOKEN = {word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine".split())}  # noqa: SIM905
SPOKEN |= {"to": "2", "too": "2", "for": "4"}  # as speech recognition writes them
FEW_DIGITS = 7  # as many as a number has without its area code


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
        words = SPOKEN.get(words.strip(" .!").lower(), words)
    if words.isascii() and words.isdigit() and len(words) == 1:
        return _choice(talk, state, words)
    return _written(talk, words)


def _keyed(talk: Talk, digits: str) -> str:
    if talk.state == "ask_number" and digits != "*":
        return _number(talk, digits)
    first = digits[:1]
    if first == "*":
        return "repeat"
    if first == "0":
        return "connect"
    return _choice(talk, talk.state, first) if len(digits) == 1 else _several_keys(talk, digits)


def _several_keys(talk: Talk, digits: str) -> str:
    return _number(talk, digits) if len(digits) >= FEW_DIGITS else "nothing"


def _choice(talk: Talk, state: str, digit: str) -> str:
    menus = talk.world.directory.menus
    if state in ("menu", "new"):
        return _item(talk, menus.sms if talk.channel == "sms" else menus.voice, digit)
    if state == "more":
        return "go_menu" if digit == "9" else _item(talk, menus.more, digit)
    if state == "service":
        return _service(talk, digit)
    if state == "danger" and talk.channel == "voice":
        return {"1": "connect", "2": "call_me"}.get(digit, "nothing")
    if digit == "9" and talk.channel == "voice":
        return "go_menu"
    return DIGITS[state].get(digit, "nothing")


def _item(talk: Talk, items: tuple[MenuItem, ...], digit: str) -> str:
    if not digit.isdigit() or not 1 <= int(digit) <= len(items):
        return "nothing"
    item = items[int(digit) - 1]
    if item.record:
        talk.record = talk.world.directory.records[item.record]
        return "choose"
    return {"callback": "call_me", "connect": "connect", "more": "go_more", "quiet": "go_quiet"}[str(item.do)]


def _service(talk: Talk, digit: str) -> str:
    """After a service was told of. By text, 1: a person calls. By voice, 1: the one that is not police, 2: police."""
    if talk.channel == "sms":
        return "call_me" if digit == "1" else _item(talk, talk.world.directory.menus.sms, digit)
    records = talk.world.directory.records
    record = records.get(talk.session.record) or talk.world.directory.live_line
    if digit == "1" or (digit == "2" and record.beside):
        talk.record = records[record.beside] if digit == "1" and record.beside else record
        return "dial_record"
    return {"3": "call_me", "9": "go_menu"}.get(digit, "nothing")


def _number(talk: Talk, words: str) -> str:
    talk.reading = read_number(words, own=talk.world.ours, region=talk.world.directory.region)
    if talk.reading.reason == "same":
        return "agree" if talk.state == "confirm_own" else "call_me"
    return "number" if talk.reading.e164 else "bad_number"


def _written(talk: Talk, words: str) -> str:
    bare = re.sub(r"\D", "", words)
    if bare in (talk.world.directory.emergency.number, talk.world.directory.crisis.number) and len(words) < 8:
        talk.alarm = "emergency" if bare == talk.world.directory.emergency.number else "crisis"
        return "alarm"
    if command := COMMANDS.get(words.casefold().strip(" .!?")):
        return command if command != "refuse" or DIGITS.get(talk.state) is YES_NO else "nothing"
    heard = understand(words)
    if heard.kind in ("reaction", "auto_reply") and talk.channel == "sms":
        return "thanks" if heard.kind == "reaction" and talk.world.request and not talk.session.thanked else "aside"
    _note_language(talk, heard)
    if heard.danger:
        talk.alarm = next((ALARMS[label] for label in heard.labels if label in ALARMS), "emergency")
        return "alarm"
    if talk.state in ASKS_NUMBER or len(bare) >= FEW_DIGITS:
        event = _number(talk, words)
        # Words without a number in them mean what they say; so do those whose digits are no number.
        silent = {"none", "invalid"} if any(label != "none" for label in heard.labels) else {"none"}
        if event != "bad_number" or talk.reading.reason not in silent:
            return event
    return _meant(talk, words, heard.labels, heard.acts, heard.kind)


def _note_language(talk: Talk, heard: Understanding) -> None:
    """Somebody who writes in another language: staff will know before they call."""
    asked = next((label.partition(":")[2] for label in heard.labels if label.startswith("language:")), "")
    understood = heard.danger or heard.acts or any(label != "none" for label in heard.labels)
    language = asked or (heard.language if understood and heard.language != "en" else talk.session.language)
    if language != talk.session.language:
        talk.session.language = talk.speaks = language


def _meant(talk: Talk, words: str, labels: tuple[str, ...], acts: tuple[str, ...], kind: str) -> str:
    if "thanks" in acts and talk.state not in SETTLES:
        return "thanks"  # an OK after the promise is no consent: only a clear yes is
    for act in acts:
        if act in ("yes", "no"):
            if DIGITS.get(talk.state) is YES_NO or talk.state == "danger":
                return ACTS[act]
        elif act in ACTS and not (act == "thanks" and talk.state in SETTLES):
            return ACTS[act]
    label = next((one for one in labels if one != "none"), "")
    if label == "callback":
        return "call_me"
    if label in ("menu", "help"):
        return "go_menu" if label == "menu" else "help_"
    if label.startswith("language:"):
        return "repeat"
    if label in talk.world.directory.records:
        talk.record = talk.world.directory.records[label]
        return "choose"
    if kind == "thanks":
        return "thanks"
    if words and talk.state in FREE:
        talk.free_words = " ".join(words.split())
        return "given"
    if talk.state == "new" and talk.inbound.channel == "sms":
        return "go_menu"
    return "nothing"
