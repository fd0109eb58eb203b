"""The public page: who answers, what it costs, what is kept, how to stop. It sets no cookie and asks no store.

Lives here: the page at /. Not here: anything of a city (the directory says it) or for staff (bot/console).
"""

from flask import Blueprint, render_template

from bot.kit import kit
from flows.phone import written

blueprint = Blueprint(
    "public", __name__, template_folder="templates", static_folder="static", static_url_path="/public"
)


@blueprint.get("/")
def page() -> str:
    """Everything that a person, a carrier or a reporter may ask about the line."""
    settings, directory = kit().settings, kit().directory
    return render_template(
        "public/page.html",
        directory=directory,
        sms=written(settings.sms_numbers[0]),
        sms_dial=settings.sms_numbers[0],
        voice=written(settings.voice_number),
        voice_dial=settings.voice_number,
        minutes=f"{settings.callback_minutes:g}",
        session_hours=f"{settings.session_hours:g}",
        days=f"{settings.retention_days:g}",
        others=[r for r in directory.all if r.phone and r.id != directory.live_line_id],
    )


@blueprint.after_request
def _not_kept(response):  # type: ignore[no-untyped-def]
    """A shared computer should keep no copy of it."""
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    return response
