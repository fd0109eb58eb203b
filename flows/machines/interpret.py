"""What a person said -> one event of the conversation.

Lives here: digits by state, words by what they mean, numbers. Not here: what free text means (understand/), nor what an
event leads to (conversation.py).
"""

import re

from flows.directory import MenuItem
from flows.machines.phrases import command, is_maybe, is_question, name_in, question
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
    "after_dial": {"1": "call_me", "2": "dial_record"},
    "quiet": {"1": "call_me", "2": "go_menu"},
    "waiting": {"1": "status", "2": "change_number", "3": "take_back"},
    "connecting": {"1": "connect"},
    "ask_number": {},
}
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
FREE_WORDS = 4  # in a name or a time; what is longer may mean something else
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
    if digits == "5" and talk.session.misses and talk.state != "quiet":
        return "go_quiet"  # what was just said to somebody who said nothing: "if you can't talk, press 5"
    if digits in ("0", "*"):
        return "connect" if digits == "0" else "repeat"
    if talk.state == "ask_number":
        return "go_menu" if digits == "9" else _number(talk, digits)
    return _choice(talk, talk.state, digits) if len(digits) == 1 else _several_keys(talk, digits)


def _several_keys(talk: Talk, digits: str) -> str:
    return _number(talk, digits) if len(digits) >= FEW_DIGITS else "nothing"


def _choice(talk: Talk, state: str, digit: str) -> str:
    menus = talk.world.directory.menus
    voice = talk.channel == "voice"
    if state in ("menu", "new"):
        return _item(talk, menus.voice if voice else menus.sms, digit)
    if digit == "9" and voice:
        return "go_menu"
    if state == "more":
        return _item(talk, menus.more, digit)
    if state == "service":
        return _service(talk, digit)
    if state == "danger" and voice:
        return {"1": "connect", "2": "call_me"}.get(digit, "nothing")
    if state == "waiting" and voice and digit == "1":
        return "connect"
    if state == "after_dial" and digit == "2":
        talk.record = talk.world.directory.records.get(talk.session.record)
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
    return "call_me" if digit == "3" else "nothing"


def _number(talk: Talk, words: str) -> str:
    talk.reading = read_number(words, own=talk.world.ours, region=talk.world.directory.region)
    if talk.reading.reason == "same" and talk.world.own_number:
        return "agree" if talk.state == "confirm_own" else "own_number"
    return "number" if talk.reading.e164 else "bad_number"


def _written(talk: Talk, words: str) -> str:
    bare = re.sub(r"\D", "", words)
    emergency, crisis = talk.world.directory.emergency.number, talk.world.directory.crisis.number
    if bare in (emergency, crisis) and len(words) < 8:
        talk.alarm = "emergency" if bare == emergency else "crisis"
        return "alarm"
    if (hit := re.match(r"([0-9])[\s.):,-]+[^\d]", words)) and talk.state in DIGITS and len(words.split()) <= 4:
        return _choice(talk, talk.state, hit[1])  # "2 no", "1) yes please"
    heard = understand(words)
    if heard.kind in ("reaction", "auto_reply") and talk.channel == "sms":
        return "thanks" if heard.kind == "reaction" and talk.world.request and not talk.session.thanked else "aside"
    _note_language(talk, heard)
    if heard.danger:
        talk.alarm = next((ALARMS[label] for label in heard.labels if label in ALARMS), "emergency")
        return "alarm"
    if event := command(words):
        return event if event != "refuse" or DIGITS.get(talk.state) is YES_NO else "nothing"
    if talk.state in ASKS_NUMBER or len(bare) >= FEW_DIGITS:
        event = _number(talk, words)
        # Words without a number in them mean what they say; so do those whose digits are no number.
        silent = {"none", "invalid"} if any(label != "none" for label in heard.labels) else {"none"}
        if event != "bad_number" or talk.reading.reason not in silent:
            return event
    if talk.state == "danger" and is_maybe(words):
        return "agree"
    talk.about = question(words)
    if talk.about:
        return "ask"
    return _free(talk, words, heard) or _meant(talk, words, heard)


def _free(talk: Talk, words: str, heard: Understanding) -> str:
    """A name or a good time, where one is asked for; '' for what means something else (a question, a command)."""
    if talk.state not in FREE or not words or is_question(words):
        return ""
    commands = {"clear", "withdraw", "status", "back", "repeat", "yes", "no"} & set(heard.acts)
    if commands or heard.labels[0] == "menu" or (heard.labels[0] != "none" and len(words.split()) > FREE_WORDS):
        return ""
    if "thanks" in heard.acts:
        return ""
    talk.free_words = name_in(words) if talk.state == "their_name" else " ".join(words.split())
    return "given" if talk.free_words else "refuse"


def _note_language(talk: Talk, heard: Understanding) -> None:
    """Somebody who writes in another language: staff will know before they call."""
    asked = next((label.partition(":")[2] for label in heard.labels if label.startswith("language:")), "")
    understood = heard.danger or heard.acts or any(label != "none" for label in heard.labels)
    language = asked or (heard.language if understood and heard.language != "en" else talk.session.language)
    if language != talk.session.language:
        talk.session.language = talk.speaks = language


def _meant(talk: Talk, words: str, heard: Understanding) -> str:
    if "thanks" in heard.acts and talk.state not in SETTLES:
        return "thanks"  # an OK after the promise is no consent: only a clear yes is
    for act in heard.acts:
        if act in ("yes", "no"):
            if DIGITS.get(talk.state) is YES_NO or talk.state == "danger":
                return ACTS[act]
        elif act in ACTS and not (act == "thanks" and talk.state in SETTLES):
            return ACTS[act]
    label = next((one for one in heard.labels if one != "none"), "")
    if label == "callback":
        return "call_me"
    if label in ("menu", "help"):
        return "go_menu"
    if label.startswith("language:"):
        return "repeat"
    if label in talk.world.directory.records:
        talk.record = talk.world.directory.records[label]
        return "choose"
    if heard.kind == "thanks":
        return "thanks"
    return "go_menu" if talk.state == "new" and talk.channel == "sms" else "nothing"
