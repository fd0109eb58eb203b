"""Reading TwiML: well-formedness, the words in it, what its attributes mean.

Not here: acting on it (script.py for calls, texting.py for texts).
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bot.simulator.records import Gather

WORDS_PER_SECOND = 2.6
LONGEST_BYTES = 64_000
PLAY_SECONDS = 3.0  # a recording's length isn't known here
NESTED_IN_GATHER = frozenset({"Say", "Play", "Pause"})
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
CJK_PER_SECOND = 4.0


class TwiMLError(ValueError):
    """The hotline's answer can't be followed; `code` is what Twilio's debugger would show."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


def parse(status: int, body: str) -> list[Element]:
    """The verbs of a webhook's answer, in order; raises TwiMLError for what Twilio would not follow."""
    if not 200 <= status < 300:
        raise TwiMLError(11200, f"the webhook answered {status or 'nothing'}")
    if status == 204 or not body.strip():
        return []
    if len(body.encode("utf-8", "surrogatepass")) > LONGEST_BYTES:
        raise TwiMLError(11750, "the TwiML is longer than 64 kB")
    try:
        root = ElementTree.fromstring(body.encode("utf-8"))
    except (ElementTree.ParseError, UnicodeEncodeError) as error:
        raise TwiMLError(12100, f"the answer is not XML: {error}") from error
    if root.tag != "Response":
        raise TwiMLError(12200, f"the root is <{root.tag}>, not <Response>")
    return list(root)


def words_of(verb: Element) -> str:
    """The words in a verb, SSML and line breaks aside."""
    return " ".join("".join(verb.itertext()).split())


def speech_seconds(words: str) -> float:
    """How long it takes to say `words`, in seconds: 2.6 words a second, 4 characters a second in Chinese."""
    characters = len(CJK.findall(words))
    return len(CJK.sub(" ", words).split()) / WORDS_PER_SECOND + characters / CJK_PER_SECOND


def is_true(text: str | None) -> bool:
    """A TwiML boolean."""
    return (text or "").strip().lower() == "true"


def number(text: str | None, default: float) -> float:
    """A TwiML count or number of seconds; `default` where it is missing or malformed."""
    try:
        return float(text) if text else default
    except ValueError:
        return default


def read_gather(verb: Element, action: str) -> Gather:
    """What a `<Gather>` waits for; `action` is already absolute."""
    timeout = number(verb.get("timeout"), 5)
    digits = int(number(verb.get("numDigits"), 0))
    return Gather(
        input=tuple(verb.get("input", "dtmf").split()),
        action=action,
        timeout=timeout,
        finish_on_key=verb.get("finishOnKey", "#"),
        num_digits=digits or None,
        action_on_empty_result=is_true(verb.get("actionOnEmptyResult")),
        language=verb.get("language", "en-US"),
        hints=verb.get("hints", ""),
        speech_timeout=verb.get("speechTimeout", str(timeout)),
    )


def message_body(verb: Element) -> str:
    """The words of a `<Message>`, given directly or as `<Body>`."""
    nested = [child.text or "" for child in verb if child.tag == "Body"]
    return "".join(nested) if nested else (verb.text or "").strip()
