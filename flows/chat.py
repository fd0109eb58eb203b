"""`python -m flows.chat [--language xx] [--voice] [--directory FILE]`: talk to the conversation. No Twilio, no store.

Lives here: a world that promises whatever it is asked, kept in memory. By voice, digits are keys, an empty line is
silence.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from flows.directory import CITY, load_directory
from flows.engine import Engine
from flows.session import Session
from flows.turn import Inbound, Outcome, Request, World
from flows.words import LANGUAGES, Words

SMS, VOICE, OWN = "48726", "+16175550100", "+16175550107"


class Chat:
    """One person's conversation, and the one request that they may have."""

    def __init__(self, voice: bool = False, language: str = "en", directory: Path = CITY):
        self._directory = load_directory(directory)
        self._engine = Engine(Words(self._directory.languages))
        self._session, self._opted_out = Session(language=language), False
        self._request: Request | None = None
        self._voice = voice

    def turn(self, line: str, begins: bool = False) -> Outcome:
        """What comes back for a line that was typed."""
        world = World(
            now=datetime.now(UTC),
            directory=self._directory,
            promise_minutes=30,
            why_no_promise="",
            request=self._request,
            opted_out=self._opted_out,
            own_number=OWN,
            can_text=True,
            sms_number=SMS,
            voice_number=VOICE,
            ours=(SMS, VOICE),
        )
        outcome = self._engine.turn(self._session, self._inbound(line, begins), world)
        effects = outcome.effects
        self._session = Session() if effects.clear else outcome.session
        if effects.verb == "request" and effects.due_at:
            promised = effects.promised or bool(self._request and self._request.promised)
            self._request = Request(effects.due_at, promised, False, "waiting")
        elif effects.verb == "withdraw":
            self._request = None
        self._opted_out = {"out": True, "in": False}.get(effects.opt, self._opted_out)
        return outcome

    def _inbound(self, line: str, begins: bool) -> Inbound:
        if not self._voice:
            return Inbound("sms", words=line)
        keys = line if line and set(line) <= set("0123456789*#") else ""
        return Inbound("voice", digits=keys, words="" if keys else line, silent=not line and not begins, begins=begins)


def show(outcome: Outcome) -> None:
    print("\n".join(outcome.says) or "(nothing)")
    if outcome.dial:
        print(f"(rings {outcome.dial})")


def main() -> None:
    parser = argparse.ArgumentParser(description="Talk to the hotline's conversation. Ctrl-D ends.")
    parser.add_argument("--language", default="en", choices=LANGUAGES)
    parser.add_argument("--voice", action="store_true", help="as a call: digits are keys, an empty line is silence")
    parser.add_argument("--directory", type=Path, default=CITY, help="another city's")
    options = parser.parse_args()
    chat = Chat(options.voice, options.language, options.directory)
    if options.voice:
        show(chat.turn("", begins=True))
    while True:
        try:
            line = input("> ")
        except (EOFError, KeyboardInterrupt):
            return
        outcome = chat.turn(line)
        show(outcome)
        if outcome.hang_up:
            return


if __name__ == "__main__":
    main()
