"""The conversation: its states, what leads from one to the next, and what each says on the way.

Lives here: the chart. Not here: reading what a person said into one of its events (interpret.py), nor the model that
collects words and effects (talk.py). Events are names of ours only, never anything out of a message.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from statemachine import State, StateChart
from statemachine.transition_list import TransitionList

from flows.machines.talk import ASKED, Talk

PATIENCE = 3  # silences or wrong keys before a caller is put through to a person


def _each(states: Iterable[State], to: State | None = None, **how: Any) -> TransitionList:
    """The same transition from each of several states; without `to`, one that stays."""
    made: TransitionList = reduce(or_, (s.to(to or s, internal=to is None, **how) for s in states))
    return made


class Conversation(StateChart[Talk]):
    """One chart for texts and calls. `1` is always the plain way forward (the road of ones)."""

    allow_event_without_transition = False
    catch_errors_as_events = False  # a failing action must not leave a half-done turn that looks whole

    new = State(initial=True)
    menu = State()
    more = State()
    service = State()
    danger = State()
    quiet = State()
    connecting = State()
    after_dial = State()
    confirm_own = State()
    ask_number = State()
    confirm_number = State()
    no_time = State()
    may_text = State()
    may_voicemail = State()
    may_answer = State()
    their_name = State()
    good_time = State()
    waiting = State()
    withdraw = State()
    unsafe = State()
    languages = State()
    resume = State()

    _details = (may_text, may_voicemail, may_answer, their_name, good_time)
    _all = (
        new,
        menu,
        more,
        service,
        danger,
        quiet,
        connecting,
        after_dial,
        confirm_own,
        ask_number,
        confirm_number,
        no_time,
        *_details,
        waiting,
        withdraw,
        unsafe,
        languages,
        resume,
    )

    # The way to a promise. (Not `from_.any()`: it comes after every other transition of an event, whatever the order.)
    call_me = (
        _each(_all, to=waiting, cond="has_request", on="ask_again")
        | _each(_all, to=ask_number, cond="is_unsafe")
        | _each(_all, to=confirm_own, cond="has_own_number")
        | _each(_all, to=ask_number)
    )
    number = _each(_all, to=confirm_number, on="keep_number")
    own_number = _each(_all, to=confirm_own)
    bad_number = _each(_all, to=connecting, cond=["out_of_patience", "by_voice"], on="lead_to_person") | _each(
        _all, to=ask_number, on="explain_number"
    )
    change_number = _each(_all, to=ask_number, on="forget_number")
    agree = (
        confirm_own.to(waiting, cond="has_request", on="change_it")
        | confirm_own.to(may_text, cond=["said_when", "can_text"], on="note_request")
        | confirm_own.to(may_voicemail, cond="said_when", on="note_request")
        | confirm_own.to(may_text, cond=["can_promise", "can_text"], on="promise")
        | confirm_own.to(may_voicemail, cond="can_promise", on="promise")
        | confirm_own.to(no_time)
        | confirm_number.to(waiting, cond="has_request", on="change_it")
        | confirm_number.to(waiting, cond=["is_unsafe", "said_when"], on="note_request")
        | confirm_number.to(waiting, cond=["is_unsafe", "can_promise"], on="promise")
        | confirm_number.to(may_text, cond=["said_when", "can_text"], on="note_request")
        | confirm_number.to(may_voicemail, cond="said_when", on="note_request")
        | confirm_number.to(may_text, cond=["can_promise", "can_text"], on="promise")
        | confirm_number.to(may_voicemail, cond="can_promise", on="promise")
        | confirm_number.to(no_time)
        | no_time.to(waiting, cond=["is_unsafe", "can_promise"], on="promise")
        | no_time.to(waiting, cond="is_unsafe", on="note_request")
        | no_time.to(may_text, cond=["can_promise", "can_text"], on="promise")
        | no_time.to(may_voicemail, cond="can_promise", on="promise")
        | no_time.to(may_text, cond="can_text", on="note_request")
        | no_time.to(may_voicemail, on="note_request")
        | may_text.to(may_voicemail, on="allow_text")
        | may_voicemail.to(may_answer, on="allow_voicemail")
        | may_answer.to(their_name, on="only_them")
        | their_name.to(good_time)
        | good_time.to(waiting)
        | withdraw.to(menu, on="withdraw_it")
        | unsafe.to(ask_number, on="forget_number")
        | resume.to(waiting, cond="has_request")
        | resume.to(confirm_own, cond="has_own_number")
        | resume.to(ask_number)
        | danger.to(danger, on="heard_yes")
        | _each(_all, on="not_understood")
    )
    refuse = (
        confirm_own.to(ask_number)
        | confirm_number.to(ask_number)
        | no_time.to(menu)
        | may_text.to(may_voicemail, on="refuse_text")
        | may_voicemail.to(may_answer, on="refuse_voicemail")
        | may_answer.to(their_name, on="others_too")
        | their_name.to(good_time)
        | good_time.to(waiting)
        | withdraw.to(waiting)
        | unsafe.to(menu, on="mark_safe")
        | resume.to(menu)
        | danger.to(menu, cond="asked_them", on="heard_no")
        | danger.to(danger, on="heard_yes")
        | _each(_all, on="not_understood")
    )
    agree_more = may_voicemail.to(may_answer, on="allow_more") | _each(_all, on="not_understood")
    given = their_name.to(good_time, on="keep_name") | good_time.to(waiting, on="keep_time")
    another_time = _each((*_details, waiting), to=waiting, on="keep_time")

    # Elsewhere, from everywhere
    choose = _each(_all, to=service, on="keep_record")
    go_menu = _each(_all, to=menu)
    go_more = _each(_all, to=more, on="keep_menu")
    go_languages = _each(_all, to=languages)
    speak = (
        languages.to(unsafe, cond="is_unsafe", on="keep_language")
        | languages.to(menu, on="keep_language")
        | _each(_all, on="keep_language")
    )
    not_safe = _each(_all, to=unsafe, on="mark_unsafe")
    offer_resume = _each(_all, to=resume)
    go_quiet = _each(_all, to=quiet)
    alarm = _each(_all, to=withdraw, cond="call_unwanted", on="sound_alarm") | _each(_all, to=danger, on="sound_alarm")
    safe = _each(_all, on="heard_safe")
    connect = _each(_all, to=connecting, cond="by_voice", on="dial_live") | _each(_all, to=service, on="keep_live_line")
    dial_record = _each(_all, to=connecting, on="dial_this")
    dial_over = _each(_all, to=after_dial)
    take_back = _each(_all, to=withdraw, cond="has_request") | _each(_all, on="nothing_to_take_back")
    clear = _each(_all, to=new, on="wipe")
    back = (
        confirm_number.to(ask_number)
        | ask_number.to(confirm_own, cond="has_own_number")
        | may_voicemail.to(may_text, cond="can_text")
        | may_answer.to(may_voicemail)
        | their_name.to(may_answer)
        | good_time.to(their_name)
        | _each(_all, to=menu)
    )

    # Staying where one is
    status = _each(_all, to=waiting, cond="has_request") | _each(_all, on="no_request")
    thanks = _each(_all, on="kind_line")
    aside = _each(_all, on="say_nothing")
    rude = _each(_all, cond=["out_of_patience", "by_voice"], on="say_goodbye") | _each(_all, on="stay_calm")
    tell_tip = _each(_all, on="stop_tip")
    ask = _each(_all, on="answer")
    tell = _each(_all, on="say_told")
    hear = _each(_all, on="thank")
    repeat = _each(_all, on="stay_silent")
    silence = (
        _each((*_details, waiting), to=waiting, on="say_goodbye")
        | _each(_all, to=connecting, cond="out_of_patience", on="lead_to_person")
        | _each(_all, on="was_silent")
    )
    nothing = (
        _each(_details, to=waiting, cond="out_of_patience")
        | _each(_all, to=connecting, cond=["out_of_patience", "by_voice"], on="lead_to_person")
        | _each(_all, to=menu, cond="second_miss", on="offer_person")
        | _each(_all, on="not_understood")
    )

    # Guards

    def has_request(self) -> bool:
        return self.model.world.request is not None

    def has_own_number(self) -> bool:
        return bool(self.model.world.own_number)

    def can_promise(self) -> bool:
        return not self.model.world.why_no_promise

    def said_when(self) -> bool:
        return bool(self.model.session.wish)

    def asked_them(self) -> bool:
        return self.model.session.urgent == ASKED

    def is_unsafe(self) -> bool:
        return self.model.session.unsafe

    def can_text(self) -> bool:
        return self.model.world.can_text and not self.model.world.opted_out

    def call_unwanted(self) -> bool:
        return self.model.unwanted()

    def by_voice(self) -> bool:
        return self.model.inbound.channel == "voice"

    def out_of_patience(self) -> bool:
        return self.model.session.misses + 1 >= PATIENCE

    def second_miss(self) -> bool:
        return self.model.inbound.channel == "sms" and self.model.session.misses >= 1

    # Actions: each is the model's, so that the chart stays a picture

    def on_enter_state(self, target: State, source: State | None, event: str) -> None:
        """Entering a state says its question, unless an action spoke for it."""
        if source is not None:
            self.model.enter(target.id, stayed=source.id == target.id)
