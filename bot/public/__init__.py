"""The public page: who answers, what it costs, what is kept, how to stop. It sets no cookie and asks no store.

Lives here: the page at /, in the language that the browser asks for, and in each language at an address of its own.
Not here: its words (flows/words), anything of a city (the directory says it) or for staff (bot/console).
"""

from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request

from bot.kit import kit
from flows.directory import Record
from flows.phone import written
from flows.words import FALLBACK, catalogue

TAGS = {"zh": "zh-Hans"}  # what browsers call a language, where they call it otherwise than we do

blueprint = Blueprint(
    "public", __name__, template_folder="templates", static_folder="static", static_url_path="/public"
)


@blueprint.get("/")
def page() -> str:
    """Everything that a person, a carrier or a reporter may ask about the line."""
    wished = (value.partition("-")[0].lower() for value in request.accept_languages.values())  # zh-TW: zh
    return _page(next((language for language in wished if language in kit().directory.languages), FALLBACK))


@blueprint.get("/in/<language>")
def page_in(language: str) -> str:
    """The same page in one of the city's languages."""
    return _page(language) if language in kit().directory.languages else abort(404)


def _page(language: str) -> str:
    settings, directory = kit().settings, kit().directory
    live = directory.live_line
    facts: dict[str, Any] = {
        "name": directory.named(language),
        "city": directory.city,
        "emergency": directory.emergency.number,
        "live": directory.told(live, "short_name", language),
        "run_by": directory.told(live, "run_by", language),
        "sms": written(settings.sms_numbers[0]),
        "voice": written(settings.voice_number),
        "minutes": f"{settings.callback_minutes:g}",
        "hours": f"{settings.session_hours:g}",
        "days": f"{settings.retention_days:g}",
    }
    return render_template(
        "public/page.html",
        say=partial(_say, language, facts),
        told=partial(_told, language),
        written_in=_tag(language),
        languages=[(_tag(one), catalogue(one)[f"language.named.{one}"], one) for one in directory.languages],
        directory=directory,
        sms_dial=settings.sms_numbers[0],
        voice_dial=settings.voice_number,
        others=[r for r in directory.all if r.phone and r != live],
        **facts,
    )


def _say(language: str, facts: dict[str, Any], message: str, **values: str) -> str:
    """A message of the page; in English where nobody has translated it."""
    text = catalogue(language, "page").get(message) or catalogue(FALLBACK, "page")[message]
    return text.format_map({**facts, **values})


def _told(language: str, record: Record, what: str) -> str:
    return kit().directory.told(record, what, language)


def _tag(language: str) -> str:
    return TAGS.get(language, language)


@blueprint.after_request
def _not_kept(response):  # type: ignore[no-untyped-def]
    """A shared computer should keep no copy of it; and no cache gives one language's page to another's reader."""
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response
