"""Is an answer one that Twilio can follow, and does it lead the person somewhere?

Lives here: the verbs and attributes that we use, and nothing else, read out of XML. Not here: what the words say.
"""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from tests.conftest import PUBLIC

VERBS: dict[str, dict[str, set[str]]] = {
    "sms": {"Response": set(), "Message": {"action"}},
    "voice": {
        "Response": set(),
        "Say": {"language", "voice"},
        "Gather": {
            "input",
            "action",
            "method",
            "actionOnEmptyResult",
            "speechTimeout",
            "language",
            "numDigits",
            "finishOnKey",
            "timeout",
        },
        "Dial": {"action", "method", "callerId", "timeout", "timeLimit"},
        "Number": {"sendDigits"},
        "Redirect": {"method"},
        "Hangup": set(),
    },
}
NESTED = {
    "Response": {"Say", "Gather", "Dial", "Redirect", "Hangup", "Message"},
    "Gather": {"Say", "Play"},
    "Dial": {"Number"},
}
OUR_ADDRESS = re.compile(rf"(/voice(/[\w?=.&-]+)*|{re.escape(PUBLIC)}/sms/status(\?p=[0-9a-f]{{32}})?)")
BLANK = re.compile(r"\b(by|have|on|from|at) [,.]")  # where a time or a number belongs and there was none
TIME = re.compile(r"\b\d{1,2}:\d\d [AP]M\b")


@dataclass(frozen=True)
class Answer:
    """TwiML as a person meets it: what it says, where an input goes, whom it dials, whether it ends the call."""

    words: str
    gather: str
    dial: str
    dial_action: str
    hangs_up: bool

    @property
    def leads_on(self) -> bool:
        return bool(self.gather or self.dial)

    @property
    def times(self) -> list[str]:
        return TIME.findall(self.words)


def read(body: str, channel: str) -> Answer:
    """Well-formed, of known verbs and attributes only, with addresses of ours only; AssertionError otherwise."""
    root = ElementTree.fromstring(body.encode())
    assert root.tag == "Response"
    assert len(body.encode()) < 64_000
    known = VERBS[channel]
    for verb in root.iter():
        assert verb.tag in known, verb.tag
        assert set(verb.attrib) <= known[verb.tag], (verb.tag, verb.attrib)
        assert all(child.tag in NESTED.get(verb.tag, ()) for child in verb), verb.tag
        if "action" in verb.attrib:
            assert OUR_ADDRESS.fullmatch(verb.attrib["action"]), verb.attrib["action"]
    dial, gather = root.find("Dial"), root.find("Gather")
    number = "" if dial is None else "".join(dial.itertext())
    assert dial is None or re.fullmatch(r"\+1\d{10}", number), "a dial needs somebody to ring"
    assert all(re.fullmatch(r"/voice/turn/\d+(\?in=\w+)?", r.text or "") for r in root.iter("Redirect"))
    words = " ".join(" ".join(verb.text or "" for verb in root.iter() if verb.tag in ("Say", "Message")).split())
    assert not BLANK.search(words), words
    return Answer(
        words=words,
        gather="" if gather is None else gather.attrib["action"],
        dial=number,
        dial_action="" if dial is None else dial.get("action", ""),
        hangs_up=root.find("Hangup") is not None,
    )
