"""The queue for a partner's own software: list, read, claim, release, call, write up, close.

Lives here: the views. Not here: what may follow what (the ledger decides), nor who may come in (gate).
"""

import re

from bot.api.gate import client
from bot.api.operations import operation
from bot.api.problems import Problem
from bot.api.shapes import (
    OTHER,
    AttemptIn,
    CallbackOut,
    ClaimIn,
    ClaimOut,
    CloseIn,
    CloseReferred,
    Fenced,
    ListQuery,
    PageOut,
    RevealOut,
    claimed,
    revealed,
    shown,
)
from bot.kit import kit
from workers.ledger import NotFound
from workers.records import Callback

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
INDEXES = frozenset({"open", "closed", "timer"})  # these live beside the records, under names that look like ids


def _known(callback_id: str) -> str:
    if not ID.fullmatch(callback_id) or callback_id in INDEXES:
        raise NotFound
    return callback_id


def _fence(body: Fenced) -> str:
    return "" if body.fence is None else str(int(body.fence))


def _now(callback_id: str) -> Callback:
    return kit().ledger.get(callback_id)


@operation("GET", "/callbacks")
def list_callbacks(query: ListQuery) -> PageOut:
    """Callbacks, soonest due first; ended ones newest first. No number and no name."""
    try:
        page = kit().ledger.page(query.status or "", query.team or "", query.limit, query.cursor or "")
    except ValueError:
        raise Problem(
            422, "The cursor is not one of ours.", "invalid", errors=[{"field": "cursor", "message": "not one of ours"}]
        ) from None
    return PageOut(callbacks=[shown(cb) for cb in page.callbacks], next_cursor=page.next_cursor)


@operation("GET", "/callbacks/<callback_id>", reveal=True, errors=(404,))
def read_callback(callback_id: str) -> RevealOut:
    """One callback with number, name, notes and history. Every reading is kept in its history."""
    ledger = kit().ledger
    cb = ledger.get(_known(callback_id))
    ledger.audit(cb.id, client().who, "number, name and notes")  # first: what can't be audited isn't shown
    return revealed(cb, kit().vault, ledger.history(cb.id))


@operation("POST", "/callbacks/<callback_id>/claim", body_needed=True, errors=(404, 409))
def claim_callback(callback_id: str, body: ClaimIn) -> ClaimOut:
    """Take it for a staff member. Taking again what one holds gives the same fence."""
    person = kit().roster.get(body.staff)
    if person is None or person.disabled:
        raise Problem(
            422,
            "There is no such staff account in service.",
            "invalid",
            errors=[{"field": "staff", "message": "no such login in service"}],
        )
    fence = kit().ledger.claim(_known(callback_id), person.login)
    return claimed(_now(callback_id), fence)


@operation("POST", "/callbacks/<callback_id>/release", errors=(404, 409))
def release_callback(callback_id: str, body: Fenced) -> CallbackOut:
    """Give it back to the queue."""
    kit().ledger.release(_known(callback_id), _fence(body))
    return shown(_now(callback_id))


@operation("POST", "/callbacks/<callback_id>/call", status=202, errors=(404, 409))
def call_callback(callback_id: str, body: Fenced) -> CallbackOut:
    """Ring the phone of whoever holds it; when they press 1, the resident is rung from the hotline's number."""
    kit().ledger.call(_known(callback_id), _fence(body))
    return shown(_now(callback_id))


@operation("POST", "/callbacks/<callback_id>/attempts", status=201, body_needed=True, errors=(404, 409))
def record_attempt(callback_id: str, body: AttemptIn) -> CallbackOut:
    """Write up an attempt. The next one follows from the outcome; nothing is closed."""
    kit().ledger.attempt(_known(callback_id), body.outcome, body.note, client().who, _fence(body))
    return shown(_now(callback_id))


@operation("POST", "/callbacks/<callback_id>/close", body_needed=True, errors=(404, 409))
def close_callback(callback_id: str, body: CloseIn) -> CallbackOut:
    """End it."""
    said, ledger, who, referred = body.root, kit().ledger, client().who, ""
    if isinstance(said, CloseReferred):
        referred = said.referred_to
        if referred not in kit().directory.records:  # words of people's own may say more than they should: sealed
            ledger.note(_known(callback_id), f"Referred to: {referred}", who)
            referred = OTHER
    ledger.close(_known(callback_id), said.reason, referred, who, _fence(said))
    return shown(_now(callback_id))
