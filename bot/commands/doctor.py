"""`doctor`: looks at a whole deployment and says what to mend.

Lives here: the findings and how each is mended. Not here: what /readyz checks (workers/health).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import click
import requests
from flask.cli import with_appcontext
from redis.exceptions import RedisError

from bot.commands.plainly import Command
from bot.kit import kit
from flows.directory.freshness import stale
from workers.health import Check, readiness
from workers.jobs import Kit
from workers.queues import queue
from workers.store.client import connect

ASK_SECONDS = 5
MANY_JOBS = 1000
GOOD, LOOK, MEND = "ok", "look", "mend"
HOW = {  # a failed check of /readyz -> what to do
    "redis_write": "start the store, or set REDIS_URL; where it refuses, its log says why",
    "durability": "set `appendonly yes` and `appendfsync always` (on a managed server: PROMISE_DURABILITY=replica)",
    "worker_beat": "start the process `worker` of the Procfile",
    "sweeper_beat": "start the process `worker` of the Procfile: it sweeps too",
    "outbox": "look at the workers' log and at Twilio's console: messages or rings to staff don't go out",
    "clock": "run a time service (chrony, systemd-timesyncd) on this host and on the store's",
    "memory": "give the store more memory: at its limit it makes no more promises",
    "ledger": "run `flask --app bot ledger check`, then `ledger story ID` for each",
}


@dataclass(frozen=True)
class Finding:
    """`state`: ok, look (may be right) or mend. `how`: what to do about it."""

    state: str
    what: str
    how: str = ""


@click.command(cls=Command)
@click.pass_context
@with_appcontext
def doctor(ctx: click.Context) -> None:
    """Check this deployment and say what to mend; exit 1 where something must be mended."""
    worst = 0
    for finding in examine(kit()):
        worst += finding.state == MEND
        click.echo(f"[{finding.state:>4}] {finding.what}")
        if finding.how:
            click.echo(f"       -> {finding.how}")
    click.echo(f"{worst} to mend." if worst else "Nothing must be mended.")
    ctx.exit(1 if worst else 0)


def examine(k: Kit) -> Iterator[Finding]:
    yield from _settings(k)
    checks = readiness(k)
    yield from _readiness(checks)
    if checks["redis_write"]["detail"] != "unknown" and not checks["redis_write"]["detail"].startswith("no answer"):
        yield from _staff(k)
        yield from _jobs(k)
    yield _twilio(k)
    old = len(stale(k.directory, datetime.now(UTC).date()))
    yield (
        Finding(LOOK, f"{old} facts of the directory need checking", "flask --app bot directory check")
        if old
        else Finding(GOOD, "the directory's facts were checked lately")
    )


def _settings(k: Kit) -> Iterator[Finding]:
    s = k.settings
    yield (
        Finding(GOOD, "production")
        if s.in_production
        else Finding(
            LOOK,
            f"HOTLINE_ENV is {s.hotline_env}",
            "production is HOTLINE_ENV=production, which also refuses unsafe settings",
        )
    )
    yield (
        Finding(GOOD, "PUBLIC_URL is https")
        if s.public_url.startswith("https://")
        else Finding(
            MEND,
            "PUBLIC_URL is plain http",
            "residents' words would cross the net in clear: set the https address that Twilio calls",
        )
    )
    secrets = [key.get_secret_value() for key in (*s.data_keys, s.lookup_key, s.secret_key)]
    yield (
        Finding(GOOD, "SECRET_KEY, DATA_KEY and LOOKUP_KEY differ")
        if len(set(secrets)) == len(secrets)
        else Finding(
            MEND,
            "the same key is used twice among SECRET_KEY, DATA_KEY and LOOKUP_KEY",
            "make one for each; LOOKUP_KEY must stay what it is where people have opted out already",
        )
    )
    yield (
        Finding(LOOK, "PROMISE_DURABILITY is memory", "a promise is lost when the server stops: use aof or replica")
        if s.promise_durability == "memory"
        else Finding(GOOD, f"PROMISE_DURABILITY is {s.promise_durability}")
    )
    if s.twilio_auth_token_old:
        yield Finding(LOOK, "TWILIO_AUTH_TOKEN_OLD is still accepted", "remove it when the rotation is done")
    if s.hotline_quotas == "off":
        yield Finding(LOOK, "HOTLINE_QUOTAS is off", "on protects residents from being rung by strangers' requests")


def _readiness(checks: dict[str, Check]) -> Iterator[Finding]:
    for name, check in checks.items():
        if name == "on_shift":
            continue  # the roster says it better
        if check["detail"] == "unknown":
            yield Finding(LOOK, f"{name}: could not be looked at")
        else:
            yield Finding(GOOD if check["ok"] else MEND, f"{name}: {check['detail']}", "" if check["ok"] else HOW[name])


def _staff(k: Kit) -> Iterator[Finding]:
    people = [person for person in k.roster.all() if not person.disabled]
    bosses = [person for person in people if person.is_supervisor]
    yield (
        Finding(GOOD, f"{len(people)} staff, {len(bosses)} supervisors")
        if len(bosses) >= 2
        else Finding(
            MEND,
            f"{len(bosses)} supervisors",
            "two at least, so that one may be ill: staff add LOGIN --phone E164 --role supervisor",
        )
    )
    on = [person.login for person in people if person.on_shift]
    yield (
        Finding(GOOD, "on shift: " + ", ".join(on))
        if on
        else Finding(MEND, "nobody is on shift", "no promise is made until somebody is: staff on LOGIN, or the console")
    )
    for person in people:
        if not person.phone:
            yield Finding(
                MEND, f"{person.login} has no phone that can be read", "DATA_KEY has changed, or enter it again"
            )
        elif person.no_texts:
            yield Finding(
                LOOK,
                f"{person.login}'s phone takes no texts ({person.no_texts}): it is rung instead",
                "have them text START to the hotline's number, then clear it in the roster",
            )


def _jobs(k: Kit) -> Iterator[Finding]:
    try:
        waiting = queue(connect(k.settings.redis_url)).count
    except RedisError as error:
        yield Finding(MEND, f"RQ's queue can't be read ({type(error).__name__})", "see redis_write")
        return
    yield (
        Finding(GOOD, f"RQ's queue: {waiting} jobs")
        if waiting < MANY_JOBS
        else Finding(
            MEND, f"RQ's queue: {waiting} jobs wait", "start more workers; nothing is lost if the queue is deleted"
        )
    )


def _twilio(k: Kit) -> Finding:
    """Ask for the account itself: reads only, costs nothing."""
    s = k.settings
    address = f"{s.twilio_api_url}/2010-04-01/Accounts/{s.twilio_account_sid}.json"
    try:
        answer = requests.get(
            address,
            auth=(s.twilio_account_sid, s.twilio_auth_token.get_secret_value()),
            timeout=ASK_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return Finding(
            LOOK,
            f"Twilio's API was not reached ({type(error).__name__})",
            "check this host's way out to the net: without it staff are not told",
        )
    if answer.status_code in (401, 403, 404):
        return Finding(
            MEND,
            f"Twilio refuses the credentials ({answer.status_code})",
            "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN as the Twilio console shows them",
        )
    if answer.status_code != 200:
        return Finding(LOOK, f"Twilio's API answers {answer.status_code}", "see status.twilio.com")
    return _account(answer)


def _account(answer: requests.Response) -> Finding:
    try:
        status, kind = (answer.json().get(name) for name in ("status", "type"))
    except (ValueError, AttributeError):
        return Finding(LOOK, "Twilio's API answers something else than an account", "check TWILIO_API_URL")
    if status not in (None, "active"):
        return Finding(MEND, f"the Twilio account is {status}", "Twilio's console says why")
    if kind == "Trial":
        return Finding(MEND, "the Twilio account is a trial", "a trial reaches only verified numbers: upgrade it")
    return Finding(GOOD, "Twilio's API takes the credentials")
