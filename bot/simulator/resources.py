"""What REST requests do: create, list, change and end messages and calls, with Twilio's refusals.

Not here: credentials and faults (rest.py), how answers are written (answers.py).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.simulator import texting
from bot.simulator.answers import JSON, ApiError, call_json, message_json, page_json
from bot.simulator.handset import REFUSED_AT_ONCE
from bot.simulator.records import Message, Params, new_sid
from bot.simulator.texting import MOST_CHARACTERS

if TYPE_CHECKING:
    from bot.simulator.call import Call
    from bot.simulator.company import Company

E164 = re.compile(r"\+[1-9]\d{6,14}")
SHORT_CODE = re.compile(r"\d{3,8}")
WEB_ADDRESS = re.compile(r"https?://[^\s/_]+(/\S*)?")  # host names with underscores are refused
SOONEST, LATEST = timedelta(minutes=15), timedelta(days=35)


def account(company: Company) -> JSON:
    """The account, which is all that a check of the credentials reads."""
    return {
        "sid": company.account_sid,
        "friendly_name": "Desk phone",
        "status": "active",
        "type": "Full",
        "uri": f"/2010-04-01/Accounts/{company.account_sid}.json",
    }


def numbers(company: Company) -> JSON:
    """The account's phone numbers and the webhooks they are set to (short codes are listed elsewhere)."""
    public = company.webhooks.public_url
    rows = [
        {
            "sid": f"PN{index:032x}",
            "account_sid": company.account_sid,
            "phone_number": number,
            "friendly_name": number,
            "sms_url": public + company.sms_path,
            "sms_method": "POST",
            "voice_url": public + company.voice_path,
            "voice_method": "POST",
            "status_callback": public + company.voice_status_path,
            "status_callback_method": "POST",
            "capabilities": {"sms": True, "mms": True, "voice": True, "fax": False},
        }
        for index, number in enumerate(sorted(company.numbers))
        if number.startswith("+")
    ]
    path = f"/2010-04-01/Accounts/{company.account_sid}/IncomingPhoneNumbers.json"
    return page_json("incoming_phone_numbers", rows, {}, path)


def create_message(company: Company, params: Params) -> JSON:
    """Send or schedule a text; raises ApiError where Twilio refuses."""
    to, from_, body = _text(params, "To"), _text(params, "From"), _text(params, "Body")
    service = _text(params, "MessagingServiceSid") or None
    media = _listed(params, "MediaUrl")
    _check_recipient(to, from_)
    if not from_ and not service:
        raise ApiError(400, 21603, "A 'From' phone number is required.")
    if from_ and from_ not in company.numbers:
        raise ApiError(400, 21606, f"The 'From' phone number {from_} is not a valid sender for this account.")
    if not body and not media:
        raise ApiError(400, 21602, "Message body is required.")
    if len(body) > MOST_CHARACTERS:
        raise ApiError(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    callback = _callback(params, "StatusCallback", 21609)
    refused = company.phone(to).text_error
    if refused in REFUSED_AT_ONCE:
        raise ApiError(400, refused, REFUSED_AT_ONCE[refused])
    message = Message(
        sid=new_sid("MM" if media else "SM"),
        to=to,
        from_=from_,
        body=body,
        at=company.clock(),
        direction="outbound-api",
        status="accepted" if service else "queued",
        params=params,
        status_callback=callback,
        service_sid=service,
        send_at=_send_at(company, params, service),
        num_media=len(media),
    )
    if message.send_at:
        message.status = "scheduled"
    company.keep(message)
    answer = message_json(company.account_sid, message)
    if not message.send_at:
        texting.dispatch(company, message)
    return answer


def list_messages(company: Company, query: dict[str, str], path: str) -> JSON:
    """The messages that fit To, From, DateSent, DateSent> and DateSent<, newest first."""
    chosen = [
        message_json(company.account_sid, m)
        for m in company.every_message()
        if query.get("To") in (None, m.to) and query.get("From") in (None, m.from_) and _within(m.at, query, "DateSent")
    ]
    return page_json("messages", chosen, query, path)


def fetch_message(company: Company, sid: str) -> JSON:
    """One message; 20404 where there is none."""
    return message_json(company.account_sid, _message(company, sid))


def update_message(company: Company, sid: str, params: Params) -> JSON:
    """Redact a message (`Body` empty) or cancel a scheduled one (`Status=canceled`)."""
    message = _message(company, sid)
    if params.get("Body") == "":
        message.body, message.redacted = "", True
    elif "Body" in params:
        raise ApiError(400, 20001, "A message's body can only be made empty.")
    if params.get("Status") == "canceled":
        if message.status != "scheduled":
            raise ApiError(400, 30409, "Only a scheduled message can be canceled.")
        message.status = "canceled"
        company.backlog.later(lambda: texting.report_status(company, message))
    return message_json(company.account_sid, message)


def create_call(company: Company, params: Params) -> JSON:
    """Ring a phone; raises ApiError where Twilio refuses."""
    to, from_ = _text(params, "To"), _text(params, "From")
    if not E164.fullmatch(to):
        raise ApiError(400, 21217, f"Phone number {to} is not valid.")
    if from_ not in company.numbers or SHORT_CODE.fullmatch(from_):
        raise ApiError(400, 21210, f"The source phone number {from_} is not yet verified for your account.")
    if not _text(params, "Url") and not _text(params, "Twiml"):
        raise ApiError(400, 21205, "Url parameter is required.")
    _callback(params, "Url", 21205)
    callback = _callback(params, "StatusCallback", 21609)
    call = company.new_call("outbound-api", from_, to, company.phone(to), params=params)
    call.status_callback = callback
    events = [word for text in _listed(params, "StatusCallbackEvent") for word in text.split()]
    call.events = tuple(events) or ("completed",)
    answer = call_json(company.account_sid, call)
    company.backlog.later(lambda: _ring(call))
    return answer


def list_calls(company: Company, query: dict[str, str], path: str) -> JSON:
    """The calls that fit To, From, Status, ParentCallSid and StartTime (also with > and <), newest first."""
    chosen = [
        call_json(company.account_sid, c)
        for c in company.every_call()
        if query.get("To") in (None, c.to)
        and query.get("From") in (None, c.from_)
        and query.get("Status") in (None, c.status)
        and query.get("ParentCallSid") in (None, c.parent.sid if c.parent else "")
        and _within(c.at, query, "StartTime")
    ]
    return page_json("calls", chosen, query, path)


def fetch_call(company: Company, sid: str) -> JSON:
    """One call; 20404 where there is none."""
    return call_json(company.account_sid, _call(company, sid))


def update_call(company: Company, sid: str, params: Params) -> JSON:
    """End a call (`Status=completed`, or `canceled` while it rings), or lead it elsewhere (`Url`, `Twiml`)."""
    call = _call(company, sid)
    status = _text(params, "Status")
    if call.over:
        raise ApiError(400, 21220, "Call is not in-progress. Cannot redirect.")
    if status == "completed" or (status == "canceled" and call.status in ("queued", "ringing")):
        call.end("completed" if call.answered_at else "canceled")
    elif _text(params, "Url") or _text(params, "Twiml"):
        _callback(params, "Url", 21205)
        company.backlog.later(lambda: call.lead_to(_text(params, "Url"), _text(params, "Twiml")))
    return call_json(company.account_sid, call)


def _ring(call: Call) -> None:
    if call.over:
        return  # canceled while it was queued: no callbacks
    call.progress("initiated")
    call.handset.rung(call)


def _check_recipient(to: str, from_: str) -> None:
    if not to:
        raise ApiError(400, 21604, "A 'To' phone number is required.")
    if SHORT_CODE.fullmatch(to):
        raise ApiError(400, 21265, "'To' number cannot be a Short Code")
    if not E164.fullmatch(to) or to == from_:
        raise ApiError(400, 21211, f"Invalid 'To' Phone Number: {to}")


def _send_at(company: Company, params: Params, service: str | None) -> datetime | None:
    """When a scheduled message shall go, aware UTC; None for one that goes now."""
    if _text(params, "ScheduleType") != "fixed":
        return None
    if not service:
        raise ApiError(400, 35118, "MessagingServiceSid is required to schedule a message")
    try:
        moment = datetime.fromisoformat(_text(params, "SendAt").replace("Z", "+00:00"))
    except ValueError as error:
        raise ApiError(400, 35111, "SendAt is required and must be an ISO 8601 time") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not company.clock() + SOONEST <= moment <= company.clock() + LATEST:
        raise ApiError(400, 35114, "SendAt time must be between 15 minutes and 35 days from now")
    return moment


def _within(moment: datetime, query: dict[str, str], name: str) -> bool:
    """Whether `moment` fits `name`, `name>` and `name<` (a day, or an ISO 8601 time)."""
    written = moment.astimezone(UTC).isoformat()
    day = query.get(name)
    after, before = query.get(name + ">"), query.get(name + "<")
    if day and written[:10] != day[:10]:
        return False
    if after and written < _comparable(after):
        return False
    return not (before and written > _comparable(before))


def _comparable(text: str) -> str:
    return text.replace("Z", "+00:00")


def _text(params: Params, name: str) -> str:
    value = params.get(name, "")
    return value if isinstance(value, str) else value[-1]


def _listed(params: Params, name: str) -> list[str]:
    value = params.get(name, [])
    return [value] if isinstance(value, str) else value


def _callback(params: Params, name: str, code: int) -> str | None:
    address = _text(params, name)
    if address and not WEB_ADDRESS.fullmatch(address):
        raise ApiError(400, code, f"The {name} {address} is not a valid URL.")
    return address or None


def _message(company: Company, sid: str) -> Message:
    if (message := company.message(sid)) is None:
        raise ApiError(404, 20404, f"The requested resource Messages/{sid}.json was not found")
    return message


def _call(company: Company, sid: str) -> Call:
    if (call := company.find_call(sid)) is None:
        raise ApiError(404, 20404, f"The requested resource Calls/{sid}.json was not found")
    return call
