"""What Twilio speaks and hears each language with, and the recordings of what it can't speak.

Lives here: its names of languages and voices, the route of the recordings. Not here: what is said (flows/words).
"""

import hashlib

from flask import Blueprint, Response, abort, send_from_directory

from flows.words import FALLBACK, HERE, SPOKEN_AS, recordings

# Haitian and Cape Verdean Creole it neither speaks nor hears (flows/words.SPOKEN_AS).
SPEAKS = {
    "en": ("en-US", "Polly.Joanna-Neural"),
    "es": ("es-US", "Polly.Lupe-Neural"),
    "pt": ("pt-BR", "Polly.Camila-Neural"),
    "vi": ("vi-VN", "Google.vi-VN-Wavenet-A"),
    "zh": ("cmn-CN", "Polly.Zhiyu-Neural"),
    "fr": ("fr-FR", "Polly.Lea-Neural"),
}
HEARS = {"en": "en-US", "es": "es-US", "pt": "pt-BR", "vi": "vi-VN", "zh": "cmn-Hans-CN", "fr": "fr-FR"}

IN = "in"  # the argument of a call's addresses that says in which language it goes on

blueprint = Blueprint("audio", __name__)


def voice_of(language: str) -> dict[str, str]:
    """The attributes of a <Say> in a language."""
    name, voice = SPEAKS.get(language, SPEAKS["en"])
    return {"language": name, "voice": voice}


def address_in(path: str, language: str) -> str:
    """The address of a call's step: it carries the language, for the answer that is given when the store is away."""
    return path if language == FALLBACK else f"{path}?{IN}={language}"


def audio_address(language: str, file: str) -> str:
    """The address of a recording. It does not say what is told: addresses stand in the logs of balancers."""
    return "/audio/" + hashlib.sha256(f"{language}/{file}".encode()).hexdigest()[:20]


@blueprint.get("/audio/<code>")
def recording(code: str) -> Response:
    """A sentence that a native speaker has recorded; there is nothing of anybody's in it, so anyone may fetch it."""
    for language in SPOKEN_AS:
        for file in recordings(language).values():
            if audio_address(language, file) == f"/audio/{code}":
                return send_from_directory(HERE / language / "audio", file, max_age=3600)
    abort(404)
