"""The roster: staff accounts, their passwords and shifts.

Lives here: who may log in and who is told. Not here: the login page (bot/console), or whom a step
tells (store/lua/4_time).
"""

import re
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workers.records import Staff, staff
from workers.store import Store
from workers.vault import Vault

LOGIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
SHORTEST_PASSWORD = 15  # characters, for a password used alone (NIST SP 800-63B-4)
LONGEST_PASSWORD = 256  # more than this never reaches the hash
ROLES = ("responder", "supervisor", "admin", "auditor")


class RosterError(ValueError):
    """What was asked of the roster can't be done; the message is for a person."""


class Roster:
    """Accounts in the store, with Argon2id passwords (argon2-cffi's defaults, RFC 9106)."""

    def __init__(self, store: Store, vault: Vault):
        self._client, self._vault = store.client, vault
        self._hasher = PasswordHasher()

    @cached_property
    def _dummy(self) -> str:
        """What an unknown login's password is checked against, so that it takes as long as a wrong one."""
        return self._hasher.hash(secrets.token_urlsafe(12))

    def add(self, login: str, phone: str, role: str = "responder", languages: tuple[str, ...] = ()) -> str:
        """Create an account; its first password, never kept in clear. `phone`: E.164. Raises RosterError."""
        if not LOGIN.fullmatch(login):
            raise RosterError("A login is 1 to 32 small letters, digits, - or _, and starts with a letter or digit.")
        if not re.fullmatch(r"\+1\d{10}", phone):
            raise RosterError("The phone must look like +16175550150.")
        if role not in ROLES:
            raise RosterError("The role is one of: " + ", ".join(ROLES) + ".")
        if not self._client.sadd("staff", login):
            raise RosterError(f"There is an account {login} already.")
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        self._client.hset(
            "staff:" + login,
            mapping={
                "role": role,
                "languages": ",".join(languages),
                "phone": self._vault.seal(phone, f"staff:{login}|phone"),
                "password": self._hasher.hash(password),
                "must_change": "1",
                "epoch": secrets.token_hex(8),
            },
        )
        return password

    def get(self, login: str) -> Staff | None:
        raw = self._client.hgetall("staff:" + login) if LOGIN.fullmatch(login) else {}
        return staff(login, raw, bool(self._client.sismember("staff:on", login)), self._vault) if raw else None

    def all(self) -> list[Staff]:
        """Every account, by login."""
        logins = sorted(raw.decode() for raw in self._client.smembers("staff"))
        return [one for one in map(self.get, logins) if one]

    def phones(self) -> frozenset[str]:
        """The phones of staff (E.164), whose accounts may be disabled: a resident can't have us call them."""
        return frozenset(one.phone for one in self.all())

    def shift(self, login: str, on: bool) -> None:
        """Begin or end a shift now. Raises RosterError where there is no such account, or it is disabled."""
        person = self.get(login)
        if person is None:
            raise RosterError(f"There is no account {login}.")
        if on and person.role == "auditor":
            raise RosterError(f"{login} is an auditor: auditors read, they keep no promises.")
        if on and person.disabled:
            raise RosterError(f"The account {login} is disabled.")
        (self._client.sadd if on else self._client.srem)("staff:on", login)

    def check_password(self, login: str, password: str) -> Staff | None:
        """Who this is, or None. Takes the same time for an unknown login as for a wrong password."""
        person = self.get(login.strip().lower())
        if len(password) > LONGEST_PASSWORD:
            return None
        try:
            self._hasher.verify(person.password_hash if person else self._dummy, password)
        except (VerificationError, InvalidHashError):
            return None
        return person if person and not person.disabled else None

    def set_password(self, login: str, password: str) -> str:
        """Change it; every older login of this account is dead. The new epoch. Raises RosterError."""
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise RosterError(
                f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters. A few words are fine."
            )
        epoch = secrets.token_hex(8)
        self._client.hset(
            "staff:" + login, mapping={"password": self._hasher.hash(password), "must_change": "", "epoch": epoch}
        )
        return epoch

    def reset_password(self, login: str) -> str:
        """A new first password, shown once. Raises RosterError."""
        if self.get(login) is None:
            raise RosterError(f"There is no account {login}.")
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        self.set_password(login, password)
        self._client.hset("staff:" + login, "must_change", "1")
        return password

    def disable(self, login: str, disabled: bool = True) -> None:
        """Shut an account (or open it again): logged out at once, off shift. Its claims return as their leases end."""
        if self.get(login) is None:
            raise RosterError(f"There is no account {login}.")
        self._client.hset(
            "staff:" + login, mapping={"disabled": "1" if disabled else "", "epoch": secrets.token_hex(8)}
        )
        if disabled:
            self._client.srem("staff:on", login)

    def texts_work_again(self, login: str) -> None:
        """The phone was mended or has opted in again: text it instead of ringing."""
        self._client.hset("staff:" + login, "no_texts", "")
