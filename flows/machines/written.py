"""Words, written or spoken -> one event of the conversation: danger first, then what they tell, ask and mean.

Lives here: what words mean where the conversation stands. Not here: what free text means anywhere (understand/), digits
(keys.py), nor which service a message asks for (services.py).
"""

import re

from flows.directory import Record
from flows.machines.keys import DIGITS, YES_NO_STATES, choice, languages, service
from flows.machines.phrases import command, is_maybe, is_question, name_in, question, time_in, told
from flows.machines.promising import LONGEST_TIME
from flows.machines.services import asked_for, chosen, others, without_police
from flows.machines.talk import Talk
from flows.phone import Reading, read_number
from flows.understand import Understanding, understand
from flows.words import FALLBACK

ALARMS = {"emergency_911": "emergency", "crisis_988": "crisis"}
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
OF_A_REQUEST = frozenset({"status", "withdraw", "change_number"})  # acts that mean something once a call was asked for
FOLLOW_UPS = frozenset(
    {"service", "danger", "confirm_own", "ask_number", "confirm_number", "no_time", "unsafe", "withdraw"}
)
ALL_OPEN = frozenset({"new", "menu", "more", "waiting", "languages", "resume"})
FEW_WORDS = 6  # in an answer to what was just told; longer ones may ask for something new
ASKS_NUMBER = ("ask_number", "confirm_own", "confirm_number")
SETTLES = ("confirm_own", "confirm_number", "no_time")
FREE = ("their_name", "good_time")
AFTER_A_PROMISE = frozenset({"may_text", "may_voicemail", "may_answer", *FREE, "waiting"})
COMMANDS = frozenset(ACTS)  # none of them is a name or a time
ENGLISH_WORDS = 3  # in a message that turns a conversation back to English; fewer may be a name or a loan word
TELLING_WORDS = 3  # after Text-A-Tip was told of, so many words are the tip itself
NUMBER = re.compile(r"[\d() .+-]{7,}")
FEW_DIGITS = 7  # as many as a number has without its area code


def written(talk: Talk, words: str) -> str:
    """The event for a message, or for what was said in a call."""
    bare = re.sub(r"\D", "", words)
    emergency, crisis = talk.world.directory.emergency.number, talk.world.directory.crisis.number
    if bare in (emergency, crisis) and len(words) < 8:
        talk.alarm = "emergency" if bare == emergency else "crisis"
        return "alarm"
    heard = talk.heard if len(words) > 1 else understand(words)
    numbered = re.match(r"([0-9])[\s.):,-]+[^\d]", words) if len(words.split()) <= 4 and not heard.danger else None
    if numbered and talk.state in DIGITS:
        return choice(talk, talk.state, numbered[1])  # "2 no", "1) yes please"; not "1 man has a gun"
    if heard.kind in ("reaction", "auto_reply") and talk.channel == "sms":
        return "thanks" if heard.kind == "reaction" and talk.world.request and not talk.session.thanked else "aside"
    _note_language(talk, heard)
    return _told(talk, words, heard) or _command(talk, words, bare, heard) or _meant(talk, words, heard)


def _stated(talk: Talk, heard: Understanding) -> list[Record]:
    """The services that the words themselves ask for, not those that are guessed."""
    return asked_for(talk.world.directory, heard.stated)


def _told(talk: Talk, words: str, heard: Understanding) -> str:
    """What comes before anything that a message may ask for: danger, and how somebody can be helped."""
    talk.about_other, talk.overdose = "for_other" in heard.acts, "overdose" in heard.concepts
    stated = _stated(talk, heard)
    about = told(words)
    # "No cops please" and "I have to go" may sound like more than they say; so does a time at which he is home.
    overheard = heard.is_sensed and (about in ("no_police", "leaving", "safe") or talk.state in FREE)
    goes_on = talk.state == "danger" and heard.unsure == "emergency_911"  # "he broke the door"
    again = goes_on and not about and "callback" not in heard.labels
    if (heard.danger and not overheard) or again:
        talk.alarm, talk.also, talk.about = "emergency" if again else alarm_of(heard), stated[:1], about
        return "alarm"
    if about == "no_call":
        return "take_back" if talk.world.request else _quietly(talk)
    if about == "safe":
        if talk.state == "danger":
            return "safe"
        if _waits(talk) and not (talk.state in FREE and time_in(words)):
            return "take_back"  # is the call still wanted?
        about = ""
    if "minor" in heard.acts:
        talk.notice("minor")
    if about == "quiet" and talk.channel == "voice":
        return "" if stated else "go_quiet"
    if about == "no_police":
        # A short one speaks of what was just told.
        short = talk.state in FOLLOW_UPS and len(words.split()) <= FEW_WORDS
        talk.record = None if short else without_police(talk.world.directory, heard)
        if talk.record and talk.record in stated:
            return ""  # what they ask for is not police
    talk.about, talk.also = about, stated
    return "tell" if about else ""


def _quietly(talk: Talk) -> str:
    """A call would not be safe, and none was asked for: it can be done in writing."""
    talk.about = "quiet"
    return "tell" if talk.channel == "sms" else "go_quiet"


def _command(talk: Talk, words: str, bare: str, heard: Understanding) -> str:
    """Whole messages that mean one thing here, numbers where one is asked for, questions about ourselves, names."""
    if event := command(words):
        return event if event != "refuse" or talk.state in YES_NO_STATES else "nothing"
    if talk.state in ASKS_NUMBER or len(bare) >= FEW_DIGITS:
        event = number(talk, words)
        # Words without a number in them mean what they say; so do those whose digits are no number.
        silent = {"none", "invalid"} if any(label != "none" for label in heard.labels) else {"none"}
        if event != "bad_number" or talk.reading.reason not in silent:
            _note_when(talk, words)
            return event
    if talk.state == "danger" and is_maybe(words):
        return "agree"
    about = question(words)
    privately = about == "private" and talk.state in FOLLOW_UPS  # "can I stay anonymous?" is about what was told
    if privately or not _stated(talk, heard):
        talk.about = about  # but "may I complain about the police?" is no question about us
    return "ask" if talk.about else _free(talk, words, heard)


def _note_when(talk: Talk, words: str, again: bool = False) -> None:
    """A time that is asked for with the call: it is kept for staff, and no time of ours is promised against it.

    `again`: a call is asked for anew; without a time, the one of before is forgotten.
    """
    found = time_in(NUMBER.sub(" ", words))[:LONGEST_TIME]
    if not talk.world.request and (found or again):
        talk.session.wish = found


def number(talk: Talk, words: str) -> str:
    talk.reading = read_number(words, own=talk.world.ours, region=talk.world.directory.region)
    if talk.reading.reason == "same" and talk.world.own_number:
        return "agree" if talk.state == "confirm_own" else "own_number"
    if talk.reading.e164 in talk.world.not_called:
        talk.reading = Reading(None, None, "refused")
    return "number" if talk.reading.e164 else "bad_number"


def alarm_of(heard: Understanding) -> str:
    """Which danger a message of danger tells of: emergency or crisis."""
    return next((ALARMS[label] for label in heard.labels if label in ALARMS), "emergency")


def _free(talk: Talk, words: str, heard: Understanding) -> str:
    """A name or a good time, where one is asked for; '' for what means something else (a question, a command)."""
    if talk.state not in FREE or not words or COMMANDS & set(heard.acts) or heard.labels[0] == "menu":
        return ""
    if talk.state == "good_time":
        told_else = words.endswith("?") or (heard.stated and not time_in(words))
        talk.free_words = "" if told_else else " ".join(words.split())
        return "given" if talk.free_words else ""
    name = talk.free_words = name_in(words)
    if name == words and len(words.split()) > 1 and (heard.labels[0] != "none" or is_question(words)):
        return ""  # "he hits me", "call me": not what they want to be called, which a single word may be
    return "given" if name else "refuse"


def _note_language(talk: Talk, heard: Understanding) -> None:
    """Somebody who writes in another language is answered in it, and staff will know before they call.

    Not after a yes, no or thanks, which many say in a language that is not theirs, nor against a choice of theirs,
    unless they speak of danger.
    """
    asked = next((label.partition(":")[2] for label in heard.labels if label.startswith("language:")), "")
    goes_on = heard.labels[0] == "menu" and asked == talk.session.language  # "opciones" in a Spanish conversation
    if asked in talk.words.languages and not goes_on:
        talk.asked_language = asked
        return
    # A few words are enough to leave English; not to come back to it, nor to go from one other language to the next.
    sure = len(talk.inbound.words.split()) >= ENGLISH_WORDS or talk.session.language == FALLBACK != heard.language
    understood = any(label != "none" for label in heard.labels) or bool(set(heard.acts) - {"yes", "no", "thanks"})
    # Nor without words of that language: what is understood by a few letters may be in any.
    sure = sure and (heard.evident or heard.language != FALLBACK)
    understood = understood or (talk.state == "new" and heard.evident)
    if (heard.danger and sure) or (understood and sure and not talk.session.chosen):
        talk.session.language = heard.language


def _meant(talk: Talk, words: str, heard: Understanding) -> str:
    if "thanks" in heard.acts and talk.state not in SETTLES:
        return "thanks"  # an OK after the promise is no consent: only a clear yes is
    if "languages" in heard.acts:
        return languages(talk)
    if talk.session.unsafe and ("hello" in heard.acts or heard.labels[0] == "help"):
        return "not_safe"  # it may be whoever reads this phone
    if _asks_for_us(talk, heard):
        return "status"
    if _wants_another_time(talk, words, heard):
        return "another_time"
    if event := _act(talk, heard):
        return event
    if talk.state == "danger" and "yes" in understand(words.partition(" ")[0].strip(",.!")).acts:
        return "agree"  # "yes but I don't want to talk"; a "no" with more may be anything ("no idea")
    label = next((one for one in heard.labels if one != "none"), "")
    if label == "callback" and not {"withdraw", "change_number"} & set(heard.acts):
        return _call_me(talk, words, heard)
    if talk.asked_language:
        return "speak"
    if label.startswith("language:"):
        return "repeat"
    if label == "abuse":
        return "rude"
    return _service_meant(talk, words, heard, label)


def _act(talk: Talk, heard: Understanding) -> str:
    """What the words want done, where it can be done here; '' for none of it."""
    of_another_service = bool(_stated(talk, heard))
    for act in heard.acts:
        if act in ("yes", "no"):
            if talk.state in YES_NO_STATES or talk.state == "danger":
                return ACTS[act]
            if talk.state == "service":
                return _yes_no_of_service(talk, act)
        elif act in OF_A_REQUEST and not talk.world.request and (of_another_service or not _may_be_done(talk, act)):
            continue  # "I don't want to call the cops on him": nothing is taken back where nothing was asked for
        elif act in ACTS and not (act == "thanks" and talk.state in SETTLES):
            return ACTS[act]
    return ""


def _waits(talk: Talk) -> bool:
    return talk.world.request is not None and talk.state in AFTER_A_PROMISE


def _wants_another_time(talk: Talk, words: str, heard: Understanding) -> bool:
    """Is it "call me tomorrow instead" of somebody who waits for a call?"""
    about_the_call = not is_question(words) and ("change_number" in heard.acts or "callback" in heard.labels)
    talk.free_words = time_in(NUMBER.sub(" ", words)) if _waits(talk) and about_the_call else ""
    return bool(talk.free_words)


def _asks_for_us(talk: Talk, heard: Understanding) -> bool:
    """Is it "hello?" of somebody who waits for a call? Not from a phone that somebody else reads."""
    return "hello" in heard.acts and _waits(talk) and not talk.session.unsafe


def _may_be_done(talk: Talk, act: str) -> bool:
    """Without a request: a number is changed only where one is talked of, the rest done only where all is open."""
    if act == "status" and "callback" in talk.heard.stated:
        return False  # "can you call me tonight" asks for a call
    return talk.state in ASKS_NUMBER if act == "change_number" else talk.state in ALL_OPEN


def _yes_no_of_service(talk: Talk, act: str) -> str:
    """After a service: yes, this phone is safe, or a person may call; no, it isn't, or nothing more for now."""
    if act == "yes" or talk.the_record().private:
        return service(talk, "1" if act == "yes" else "2") if talk.channel == "sms" else "nothing"
    return "go_menu"


def _call_me(talk: Talk, words: str, heard: Understanding) -> str:
    """A call is wanted; what else the message asks for is told of, unless it shows what should stay hidden."""
    if talk.about_other:
        talk.notice("for_other")
    _note_when(talk, words, again=True)
    if number(talk, words) == "number":  # "call me at six one seven …"
        return "number"
    live = talk.world.directory.live_line
    wanted = _stated(talk, heard)
    talk.also = [record for record in wanted if record != live and not record.private]
    return "call_me"


def _service_meant(talk: Talk, words: str, heard: Understanding, label: str) -> str:
    in_talk = talk.state in FOLLOW_UPS and len(words.split()) <= FEW_WORDS
    guess = in_talk and label not in heard.stated  # a short answer to what was told is no new question
    record = None if guess else chosen(talk.world.directory, words, heard)
    told_more = talk.state == "danger" or (talk.state == "service" and not talk.the_record().text_to)
    if guess and told_more and not is_question(words) and (label or "minor" in heard.acts):
        return "hear"
    if talk.state == "danger" and not label and len(words.split()) >= TELLING_WORDS and not is_question(words):
        return "hear"  # nobody in danger is told that they were not understood
    if record:
        if "callback" in heard.labels:
            _note_when(talk, words)
        talk.also = others(talk.world.directory, heard, record)
        return _chosen(talk, record, words)
    if label in ("menu", "help") and not guess:
        return "go_menu"
    if heard.kind == "thanks":
        return "thanks"
    if talk.state == "service" and talk.the_record().text_to and len(words.split()) >= TELLING_WORDS:
        return "tell_tip"
    return "go_menu" if talk.state == "new" and talk.channel == "sms" else "nothing"


def _chosen(talk: Talk, record: Record, words: str) -> str:
    already = talk.state == "service" and talk.session.record == record.id
    if already and record.text_to and len(words.split()) >= TELLING_WORDS:
        return "tell_tip"
    talk.record = record
    return "choose"
