"""`python -m flows.words.check`: are the catalogues and the directory fit to be read by people? Part of `make lint`.

Lives here: missing and unknown ids, placeholders, segments, numbers that belong in the directory. Not here: a reading
by a native speaker, which no program can do (each message is marked until then).
"""

import ast
import re
import sys
from datetime import date
from pathlib import Path

from flows.directory import Directory, load_directory
from flows.segments import segments
from flows.words import HERE, catalogue

ROOT = HERE.parent.parent
MOST_SEGMENTS, FIRST_SEGMENTS = 3, 2
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# The longest that each placeholder can be, for counting segments.
LONGEST = {
    "time": "12:59 PM",
    "number": "(617) 555-0123",
    "extension": "123456",
    "live": "(617) 431-0125",
    "voice": "(617) 555-0100",
    "sms": "48726",
    "emergency": "911",
    "crisis": "988",
    "n": "9",
}
SENT_ALONE = ("menu.line", "menu.service", "do.")  # parts of others: not texts of their own


def problems(directory: Directory, languages: tuple[str, ...]) -> list[str]:
    """Everything that is wrong, one line each."""
    english, found = catalogue("en"), []
    used = _ids_in_code()
    found += [
        f"en: {name} is said in the code and is in no catalogue" for name in sorted(used) if not _has(english, name)
    ]
    for language in languages:
        messages = catalogue(language)
        found += [f"{language}: {name} is missing" for name in sorted(english.keys() - messages.keys())]
        found += [f"{language}: {name} is not in English" for name in sorted(messages.keys() - english.keys())]
        for name, text in messages.items():
            found += [f"{language}: {name} {what}" for what in _faults(name, text, english.get(name, text))]
        found += _too_long(directory, language, messages)
    return found


def _has(messages: dict[str, str], name: str) -> bool:
    return name in messages or f"{name}.sms" in messages or f"{name}.voice" in messages


def _ids_in_code() -> set[str]:
    """The literal ids of every `say("…")` in the code."""
    used = set()
    for path in [*ROOT.glob("flows/**/*.py"), *ROOT.glob("bot/**/*.py"), *ROOT.glob("workers/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                strings = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                used |= {s for s in strings if len(s) > 2 and re.fullmatch(r"[a-z_.]+[a-z]", s)}
    return used


def _faults(name: str, text: str, english: str) -> list[str]:
    found = []
    if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(english)):
        found.append("has other placeholders than English")
    if re.search(r"\d{3,}", PLACEHOLDER.sub("", text)):
        found.append("has a number in it: numbers come from the directory")
    if re.search(r"[\u202f\u00a0]", text):
        found.append("has a space that makes a text twice as long")
    return found


def _too_long(directory: Directory, language: str, messages: dict[str, str]) -> list[str]:
    """Texts over three segments, and a first contact over two, each with the directory's own longest values."""
    found = []
    for name, text in messages.items():
        if name.endswith(".voice") or name.startswith(SENT_ALONE) or name.startswith("service."):
            continue
        filled = PLACEHOLDER.sub(lambda m: LONGEST.get(m[1], _menu(directory, language, messages, m[1])), text)
        encoding, _, count = segments(filled)
        if count > MOST_SEGMENTS:
            found.append(f"{language}: {name} takes {count} segments")
        if name == "first.sms" and language == "en" and (count > FIRST_SEGMENTS or encoding != "GSM-7"):
            found.append(f"{language}: the first contact takes {count} segments in {encoding}")
    return found


def _menu(directory: Directory, language: str, messages: dict[str, str], name: str) -> str:
    if name != "menu":
        return directory.name
    lines = []
    for n, item in enumerate(directory.menus.sms, 1):
        record = directory.records.get(item.record or "")
        lines.append(
            f"{n} {(record.menu.get(language) or record.short_name) if record else messages[f'do.{item.do}.sms']}"
        )
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Exit status 1 where something is wrong; what somebody should check is only named."""
    directory = load_directory(Path(arguments[0]) if arguments else ROOT / "flows/directory/boston.yaml")
    found = problems(directory, directory.languages)
    unsure = directory.stale(date.today())
    print("\n".join(found) or "The words are whole.")
    print(f"{len(unsure)} facts of the directory want a look (`flask --app bot directory check`).")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
