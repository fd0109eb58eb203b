"""Residents who text: signed requests, one a line, as the load generators read them.

Lives here: what Twilio would post. Not here: sending it (load.py).
"""

import base64
import hmac
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench.machine import WORK

ACCOUNT, TOKEN = "AC" + "0" * 31 + "1", "bench-token-0123456789abcdef0123456"
PUBLIC, SMS_NUMBER, VOICE_NUMBER = "https://hotline.test", "48726", "+16175550100"
IN_STEP = 1000  # residents who say the same at the same time; the next thousand begin when these are done
# The hotline reads the sender's own number back; the peers' dialogue asks for one.
DIALOGUES = {"ones": ("hi", "1", "1", "1"), "number": ("hi", "1", "{number}", "1")}
HEADERS = {"Host": "hotline.test", "X-Forwarded-Proto": "https", "Content-Type": "application/x-www-form-urlencoded"}


def sender(n: int) -> str:
    """The n-th resident's number: +1 617 and an exchange that no other rule speaks of."""
    return f"+1617{600 + n // 10000 % 200:03d}{n % 10000:04d}"


def body(n: int, words: str, sid: int) -> dict[str, str]:
    """The fields of one inbound message."""
    return {
        "ToCountry": "US",
        "MessageSid": f"SM{sid:032x}",
        "AccountSid": ACCOUNT,
        "From": sender(n),
        "To": SMS_NUMBER,
        "Body": words,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "FromCity": "BOSTON",
        "FromState": "MA",
        "FromZip": "02215",
        "FromCountry": "US",
        "ApiVersion": "2010-04-01",
    }


def sign(path: str, fields: dict[str, str]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 over the address and the sorted fields."""
    text = PUBLIC + path + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(TOKEN.encode(), text.encode(), "sha1")).decode()


def messages(count: int, dialogue: str) -> Iterator[dict[str, str]]:
    """Thousand by thousand, in step; nobody says anything twice."""
    steps = DIALOGUES[dialogue]
    for i in range(count):
        thousand, within = divmod(i, IN_STEP * len(steps))
        n = thousand * IN_STEP + within % IN_STEP
        words = steps[within // IN_STEP].format(number=f"617 555 01{n % 100:02d}")
        yield body(n, words, i + 1)


def write(count: int, dialogue: str) -> Path:
    """A file of signed requests: signature, tab, form."""
    path = WORK / f"{dialogue}.tsv"
    WORK.mkdir(exist_ok=True)
    with open(path, "w") as out:
        for fields in messages(count, dialogue):
            out.write(f"{sign('/sms', fields)}\t{urlencode(fields)}\n")
    return path


def rehearse(port: int, dialogue: str) -> list[str]:
    """One resident's whole dialogue, and a forged message, by way of a check. The answers."""
    answers = []
    for step, words in enumerate(DIALOGUES[dialogue]):
        fields = body(1_999_999, words.format(number="617 555 0123"), 2**100 + step)
        status, said = post(port, fields, sign("/sms", fields))
        if status != 200:
            raise RuntimeError(f"the rehearsal got {status} at step {step + 1}")
        answers.append(said)
    if post(port, fields, "x" * 28)[0] == 200:
        raise RuntimeError("a forged message was answered: the signature is not checked")
    return answers


def post(port: int, fields: dict[str, str], signature: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/sms", urlencode(fields), {**HEADERS, "X-Twilio-Signature": signature})
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said
