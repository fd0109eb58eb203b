"""The phone company's side of texts: posting a person's text, taking the answer, delivering, reporting.

Not here: the REST API that also sends messages (rest.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from bot.simulator import parameters, twiml
from bot.simulator.records import Message, Text, new_sid

if TYPE_CHECKING:
    from bot.simulator.company import Company
    from bot.simulator.handset import Handset

REDIRECTS = 10
MOST_CHARACTERS = 1600


def send(
    handset: Handset, body: str, sid: str | None, to: str | None, extra: dict[str, str | list[str] | None]
) -> list[str]:
    """Post a person's text and deliver what the TwiML answers; returns the words meant for this person."""
    company = handset.company
    media = int(str(extra.get("NumMedia") or "0"))
    sid = sid or new_sid("MM" if media else "SM")
    message = Message(
        sid, to or company.sms_number, handset.number, body, company.clock(), "inbound", "received", num_media=media
    )
    is_new = company.keep(message)
    if is_new:
        handset.outbox.append(Text(message.at, handset.number, body, sid, "sent"))
    params = parameters.inbound_message(company.account_sid, message)
    params.update({name: value for name, value in extra.items() if value is not None})
    for name, value in extra.items():
        if value is None:
            params.pop(name, None)
    replies = _answer_to(company, message, params)
    if is_new:
        for reply in replies:
            company.keep(reply)
            dispatch(company, reply)
    return [reply.body for reply in replies if reply.to == handset.number]


def dispatch(company: Company, message: Message) -> None:
    """Bring a message to its handset, now, and report its progress to its status callback, later."""
    handset = company.phone(message.to)
    refused = handset.text_error
    if message.service_sid and not message.from_:
        message.from_ = company.sms_number
    if refused is None:
        handset.inbox.append(Text(company.clock(), message.from_, message.body, message.sid, "delivered"))
    company.backlog.later(lambda: _report(company, message, refused))


def _report(company: Company, message: Message, refused: int | None) -> None:
    """The statuses of a message in their order: sent, then delivered; or what became of it instead."""
    if refused is None:
        steps = ["sent", "delivered"]
    elif refused in (21610, 30001, 30002, 30036):
        steps = ["failed"]
    else:
        steps = ["sent", "undelivered"]
    for status in steps:
        message.status = status
        if status in ("failed", "undelivered"):
            message.error_code = refused
        report_status(company, message)


def report_status(company: Company, message: Message) -> None:
    """Post the message's present status to its status callback, if it has one."""
    if not message.status_callback:
        return
    path = company.webhooks.path_of(message.status_callback)
    if path is None:
        company.complain(f"11200: {message.status_callback} is not under PUBLIC_URL")
        return
    status, _ = company.webhooks.post(path, parameters.message_status(company.account_sid, message))
    if not 200 <= status < 300:
        company.complain(f"11200: the status callback answered {status or 'nothing'}")


def _answer_to(company: Company, message: Message, params: dict[str, str | list[str]]) -> list[Message]:
    """The messages in the TwiML that answers an inbound text; Redirects are followed."""
    url = company.webhooks.public_url + company.sms_path
    replies: list[Message] = []
    for _ in range(REDIRECTS):
        path = company.webhooks.path_of(url)
        if path is None:
            company.complain(f"11200: {url} is not under PUBLIC_URL")
            break
        status, body = company.webhooks.post(path, params)
        try:
            verbs = twiml.parse(status, body)
        except twiml.TwiMLError as error:
            company.complain(f"{error} ({path})")
            break
        following = None
        for verb in verbs:
            if verb.tag == "Redirect":
                following = company.webhooks.absolute(verb.text or "", url)
                break
            if verb.tag == "Message":
                replies.append(_reply(company, message, verb, url))
            else:
                company.complain(f"12200: <{verb.tag}> doesn't belong in an answer to a text")
        if following is None:
            break
        url = following
    return [reply for reply in replies if reply.body or reply.num_media]


def _reply(company: Company, message: Message, verb: Element, url: str) -> Message:
    callback = verb.get("action") or verb.get("statusCallback")
    body = twiml.message_body(verb)
    media = sum(child.tag == "Media" for child in verb)
    if len(body) > MOST_CHARACTERS:
        company.complain(f"21617: a reply of {len(body)} characters isn't sent (at most {MOST_CHARACTERS})")
        body = ""
    elif not body and not media:
        company.complain("14103: a <Message> without a body isn't sent")
    return Message(
        sid=new_sid("MM" if media else "SM"),
        to=verb.get("to") or message.from_,
        from_=verb.get("from") or message.to,
        body=body,
        at=company.clock(),
        direction="outbound-reply",
        status="queued",
        status_callback=company.webhooks.absolute(callback, url) if callback else None,
        num_media=media,
    )
