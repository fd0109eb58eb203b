"""What staff read: codes of the ledger in plain words.

Lives here: English for staff. Not here: anything that a resident reads or hears (flows/words).
"""

from flows.directory import Directory
from flows.words import LANGUAGES
from workers.ledger import Conflict
from workers.records import Callback, Event

CHANNELS = {"sms": "asked by text", "voice": "asked by phone"}
STATUS = {"waiting": "Waiting", "claimed": "Taken", "calling": "Calling", "closed": "Closed", "withdrawn": "Taken back"}

OUTCOMES = {
    "reached": "We talked",
    "call_later": "They asked us to call later",
    "no_answer": "No answer",
    "busy": "Busy",
    "voicemail_left": "I left the agreed message",
    "someone_else": "Someone else answered",
    "wrong_number": "Wrong number",
    "declined": "They don't want to talk",
    "emergency": "Emergency: handed to 911",
    "failed": "The call didn't go through",
}
REASONS = {
    "reached": "We talked, and they have what they need",
    "referred": "We put them in touch with another service",
    "declined": "They don't want a call any more",
    "wrong_number": "It was a wrong number",
    "emergency": "911 has taken over",
    "unreachable": "We tried and could not reach them",
    "duplicate": "The same person has another callback",
    "withdrawn": "They took the request back",
}
# What they agreed to: (in the queue, on the callback's page). Nothing answered is the careful reading.
MAY_TEXT = {
    "yes": ("neutral text only", "You may send a neutral text"),
    "no": ("no", "Don't text"),
    "": ("not answered", "Not answered: don't text"),
}
MAY_VOICEMAIL = {
    "neutral": ("\u201cplease call back\u201d", "Leave only \u201cplease call back\u201d"),
    "named": ("may say who called", "Leave a message that may say who called"),
    "no": ("none", "Leave no message"),
    "": ("not answered", "Not answered: leave no message"),
}
MAY_ANSWER = {
    "only_me": ("only them", "Only they answer this phone"),
    "others": ("maybe others", "Someone else may answer"),
    "": ("not answered", "Not answered: someone else may answer"),
}
NO_TEXTS = {
    "21610": "has texted STOP to our number: it must text START",
    "21614": "is not a mobile phone",
    "21211": "is not a working number",
    "21408": "is in a place that we can't text",
    "21612": "can't be reached from our number",
    "30003": "was off or out of reach",
    "30004": "blocks our texts",
    "30005": "is unknown to its carrier",
    "30006": "is a landline, or its carrier takes no short-code texts",
    "30007": "has a carrier that filters our texts",
}
DIALS = {
    "completed": "The call is over",
    "no-answer": "Nobody picked up",
    "busy": "The line was busy",
    "failed": "The call didn't go through",
    "canceled": "The call was stopped",
}
HAPPENED = {
    "requested": "Asked for a callback",
    "asked again": "Asked again",
    "withdrawn": "Took the request back",
    "claimed": "Took it",
    "released": "Gave it back",
    "taken back": "Took it back from",
    "ringing staff": "Pressed Call: the staff phone rings",
    "dialling": "Picked up: calling them",
    "call over": "The call ended",
    "attempt": "Recorded",
    "closed": "Closed",
    "back in the queue": "Back in the queue",
    "lease ran out": "Hold ran out: back in the queue",
    "late": "Became late",
    "note": "Note",
    "read": "Looked at",
    "opted out of texts": "Opted out of texts",
    "promise text undelivered": "The text with the promise did not arrive",
    "late text not sent": "Text about being late not sent",
    "late text: outcome unknown": "Text about being late: nobody knows if it arrived",
    "text failed": "A text to staff failed",
    "ring failed": "Ringing staff failed",
    "bridge failed": "The call could not be made",
    "late failed": "Text about being late failed",
}


def consent(callback: Callback) -> list[tuple[str, str, str]]:
    """(what, in short, in full) for texts, voicemail and who may answer."""
    kinds = (
        ("Texts", MAY_TEXT, callback.may_text),
        ("Voicemail", MAY_VOICEMAIL, callback.may_voicemail),
        ("Who answers", MAY_ANSWER, callback.may_answer),
    )
    return [(name, *known.get(code, known[""])) for name, known, code in kinds]


def language(code: str) -> str:
    return LANGUAGES.get(code, code)


def asked_for(callback: Callback, directory: Directory) -> str:
    """What they asked for, where that is not support: 'asked for consultation …'; '' otherwise."""
    record = directory.records.get(callback.asked_for)
    return f"asked for {record.name}" if record else ""


def person(login: str) -> str:
    """A login as a name: staff are known by it."""
    return login[:1].upper() + login[1:]


def no_texts(code: str) -> str:
    """Why a staff phone can't receive texts, to follow 'The phone'."""
    return f"{NO_TEXTS[code]} ({code})" if code in NO_TEXTS else f"can't receive our texts ({code})"


def happened(event: Event) -> str:
    """One line of the history."""
    what = HAPPENED.get(event.what, event.what)
    detail = {"attempt": OUTCOMES, "closed": REASONS, "call over": DIALS}.get(event.what, {}).get(
        event.detail, event.detail
    )
    return f"{what}: {detail}" if detail and event.what != "withdrawn" else what


def times(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def conflict(error: Conflict, me: str, at: str) -> str:
    """Why it could not be done and who has it. `at`: since when, as people say it, or ''."""
    since = f" at {at}" if at else ""
    if error.holder == me:
        return f"You took this{since} in another window. What you see now is fresh: try again."
    if error.holder:
        return f"{person(error.holder)} took this{since}. Nothing was changed."
    if error.why in ("stale", "unclaimed", "held"):
        return "Nobody has this now: it went back to the queue. Claim it, then try again."
    return {
        "it is closed": "This is closed already.",
        "it is withdrawn": "They took the request back. Please don't call.",
    }.get(error.why, "That can't be done now.")


def next_try(seconds: str, at: str) -> str:
    """What an outcome leads to. `at`: the time of the next try, where it has one."""
    if seconds == "hold":
        return "Stays with you"
    return f"Next try {at}" if at else "Due as before"


def dial(callback: Callback) -> str:
    """How the last call ended, in words, where it waits for its outcome."""
    return DIALS.get(callback.last_dial, "") if callback.status == "claimed" else ""
