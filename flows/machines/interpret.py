"""What a person said -> one event of the conversation.

Lives here: digits by state, words by what they mean, numbers. Not here: what free text means (understand/), nor what an
event leads to (conversation.py).
"""

import re

from flows.directory import Record
from flows.machines.phrases import command, is_maybe, is_question, name_in, plain, question
from flows.machines.talk import Talk
from flows.phone import read_number
from flows.understand import Understanding, understand

YES_NO = {"1": "agree", "2": "refuse"}
DIGITS: dict[str, dict[str, str]] = {
    "confirm_own": YES_NO,
    "confirm_number": YES_NO,
    "no_time": YES_NO,
    "may_text": YES_NO,
    "may_voicemail": {**YES_NO, "3": "agree_more"},
    "may_answer": YES_NO,
    "their_name": YES_NO,
    "good_time": YES_NO,
    "withdraw": YES_NO,
    "unsafe": YES_NO,
    "resume": YES_NO,
    "danger": {"1": "call_me", "2": "go_menu"},
    "after_dial": {"1": "call_me", "2": "dial_record"},
    "quiet": {"1": "call_me", "2": "go_menu"},
    "waiting": {"1": "status", "2": "change_number", "3": "take_back"},
    "connecting": {"1": "connect"},
    "ask_number": {},
}
ALARMS = {"emergency_911": "emergency", "crisis_988": "crisis"}
YES_NO_STATES = frozenset(state for state, meant in DIGITS.items() if meant.get("1") == "agree")
ACTS = {
    "unsafe_phone": "not_safe",
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
ENGLISH_WORDS = 3  # in a message that turns a conversation back to English; fewer may be a name or a loan word
TELLING_WORDS = 3  # after Text-A-Tip was told of, so many words are the tip itself
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
    voice = talk.channel == "voice"
    if state in ("menu", "new"):
        return _languages(talk) if digit == "9" and voice else _item(talk, talk.channel, digit)
    if state == "languages":
        return _language(talk, digit)
    if digit == "9" and voice:
        return "go_menu"
    if state == "more":
        return _item(talk, talk.session.menu, digit)
    if state == "service":
        return _service(talk, digit)
    if state == "danger" and voice:
        return {"1": "connect", "2": "call_me"}.get(digit, "nothing")
    if state == "waiting" and voice and digit == "1":
        return "connect"
    if state == "after_dial" and digit == "2":
        talk.record = talk.world.directory.records.get(talk.session.record)
    return DIGITS[state].get(digit, "nothing")


def _item(talk: Talk, menu: str, digit: str) -> str:
    """A line of a menu; one that the directory no longer has is the first menu."""
    items = talk.world.directory.menus.get(menu) or talk.world.directory.menus[talk.channel]
    if not digit.isdigit() or not 1 <= int(digit) <= len(items):
        return "nothing"
    item = items[int(digit) - 1]
    if item.record:
        talk.record = talk.world.directory.records[item.record]
        return "choose"
    if item.menu:
        return _open(talk, item.menu)
    return {"callback": "call_me", "connect": "connect", "quiet": "go_quiet"}[str(item.do)]


def _open(talk: Talk, menu: str) -> str:
    talk.menu_name = menu
    return "go_more"


def _languages(talk: Talk) -> str:
    """The choice of languages, where there is one."""
    return "go_languages" if len(talk.words.languages) > 1 else "go_menu"


def _language(talk: Talk, digit: str) -> str:
    languages = talk.words.languages
    if not 1 <= int(digit if digit.isdigit() else 0) <= len(languages):
        return "nothing"
    talk.asked_language = languages[int(digit) - 1]
    return "speak"


def _service(talk: Talk, digit: str) -> str:
    """After a service was told of. By text, 1: a person calls, 2: the question that it ended with. By voice, 1: the one
    that is not police, 2: police, 3: a person calls."""
    record = talk.the_record()
    if digit == "2" and record.triage:
        return _open(talk, record.triage)
    if talk.channel == "sms":
        if digit == "2" and record.private:
            return "not_safe"
        return "call_me" if digit == "1" else _item(talk, talk.session.menu, digit)
    records = talk.world.directory.records
    if not record.phone and not record.beside:
        return "call_me" if digit in "13" else "nothing"
    if digit == "1" or (digit == "2" and record.beside and record.phone):
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
    talk.about_other = "for_other" in heard.acts
    if heard.danger:
        talk.alarm = alarm_of(heard)
        return "alarm"
    if "minor" in heard.acts:
        talk.notice("minor")
    if event := command(words):
        return event if event != "refuse" or talk.state in YES_NO_STATES else "nothing"
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


def alarm_of(heard: Understanding) -> str:
    """Which danger a message of danger tells of: emergency or crisis."""
    return next((ALARMS[label] for label in heard.labels if label in ALARMS), "emergency")


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
    if asked in talk.words.languages:
        talk.asked_language = asked
        return
    understood = heard.danger or heard.acts or any(label != "none" for label in heard.labels)
    sure = heard.language != "en" or (len(talk.inbound.words.split()) >= ENGLISH_WORDS and not talk.session.chosen)
    if understood and sure:
        talk.session.language = heard.language


def _meant(talk: Talk, words: str, heard: Understanding) -> str:
    if "thanks" in heard.acts and talk.state not in SETTLES:
        return "thanks"  # an OK after the promise is no consent: only a clear yes is
    if "languages" in heard.acts:
        return _languages(talk)
    for act in heard.acts:
        if act in ("yes", "no"):
            if talk.state in YES_NO_STATES or talk.state == "danger":
                return ACTS[act]
        elif act in ACTS and not (act == "thanks" and talk.state in SETTLES):
            return ACTS[act]
    label = next((one for one in heard.labels if one != "none"), "")
    if label == "callback":
        if talk.about_other:
            talk.notice("for_other")
        return "call_me"
    if talk.asked_language:
        return "speak"
    if label.startswith("language:"):
        return "repeat"
    if label == "abuse":
        return "rude"
    if record := _named(talk, words, label) or talk.world.directory.answering.get(label):
        return _chosen(talk, record, words)
    if label in ("menu", "help"):
        return "go_menu"
    if heard.kind == "thanks":
        return "thanks"
    if talk.state == "service" and talk.the_record().text_to and len(words.split()) >= TELLING_WORDS:
        return "tell_tip"
    return "go_menu" if talk.state == "new" and talk.channel == "sms" else "nothing"


def _named(talk: Talk, words: str, label: str) -> Record | None:
    """A service that is asked for by name; the longest name that is in the message, whole words only.

    Never against what the message means: who complains of a police unit names it, and is not sent there.
    """
    text = f" {plain(words)} ".replace("?", " ").replace(",", " ")
    called = talk.world.directory.called
    found = max((name for name in called if f" {name} " in text), key=len, default="")
    record = called.get(found)
    fits = record and label in ("", "menu", "help", *(record.answers or (record.id,)))
    return record if fits else None


def _chosen(talk: Talk, record: Record, words: str) -> str:
    already = talk.state == "service" and talk.session.record == record.id
    if already and record.text_to and len(words.split()) >= TELLING_WORDS:
        return "tell_tip"
    talk.record = record
    return "choose"
