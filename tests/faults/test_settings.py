"""A setting that is missing or malformed stops the start with a message that names it, and never shows what it was."""

import secrets

import pytest

from tests.conftest import environment, key
from workers.settings import SettingsError, load_settings

CANARY = "xylophone"


def started_with(**changes: str | None) -> str:
    """The message that stopped the start, or '' where it started."""
    environ = {**environment(6379), **changes}
    try:
        load_settings({name: value for name, value in environ.items() if value is not None})
    except SettingsError as refused:
        return str(refused)
    return ""


def as_production(**changes: str | None) -> str:
    return started_with(**{"HOTLINE_ENV": "production", "TWILIO_API_URL": "https://api.twilio.com", **changes})


REQUIRED = ["REDIS_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_URL", "SMS_NUMBER", "VOICE_NUMBER", "SECRET_KEY",
            "DATA_KEY", "LOOKUP_KEY"]  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, ""])
def test_a_required_setting_that_is_missing_is_named(name: str, value: str | None) -> None:
    assert f"{name}: is missing" in started_with(**{name: value})


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({})
    assert all(f"{name}: is missing" in str(refused.value) for name in REQUIRED)


MALFORMED = {
    "REDIS_URL": [CANARY, "http://xylophone", "redis://", "localhost:6379", " redis://xylophone"],
    "REDIS_TLS_URL": [CANARY],
    "TWILIO_ACCOUNT_SID": [CANARY, "ACxylophone", "AC" + "0" * 31, "AC" + "0" * 33, "SK" + "0" * 32, "AC" + "0" * 32 + "\n"],
    "TWILIO_API_URL": [CANARY, "ftp://xylophone", "//xylophone"],
    "PUBLIC_URL": [CANARY, "ftp://xylophone", "https://", "hotline.xylophone.org", "https://xylo phone"],
    "SMS_NUMBER": [CANARY, "12", "617-555-0100", "48726,xylophone", "48726;48727", ",", "+0123456789"],
    "MESSAGING_SERVICE_SID": [CANARY, "MG123", "SM" + "0" * 32],
    "VOICE_NUMBER": [CANARY, "48726", "6175550100", "(617) 555-0100", "+16175550100,+16175550101"],
    "DATA_KEY": [CANARY, key() + "," + CANARY, "A" * 43, "é" * 43],
    "LOOKUP_KEY": [CANARY, "=", "é"],
    "API_TOKENS": [CANARY, "xylophone:abc", f"xylophone:{'0' * 64}:write", f":{'0' * 64}", f"x:{'G' * 64}"],
    "PROMISE_DURABILITY": [CANARY, "AOF", "everysec"],
    "CALLBACK_MINUTES": [CANARY, "0", "-1", "1e9", "nan", "30 minutes"],
    "REMINDER_MINUTES": [CANARY, "15;25", "25,15", "0,15", "-5", "15,15", "15,30", "15,xylophone"],
    "DIRECTORY": ["/no/such/xylophone.yaml"],
    "HOTLINE_ENV": [CANARY, "prod", "Production"],
    "HOTLINE_QUOTAS": [CANARY, "no"],
    "PORT": [CANARY, "80.5", "http"],
    "WEB_CONCURRENCY": [CANARY, "0", "-1", "1.5"],
    "LEASE_MINUTES": [CANARY, "0", "nan"],
    "RETENTION_DAYS": [CANARY, "0"],
}  # fmt: skip
NAMED_OTHERWISE = {"REDIS_TLS_URL": "REDIS_URL"}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_setting_is_named_and_its_value_never_shown(name: str) -> None:
    for value in MALFORMED[name]:
        said = started_with(**{name: value})
        assert f"{NAMED_OTHERWISE.get(name, name)}:" in said, value
        assert CANARY not in said.lower(), value
        assert "pydantic" not in said


LATER = {
    "PUBLIC_URL": ["https://hotline.test:port", "https://[::1"],
    "REDIS_URL": ["redis://127.0.0.1:port/0", "redis://127.0.0.1:6379/zero", "redis+sentinel://h/s/0"],
    "REMINDER_MINUTES": ["nan", "15,nan"],
    "PORT": ["0", "-1", "70000"],
    "REPAGE_MINUTES": ["inf"],
    "LOOKUP_KEY": [f"{key()},{key()}"],  # no list: all but the first would be dropped, and with it every opt-out
    "DATA_KEY": [key() + "AAAA"],
    "TWILIO_AUTH_TOKEN": [" "],
}


@pytest.mark.parametrize("name", LATER)
def test_a_setting_that_cannot_work_is_refused_at_the_start(name: str) -> None:
    for value in LATER[name]:
        assert f"{name}:" in started_with(**{name: value}), value


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_OLD", "SECRET_KEY", "DATA_KEY", "LOOKUP_KEY"])
def test_secrets_do_not_print(name: str) -> None:
    value = f"{key()},{key()}" if name == "DATA_KEY" else key()
    made = load_settings({**environment(6379), name: value})
    for shown in (repr(made), str(made), str(made.model_dump()), f"{made!r:.5000}"):
        assert not any(part in shown for part in value.split(","))


# Defaults, and what fits together


@pytest.mark.parametrize(
    ("minutes", "reminders", "expected"),
    [
        (None, None, [15, 25]),
        ("30", None, [15, 25]),
        ("0.6", None, [0.3, 0.5]),
        ("60", None, [30, 50]),
        ("30", "5, 12,20", [5, 12, 20]),
        ("0.1", "0.01,0.05", [0.01, 0.05]),
        (None, "29.9", [29.9]),
    ],
)
def test_reminders(minutes: str | None, reminders: str | None, expected: list[float]) -> None:
    given = {"CALLBACK_MINUTES": minutes, "REMINDER_MINUTES": reminders}
    made = load_settings({**environment(6379), **{k: v for k, v in given.items() if v}})
    assert made.reminder_minutes == pytest.approx(expected)


def test_the_defaults_are_the_safe_ones() -> None:
    environ = environment(6379)
    for name in ("HOTLINE_ENV", "TWILIO_API_URL", "API_TOKENS"):
        del environ[name]
    made = load_settings(environ)
    assert made.in_production
    assert (made.promise_durability, made.hotline_quotas, made.callback_minutes) == ("aof", "on", 30)
    assert made.twilio_api_url == "https://api.twilio.com"
    assert made.api_clients == {}


def test_herokus_names_and_lists_with_spaces() -> None:
    made = load_settings({**environment(6379), "REDIS_TLS_URL": "rediss://h:1/0", "SMS_NUMBER": " 48726 , +16175550101,",
                          "UNKNOWN": "x", "DATA_KEY": f"{key()} , {key()}"})  # fmt: skip
    assert made.redis_url == "rediss://h:1/0"
    assert made.sms_numbers == ["48726", "+16175550101"]
    assert len(made.data_keys) == 2
    assert made.auth_tokens == [made.twilio_auth_token.get_secret_value()]


# Production


def test_production_starts_where_all_is_well() -> None:
    assert as_production() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://hotline.example.org"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "change-me-" * 5),
        ("SECRET_KEY", "an-Example-of-a-key-that-is-long-enough"),
        ("PROMISE_DURABILITY", "memory"),
        ("HOTLINE_QUOTAS", "off"),
    ],
)
def test_production_refuses(name: str, value: str) -> None:
    said = as_production(**{name: value})
    assert f"{name}:" in said
    assert value not in said or value in ("memory", "off")
    assert started_with(**{name: value}) == ""  # elsewhere it is allowed


SAME = key()


@pytest.mark.parametrize(
    ("named", "changes"),
    [
        ("TWILIO_API_URL", {"TWILIO_API_URL": "http://127.0.0.1:8001"}),
        ("TWILIO_API_URL", {"TWILIO_API_URL": "http://api.twilio.com"}),
        ("LOOKUP_KEY", {"DATA_KEY": SAME, "LOOKUP_KEY": SAME}),
        ("DATA_KEY", {"DATA_KEY": "A" * 43 + "="}),
        ("LOOKUP_KEY", {"LOOKUP_KEY": "A" * 43 + "="}),
    ],
)
def test_production_refuses_the_simulator_and_keys_that_are_none(named: str, changes: dict[str, str]) -> None:
    assert f"{named}:" in as_production(**changes)


def test_a_message_that_stops_the_start_is_short_and_says_where_to_look() -> None:
    said = started_with(PORT=secrets.token_hex(8))
    assert ".env.example" in said
    assert len(said.splitlines()) <= 4
