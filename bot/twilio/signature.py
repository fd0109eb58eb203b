"""Did Twilio send this? X-Twilio-Signature, against PUBLIC_URL and the raw path and query.

Never against the request's own host or scheme (a stranger sets those), nor against request.url (Werkzeug decodes it).
Any exception counts as a wrong signature: the validator raises on missing headers, odd characters and bad ports.
"""

import hmac
from urllib.parse import urlsplit

from flask import Request
from twilio.request_validator import RequestValidator

from workers.settings import Settings

LONGEST_SIGNATURE = 64  # base64 of SHA-1 has 28 characters


class Signatures:
    """Knows the tokens that may sign: the present one, and during a rotation the old one."""

    def __init__(self, settings: Settings):
        self._account = settings.twilio_account_sid
        self._validators = [RequestValidator(token) for token in settings.auth_tokens]
        url = urlsplit(settings.public_url)
        self._bases = [settings.public_url]
        if url.scheme == "https" and url.port:  # voice over https drops the port from what it signs, SMS keeps it
            self._bases.append(settings.public_url.replace(f":{url.port}", "", 1))

    def are_good(self, request: Request) -> bool:
        """Signed by our account's token, for this address, with these fields. Never raises."""
        given = request.headers.get("X-Twilio-Signature", "")
        if not given or len(given) > LONGEST_SIGNATURE or "X-Twilio-Webhooks-Signature-Settings" in request.headers:
            return False  # the new settings header chooses key and algorithm: we have not opted in to it
        try:
            if request.form.get("AccountSid", self._account) != self._account:
                return False
            query = request.environ.get("QUERY_STRING", "")
            path = request.environ.get("PATH_INFO", "") + ("?" + query if query else "")
            wanted = (v.compute_signature(base + path, request.form) for v in self._validators for base in self._bases)
            return any(hmac.compare_digest(one.encode(), given.encode("ascii")) for one in wanted)
        except (ValueError, TypeError, AttributeError):
            return False
