"""Who may come in: bearer tokens and their one scope.

Lives here: 400, 401 and 403. Not here: the list of tokens (workers/settings).
"""

from dataclasses import dataclass

from flask import g, request

from bot.api.problems import Problem
from bot.kit import kit
from workers import counters

TOKEN_NAMES = frozenset(
    {"token", "access_token", "api_token", "auth_token", "bearer", "authorization", "api_key", "apikey", "key"}
)


@dataclass(frozen=True)
class Client:
    """Whose token it is, as named in API_TOKENS."""

    name: str
    may_reveal: bool

    @property
    def who(self) -> str:
        """How it is written in a callback's history. A login has no colon, so it can't be taken for a person."""
        return f"api:{self.name}"


def client() -> Client:
    found: Client = g.api_client
    return found


def refuse_tokens_in_address() -> None:
    """Addresses are kept in logs and histories: a token that was sent in one counts as leaked."""
    for name, value in request.args.items(multi=True):
        if name.lower() in TOKEN_NAMES or kit().settings.api_client(value):
            counters.add("api_token_in_address")
            raise Problem(
                400,
                "Send the token in the Authorization header, never in the address. Replace this one.",
                "token-in-address",
            )


def admit(reveal: bool) -> None:
    """Let the holder of a token in, or raise 401 or 403. `reveal`: the scope that may read numbers is needed."""
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    found = kit().settings.api_client(token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        counters.add("api_denied")
        how = 'Bearer realm="hotline"' + (', error="invalid_token"' if header else "")
        raise Problem(
            401, "A valid API token is needed, as Authorization: Bearer TOKEN.", "token", {"WWW-Authenticate": how}
        )
    g.api_client = Client(*found)
    if reveal and not g.api_client.may_reveal:
        counters.add("api_denied")
        raise Problem(
            403,
            "This token may not read numbers and names: it lacks the scope reveal.",
            "scope",
            {"WWW-Authenticate": 'Bearer realm="hotline", error="insufficient_scope", scope="reveal"'},
        )
