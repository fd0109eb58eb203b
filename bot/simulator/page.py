"""The desk phone's web page, its JSON, and the REST API beside it, as one Flask app for this machine alone.

Not here: what the buttons do (acts.py), what is shown (view.py).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, render_template, request

from bot.simulator import acts, rest, view
from bot.simulator.company import Company
from workers.settings import Settings

RESIDENT, STAFF = "+16175550107", "+16175550150"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
POLL_MILLISECONDS = 700
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_company(settings: Settings, target: str | None = None) -> Company:
    """The phone company that belongs to these settings; webhooks go to `target` (default: this machine's web)."""
    company = Company(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.public_url,
        settings.sms_numbers[0],
        settings.voice_number,
        target=target or f"http://127.0.0.1:{settings.port}",
        more_numbers=tuple(settings.sms_numbers),
    )
    company.timed = True
    return company


def create_simulator(settings: Settings, target: str | None = None, company: Company | None = None) -> Flask:
    """The page at `/` and the REST API at `/2010-04-01`. RuntimeError in production, where it must not exist."""
    if settings.hotline_env == "production":
        raise RuntimeError(
            "The desk phone simulator does not run in production: anybody who reached it could text and call as "
            "anybody. Set HOTLINE_ENV=development to try the hotline."
        )
    company = company or create_company(settings, target)
    app = Flask(__name__, static_url_path="/static")
    app.extensions["phone_company"] = company
    app.register_blueprint(rest.create_rest(company))

    @app.before_request
    def only_this_machine() -> None:
        """Another site can't reach the page through a name of its own that leads here, nor post a form to it."""
        if request.path.startswith("/2010-04-01/"):
            return  # guarded by its credentials
        if (urlsplit("//" + request.host).hostname or "") not in LOOPBACK:
            abort(403)
        if request.method == "POST" and not request.is_json:
            abort(415)

    @app.after_request
    def guard(response: Response) -> Response:
        """Only our own files, in no one's frame."""
        response.headers.update(HEADERS)
        return response

    @app.get("/")
    def page() -> str:
        return render_template(
            "desk_phone.html",
            sms=company.sms_number,
            voice=company.voice_number,
            resident=RESIDENT,
            staff=STAFF,
            poll=POLL_MILLISECONDS,
        )

    @app.get("/state")
    def state() -> Response:
        return jsonify(_state(company, request.args.get("resident", ""), request.args.get("staff", "")))

    @app.post("/act")
    def act() -> Response:
        said = request.get_json()
        if not isinstance(said, dict):
            raise acts.CannotDoError("This page sent something odd.")
        acts.do(company, said)
        return jsonify(_state(company, str(said.get("resident", "")), str(said.get("staff", ""))))

    @app.errorhandler(acts.CannotDoError)
    def cannot(error: acts.CannotDoError) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    return app


def _state(company: Company, resident: str, staff: str) -> view.View:
    return view.state(company, acts.phone_number(resident or RESIDENT), acts.phone_number(staff or STAFF))
