"""Digits, keyed or texted -> one event, by the state that they answer.

Not here: words (written.py), nor what an event leads to (conversation.py).
"""

from flows.machines.talk import Talk

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
    "quiet": {"1": "call_me", "2": "go_menu", "5": "repeat"},
    "waiting": {"1": "status", "2": "change_number", "3": "take_back"},
    "connecting": {"1": "connect"},
    "ask_number": {},
}
YES_NO_STATES = frozenset(state for state, meant in DIGITS.items() if meant.get("1") == "agree")


def choice(talk: Talk, state: str, digit: str) -> str:
    voice = talk.channel == "voice"
    if state in ("menu", "new"):
        return languages(talk) if digit == "9" and voice else _item(talk, talk.channel, digit)
    if digit == "9" and voice:
        return "go_menu"
    if state == "languages":
        return _language(talk, digit)
    if state == "more":
        return _item(talk, talk.session.menu, digit)
    if state == "service":
        return service(talk, digit)
    if state == "danger" and voice:
        return {"1": "connect", "2": "call_me"}.get(digit, "nothing")
    if state == "danger" and digit == "3" and talk.world.request:
        return "take_back"  # as they were told when the call was promised
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
        return open_menu(talk, item.menu)
    return {"callback": "call_me", "connect": "connect", "quiet": "go_quiet"}[str(item.do)]


def open_menu(talk: Talk, menu: str) -> str:
    talk.menu_name = menu
    return "go_more"


def languages(talk: Talk) -> str:
    """The choice of languages, where there is one."""
    return "go_languages" if len(talk.words.languages) > 1 else "go_menu"


def _language(talk: Talk, digit: str) -> str:
    languages = talk.words.languages
    if not 1 <= int(digit if digit.isdigit() else 0) <= len(languages):
        return "nothing"
    talk.asked_language = languages[int(digit) - 1]
    return "speak"


def service(talk: Talk, digit: str) -> str:
    """After a service was told of. By text, 1: a person calls, 2: the question that it ended with. By voice, 1: the one
    that is not police, 2: police, 3: a person calls."""
    record = talk.the_record()
    if digit == "2" and record.triage:
        return open_menu(talk, record.triage)
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
