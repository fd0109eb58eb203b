"""A file that only a holder of DATA_KEY can read, and that can't be cut, reordered or mixed without being noticed.

Lives here: the envelope (AES-256-GCM in pieces, a key of its own for each file). Not here: what is in it (backup.py).
"""

import base64
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"hotline backup 1\n"
SALT, KEY_ID, TAG = 32, 4, 16  # bytes
PIECE = 256 * 1024  # bytes of plain text in each piece but the last
LAST = 0x80000000  # this bit of a piece's length marks the last one


class SealedFileError(Exception):
    """The file is not ours, is damaged, or was sealed by a key that we don't have. The message is a sentence."""


def write_sealed(path: Path, data_keys: list[str], parts: Iterable[bytes]) -> None:
    """Seal `parts` with the first key and put the file in its place at once: an older one is whole until then."""
    raw = base64.urlsafe_b64decode(data_keys[0])
    head = MAGIC + _key_id(raw) + os.urandom(SALT)
    sealer = _sealer(raw, head)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for its owner alone (0600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(head)
            for number, (piece, last) in enumerate(_pieces(parts)):
                mark = (len(piece) + TAG | (LAST if last else 0)).to_bytes(4, "big")
                out.write(mark + sealer.encrypt(number.to_bytes(12, "big"), piece, head + mark))
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_sealed(path: Path, data_keys: list[str]) -> Iterator[bytes]:
    """The pieces in clear, each checked. Read to the end before believing any. Raises SealedFileError, OSError."""
    with path.open("rb") as source:
        head = source.read(len(MAGIC) + KEY_ID + SALT)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + KEY_ID + SALT:
            raise SealedFileError("It is not a backup of this hotline.")
        raw = {_key_id(key): key for key in map(base64.urlsafe_b64decode, data_keys)}.get(head[len(MAGIC) :][:KEY_ID])
        if raw is None:
            raise SealedFileError("It was sealed with a key that is not in DATA_KEY.")
        opener, number, last = _sealer(raw, head), 0, 0
        while not last:
            mark = source.read(4)
            size, last = int.from_bytes(mark, "big") & ~LAST, int.from_bytes(mark, "big") & LAST
            sealed = source.read(min(size, PIECE + TAG))
            try:
                yield opener.decrypt(number.to_bytes(12, "big"), sealed, head + mark)
            except (InvalidTag, ValueError):
                raise SealedFileError("It is damaged or cut off.") from None
            number += 1
        if source.read(1):
            raise SealedFileError("Something was added to its end.")


def _pieces(parts: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    held = bytearray()
    for part in parts:
        held += part
        while len(held) > PIECE:
            yield bytes(held[:PIECE]), False
            del held[:PIECE]
    yield bytes(held), True


def _sealer(raw: bytes, head: bytes) -> AESGCM:
    """A key of the file's own, so that its piece numbers can be the nonces."""
    return AESGCM(HKDF(SHA256(), 32, salt=head[-SALT:], info=MAGIC).derive(raw))


def _key_id(raw: bytes) -> bytes:
    return hashlib.sha256(b"hotline key id" + raw).digest()[:KEY_ID]
