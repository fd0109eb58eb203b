"""Twilio's REST client: texts, calls, redaction, and what its answers mean.

Lives here: the only code that sends. Not here: whether and when to send (store/lua/5_outbox), nor what is said.
"""

import logging
from dataclasses import dataclass

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from workers.settings import Settings

TIMEOUT_SECONDS = 4.5  # to connect, and for each read: together less than the outbox's deadline
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it logs numbers in list filters

# A phone that can't receive our texts: opted out, landline, unknown, unreachable, filtered (Twilio's error pages).
DEAF = frozenset({21211, 21408, 21610, 21612, 21614, 30003, 30004, 30005, 30006, 30007})
NEVER_DONE = frozenset({429, 20429})  # refused before anything was done: safe to send again
OUR_ACCOUNT = frozenset({401, 403, 20003, 20005})  # nothing goes out until an operator mends it; nothing went out


@dataclass(frozen=True)
class Sent:
    """What became of a POST. `result`: sent, retry (surely not done), unknown (may have been done) or failed."""

    result: str
    sid: str = ""
    code: str = ""

    @property
    def deaf(self) -> bool:
        """Would ringing this phone help where texting can't?"""
        return self.code.isdigit() and int(self.code) in DEAF


class Carrier:
    """Twilio's REST API. Numbers are E.164; nothing of a request is logged."""

    def __init__(self, settings: Settings):
        self._settings = settings
        http = TwilioHttpClient(timeout=TIMEOUT_SECONDS, max_retries=None)
        token = settings.twilio_auth_token.get_secret_value()
        self._client = Client(settings.twilio_account_sid, token, http_client=http)
        self._client.api.base_url = settings.twilio_api_url

    def text(self, to: str, body: str, status_path: str, validity_seconds: int) -> Sent:
        """Text somebody from the number that we show first. `status_path` is called with the receipt."""
        service = self._settings.messaging_service_sid
        sender = {"messaging_service_sid": service} if service else {"from_": self._settings.sms_numbers[0]}
        return self._post(
            lambda: self._client.messages.create(
                to=to,
                body=body,
                status_callback=self._settings.public_url + status_path,
                validity_period=validity_seconds,
                **sender,
            )
        )

    def ring(self, to: str, twiml_path: str, status_path: str, ring_seconds: int = 25) -> Sent:
        """Ring a staff phone from the hotline's number; `twiml_path` gives the whisper."""
        base = self._settings.public_url
        return self._post(
            lambda: self._client.calls.create(
                to=to,
                from_=self._settings.voice_number,
                url=base + twiml_path,
                method="POST",
                timeout=ring_seconds,
                status_callback=base + status_path,
                status_callback_event=["completed"],
            )
        )

    def redact(self, message_sid: str) -> bool:
        """Empty the carrier's copy of a message. True where it is empty or gone."""
        try:
            self._client.messages(message_sid).update(body="")
        except TwilioRestException as error:
            return bool(error.status == 404)
        except (TwilioException, requests.RequestException, ValueError):
            return False
        return True

    @staticmethod
    def _post(send) -> Sent:  # type: ignore[no-untyped-def]
        """POSTs can't be repeated safely (Twilio's error 20500): only what was surely not done is tried again."""
        try:
            sid = send().sid
        except TwilioRestException as error:
            code = int(error.code or error.status)
            if NEVER_DONE & {code, error.status} or OUR_ACCOUNT & {code, error.status}:
                return Sent("retry", code=str(code))
            return Sent("unknown" if error.status >= 500 else "failed", code=str(code))
        except requests.ConnectTimeout:
            return Sent("retry", code="connect")
        except requests.ConnectionError as error:
            refused = "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
            return Sent("retry" if refused else "unknown", code="connection")
        except (TwilioException, requests.RequestException, ValueError):
            return Sent("unknown", code="answer")
        return Sent("sent", sid=sid) if sid else Sent("unknown", code="answer")
