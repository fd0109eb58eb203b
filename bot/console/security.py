"""What every page for people is served with: its address, cookies, headers, CSRF and the limits on guessing.

Lives here: the extensions and how they are set. Not here: who is logged in (sessions.py), what they
may do (room.py).
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from bot.console import errors
from bot.kit import kit
from workers.jobs import Kit

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
NO_SENSORS = dict.fromkeys(("browsing-topics", "camera", "geolocation", "microphone", "payment", "usb"), "()")
YEAR_SECONDS = 365 * 86400
LARGEST_FORM_BYTES = 64 * 1024
BEARER_BLUEPRINTS = {"api"}  # no cookie speaks for anybody there, so no other site can borrow one

csrf = CSRFProtect()


def caller() -> str:
    """Where a request comes from, for throttling only: the address that the nearest balancer saw."""
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return seen or request.remote_addr or "?"


def account() -> str:
    """The account that a login asks for, as a keyed hash: no name and no address becomes a key."""
    return kit().vault.lookup("guess", request.form.get("login", "").strip().lower()[:256])


def account_and_caller() -> str:
    return account() + kit().vault.lookup("guess from", caller())


limiter = Limiter(key_func=account_and_caller, swallow_errors=True, in_memory_fallback_enabled=True, key_prefix="guess")


def init_app(app: Flask) -> None:
    """Set the extensions up on this application, from the kit's settings."""
    kit: Kit = app.extensions["hotline"]
    https = kit.settings.public_url.startswith("https://")
    _cookies(app, https)
    # The store's own connections: one try, short time-outs, Sentinel included.
    app.config["RATELIMIT_STORAGE_URI"] = "redis://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"connection_pool": kit.store.client.connection_pool}
    limiter.init_app(app)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the login: a page may stay open for a whole shift
    app.config["WTF_CSRF_SSL_STRICT"] = False  # it wants a Referer, which Referrer-Policy withholds
    csrf.init_app(app)
    app.before_request(_refuse_forgeries)
    # A balancer stands in front: plain http inside is normal, and /healthz answers by any name.
    Talisman(
        app,
        force_https=False,
        session_cookie_secure=False,
        frame_options="DENY",
        content_security_policy=CSP,
        referrer_policy="no-referrer",
        permissions_policy=NO_SENSORS,
        strict_transport_security=https,
        strict_transport_security_max_age=YEAR_SECONDS,
        strict_transport_security_include_subdomains=False,
    )
    app.after_request(_isolate)
    app.wsgi_app = _at_public_address(app.wsgi_app, kit.settings.public_url)  # type: ignore[method-assign, assignment]
    errors.init_app(app)


def _cookies(app: Flask, https: bool) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="__Host-hotline" if https else "hotline",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
    )


def _refuse_forgeries() -> None:
    if request.blueprint not in BEARER_BLUEPRINTS:
        csrf.protect(apply_exemptions=True)


def _isolate(response: Response) -> Response:
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.path.startswith("/staff") and not request.path.startswith("/staff/static/"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def _at_public_address(inner: App, public_url: str) -> App:
    """Every request is taken as one to PUBLIC_URL, whatever Host or X-Forwarded-Host says."""
    parts = urlsplit(public_url)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.url_scheme"], environ["HTTP_HOST"], environ["SCRIPT_NAME"] = (
            parts.scheme,
            parts.netloc,
            parts.path,
        )
        return inner(environ, start_response)

    return app
