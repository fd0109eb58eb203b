"""A phone call as the person on this handset has it: what they press and say, how they take it, how it ends.

Not here: the leg's state and the phone company's side of it (leg.py).
"""

from __future__ import annotations

from bot.simulator.leg import Leg
from bot.simulator.records import Gather, Line

MACHINE_TURNS = 20  # prompts that a voicemail sits through before its recording is full


class Call(Leg):
    """A call on a handset, in the hands of its person. Everything that can be seen of it is in Leg."""

    def press(self, keys: str, wait: bool = True) -> str:
        """Press `keys` one after the other and return what is heard then.

        Where nothing bounds the entry (numDigits, finishOnKey) it is sent after the last key, as when the person
        waits; `wait=False` leaves it open for more keys. Keys that nothing asks for are lost, as they are at Twilio.
        """
        with self.lock:
            self.lines.append(Line("me", f"[{keys}]"))
            gather = self.asks
            if self.dialling and self.dialling.hangup_on_star and "*" in keys:
                self.dialling.end("completed")
            if gather is None or "dtmf" not in gather.input:
                return self.heard
            for key in keys:
                if key == gather.finish_on_key:
                    return self._keys_done(gather, key)
                self.keyed += key
                if gather.num_digits and len(self.keyed) >= gather.num_digits:
                    return self._keys_done(gather)
            return self._keys_done(gather) if wait else self.heard

    def say(self, words: str, confidence: float | None = 0.9) -> str:
        """Say `words`: to the person bridged in, or to a Gather that takes speech; returns what is heard then.

        `confidence` is the recogniser's, 0 to 1; None leaves it out, as Twilio sometimes does.
        """
        with self.lock:
            self.lines.append(Line("me", words))
            if self.other:
                self.other.lines.append(Line("them", words))
            gather = self.asks
            if gather is None or "speech" not in gather.input:
                return self.heard
            params = {"SpeechResult": words, "Language": gather.language}
            if confidence is not None:
                params["Confidence"] = str(confidence)
            return self._answer(gather, **params)

    def silence(self) -> str:
        """Say and press nothing until the prompt has run out; returns what is heard then."""
        with self.lock:
            gather = self.asks
            if gather is None:
                return self.heard
            self.seconds += gather.timeout
            if self.keyed:
                return self._keys_done(gather)
            return self._nothing_entered(gather)

    def hang_up(self) -> None:
        """Put the receiver down; the status callback hears `completed`."""
        with self.lock:
            if not self.over:
                self.line("hung up")
            self.end("completed")

    # -- a call that comes in to this handset

    def answer(self, by: str = "human") -> None:
        """Pick up a ringing call; `by` is what answering machine detection finds, where it was asked for."""
        with self.lock:
            if self.over or self.answered_at:
                return
            self.status, self.answered_at = "in-progress", self.company.clock()
            self.detect(by)
            self.progress("answered")
            if self.parent and self.parent.dialling:
                self.parent.dialling.answered(self)
            elif self.direction == "outbound-api":
                self.lead_to(self.url, str(self.params.get("Twiml", "")))

    def answer_by_machine(self) -> None:
        """Let a voicemail take the call: it records what is said, presses nothing, and hears no end."""
        self.answer(by="machine_start")
        for _ in range(MACHINE_TURNS):
            if self.asks is None:
                break
            self.silence()
        words = " ".join(line.words for line in self.lines if line.who == "hotline")
        self.handset.voicemails.append(words)
        if self.other:
            self.other.lines.append(Line("them", "You have reached a voicemail. Leave a message after the tone."))

    def decline(self) -> None:
        """Turn a ringing call away: busy."""
        self.end("busy")

    def ignore(self) -> None:
        """Let a ringing call ring out: no answer."""
        self.end("no-answer")

    def dial_ends(self, status: str, seconds: int = 0) -> str:
        """End the `<Dial>` that this call waits for, as `completed` (after `seconds` of talk), `busy`, `no-answer`
        or `failed`; returns what is heard then. RuntimeError where nothing is being dialled."""
        with self.lock:
            if self.dialling is None:
                raise RuntimeError("this call isn't dialling anybody")
            self.dialling.end(status, seconds)
            return self.heard

    def _keys_done(self, gather: Gather, finished_on: str = "") -> str:
        if not self.keyed:
            return self._nothing_entered(gather)
        return self._answer(gather, Digits=self.keyed, FinishedOnKey=finished_on, msg="Gather End")

    def _nothing_entered(self, gather: Gather) -> str:
        if gather.action_on_empty_result:
            return self._answer(gather, Digits="", FinishedOnKey="", msg="Gather End")
        self.mark_input()
        self.asks = None
        self.script.run()
        return self.heard

    def _answer(self, gather: Gather, **params: str) -> str:
        self.mark_input()
        self.asks = None
        self.script.go(gather.action, **params)
        return self.heard
