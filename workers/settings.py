"""The hotline's settings, read once from the environment and checked before anything starts.

Lives here: every name of the environment that the code reads, with shape and default. Not here: what is done with it.
"""

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from flows.directory import CITY

ROOT = Path(__file__).resolve().parent.parent
KEY_SHAPE = 'urlsafe base64 of 32 bytes, as `python -c "import secrets,base64;'
KEY_SHAPE += 'print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())"` makes'
KEY_TEXT = re.compile(r"[A-Za-z0-9_-]{43}=")
STORE_SHAPES = (
    re.compile(r"rediss?://([^@\s]*@)?[\w.-]+(:\d{1,5})?(/\d*)?(\?\S*)?"),
    re.compile(r"redis\+sentinel://([^@\s]*@)?[\w.-]+:\d+(,[\w.-]+:\d+)*/[\w.-]+(/\d+)?"),
)
E164_SHAPE = re.compile(r"\+[1-9]\d{7,14}")
SENDER_SHAPE = re.compile(r"\+[1-9]\d{7,14}|\d{4,8}")
SHA256_SHAPE = re.compile(r"[0-9a-f]{64}")
EXAMPLE_SECRETS = ("change-me", "example", "secret")


class SettingsError(SystemExit):
    """A setting is missing or malformed: the message names it and says what it should look like."""


def _commas(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseSettings):
    """Every setting. Durations say their unit; keys and tokens are secrets that do not print."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    redis_url: str = Field(validation_alias=AliasChoices("REDIS_TLS_URL", "REDIS_URL"))
    twilio_account_sid: str
    twilio_auth_token: SecretStr
    twilio_auth_token_old: SecretStr | None = None
    twilio_api_url: str = "https://api.twilio.com"
    public_url: str
    sms_numbers: Annotated[list[str], NoDecode] = Field(validation_alias="SMS_NUMBER", min_length=1)
    messaging_service_sid: str | None = None
    voice_number: str
    secret_key: SecretStr
    data_keys: Annotated[list[SecretStr], NoDecode] = Field(validation_alias="DATA_KEY", min_length=1)
    lookup_key: SecretStr
    api_tokens: Annotated[list[str], NoDecode] = Field(default_factory=list)
    promise_durability: Literal["aof", "replica", "memory"] = "aof"
    callback_minutes: float = Field(default=30, ge=0.01, le=24 * 60)
    reminder_minutes: Annotated[list[float], NoDecode] = Field(default_factory=list)
    repage_minutes: float = Field(default=5, ge=0.01, le=24 * 60)  # between pages, once it is late
    lease_minutes: float = Field(default=3, ge=0.01, le=24 * 60)  # how long a claim holds without a call
    session_hours: float = Field(default=24, ge=0.01, le=24 * 30)
    retention_days: float = Field(default=7, ge=0.01, le=366)  # details of a closed callback
    directory: Path = CITY
    hotline_env: Literal["production", "development", "test"] = "production"
    hotline_quotas: Literal["on", "off"] = "on"
    port: int = Field(default=8000, ge=1, le=65535)
    web_concurrency: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)

    @field_validator("sms_numbers", "data_keys", "api_tokens", "reminder_minutes", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _commas(value)

    @field_validator("public_url", "twilio_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[\w.-]+(:\d{1,5})?/?", value):
            raise ValueError("an address without a path, such as https://hotline.example.org")
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _store_address(cls, value: str) -> str:
        if not any(shape.fullmatch(value) for shape in STORE_SHAPES):
            raise ValueError("redis://, rediss:// or redis+sentinel://host:port,host:port/service/db")
        return value

    @field_validator("twilio_auth_token", "secret_key")
    @classmethod
    def _said(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip():
            raise ValueError("is empty")
        return value

    @field_validator("twilio_account_sid")
    @classmethod
    def _account(cls, value: str) -> str:
        if not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
            raise ValueError("AC and 32 hexadecimal digits")
        return value

    @field_validator("messaging_service_sid")
    @classmethod
    def _service(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"MG[0-9a-fA-F]{32}", value):
            raise ValueError("MG and 32 hexadecimal digits")
        return value or None

    @field_validator("voice_number")
    @classmethod
    def _voice(cls, value: str) -> str:
        if not E164_SHAPE.fullmatch(value):
            raise ValueError("a number such as +16175550100")
        return value

    @field_validator("sms_numbers")
    @classmethod
    def _senders(cls, values: list[str]) -> list[str]:
        if not all(SENDER_SHAPE.fullmatch(v) for v in values):
            raise ValueError("a short code such as 48726, or a number such as +16175550100, or several with commas")
        return values

    @field_validator("data_keys", "lookup_key")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        for one in value if isinstance(value, list) else [value]:
            try:
                text = one.get_secret_value()
                fits = bool(KEY_TEXT.fullmatch(text)) and len(base64.urlsafe_b64decode(text.encode())) == 32
            except (binascii.Error, ValueError):
                fits = False
            if not fits:
                raise ValueError(KEY_SHAPE)
        return value

    @field_validator("api_tokens")
    @classmethod
    def _tokens(cls, values: list[str]) -> list[str]:
        for value in values:
            name, _, rest = value.partition(":")
            digest, _, scope = rest.partition(":")
            if not (name and SHA256_SHAPE.fullmatch(digest) and scope in ("", "reveal")):
                raise ValueError("name:sha256-of-token or name:sha256-of-token:reveal, separated by commas")
        return values

    @field_validator("reminder_minutes")
    @classmethod
    def _reminders(cls, values: list[float]) -> list[float]:
        if any(not 0 < v < 24 * 60 for v in values) or values != sorted(set(values)):
            raise ValueError("minutes after the request, rising, such as 15,25")
        return values

    @model_validator(mode="before")
    @classmethod
    def _usual_reminders(cls, given: dict[str, Any]) -> dict[str, Any]:
        """15 and 25 minutes of 30: half of the promise and five sixths, where another promise is set alone."""
        if not given.get("reminder_minutes"):
            try:
                promise = float(given.get("callback_minutes") or 30)
            except ValueError:
                promise = 30  # the field itself says what is wrong
            given = {**given, "reminder_minutes": [promise / 2, promise * 5 / 6]}
        return given

    @model_validator(mode="after")
    def _fit_together(self) -> "Settings":
        if any(v >= self.callback_minutes for v in self.reminder_minutes):
            raise ValueError("REMINDER_MINUTES: each must be less than CALLBACK_MINUTES")
        if self.lookup_key.get_secret_value() in [key.get_secret_value() for key in self.data_keys]:
            raise ValueError("LOOKUP_KEY: must be another key than DATA_KEY")
        if not self.directory.is_file():
            raise ValueError("DIRECTORY: there is no such file")
        if self.hotline_env == "production":
            self._fit_for_production()
        return self

    def _fit_for_production(self) -> None:
        for name, keys in (("DATA_KEY", self.data_keys), ("LOOKUP_KEY", [self.lookup_key])):
            if any(len(set(key.get_secret_value())) < 12 for key in keys):
                raise ValueError(f"{name}: production needs 32 random bytes")
        if not self.public_url.startswith("https://"):
            raise ValueError("PUBLIC_URL: production needs https://")
        secret = self.secret_key.get_secret_value()
        if len(secret) < 32 or any(word in secret.lower() for word in EXAMPLE_SECRETS):
            raise ValueError("SECRET_KEY: production needs 32 characters or more that nobody can guess")
        if not self.twilio_api_url.startswith("https://"):
            raise ValueError("TWILIO_API_URL: production needs https:// (the simulator is for development)")
        if os.environ.get("FLASK_DEBUG", "") not in ("", "0"):
            raise ValueError("FLASK_DEBUG: production needs it off")
        if self.promise_durability == "memory":
            raise ValueError("PROMISE_DURABILITY: memory is refused in production; use aof or replica")
        if self.hotline_quotas == "off":
            raise ValueError("HOTLINE_QUOTAS: off is for benchmarks; production needs on")

    @property
    def auth_tokens(self) -> list[str]:
        """The tokens that may have signed a webhook: the present one, and the old one during a rotation."""
        both = [self.twilio_auth_token, self.twilio_auth_token_old]
        return [token.get_secret_value() for token in both if token and token.get_secret_value()]

    @property
    def promise_seconds(self) -> float:
        return self.callback_minutes * 60

    @property
    def in_production(self) -> bool:
        return self.hotline_env == "production"

    @cached_property
    def api_clients(self) -> dict[str, tuple[str, bool]]:
        """sha256 of an API token -> (the client's name, whether it may read numbers)."""
        parts = [value.split(":") for value in self.api_tokens]
        return {p[1]: (p[0], p[2:] == ["reveal"]) for p in parts}

    def api_client(self, token: str) -> tuple[str, bool] | None:
        """Who holds this bearer token, or None. The look-up is by digest, so its time says nothing of the token."""
        return self.api_clients.get(hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest())


def _explain(error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else ""
        alias = {"sms_numbers": "SMS_NUMBER", "data_keys": "DATA_KEY", "REDIS_TLS_URL": "REDIS_URL"}.get(
            name, name.upper()
        )
        what = "is missing" if fault["type"] == "missing" else fault["msg"].removeprefix("Value error, ")
        lines.append(f"  {alias}: {what}" if alias else f"  {what}")
    return (
        "The hotline can't start with these settings:\n"
        + "\n".join(lines)
        + "\nThe README and .env.example list them all."
    )


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment (in development also from `.env`).

    Raises SettingsError, which names each bad setting and never shows its value.
    """
    env = dict(os.environ if environ is None else environ)
    if environ is None and env.get("HOTLINE_ENV", "production") == "development":
        from dotenv import dotenv_values

        env = {**{k: v or "" for k, v in dotenv_values(ROOT / ".env").items()}, **env}
    known = {name.upper() for name in Settings.model_fields}
    known |= {"REDIS_TLS_URL", "REDIS_URL", "SMS_NUMBER", "DATA_KEY"}
    given = {
        k if k in ("REDIS_TLS_URL", "REDIS_URL", "SMS_NUMBER", "DATA_KEY") else k.lower(): v
        for k, v in env.items()
        if k in known and v != ""
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
