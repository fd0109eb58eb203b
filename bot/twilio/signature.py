"""Did Twilio send this? X-Twilio-Signature, against PUBLIC_URL and the raw path and query.

Never against the request's own host or scheme (a stranger sets those), nor against request.url (Werkzeug decodes it).
Any exception counts as a wrong signature: the validator raises on missing headers, odd characters and bad ports.
"""

import base64
import hmac
from urllib.parse import urlsplit

from flask import Request
from werkzeug.datastructures import MultiDict

from workers.settings import Settings

LONGEST_SIGNATURE = 64  # base64 of SHA-1 has 28 characters


class Signatures:
    """Knows the tokens that may sign: the present one, and during a rotation the old one."""

    def __init__(self, settings: Settings):
        self._account = settings.twilio_account_sid
        self._tokens = [token.encode() for token in settings.auth_tokens]
        url = urlsplit(settings.public_url)
        # Twilio signs with the port or without it (voice over https drops it, SMS keeps it, the usual one may come).
        other = url.hostname if url.port else f"{url.netloc}:{443 if url.scheme == 'https' else 80}"
        self._bases = [settings.public_url, url._replace(netloc=other or "").geturl()]

    def are_good(self, request: Request) -> bool:
        """Signed by our account's token, for this address, with these fields. Never raises."""
        given = request.headers.get("X-Twilio-Signature", "")
        if not given or len(given) > LONGEST_SIGNATURE or "X-Twilio-Webhooks-Signature-Settings" in request.headers:
            return False  # the new settings header chooses key and algorithm: we have not opted in to it
        try:
            if request.form.get("AccountSid", self._account) != self._account:
                return False
            query = request.environ.get("QUERY_STRING", "")
            path = request.environ.get("PATH_INFO", "")
            ends = [path + "?" + query] if query else [path, path + "?"]  # WSGI does not say whether a "?" stood there
            urls = [base + end for base in self._bases for end in ends]
            fields = signed_fields(request.form)
            wanted = (sign(token, url, fields) for token in self._tokens for url in urls)
            return any(hmac.compare_digest(one, given.encode("ascii")) for one in wanted)
        except (ValueError, TypeError, AttributeError):
            return False


def signed_fields(form: MultiDict[str, str]) -> bytes:
    """The part of what Twilio signs that follows the URL: each name and value, sorted, repeats once (its own docs)."""
    parts = [name + value for name in sorted(form) for value in sorted(set(form.getlist(name)))]
    return "".join(parts).encode("utf-8")


def sign(token: bytes, url: str, fields: bytes) -> bytes:
    """X-Twilio-Signature. The library computes the fields anew for each form of the URL; a test holds the two equal."""
    return base64.b64encode(hmac.digest(token, url.encode("utf-8") + fields, "sha1"))
