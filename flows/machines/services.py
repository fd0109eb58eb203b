"""Which service of the directory a message asks for: by what it means, by its name, and a second one beside it.

Not here: what free text means (understand/), nor what is told of a service (telling.py).
"""

from flows.directory import Directory, Record
from flows.machines.phrases import plain
from flows.understand import Understanding, understand
from flows.understand.routes import NOT_SERVICES


def _answering(directory: Directory, labels: tuple[str, ...]) -> list[Record]:
    return [directory.answering[label] for label in labels if label in directory.answering]


def asked_for(directory: Directory, labels: tuple[str, ...]) -> list[Record]:
    """The services that meanings ask for, best first. Beside a complaint about police none of theirs: those that stand
    beside them."""
    records = _answering(directory, labels)
    if "opat" in labels:
        records = [directory.records[r.beside] if r.police and r.beside else r for r in records]
        return [record for record in records if not record.police]
    return records


def without_police(directory: Directory, heard: Understanding) -> Record | None:
    """What helps somebody who asks for a service, and wants no police; None where none was asked for."""
    records = _answering(directory, heard.stated)
    run_by_police = [directory.records[r.beside] for r in records if r.police and r.beside]
    return next(iter([*run_by_police, *records]), None)


def chosen(directory: Directory, words: str, heard: Understanding) -> Record | None:
    """The service to tell of. Who asks for what this city does not have is told of the line where people answer."""
    if record := _named(directory, words, heard) or next(iter(asked_for(directory, heard.labels)), None):
        return record
    wanted = [label for label in heard.labels if label != "none" and label not in NOT_SERVICES and ":" not in label]
    return directory.live_line if wanted else None


def others(directory: Directory, heard: Understanding, first: Record) -> list[Record]:
    """What the same message asks for besides: not its door, nor the one that stands beside it."""
    labels = ("opat", *heard.stated) if "opat" in heard.labels else heard.stated
    return [record for record in asked_for(directory, labels) if _is_another(record, first)]


def _is_another(other: Record, record: Record) -> bool:
    told, theirs = {record.id, record.beside}, {other.id, other.beside} - {None}
    return not told & theirs and not other.triage


def _named(directory: Directory, words: str, heard: Understanding) -> Record | None:
    """A service that is asked for by name; the longest name that is in the message, whole words only.

    Never against what the rest of the message means: who complains of a police unit names it, and is not sent there.
    """
    text = f" {plain(words)} ".replace("?", " ").replace(",", " ")
    found = max((name for name in directory.called if f" {plain(name)} " in text), key=len, default="")
    record = directory.called.get(found)
    if record is None or _agrees(record, heard):
        return record
    return record if _agrees(record, understand(text.replace(f" {plain(found)} ", " "))) else None


def _agrees(record: Record, heard: Understanding) -> bool:
    label = next((one for one in heard.labels if one != "none"), "")
    return label in ("", "menu", "help", *(record.answers or (record.id,)))
