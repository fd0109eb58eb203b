"""`python -m flows.words.record LANGUAGE [DIRECTORY]`: what to read aloud for a language that no machine speaks.

Prints a .po file: the name of each recording, and the words. A recording is NAME.wav or NAME.mp3 in the folder audio/
of its language; the list that was read from is kept beside it as audio/read.po, so that words that change later show
(a test looks). Lives here: which sentences can be recorded, and which recordings are out of date. Not
here: when one is played (machines/speech.py), nor sentences with a time or a number of the caller's, which can't be.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from flows.directory import CITY, Directory, load_directory
from flows.words import CHANGES, HERE, SPOKEN_AS, Words, catalogue, messages_in, recordings
from flows.words.check import PLACEHOLDER
from flows.words.sample import Sample


class _Own(Words):
    """A language in its own words, also where a machine would speak the nearest one."""

    def tongue(self, language: str, channel: str) -> str:
        return language


def to_read(directory: Directory, language: str) -> dict[str, str]:
    """Name of the recording -> the words, of everything that a call may say in a language and that stays the same."""
    changing = {name.removesuffix(".voice") for name, text in catalogue(language).items() if CHANGES & _filled_in(text)}
    said = Sample(directory, language, _Own(directory.languages)).spoken()
    return {name: words for name, words in said if name not in changing}


def _filled_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def out_of_date(directory: Directory, language: str) -> Iterator[str]:
    """Recordings of other words than are said today, or of nothing that is said."""
    path = HERE / language / "audio" / "read.po"
    was, now = (messages_in(path) if path.is_file() else {}), to_read(directory, language)
    for name in recordings(language):
        if name not in now:
            yield f"the recording {name} is of nothing that is said"
        elif was.get(name) != now[name]:
            yield f"the recording {name} is of other words than are said now"


def main(arguments: list[str]) -> int:
    """Exit status 2 for a language that is spoken by a machine, so is not recorded."""
    language = arguments[0] if arguments else ""
    if language not in SPOKEN_AS:
        print(f"Recorded are: {', '.join(SPOKEN_AS)}.", file=sys.stderr)
        return 2
    directory = load_directory(Path(arguments[1]) if len(arguments) > 1 else CITY)
    for name, words in to_read(directory, language).items():
        quoted = words.replace("\\", "\\\\").replace('"', '\\"')
        print(f'msgid "{name}"\nmsgstr "{quoted}"\n')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
