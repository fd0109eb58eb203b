"""`python -m flows.words.check [DIRECTORY]`: are the catalogues and the directory fit to be read by people?

Part of `make lint`. Lives here: missing and unknown ids, placeholders, segments, numbers that belong in the directory.
Not here: a reading by a native speaker, which no program can do (each message is marked until then).
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flows.directory import CITY, Directory, load_directory
from flows.directory.freshness import stale
from flows.segments import segments
from flows.words import HERE, catalogue
from flows.words.sample import Sample

ROOT = HERE.parent.parent
MOST_SEGMENTS, FIRST_SEGMENTS = 3, 2
PLACEHOLDER = re.compile(r"\{(\w+)\}")
COSTLY = re.compile(r"[\u202f\u00a0\u2009]")  # spaces that turn a text into UCS-2


def problems(directory: Directory, languages: tuple[str, ...]) -> list[str]:
    """Everything that is wrong, one line each."""
    english = catalogue("en")
    found = [
        f"en: {name} is said in the code and is in no catalogue"
        for name in sorted(_ids_in_code())
        if not _has(english, name)
    ]
    for language in languages:
        found += [f"{language}: {fault}" for fault in _compared(catalogue(language), english)]
        found += [f"{language}: page: {f}" for f in _compared(catalogue(language, "page"), catalogue("en", "page"))]
        if language != "en":
            found += [
                f"{language}: {fault}"
                for fault in _compared(directory.translations.get(language, {}), directory.to_translate())
            ]
        found += [f"{language}: {fault}" for fault in _too_long(directory, language)]
    return found


def _has(messages: dict[str, str], name: str) -> bool:
    return name in messages or f"{name}.sms" in messages or f"{name}.voice" in messages


def _ids_in_code() -> set[str]:
    """The literal ids of every `say("…")` in the code."""
    used = set()
    for path in [*ROOT.glob("flows/**/*.py"), *ROOT.glob("bot/**/*.py"), *ROOT.glob("workers/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("say", "saying", "notice")
            ):
                strings = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                used |= {s for s in strings if len(s) > 2 and re.fullmatch(r"[a-z_.]+[a-z]", s)}
    return used


def _compared(messages: dict[str, str], english: dict[str, str]) -> Iterator[str]:
    """What is missing, unknown, or says other things than English."""
    yield from (f"{name} is missing" for name in sorted(english.keys() - messages.keys()))
    yield from (f"{name} is not in English" for name in sorted(messages.keys() - english.keys()))
    for name, text in messages.items():
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(english.get(name, text))):
            yield f"{name} has other placeholders than English"
        if re.search(r"\d{3,}", PLACEHOLDER.sub("", text)):
            yield f"{name} has a number in it: numbers come from the directory"
        if COSTLY.search(text):
            yield f"{name} has a space that makes a text twice as long"


def _too_long(directory: Directory, language: str) -> Iterator[str]:
    """Replies over three segments, and an English first contact over two or outside GSM-7, as they would be sent."""
    for name, text in Sample(directory, language).texts():
        encoding, units, parts = segments(text)
        if parts > MOST_SEGMENTS:
            yield f"{name} takes {parts} segments ({units} {encoding}): {text!r}"
        if language == "en" and name == "first" and (parts > FIRST_SEGMENTS or encoding != "GSM-7"):
            yield f"the first contact takes {parts} segments in {encoding}"


def unread(languages: tuple[str, ...]) -> dict[str, int]:
    """How many messages of each language no native speaker has read (`#. reviewed: no`)."""
    return {
        language: sum(path.read_text(encoding="utf-8").count("#. reviewed: no") for path in _catalogues(language))
        for language in languages
    }


def _catalogues(language: str) -> Iterator[Path]:
    yield from (HERE / language / "LC_MESSAGES").glob("*.po")
    yield from CITY.parent.glob(f"*.{language}.po")


def main(arguments: list[str]) -> int:
    """Exit status 1 where something is wrong; what somebody should check is only named."""
    directory = load_directory(Path(arguments[0]) if arguments else CITY)
    found = problems(directory, directory.languages)
    unsure = stale(directory, date.today())
    print("\n".join(found) or "The words are whole.")
    waiting = ", ".join(f"{language} {count}" for language, count in unread(directory.languages).items() if count)
    print(f"Messages that no native speaker has read yet: {waiting or 'none'}.")
    print(f"{len(unsure)} facts of the directory want a look (`flask --app bot directory check`).")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
