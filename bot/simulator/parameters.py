"""The parameters that each of Twilio's webhooks carries.

Not here: signing and sending them (webhooks.py).
"""

from __future__ import annotations

import json
from email.utils import format_datetime
from typing import TYPE_CHECKING

from bot.simulator.records import Message, Params

if TYPE_CHECKING:
    from bot.simulator.leg import Leg

API_VERSION = "2010-04-01"


def place(prefix: str, number: str) -> Params:
    """The geography of a number, as Twilio guesses it; empty where there is no +1 number to go by."""
    known = number.startswith("+1")
    values = {"City": "BOSTON", "State": "MA", "Zip": "02119", "Country": "US"}
    return {prefix + name: value if known else "" for name, value in values.items()}


def inbound_message(account_sid: str, message: Message) -> Params:
    """A person's text, as POST /sms receives it."""
    return {
        "ToCountry": "US",
        "ToState": "",
        "ToCity": "",
        "ToZip": "",
        "SmsMessageSid": message.sid,
        "NumMedia": str(message.num_media),
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "Body": message.body,
        "To": message.to,
        "NumSegments": "1",
        "MessageSid": message.sid,
        "AccountSid": account_sid,
        "From": message.from_,
        "ApiVersion": API_VERSION,
        **place("From", message.from_),
    }


def message_status(account_sid: str, message: Message) -> Params:
    """A delivery status, as a message's status callback receives it."""
    params: Params = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "To": message.to,
        "From": message.from_,
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
    }
    if message.service_sid:
        params["MessagingServiceSid"] = message.service_sid
    if message.error_code:
        params["ErrorCode"] = str(message.error_code)
    if message.status in ("delivered", "undelivered"):
        params["RawDlrDoneDate"] = message.at.strftime("%y%m%d%H%M")
    return params


def call_request(account_sid: str, call: Leg) -> Params:
    """What every request about a call carries."""
    params: Params = {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
        "CallStatus": call.status,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
    }
    for prefix, number in (("From", call.from_), ("To", call.to), ("Caller", call.from_), ("Called", call.to)):
        params.update(place(prefix, number))
    if call.direction == "inbound":
        params["CallToken"] = json.dumps({"parentCallInfoToken": "simulated", "identityHeaderTokens": []})
        if call.from_.startswith("+1"):
            params["StirVerstat"] = "TN-Validation-Passed-A"
    if call.parent:
        params["ParentCallSid"] = call.parent.sid
    if call.answered_by:
        params["AnsweredBy"] = call.answered_by
    params.update(call.extra)
    return {name: value for name, value in params.items() if name not in call.left_out}


def call_status(account_sid: str, call: Leg, sequence: int) -> Params:
    """A call's progress, as its status callback receives it; `sequence` counts from 0 within the call."""
    params = call_request(account_sid, call)
    params.update(
        {
            "Timestamp": format_datetime(call.company.clock()),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(sequence),
        }
    )
    if call.over:
        params["CallDuration"] = str(call.duration_seconds)
        params["Duration"] = str(-(-call.duration_seconds // 60))  # in minutes, as it is billed
    return params
