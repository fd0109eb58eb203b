"""Personal data at rest: encrypted fields, and the keyed hashes by which a person's things are found.

Lives here: the only code that touches DATA_KEY and LOOKUP_KEY. Not here: where the results are kept (store/).
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, random for each value (NIST SP 800-38D)
KEY_ID = 4  # bytes in front of each value that say which key sealed it


class Unsealable(Exception):
    """The value was sealed by a key that we don't have, was moved from another record, or is damaged."""


class Vault:
    """Seals fields with AES-256-GCM and derives look-up keys with HMAC-SHA256."""

    def __init__(self, data_keys: list[str], lookup_key: str):
        """`data_keys`: urlsafe base64 of 32 bytes each; the first seals, all open. `lookup_key`: the same shape."""
        self._keys: dict[bytes, AESGCM] = {}
        for text in data_keys:
            raw = base64.urlsafe_b64decode(text)
            self._keys.setdefault(hashlib.sha256(b"hotline key id" + raw).digest()[:KEY_ID], AESGCM(raw))
        self._first = next(iter(self._keys))
        self._lookup = base64.urlsafe_b64decode(lookup_key)

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt `text` for one place (`cb:ID|phone`): it can't be opened as another record's or field's value."""
        nonce = os.urandom(NONCE)
        data = text.encode("utf-8", "replace")
        return self._first + nonce + self._keys[self._first].encrypt(nonce, data, place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text that was sealed for this place. Raises Unsealable."""
        key = self._keys.get(sealed[:KEY_ID])
        if key is None:
            raise Unsealable("sealed by a key that is not in DATA_KEY")
        nonce = sealed[KEY_ID : KEY_ID + NONCE]
        try:
            return key.decrypt(nonce, sealed[KEY_ID + NONCE :], place.encode()).decode()
        except (InvalidTag, ValueError):
            raise Unsealable(f"damaged, or not sealed for {place.rpartition('|')[2]}") from None

    def lookup(self, kind: str, value: str) -> str:
        """A 128-bit keyed hash, as 22 characters: the only form in which a number or a Sid becomes a key."""
        digest = hmac.digest(self._lookup, f"{kind}|{value}".encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
