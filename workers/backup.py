"""Encrypted backups: everything that the store keeps for the hotline, as it was at one moment.

Lives here: the file's format, writing and restoring. Not in a backup: RQ's jobs (derived again), the answers kept for a
day, and the keys: without DATA_KEY and LOOKUP_KEY a backup is of no use.
"""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from workers.sealed_file import SealedFileError, read_sealed, write_sealed
from workers.settings import Settings
from workers.store.client import connect
from workers.vault import Vault

LEFT_OUT = ("rq:", "m:", "probe:")  # jobs, answers of the last day, traces of /readyz
ALWAYS_THERE = (*LEFT_OUT, "beat", "count")  # a store that has only these was just started: it counts as empty
LONG_SECONDS = 60.0  # one call that reads or writes everything
SCRATCH = "probe:restore"

# One call, so that no record is of a later moment than the index that names it. Read-only; about 5 µs a key.
TAKE = """
local out, cursor = {}, '0'
repeat
  local found = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = found[1]
  for _, key in ipairs(found[2]) do
    local left_out = false
    for _, prefix in ipairs(ARGV) do left_out = left_out or string.sub(key, 1, #prefix) == prefix end
    if not left_out then
      out[#out + 1] = key
      out[#out + 1] = redis.call('PEXPIRETIME', key)
      out[#out + 1] = redis.call('DUMP', key)
    end
  end
until cursor == '0'
return out
"""


class BackupError(Exception):
    """The backup can't be written or restored; the message is for a person. Nothing was changed."""


@dataclass(frozen=True)
class Entry:
    """One key. `ends_at`: milliseconds since 1970 at which it expires, or -1. `value`: as DUMP gives it."""

    key: bytes
    ends_at: int
    value: bytes

    def frame(self) -> bytes:
        sizes = len(self.key).to_bytes(4, "big") + len(self.value).to_bytes(8, "big")
        return sizes + self.ends_at.to_bytes(8, "big", signed=True) + self.key + self.value


def backup(settings: Settings, vault: Vault, path: Path) -> int:
    """Write everything to `path`, readable by its owner alone; the number of keys. Raises BackupError, RedisError."""
    flat = connect(settings.redis_url, read_seconds=LONG_SECONDS).eval(TAKE, 0, *LEFT_OUT)
    found: dict[bytes, Entry] = {}
    for key, ends_at, value in zip(flat[::3], flat[1::3], flat[2::3], strict=True):  # SCAN may name a key twice
        if value is not None:
            found[key] = Entry(key, int(ends_at), value)
    head = {"made_at": time.time(), "keys": len(found), "lookup": _lookup_mark(vault)}
    try:
        write_sealed(path, _keys(settings), _frames(head, list(found.values())))
    except OSError as error:
        raise BackupError(f"{path} can't be written: {error.strerror}.") from None
    return len(found)


def restore(settings: Settings, vault: Vault, path: Path, force: bool = False) -> int:
    """Put a backup into the store, all or nothing; the number of keys. Raises BackupError, RedisError.

    The file is read to its end before anything is touched. What has expired since is left out. `force`: replaces what
    a store that isn't empty holds.
    """
    head, entries = _read(settings, path)
    if head.get("lookup") != _lookup_mark(vault):
        raise BackupError(
            "This backup was made with another LOOKUP_KEY: opt-outs could not be found again. Nothing was changed."
        )
    client = connect(settings.redis_url, read_seconds=LONG_SECONDS)
    present = [key for key in client.scan_iter(count=1000) if not key.startswith(_prefixes(LEFT_OUT))]
    if not force and any(not key.startswith(_prefixes(ALWAYS_THERE)) for key in present):
        raise BackupError("The store is not empty. Stop the hotline, then use --force to replace what is there.")
    now = time.time() * 1000
    living = [entry for entry in entries if entry.ends_at < 0 or entry.ends_at > now]
    _try_out(client, living)
    with client.pipeline(transaction=True) as pipe:
        if present:
            pipe.delete(*present)
        for entry in living:
            pipe.restore(entry.key, max(entry.ends_at, 0), entry.value, replace=True, absttl=entry.ends_at > 0)
        pipe.execute()
    return len(living)


def _try_out(client: "Redis", entries: list[Entry]) -> None:
    """A server older than the one that was backed up refuses its values: find out before anything is deleted."""
    kinds = {entry.value[:1]: entry for entry in entries}  # the first byte is the type's encoding
    try:
        for entry in kinds.values():
            client.restore(SCRATCH, 0, entry.value, replace=True)
        client.delete(SCRATCH)
    except RedisError as error:
        raise BackupError(f"This server does not take the backup's values ({error}). Nothing was changed.") from None


def _read(settings: Settings, path: Path) -> tuple[dict[str, Any], list[Entry]]:
    try:
        stream = _Stream(read_sealed(path, _keys(settings)))
        head = json.loads(stream.take(int.from_bytes(stream.take(4), "big")))
        entries = [_entry(stream) for _ in range(head["keys"])]
        if stream.rest():
            raise SealedFileError("It is longer than it says.")
    except OSError as error:
        raise BackupError(f"{path} can't be read: {error.strerror}.") from None
    except (SealedFileError, ValueError, KeyError) as error:
        raise BackupError(f"{path} can't be restored. {error} Nothing was changed.") from None
    return head, entries


def _entry(stream: "_Stream") -> Entry:
    key_size, value_size = int.from_bytes(stream.take(4), "big"), int.from_bytes(stream.take(8), "big")
    ends_at = int.from_bytes(stream.take(8), "big", signed=True)
    return Entry(stream.take(key_size), ends_at, stream.take(value_size))


def _frames(head: dict[str, Any], entries: list[Entry]) -> Iterator[bytes]:
    words = json.dumps(head).encode()
    yield len(words).to_bytes(4, "big") + words
    for entry in entries:
        yield entry.frame()


class _Stream:
    """Pieces of any size, read as one run of bytes."""

    def __init__(self, pieces: Iterator[bytes]):
        self._pieces, self._held = pieces, bytearray()

    def take(self, size: int) -> bytes:
        while len(self._held) < size:
            piece = next(self._pieces, None)
            if piece is None:
                raise SealedFileError("It is cut off.")
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def rest(self) -> bool:
        return bool(self._held) or next(self._pieces, None) is not None


def _keys(settings: Settings) -> list[str]:
    return [key.get_secret_value() for key in settings.data_keys]


def _lookup_mark(vault: Vault) -> str:
    return vault.lookup("backup", "which key is this")


def _prefixes(names: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(os.fsencode(name) for name in names)
